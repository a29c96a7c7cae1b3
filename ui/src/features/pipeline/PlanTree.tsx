import clsx from "clsx";
import { Server } from "lucide-react";
import { memo, type ReactNode } from "react";
import { href, plural } from "#ui/components";
import type { PlanJobView, PlanStageView, PlanView } from "#ui/ipc";
import styles from "./pipeline.module.css";

interface Going {
  /** Line of the step that the cursor is in. */
  current: number | null;
  onLine: (line: number) => void;
}

function Job({ job, current, onLine }: Going & { job: PlanJobView }): ReactNode {
  return (
    <li className={styles.job}>
      <div className={styles.jobHead}>
        <span>{job.displayName}</span>
        {job.environment !== null && (
          <a href={href.environments(job.environment)} className={styles.environment}>
            <Server size={14} /> {job.environment}
          </a>
        )}
        <span className={styles.fact}>{plural(job.steps.length, "step")}</span>
      </div>
      {job.dependsOn.length > 0 && <p className={styles.fact}>after {job.dependsOn.join(", ")}</p>}
      <ol className={styles.steps}>
        {job.steps.map((step, index) => (
          <li key={`${step.line}-${index}`}>
            <button type="button" className={clsx(styles.step, step.line === current && styles.current)} aria-current={step.line === current ? "location" : undefined} onClick={() => onLine(step.line)}>
              <span>{step.task.startsWith(`${step.displayName}@`) ? step.task : step.displayName}</span>
              {/* A step without a name of its own is called like its task. */}
              {!step.task.startsWith(`${step.displayName}@`) && step.task !== step.displayName && (
                <span className={styles.task} title={step.task}>
                  {step.task}
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </li>
  );
}

function Stage({ stage, current, onLine }: Going & { stage: PlanStageView }): ReactNode {
  return (
    <li className={styles.stage}>
      <h3 className={styles.stageName}>{stage.displayName}</h3>
      <p className={styles.fact}>
        {stage.dependsOn.length === 0 ? "starts first" : `after ${stage.dependsOn.join(", ")}`}
        {stage.condition !== null && (
          <>
            {" when "}
            <code>{stage.condition}</code>
          </>
        )}
      </p>
      <ol>
        {stage.jobs.map((job, index) => (
          <Job key={`${job.name}-${index}`} job={job} current={current} onLine={onLine} />
        ))}
      </ol>
    </li>
  );
}

/** The line of the step that a line of the text belongs to: the last one that starts at or above it. */
export function stepLineAt(plan: PlanView, line: number): number | null {
  let found: number | null = null;
  for (const stage of plan.stages) for (const job of stage.jobs) for (const step of job.steps) if (step.line <= line && (found === null || step.line > found)) found = step.line;
  return found;
}

/** What would run: stages, their jobs, their steps. A step selects its line. */
export const PlanTree = memo(function PlanTree({ plan, current, onLine }: Going & { plan: PlanView }): ReactNode {
  return (
    <ol className={styles.plan}>
      {plan.stages.map((stage, index) => (
        <Stage key={`${stage.name}-${index}`} stage={stage} current={current} onLine={onLine} />
      ))}
    </ol>
  );
});
