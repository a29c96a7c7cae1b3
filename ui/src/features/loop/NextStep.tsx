import { Ban, Play, Square } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Field, href, Kbd, openHref, StatusPill, TextInput } from "#ui/components";
import { useMutationCommand, type LoopView } from "#ui/ipc";
import { useAsk } from "#ui/start/use-start";
import styles from "./NextStep.module.css";

/** The word over the button: how the whole loop stands. */
function overall(loop: LoopView): string {
  if (loop.isRunning) return "running";
  const failed = loop.steps.find((step) => step.outcome === "failed");
  // The run may be good and what it deployed not: the word says which.
  if (failed !== undefined) return failed.key === "review" ? "unhealthy" : "failed";
  if (loop.steps.some((step) => step.outcome === "warning")) return "warning";
  return loop.runId === null ? "idle" : "succeeded";
}

/** The big button in the middle of the loop, what it will do, and the message it would commit with. */
export function NextStep({ loop }: { loop: LoopView }): ReactNode {
  const { next, project } = loop;
  const [message, setMessage] = useState<string>();
  const run = useMutationCommand("loop_run", { failureTitle: "The loop was not started" });
  const cancel = useMutationCommand("run_cancel", { failureTitle: "The run was not cancelled" });
  const { begin, isBusy, question } = useAsk();
  const press = (): void => {
    if (next.kind === "cancel") {
      if (loop.runId !== null) cancel.mutate({ runId: loop.runId });
      return;
    }
    const own = message?.trim();
    const words = next.kind === "commitAndRun" && own !== undefined && own !== "" ? own : null;
    begin({
      projectId: project.id,
      start: (skipUnsupported) => run.mutate({ projectId: project.id, message: words, ...(skipUnsupported && { skipUnsupported }) }, { onSuccess: () => setMessage(undefined) }),
    });
  };
  const icon = next.kind === "cancel" ? Square : next.kind === "blocked" ? Ban : Play;
  return (
    <div className={styles.next}>
      {question}
      <p className={styles.run}>
        {loop.runId === null || loop.runNumber === null ? (
          <span>No run yet</span>
        ) : (
          <>
            <a href={href.run(loop.runId)}>Run {loop.runNumber}</a>
            <StatusPill state={overall(loop)} size="small" />
          </>
        )}
      </p>
      <Button variant={next.kind === "cancel" ? "danger" : "primary"} size="large" icon={icon} className={styles.big} disabled={next.kind === "blocked"} isBusy={isBusy || run.isPending || cancel.isPending} onClick={press}>
        {next.label}
      </Button>
      {next.kind === "commitAndRun" && next.proposedMessage !== null ? (
        <form
          className={styles.message}
          onSubmit={(event) => {
            event.preventDefault();
            press();
          }}
        >
          <Field label="Commit message" isLabelHidden>
            <TextInput value={message ?? next.proposedMessage} onChange={(event) => setMessage(event.target.value)} />
          </Field>
        </form>
      ) : null}
      <p className={styles.hint}>{next.hint}</p>
      {next.kind === "commitAndRun" && (
        <p className={styles.keys}>
          <Kbd>Enter</Kbd> in the message runs it.{" "}
          <button type="button" className={styles.look} onClick={() => openHref(href.changes())}>
            Look at the changes
          </button>
        </p>
      )}
    </div>
  );
}
