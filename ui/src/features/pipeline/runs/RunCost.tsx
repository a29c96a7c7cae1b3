import type { ReactNode } from "react";
import { formatDuration, plural } from "#ui/components";
import type { CostView } from "#ui/ipc";
import styles from "./runs.module.css";

const unknownWords = (jobs: number): string => (jobs === 0 ? "" : `, and ${plural(jobs, "job")} that never ran`);

/** What the next run would take, in words. */
export function nextWords(cost: CostView, stage: string | null): string | null {
  const of = stage === null ? cost.next : (cost.stages.find((one) => one.stage === stage) ?? null);
  if (of === null || (of.billedMinutes === 0 && of.wallMs === 0)) return null;
  return `≈ ${of.billedMinutes} min billed, ${formatDuration(of.wallMs)}${unknownWords(of.unknownJobs)}`;
}

export interface RunCostProps {
  cost: CostView;
  /** A stage that is to run alone. */
  stage?: string | null;
}

/** The cost of a run in minutes: of the last one, and of the next one as the medians have it. */
export function RunCost({ cost, stage = null }: RunCostProps): ReactNode {
  const next = nextWords(cost, stage);
  const way = stage === null ? (cost.next?.way ?? []) : [];
  if (next === null && cost.last === null) return null;
  return (
    <span className={styles.cost}>
      {next !== null && (
        <span title={[`${next}.`, way.length === 0 ? "" : `The longest way: ${way.join(" → ")}.`, "Each job's minutes rounded up, as hosted agents are billed."].join(" ").trim()}>
          {stage === null ? "Next run" : `Stage ${stage} alone`}: {next}
        </span>
      )}
      {cost.last !== null && stage === null && (
        <span className={styles.last} title={`Run ${cost.last.number}. Each job's minutes rounded up, as hosted agents are billed.`}>
          Last run: {cost.last.billedMinutes} min billed, {formatDuration(cost.last.wallMs)}
        </span>
      )}
    </span>
  );
}
