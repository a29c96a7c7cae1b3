// The form beside the canvas: what is written at the selected node, and every change as one gesture. It reads the text and
// writes nothing by itself; what it does not know it names, with the way to the line.
import { CodeXml } from "lucide-react";
import { useCallback, useMemo, type KeyboardEvent, type ReactNode } from "react";
import { IconButton, Note, plural, Skeleton } from "#ui/components";
import { KIND_WORDS, titleOf } from "../canvas/model/words";
import { DeskOf, type Desk, type Send } from "./desk";
import { DirectiveForm } from "./forms/DirectiveForm";
import { JobForm } from "./forms/JobForm";
import { ManyForm } from "./forms/ManyForm";
import { PipelineForm } from "./forms/PipelineForm";
import { HookForm, StageForm } from "./forms/StageForm";
import { StepForm } from "./forms/StepForm";
import { TaskForm } from "./forms/TaskForm";
import { TemplateForm } from "./forms/TemplateForm";
import styles from "./inspector.module.css";
import { AlsoWritten } from "./fields/Elsewhere";
import { STEPS } from "./spec/spec";
import { useNode } from "./use-node";
import { refusalOf, type BoardNodeView, type BoardView, type Gesture, type WrittenView } from "./wire";
import { has, nodeAt } from "./written";

export interface InspectorProps {
  projectId: string;
  /** The text as it is now. */
  text: () => string;
  /** The board of that text; another object for another text. */
  board: BoardView;
  /** Paths of nodes; none for the pipeline itself. */
  selected: readonly string[];
  /** Makes a change. False, or a rejection with an `ApiError`, whose words the field then shows, when it was refused. */
  onGesture: (gesture: Gesture) => Promise<boolean>;
  /** Shows a line of the text. */
  onGo: (line: number) => void;
}

function Form({ node, written }: { node: BoardNodeView | undefined; written: WrittenView }): ReactNode {
  switch (node?.kind) {
    case undefined:
      return <PipelineForm />;
    case "stage":
      return <StageForm node={node} />;
    case "job":
    case "deployment":
      return <JobForm node={node} />;
    case "hook":
      return <HookForm />;
    case "template":
      return <TemplateForm title="Template" />;
    case "extends":
      return <TemplateForm title="Extends" />;
    case "directive":
      return <DirectiveForm node={node} />;
    case "step": {
      if (has(written, "task")) return <TaskForm />;
      const keyword = Object.keys(STEPS).find((word) => has(written, word));
      return keyword === undefined ? <AlsoWritten entries={written.entries} /> : <StepForm keyword={keyword} />;
    }
  }
}

function kindOf(node: BoardNodeView | undefined): string {
  if (node === undefined) return "Triggers, variables, parameters";
  return node.keyword === "" ? KIND_WORDS[node.kind] : `${KIND_WORDS[node.kind]} · ${node.keyword}`;
}

/** Sends gestures. Ctrl+S ends the typing in the field at hand; what saves then waits for its gesture. */
function useSending(onGesture: InspectorProps["onGesture"]): { send: Send; onSave: (event: KeyboardEvent) => void } {
  const send = useCallback<Send>(
    async (gesture) => {
      try {
        return (await onGesture(gesture)) ? null : "This change was refused.";
      } catch (thrown) {
        return refusalOf(thrown);
      }
    },
    [onGesture],
  );
  const onSave = useCallback((event: KeyboardEvent) => {
    const isSave = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s";
    const field = event.target;
    if (!isSave || !(field instanceof HTMLElement)) return;
    field.blur();
    field.focus();
  }, []);
  return { send, onSave };
}

/** What is selected, as a form. */
export function Inspector({ projectId, text, board, selected, onGesture, onGo }: InspectorProps): ReactNode {
  const [path = ""] = selected;
  const isMany = selected.length > 1;
  const node = path === "" ? undefined : nodeAt(board, path);
  const isGone = path !== "" && node === undefined;
  const answer = useNode(projectId, text, isMany || isGone ? undefined : path, board, true);
  const { send, onSave } = useSending(onGesture);
  const { written } = answer;
  const desk = useMemo<Desk | undefined>(() => (written === null ? undefined : { projectId, text, board, node, path, written, send, onGo }), [projectId, text, board, node, path, written, send, onGo]);
  const isCurrent = answer.path === path;
  const title = node === undefined ? "Pipeline" : titleOf(node);
  const many = selected.flatMap((one) => nodeAt(board, one) ?? []);
  return (
    // Keys of the fields in it pass through here; it is no control itself.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <section className={styles.inspector} aria-label="Inspector" onKeyDown={onSave}>
      <header className={styles.head}>
        <div className={styles.headText}>
          <h2 className={styles.title} title={isMany ? undefined : title}>
            {isMany ? plural(selected.length, "node") : title}
          </h2>
          <p className={styles.kind}>{isMany ? "What can be done with all of them" : kindOf(node)}</p>
        </div>
        {node !== undefined && !isMany && <IconButton size="small" icon={CodeXml} label={`Show in the text, line ${node.line}`} onClick={() => onGo(node.line)} />}
      </header>
      <div className={styles.body}>
        {isMany ? (
          <ManyForm nodes={many} send={send} />
        ) : isGone ? (
          <p className={styles.fields}>What was selected is not in the text any more.</p>
        ) : (
          <>
            {isCurrent && answer.problem !== null && (
              <div className={styles.fields}>
                <Note tone="warning" title={written === null ? "There is no form for this text" : "The form shows the last text that could be read"}>
                  {answer.problem}
                </Note>
              </div>
            )}
            {isCurrent && desk !== undefined && (
              // Another node starts its fields anew; another text of the same node does not.
              <DeskOf key={path} desk={desk}>
                <Form node={node} written={desk.written} />
              </DeskOf>
            )}
            {!isCurrent && (
              <div className={styles.fields}>
                <Skeleton lines={6} />
              </div>
            )}
          </>
        )}
      </div>
    </section>
  );
}
