import clsx from "clsx";
import { memo, type ReactNode } from "react";
import { Duration, formatDuration, stateOf, StatusPill } from "#ui/components";
import type { NodeRun } from "./record-map";
import styles from "./runs.module.css";
import { Sparkline } from "./Sparkline";

/** `3 of 20 failed`. */
export function rateWords(run: NodeRun): string {
  return `${Math.round(run.failureRate * run.runs)} of ${run.runs} failed`;
}

/** All that is known of the node's runs, in words. */
export function runWords(run: NodeRun): string {
  const parts: string[] = [];
  if (run.isKept) parts.push("kept from the attempt before");
  if (run.estimateMs !== null) parts.push(`usually ${formatDuration(run.estimateMs)}`);
  if (run.runs > 0) parts.push(rateWords(run));
  if (run.issue !== null) parts.push(run.issue);
  return parts.join("\n");
}

export interface NodeRunBadgeProps {
  run: NodeRun;
  /** The line of durations and the failure rate, where there is room. */
  isWide?: boolean;
}

/** State and duration of a node in the newest run, or how long it usually takes. */
export const NodeRunBadge = memo(function NodeRunBadge({ run, isWide = false }: NodeRunBadgeProps): ReactNode {
  const state = run.state === null ? null : stateOf({ state: run.state, result: run.result });
  const isFlaky = run.runs >= 3 && run.failureRate >= 0.1;
  return (
    <span className={clsx(styles.badge, isWide && styles.wide, run.isKept && styles.kept)} title={runWords(run)}>
      <span className={styles.now}>
        {!isWide && isFlaky && <span className={styles.rate}>{Math.round(run.failureRate * 100)} %</span>}
        {run.startedAt !== null && state !== "skipped" ? (
          <span className={styles.took}>
            <Duration from={run.startedAt} to={run.finishedAt} />
          </span>
        ) : (
          run.estimateMs !== null && <span className={styles.usual}>≈ {formatDuration(run.estimateMs)}</span>
        )}
        {state !== null && <StatusPill state={state} size="small" iconOnly />}
      </span>
      {isWide && run.durations.length > 1 && (
        <span className={styles.before}>
          {isFlaky && <span className={styles.rate}>{Math.round(run.failureRate * 100)} % fail</span>}
          <Sparkline durations={run.durations} />
        </span>
      )}
    </span>
  );
});
