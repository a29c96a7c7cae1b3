// What stands beside what runs in an environment, its verdict, and the decision: promote or reject.
import { CircleCheck, Split, Undo2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { useMutationCommand, type DeploymentView } from "#ui/ipc";
import { Button, CommitChip, Dialog, Digest, href, RelativeTime, StatusPill } from "#ui/components";
import { shownStrategy } from "../strategy";
import styles from "./board.module.css";

export interface WaitingProps {
  deployment: DeploymentView;
  /** Another deployment goes on in the environment. */
  isBusy: boolean;
}

/** A canary or a green that waits for a decision. */
export function Waiting({ deployment, isBusy }: WaitingProps): ReactNode {
  const { strategy, health, environment, id } = deployment;
  const [isAsking, setAsking] = useState(false);
  const promote = useMutationCommand("strategy_finish", { failureTitle: "It was not promoted" });
  const reject = useMutationCommand("strategy_finish", { failureTitle: "It was not rejected" });
  if (strategy === null) return null;
  const shown = shownStrategy(strategy);
  const verdict = health?.verdict ?? "waiting";
  const isPending = promote.isPending || reject.isPending;
  const doPromote = (isForced: boolean): void =>
    promote.mutate(
      { deploymentId: id, action: "promote", isForced },
      {
        onSuccess: () => {
          setAsking(false);
          toast(`Promotion in ${environment} started`);
        },
      },
    );
  const doReject = (): void => reject.mutate({ deploymentId: id, action: "reject", isForced: false }, { onSuccess: () => toast(`Rejected: ${environment} runs what it ran`) });
  return (
    <section className={styles.waiting} aria-label={`${shown} waits in ${environment}`}>
      <div className={styles.waitingHead}>
        <Split size={14} aria-hidden="true" />
        <a href={href.deployment(id)}>{shown}</a>
        <StatusPill state={verdict} label={verdict === "waiting" ? "Not enough data" : undefined} size="small" />
      </div>
      <p className={styles.waitingWhat}>
        <Digest digest={deployment.digest} isLink />
        {deployment.commit !== "" && <CommitChip sha={deployment.commit} />}
        <span className={styles.faint}>
          <RelativeTime at={deployment.finishedAt ?? deployment.startedAt} />
        </span>
      </p>
      <p className={styles.waitingReason}>{health?.reason ?? "Its pods are watched; there is no verdict yet."}</p>
      {strategy.isAutomatic && <p className={styles.faint}>The verdict decides by itself; you may be faster.</p>}
      <div className={styles.waitingActions}>
        <Button size="small" variant={verdict === "unhealthy" ? "secondary" : "primary"} icon={CircleCheck} disabled={isBusy || isPending} isBusy={promote.isPending} aria-label={`Promote the ${shown.toLowerCase()} in ${environment}`} onClick={() => (verdict === "unhealthy" ? setAsking(true) : doPromote(false))}>
          Promote
        </Button>
        <Button size="small" variant={verdict === "unhealthy" ? "danger" : "secondary"} icon={Undo2} disabled={isBusy || isPending} isBusy={reject.isPending} aria-label={`Reject the ${shown.toLowerCase()} in ${environment}`} onClick={doReject}>
          Reject
        </Button>
      </div>
      {isAsking && (
        <Dialog
          isOpen
          onClose={() => setAsking(false)}
          title="Promote against the verdict?"
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Leave it waiting</Button>
              <Button variant="danger" isBusy={promote.isPending} onClick={() => doPromote(true)}>
                Promote anyway
              </Button>
            </>
          }
        >
          <p>
            {health?.reason} Once promoted, all of {environment} runs it.
          </p>
        </Dialog>
      )}
    </section>
  );
}
