import { RotateCcw, RotateCw, Square } from "lucide-react";
import type { ReactNode } from "react";
import { Button, CommitChip, Duration, href, Note, ObjectLink, openHref, PageHeader, RelativeTime, stateOf, StatusPill } from "#ui/components";
import { useMutationCommand, type RunReason, type RunSummary } from "#ui/ipc";
import styles from "./runs.module.css";

const REASON_WORDS: Record<RunReason, string> = { individualCi: "started by a commit", manual: "started by hand", rerun: "a run again" };

/** `12 of 12 tests passed`, or nothing when there were none. */
function testWords(run: RunSummary): string {
  const { total, passed, failed } = run.tests;
  if (total === 0) return "no tests";
  return failed > 0 ? `${failed} of ${total} tests failed` : `${passed} of ${total} tests passed`;
}

/** What a run is, and what can be done with it. */
export function RunHeader({ run, tags = [] }: { run: RunSummary; tags?: readonly string[] }): ReactNode {
  const cancel = useMutationCommand("run_cancel", { failureTitle: "The run was not cancelled" });
  const again = useMutationCommand("run_rerun", { failureTitle: "The run was not started again" });
  const isGoing = run.state !== "completed";
  const hasFailed = run.result === "failed" || run.result === "canceled" || run.result === "interrupted";
  const startAgain = (failedOnly: boolean): void => again.mutate({ runId: run.id, failedOnly }, { onSuccess: (started) => openHref(href.run(started.runId)) });
  return (
    <>
      <PageHeader
        title={
          <span className={styles.headTitle}>
            Run {run.number}{run.attempt > 1 && `, attempt ${run.attempt}`} <StatusPill state={stateOf(run)} />
          </span>
        }
        subtitle={
          <span className={styles.headFacts}>
            <CommitChip sha={run.commit} summary={run.commitSummary} />
            <span>{run.branch.replace("refs/heads/", "")}</span>
            <span>{REASON_WORDS[run.reason]}</span>
            {run.choice !== null && <span>{run.choice}</span>}
            {run.earlier !== null && <a href={href.run(run.earlier)}>attempt {run.attempt - 1}</a>}
            {run.later !== null && <a href={href.run(run.later)}>attempt {run.attempt + 1}</a>}
            <span>
              <RelativeTime at={run.startedAt ?? run.queuedAt} />, {isGoing ? "going for" : "took"} <Duration from={run.startedAt} to={run.finishedAt} />
            </span>
            <span>{testWords(run)}</span>
            {tags.length > 0 && <span>tagged {tags.join(", ")}</span>}
            {run.workItems.map((id) => (
              <ObjectLink key={id} object={{ kind: "workItem", id: String(id) }} />
            ))}
            <ObjectLink object={{ kind: "run", id: run.id }} toThread>
              thread
            </ObjectLink>
          </span>
        }
        actions={
          isGoing ? (
            <Button variant="danger" icon={Square} isBusy={cancel.isPending} onClick={() => cancel.mutate({ runId: run.id })}>
              Cancel
            </Button>
          ) : (
            <>
              {hasFailed && (
                <Button icon={RotateCcw} isBusy={again.isPending} title="Keeps the jobs that succeeded, with their outputs and artifacts" onClick={() => startAgain(true)}>
                  Rerun failed jobs
                </Button>
              )}
              <Button icon={RotateCw} isBusy={again.isPending} onClick={() => startAgain(false)}>
                Run again
              </Button>
            </>
          )
        }
      />
      {run.result === "interrupted" && (
        <div className={styles.notice}>
          <Note tone="warning" title="This run was interrupted">
            {run.issue ?? "Slipway ended while this run was going on."} Nothing goes on in the background; what had been done is kept below. Run it again to take the commit to the end.
          </Note>
        </div>
      )}
      {run.issue !== null && run.result !== "interrupted" && (
        <div className={styles.notice}>
          <Note tone={run.result === "failed" ? "danger" : "neutral"}>{run.issue}</Note>
        </div>
      )}
    </>
  );
}
