// A deployment that is under way, inside its column: phase, the last words, and the way to stop it.
import { Ban } from "lucide-react";
import type { ReactNode } from "react";
import { useMutationCommand, type DeploymentView } from "#ui/ipc";
import { Button, Digest, Duration, href, Note } from "#ui/components";
import { LiveLog } from "./LiveLog";
import { Phases } from "./Phases";
import styles from "./board.module.css";

export interface UnderWayProps {
  deployment: DeploymentView;
  /** Slipway was closed while it went on. */
  isInterrupted: boolean;
}

/** What goes on in an environment now. */
export function UnderWay({ deployment, isInterrupted }: UnderWayProps): ReactNode {
  const cancel = useMutationCommand("deployment_cancel", { failureTitle: "The deployment was not canceled" });
  return (
    <section className={styles.underWay} aria-label={`Deployment under way to ${deployment.environment}`}>
      <div className={styles.underWayHead}>
        <a href={href.deployment(deployment.id)}>Under way</a>
        <Digest digest={deployment.digest} isLink />
        <span className={styles.faint}>
          <Duration from={deployment.startedAt} to={null} />
        </span>
        <Button size="small" variant="ghost" icon={Ban} isBusy={cancel.isPending} aria-label={`Cancel the deployment to ${deployment.environment}`} onClick={() => cancel.mutate({ deploymentId: deployment.id })}>
          Cancel
        </Button>
      </div>
      {isInterrupted && (
        <Note tone="warning" title="Slipway was closed while this went on">
          It looks at what was applied and either finishes it or puts the old version back.
        </Note>
      )}
      <Phases deployment={deployment} />
      <LiveLog deployment={deployment} tail={6} />
    </section>
  );
}
