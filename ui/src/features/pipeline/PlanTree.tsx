import { Server } from "lucide-react";
import type { ReactNode } from "react";
import { href, plural } from "#ui/components";
import type { PlanView } from "#ui/ipc";
import styles from "./pipeline.module.css";

/** What would run: stages, their jobs, their steps. A step leads to its line. */
export function PlanTree({ plan }: { plan: PlanView }): ReactNode {
  return (
    <ol className={styles.plan}>
      {plan.stages.map((stage) => (
        <li key={stage.name} className={styles.stage}>
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
            {stage.jobs.map((job) => (
              <li key={job.name} className={styles.job}>
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
                      <a href={href.pipeline(step.line)} className={styles.step}>
                        <span>{step.displayName}</span>
                        <span className={styles.task}>{step.task}</span>
                      </a>
                    </li>
                  ))}
                </ol>
              </li>
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}
