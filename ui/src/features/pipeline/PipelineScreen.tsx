import { FileCode, FilePenLine, Save, Zap } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Answer, Button, CodeBlock, EmptyState, ErrorState, Field, href, Note, PageHeader, Panel, plural, Screen, TextArea, type CodeNote } from "#ui/components";
import { useMutationCommand, useQueryCommand, type DiagnosticView, type PipelineView, type ProjectId } from "#ui/ipc";
import styles from "./pipeline.module.css";
import { PlanTree } from "./PlanTree";

const NOTE_TONES = { error: "danger", warning: "warning", information: "info" } as const;
const SEVERITY_WORDS = { error: "Error", warning: "Warning", information: "Information" } as const;

function notesOf(diagnostics: readonly DiagnosticView[]): CodeNote[] {
  return diagnostics.map((diagnostic) => ({
    line: diagnostic.line,
    tone: NOTE_TONES[diagnostic.severity],
    content: (
      <>
        <strong>{SEVERITY_WORDS[diagnostic.severity]}:</strong> {diagnostic.message} {diagnostic.hint}
      </>
    ),
  }));
}

function countWords(diagnostics: readonly DiagnosticView[]): string {
  const count = (severity: DiagnosticView["severity"]): number => diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
  const parts = [
    [count("error"), "error"] as const,
    [count("warning"), "warning"] as const,
  ].flatMap(([number, word]) => (number === 0 ? [] : [plural(number, word)]));
  return parts.length === 0 ? "no problems" : parts.join(", ");
}

function Editor({ projectId, pipeline, onDone }: { projectId: ProjectId; pipeline: PipelineView; onDone: () => void }): ReactNode {
  // What the editor read when it opened: saving is refused if the file has changed since.
  const [base] = useState(pipeline.text);
  const [text, setText] = useState(pipeline.text);
  const save = useMutationCommand("pipeline_save", { quiet: true });
  return (
    <form
      className={styles.editor}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ projectId, text, baseText: base }, { onSuccess: onDone });
      }}
    >
      <div className={styles.editorBar}>
        <Button variant="ghost" size="small" onClick={onDone}>
          Leave without saving
        </Button>
        <Button variant="primary" size="small" type="submit" icon={Save} disabled={text === base} isBusy={save.isPending}>
          Save
        </Button>
      </div>
      {save.error !== null && <ErrorState error={save.error} compact />}
      <Field label={pipeline.path} isLabelHidden>
        <TextArea isMono className={styles.text} value={text} wrap="off" spellCheck={false} onChange={(event) => setText(event.target.value)} />
      </Field>
    </form>
  );
}

function Pipeline({ projectId, pipeline, line }: { projectId: ProjectId; pipeline: PipelineView; line: number | undefined }): ReactNode {
  const [isEditing, setEditing] = useState(false);
  const code = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (line !== undefined) code.current?.querySelector(`[data-line="${line}"]`)?.scrollIntoView({ block: "center" });
  }, [line]);
  return (
    <div className={styles.layout}>
      <div ref={code} className={styles.codeSide}>
        <Panel
          fill
          flush
          className={styles.codePanel}
          title={pipeline.path}
          subtitle={countWords(pipeline.diagnostics)}
          actions={
            isEditing ? undefined : (
              <Button size="small" icon={FilePenLine} onClick={() => setEditing(true)}>
                Edit
              </Button>
            )
          }
        >
          {isEditing ? <Editor projectId={projectId} pipeline={pipeline} onDone={() => setEditing(false)} /> : <CodeBlock label={`Text of ${pipeline.path}`} text={pipeline.text} language="yaml" lineNumbers notes={notesOf(pipeline.diagnostics)} highlight={line} />}
        </Panel>
      </div>
      <div className={styles.planSide}>
        <Panel title="Trigger">
          <p className={styles.trigger}>
            <Zap size={16} /> <span>{pipeline.triggerStatement}</span>
          </p>
        </Panel>
        <Panel title="Plan" subtitle={pipeline.plan === null ? undefined : plural(pipeline.plan.stages.length, "stage")}>
          {pipeline.plan === null ? <Note tone="warning">There is no plan while the file has an error. Mend the lines marked on the left.</Note> : <PlanTree plan={pipeline.plan} />}
        </Panel>
        {pipeline.diagnostics.length > 0 && (
          <Panel title="Problems" subtitle={String(pipeline.diagnostics.length)}>
            <ul className={styles.problems}>
              {pipeline.diagnostics.map((diagnostic) => (
                <li key={`${diagnostic.line}:${diagnostic.column}:${diagnostic.code}`}>
                  <a href={href.pipeline(diagnostic.line)}>
                    {SEVERITY_WORDS[diagnostic.severity]}, line {diagnostic.line}
                  </a>
                  <p>{diagnostic.message}</p>
                </li>
              ))}
            </ul>
          </Panel>
        )}
      </div>
    </div>
  );
}

/** The pipeline file: the text, what is wrong with it, and what it would run. */
export function PipelineScreen({ projectId, line }: { projectId: ProjectId; line?: number | undefined }): ReactNode {
  const pipeline = useQueryCommand("pipeline_get", { projectId });
  const isMissing = pipeline.error?.code === "pipeline_missing" && pipeline.data === undefined;
  return (
    <Screen fill>
      <PageHeader title="Pipeline" subtitle="The file is the truth: what you read here is what runs" />
      {isMissing ? (
        <EmptyState
          icon={FileCode}
          title="No azure-pipelines.yml yet"
          body="Add azure-pipelines.yml at the top of the repository. It appears here as soon as the file is saved."
          action={<a href={href.changes()}>Look at the changes</a>}
        />
      ) : (
        <Answer of={pipeline}>{(data) => <Pipeline projectId={projectId} pipeline={data} line={line} />}</Answer>
      )}
    </Screen>
  );
}
