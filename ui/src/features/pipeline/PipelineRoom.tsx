import { Redo2, Save, Search, Undo2, Zap } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Button, CodeBlock, ErrorState, IconButton, Note, Panel, plural, useLeaveGuard } from "#ui/components";
import type { PipelineView, ProjectId } from "#ui/ipc";
import { Contest } from "./Contest";
import type { EditorHandle } from "./editor/editor";
import { languageOf, type Defined } from "./language";
import { LeaveQuestion } from "./LeaveQuestion";
import { Peek, type Elsewhere } from "./Peek";
import styles from "./pipeline.module.css";
import { PlanTree, stepLineAt } from "./PlanTree";
import { countWords, Problems } from "./Problems";
import { Repositories } from "./Repositories";
import { useCheck, type Check } from "./use-check";
import { useDraft } from "./use-draft";
import { useRoomKeys } from "./use-room-keys";

// CodeMirror is the largest part of the page; only who opens this room pays for it.
const CodeEditor = lazy(async () => ({ default: (await import("./editor/CodeEditor")).CodeEditor }));

const isHere = (address: string): boolean => /^#\/pipeline(?:\?|$)/.test(address);

const PLAN_WORDS = { text: "", good: ", of the last good text" } as const;

function Outline({ projectId, check, line, trigger, onLine }: { projectId: ProjectId; check: Check; line: number; trigger: string; onLine: (line: number) => void }): ReactNode {
  const { plan, planOf } = check;
  const current = useMemo(() => (plan === null ? null : stepLineAt(plan, line)), [plan, line]);
  return (
    <div className={styles.planSide}>
      <Panel title="Trigger">
        <p className={styles.trigger}>
          <Zap size={16} /> <span>{trigger}</span>
        </p>
      </Panel>
      <Repositories projectId={projectId} />
      <Panel title="Plan" subtitle={plan === null ? undefined : plural(plan.stages.length, "stage") + PLAN_WORDS[planOf]}>
        {planOf === "good" && (
          <div className={styles.stale}>
            <Note tone="warning">{plan === null ? "There is no plan while the file has an error. Mend the problems below the text." : "The text has an error. This is the plan of the last good text; its lines may have moved."}</Note>
          </div>
        )}
        {plan !== null && <PlanTree plan={plan} current={current} onLine={onLine} />}
      </Panel>
    </div>
  );
}

export interface PipelineRoomProps {
  projectId: ProjectId;
  pipeline: PipelineView;
  /** A line to go to, from the address. */
  line: number | undefined;
  reread: () => void;
}

/** The pipeline's text with what is wrong with it, and what it would run beside it. */
export function PipelineRoom({ projectId, pipeline, line, reread }: PipelineRoomProps): ReactNode {
  const language = useMemo(() => languageOf(projectId), [projectId]);
  const editor = useRef<EditorHandle | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [cursorLine, setCursorLine] = useState(line ?? 1);
  const [peek, setPeek] = useState<Elsewhere | null>(null);
  const draft = useDraft(projectId, pipeline, reread);
  const { isDirty, isContested, disk } = draft.draft;
  const check = useCheck(language, pipeline, isDirty);
  const guard = useLeaveGuard(isDirty, isHere);

  const { save: saveDraft } = draft;
  const save = useCallback(() => void saveDraft(), [saveDraft]);
  const step = useCallback((direction: 1 | -1) => editor.current?.step(direction), []);
  const find = useCallback(() => editor.current?.find(), []);
  useRoomKeys({ onSave: save, onStep: step, onFind: find });

  const goTo = useCallback((to: number, column?: number) => editor.current?.goTo(to, column), []);
  useEffect(() => {
    if (isOpen && line !== undefined) goTo(line);
  }, [isOpen, line, goTo]);

  const onOpen = (handle: EditorHandle | null): void => {
    editor.current = handle;
    draft.opened(handle);
    check.opened(handle);
    setOpen(handle !== null);
  };
  const onChange = (handle: EditorHandle): void => {
    draft.changed(handle);
    check.changed(handle);
  };
  const onDefined = (found: Defined | null): void => {
    if (found === null) toast("Nothing is defined elsewhere at the cursor");
    else if (found.file === null) editor.current?.select(found);
    else setPeek({ ...found, file: found.file });
  };

  const actions = (
    <>
      {isDirty && <span className={styles.unsaved}>Unsaved</span>}
      <IconButton size="small" icon={Undo2} label="Undo (Ctrl+Z)" disabled={!isOpen} onClick={() => editor.current?.undo()} />
      <IconButton size="small" icon={Redo2} label="Redo (Ctrl+Shift+Z)" disabled={!isOpen} onClick={() => editor.current?.redo()} />
      <IconButton size="small" icon={Search} label="Find (Ctrl+F)" disabled={!isOpen} onClick={find} />
      <Button size="small" variant="primary" icon={Save} disabled={!isDirty || isContested} isBusy={draft.isSaving} onClick={save}>
        Save
      </Button>
    </>
  );
  return (
    <div className={styles.layout}>
      <div className={styles.codeSide}>
        <Panel fill flush className={styles.codePanel} title={pipeline.path} subtitle={countWords(check.check.problems.filter((problem) => problem.severity !== "information"))} actions={actions}>
          <div className={styles.desk}>
            {isContested && (
              <div className={styles.above}>
                <Contest path={pipeline.path} disk={disk} mine={draft.text} isSaving={draft.isSaving} onReload={draft.takeDisk} onKeep={() => void saveDraft("disk")} />
              </div>
            )}
            {draft.failure !== null && (
              <div className={styles.above}>
                <ErrorState error={draft.failure} onRetry={save} compact />
              </div>
            )}
            <Suspense fallback={<CodeBlock label={`Text of ${pipeline.path}`} text={pipeline.text} language="yaml" lineNumbers />}>
              <CodeEditor label={pipeline.path} body={draft.body} language={language} onOpen={onOpen} onChange={onChange} onLine={setCursorLine} onDefined={onDefined} />
            </Suspense>
            {peek !== null && (
              <Peek
                found={peek}
                onClose={() => {
                  setPeek(null);
                  editor.current?.focus();
                }}
              />
            )}
            <Problems check={check.check} onGo={(problem) => goTo(problem.line, problem.column)} onFix={(fix) => editor.current?.apply(fix)} onStep={step} />
          </div>
        </Panel>
      </div>
      <Outline projectId={projectId} check={check.check} line={cursorLine} trigger={pipeline.triggerStatement} onLine={goTo} />
      <LeaveQuestion guard={guard} path={pipeline.path} isSaving={draft.isSaving} onSave={() => saveDraft()} />
    </div>
  );
}
