// What a deployment says while it goes on; asked again while it does.
import { useEffect, useRef, type ReactNode } from "react";
import { useQueryCommand, type DeploymentView } from "#ui/ipc";
import { formatClock } from "#ui/components";
import styles from "./board.module.css";

const refreshMs = 1_000;

export interface LiveLogProps {
  deployment: DeploymentView;
  /** The last so many lines; all of them if left out. */
  tail?: number;
}

/** The log of one deployment. */
export function LiveLog({ deployment, tail }: LiveLogProps): ReactNode {
  const isGoing = deployment.state !== "completed";
  const log = useQueryCommand("deployment_log", { deploymentId: deployment.id }, isGoing ? { pollMs: refreshMs } : {});
  const place = useRef<HTMLElement>(null);
  const lines = log.data?.lines ?? [];
  const shown = tail === undefined ? lines : lines.slice(-tail);
  const count = lines.length;
  useEffect(() => {
    // A reader of a log that goes on reads its end.
    if (isGoing && place.current !== null) place.current.scrollTop = place.current.scrollHeight;
  }, [isGoing, count]);
  if (shown.length === 0) return <p className={styles.faint}>{log.data === undefined ? "Reading the log" : "Nothing said yet."}</p>;
  return (
    // May be focused, so that it can be scrolled by keyboard.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.log} ref={place} aria-label={`Log of the deployment to ${deployment.environment}`} tabIndex={0}>
      {shown.map((line, index) => (
        <div key={lines.length - shown.length + index} className={styles.logLine}>
          <time>{formatClock(line.at).slice(0, 8)}</time>
          <span>{line.text}</span>
        </div>
      ))}
    </section>
  );
}
