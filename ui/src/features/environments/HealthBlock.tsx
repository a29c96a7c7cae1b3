// The health window of a deployment: the verdict, the rule with its numbers, and the numbers themselves.
import type { ReactNode } from "react";
import type { DeploymentView, HealthWindow } from "#ui/ipc";
import { EmptyState, formatClock, formatDuration, href, Panel, RelativeTime, StatusPill } from "#ui/components";
import styles from "./environments.module.css";

/** What telemetry says of a deployment. */
export function HealthBlock({ deployment }: { deployment: DeploymentView }): ReactNode {
  const health = deployment.health;
  return (
    <Panel title="Health since it was launched" actions={health !== null && <StatusPill state={health.verdict} size="small" />}>
      {health === null ? <EmptyState title="Not observed" body="The health window opens once a container of this deployment runs." /> : <Health health={health} />}
    </Panel>
  );
}

function Health({ health }: { health: HealthWindow }): ReactNode {
  const numbers: readonly { name: string; value: string; isBad: boolean }[] = [
    { name: "Requests", value: health.requests.toLocaleString("en"), isBad: false },
    { name: "Failed requests", value: ofAll(health.failedRequests, health.requests), isBad: health.failedRequests > 0 },
    { name: "Exceptions", value: health.exceptions.toLocaleString("en"), isBad: health.exceptions > 0 },
    { name: "Failed probes", value: ofAll(health.failedProbes, health.probes), isBad: health.failedProbes > 0 },
    { name: "p95", value: health.p95Ms === null ? "–" : `${health.p95Ms.toFixed(health.p95Ms < 10 ? 1 : 0)} ms`, isBad: false },
  ];
  return (
    <div className={styles.sections}>
      <p>{health.reason}</p>
      <dl className={styles.numbers}>
        {numbers.map(({ name, value, isBad }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className={isBad ? styles.badNumber : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.muted}>
        Window {formatClock(health.from).slice(0, 8)} to {formatClock(health.to).slice(0, 8)} ({formatDuration(health.to - health.from)}), read <RelativeTime at={health.to} />.
      </p>
      <p>
        <a href={href.insights()}>See the charts in Insights</a>
      </p>
    </div>
  );
}

function ofAll(part: number, whole: number): string {
  return `${part.toLocaleString("en")} of ${whole.toLocaleString("en")}`;
}
