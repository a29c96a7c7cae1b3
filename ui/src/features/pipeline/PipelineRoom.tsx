import clsx from "clsx";
import { FileDiff, Redo2, Search, Undo2 } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Button, CodeBlock, ErrorState, IconButton, part, Segmented, Skeleton, useLeaveGuard } from "#ui/components";
import type { BoardView, Gesture, PipelineView, ProjectId } from "#ui/ipc";
import { ExpandedFacts } from "./canvas/ExpandedFacts";
import { marksOf, type NodeMark } from "./canvas/model/marks";
import { IMPLICIT_JOB, nodeAt, sceneOf } from "./canvas/model/scene";
import { useBoard } from "./canvas/use-board";
import { useExpanded } from "./canvas/use-expanded";
import { Changes } from "./Changes";
import { Contest } from "./Contest";
import type { EditorHandle } from "./editor/editor";
import { languageOf, type Defined } from "./language";
import { LeaveQuestion } from "./LeaveQuestion";
import { SaveMenu } from "./make/SaveMenu";
import { Outline } from "./Outline";
import { Peek, type Elsewhere } from "./Peek";
import styles from "./pipeline.module.css";
import { lineAt, lineRange, linesOf } from "./positions";
import { RunPartContext, useRoomRuns } from "./runs";
import { countWords, Problems } from "./Problems";
import { useCheck } from "./use-check";
import { useDraft } from "./use-draft";
import { useRoomKeys } from "./use-room-keys";
import { useView } from "./use-view";

// CodeMirror and React Flow are the largest parts of the page; only who opens this room pays for them. The canvas is on
// its way while the file is still read.
const canvas = import("./canvas/CanvasPane");
const CanvasPane = part(async () => (await canvas).CanvasPane);
const CodeEditor = part(async () => (await import("./editor/CodeEditor")).CodeEditor);
const Inspector = part(async () => (await import("./inspector")).Inspector);

const isHere = (address: string): boolean => /^#\/pipeline(?:\?|$)/.test(address);

const NO_MARKS: ReadonlyMap<string, NodeMark> = new Map();
const EMPTY: BoardView = { level: "empty", nodes: [] };

export interface PipelineRoomProps {
  projectId: ProjectId;
  pipeline: PipelineView;
  /** A line to go to, from the address. */
  line: number | undefined;
  reread: () => void;
}

/** The pipeline as a canvas and as a text, which are one: what is wrong with it, and what it would run. */
export function PipelineRoom({ projectId, pipeline, line, reread }: PipelineRoomProps): ReactNode {
  const language = useMemo(() => languageOf(projectId), [projectId]);
  const editor = useRef<EditorHandle | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [cursorLine, setCursorLine] = useState(line ?? 1);
  const [peek, setPeek] = useState<Elsewhere | null>(null);
  const [areChangesOpen, setChangesOpen] = useState(false);
  const { view, side, show } = useView();
  const board = useBoard(projectId, pipeline);
  const draft = useDraft(projectId, pipeline, reread, board.settled);
  const { isDirty, isContested, disk, base } = draft.draft;
  const check = useCheck(language, pipeline, isDirty);
  const guard = useLeaveGuard(isDirty, isHere);

  const { save: saveDraft } = draft;
  const save = useCallback(() => void saveDraft(), [saveDraft]);
  const step = useCallback(
    (direction: 1 | -1) => {
      show({ side: "text" });
      editor.current?.step(direction);
    },
    [show],
  );
  const find = useCallback(() => {
    if (view === "canvas") document.querySelector<HTMLElement>('[aria-label="Search the canvas"]')?.focus();
    else editor.current?.find();
  }, [view]);
  useRoomKeys({ onSave: save, onStep: step, onFind: find });

  const goTo = useCallback(
    (to: number, column?: number) => {
      if (view === "canvas") show({ side: "text" });
      editor.current?.goTo(to, column);
    },
    [view, show],
  );
  const wanted = useRef(line);
  useEffect(() => {
    if (!isOpen || line === undefined) return;
    if (wanted.current === line) show({ view: "text" });
    wanted.current = undefined;
    editor.current?.goTo(line);
  }, [isOpen, line, show]);

  const { shown, selected, select } = board;
  const [isExpanded, setExpanded] = useState(false);
  // The editor is the slower one to come: the canvas is not kept waiting by it.
  const [isDrawn, setDrawn] = useState(false);
  const onDrawn = useCallback(() => setDrawn(true), []);
  const expanded = useExpanded(projectId, isExpanded ? (shown?.body ?? null) : null);
  const scene = useMemo(() => sceneOf((isExpanded ? expanded.board : shown?.board) ?? EMPTY), [isExpanded, expanded.board, shown]);
  const marks = useMemo(() => {
    if (shown === null || shown.body !== check.check.body) return NO_MARKS;
    const lines = linesOf(shown.body);
    return marksOf(scene, check.check.problems, (offset) => lineAt(lines, offset));
  }, [scene, shown, check.check]);

  // Selecting here selects there. What the text has selected itself is not shown to it again.
  const origin = useRef<"canvas" | "text">("canvas");
  const onSelect = useCallback(
    (ids: readonly string[]) => {
      origin.current = "canvas";
      select(ids);
    },
    [select],
  );
  useEffect(() => {
    const one = selected.length === 1 ? scene.byId.get(selected[0] ?? "") : undefined;
    const isOurs = origin.current === "canvas";
    origin.current = "canvas";
    if (!isOurs || one === undefined || one.isImplicit || shown === null || editor.current?.isBody(shown.body) !== true) return;
    if (one.node.path !== "") editor.current.reveal({ from: one.node.start, to: one.node.end });
    // What only a plan has knows its line alone; what comes from another file is not here.
    else if (one.node.file === null) editor.current.reveal(lineRange(shown.body, one.node.line));
  }, [selected, scene, shown]);
  const onLine = (at: number): void => {
    setCursorLine(at);
    const offset = editor.current?.cursor() ?? null;
    if (offset === null || shown === null || editor.current?.isBody(shown.body) !== true) return;
    const found = nodeAt(scene, offset);
    origin.current = "text";
    select(found === undefined ? [] : [found.id]);
  };

  const onOpen = (handle: EditorHandle | null): void => {
    editor.current = handle;
    draft.opened(handle);
    check.opened(handle);
    board.opened(handle);
    setOpen(handle !== null);
  };
  const onChange = (handle: EditorHandle): void => {
    draft.changed(handle);
    check.changed(handle);
    board.changed(handle);
  };
  const onDefined = (found: Defined | null): void => {
    if (found === null) toast("Nothing is defined elsewhere at the cursor");
    else if (found.file === null) editor.current?.select(found);
    else setPeek({ ...found, file: found.file });
  };
  const { perform } = board;
  const onGesture = useCallback(
    async (gesture: Gesture) => {
      const refusal = await perform(gesture);
      // The form shows it at its field.
      // oxlint-disable-next-line no-throw-literal, only-throw-error
      if (refusal !== null) throw refusal;
      return true;
    },
    [perform],
  );
  // The job that a file of steps does not write is the file itself.
  const inspected = useMemo(() => selected.filter((id) => scene.byId.has(id)).map((id) => (id === IMPLICIT_JOB ? "" : id)), [selected, scene]);
  const inspect = useCallback(() => {
    show({ side: "properties" });
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-side="properties"] :is(input, select, textarea)')?.focus());
  }, [show]);
  const isCanvas = view === "canvas";
  const runs = useRoomRuns({ projectId, isReady: isDrawn || !isCanvas, board: isExpanded ? expanded.board : (shown?.board ?? null), plan: isExpanded ? expanded.plan : check.check.plan, draft, selected, isBroken: check.check.planOf !== "text" });
  const problems = check.check.problems.filter((problem) => problem.severity !== "information");
  return (
    <div className={styles.room}>
      <div className={styles.roomBar}>
        <Segmented
          label="View"
          options={[
            { value: "canvas", label: "Canvas" },
            { value: "text", label: "Text" },
          ]}
          value={view}
          onChange={(next) => show({ view: next })}
        />
        <h2 className={styles.roomTitle}>{pipeline.path}</h2>
        <button type="button" className={styles.roomProblems} onClick={() => (isCanvas ? show({ side: "text" }) : undefined)}>
          {countWords(problems)}
        </button>
        {isCanvas && runs.cost}
        <span className={styles.roomActions}>
          {isDirty && <span className={styles.unsaved}>Unsaved</span>}
          <Button size="small" variant="ghost" icon={FileDiff} disabled={!isDirty} onClick={() => setChangesOpen(true)}>
            Changes
          </Button>
          <IconButton size="small" icon={Undo2} label="Undo (Ctrl+Z)" disabled={!isOpen} onClick={() => editor.current?.undo(isCanvas ? "stay" : undefined)} />
          <IconButton size="small" icon={Redo2} label="Redo (Ctrl+Shift+Z)" disabled={!isOpen} onClick={() => editor.current?.redo(isCanvas ? "stay" : undefined)} />
          {!isCanvas && <IconButton size="small" icon={Search} label="Find (Ctrl+F)" disabled={!isOpen} onClick={find} />}
          {runs.button}
          <SaveMenu projectId={projectId} path={pipeline.path} draft={draft} />
        </span>
      </div>
      {(isContested || draft.failure !== null) && (
        <div className={styles.above}>
          {isContested && <Contest path={pipeline.path} disk={disk} mine={draft.text} isSaving={draft.isSaving} onReload={draft.takeDisk} onKeep={() => void saveDraft("disk")} />}
          {draft.failure !== null && <ErrorState error={draft.failure} onRetry={save} compact />}
        </div>
      )}
      <div className={clsx(styles.panes, isCanvas ? styles.withCanvas : styles.withText)} data-beside={side}>
        {isCanvas && (
          <div className={styles.canvasSide}>
            {shown === null && board.failure === null ? (
              <Skeleton lines={6} />
            ) : (
              <RunPartContext value={runs.runNode}>
                <CanvasPane
                  waiting={<Skeleton lines={6} />}
                  scene={scene}
                  failure={board.failure}
                  selected={selected}
                  onSelect={onSelect}
                  marks={marks}
                  runs={runs.elements}
                  canEdit={!isExpanded}
                  panel={expanded.panel}
                  perform={board.perform}
                  copy={board.copy}
                  undo={() => editor.current?.undo("stay")}
                  redo={() => editor.current?.redo("stay")}
                  inspect={inspect}
                  run={runs.runChosen}
                  onDrawn={onDrawn}
                  empty={isExpanded ? "The text comes to no stage, job or step that would run." : "What you add is written into the file as you would have typed it: a step alone, or stages with jobs."}
                >
                  <Segmented
                    label="Shown"
                    options={[
                      { value: "written", label: "As written" },
                      { value: "expanded", label: "Expanded" },
                    ]}
                    value={isExpanded ? "expanded" : "written"}
                    onChange={(next) => {
                      select([]);
                      setExpanded(next === "expanded");
                    }}
                  />
                </CanvasPane>
              </RunPartContext>
            )}
          </div>
        )}
        {isCanvas && (
          <div className={styles.besideTabs} role="tablist" aria-label="Beside the canvas">
            {(["properties", "text"] as const).map((value) => (
              <button key={value} type="button" role="tab" aria-selected={side === value} className={styles.besideTab} onClick={() => show({ side: value })}>
                {value === "properties" ? "Properties" : "Text"}
              </button>
            ))}
          </div>
        )}
        <section className={styles.codeSide} aria-label="Text">
          <div className={styles.desk}>
            {(isDrawn || !isCanvas) && (
              <CodeEditor
                waiting={isCanvas ? <Skeleton lines={6} /> : <CodeBlock label={`Text of ${pipeline.path}`} text={pipeline.text} language="yaml" lineNumbers />}
                label={pipeline.path}
                body={draft.body}
                language={language}
                onOpen={onOpen}
                onChange={onChange}
                onLine={onLine}
                onDefined={onDefined}
              />
            )}
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
        </section>
        {isCanvas ? (
          <section className={styles.properties} data-side="properties" aria-label="Properties">
            {isExpanded && <ExpandedFacts one={scene.byId.get(selected[0] ?? "")} onGo={goTo} onWritten={() => setExpanded(false)} />}
            {isDrawn && shown !== null ? !isExpanded && <Inspector waiting={<Skeleton lines={6} />} projectId={projectId} text={draft.body} board={shown.board} selected={inspected} onGesture={onGesture} onGo={goTo} /> : <Skeleton lines={6} />}
          </section>
        ) : (
          <Outline projectId={projectId} check={check.check} line={cursorLine} trigger={pipeline.triggerStatement} onLine={goTo} />
        )}
      </div>
      {areChangesOpen && <Changes path={pipeline.path} before={base} after={draft.text} onTakeBack={() => editor.current?.replace(draft.baseBody())} onClose={() => setChangesOpen(false)} />}
      {runs.dialogs}
      <LeaveQuestion guard={guard} path={pipeline.path} isSaving={draft.isSaving} onSave={() => saveDraft()} />
    </div>
  );
}
