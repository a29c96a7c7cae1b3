// A plan of a deployment, drawn: from where to where, what differs in parameters and objects, and what stands in the way.
import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import type { DeploymentPlanView } from "#ui/ipc";
import { CommitChip, Digest, Note } from "#ui/components";
import { summaryOf } from "./groups";
import { PlanObjects } from "./PlanObjects";
import styles from "./plan.module.css";

export interface PlanViewProps {
  plan: DeploymentPlanView;
  /** Where the digest comes from, such as `dev`. */
  origin: string;
  /** The commit's first line, if it is known. */
  summary: string | undefined;
  isPruning: boolean;
}

/** What a deployment would do. */
export function PlanView({ plan, origin, summary, isPruning }: PlanViewProps): ReactNode {
  const parameters = plan.parameters.filter(({ before, after }) => before !== after);
  return (
    <div className={styles.plan}>
      <div className={styles.route}>
        <div className={styles.stop}>
          <span className={styles.stopWord}>{origin}</span>
          <Digest digest={plan.digest} isLink />
          {plan.commit !== "" && <CommitChip sha={plan.commit} summary={summary} />}
        </div>
        <ArrowRight size={20} className={styles.arrow} aria-hidden="true" />
        <div className={styles.stop}>
          <span className={styles.stopWord}>{plan.environment}</span>
          <span className={styles.stopTarget}>{plan.target === "local" ? "containers on this machine" : `${plan.context} / ${plan.namespace}`}</span>
          <span className={styles.stopSummary}>{summaryOf(plan.objects, isPruning)}</span>
        </div>
      </div>
      {plan.isBlocked && (
        <Note tone="danger" title="This cannot be deployed as it is">
          What stands in the way is listed first, each with its place and what to do.
        </Note>
      )}
      {plan.notes.map((note) => (
        <Note key={note} tone="neutral">
          {note}
        </Note>
      ))}
      {parameters.length > 0 && (
        <section aria-label="Parameters that differ">
          <h3 className={styles.heading}>Parameters that differ</h3>
          <table className={styles.parameters}>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              {parameters.map((parameter) => (
                <tr key={parameter.name}>
                  <th scope="row">
                    <code>{parameter.name}</code>
                  </th>
                  <td>{parameter.before === null ? <span className={styles.faint}>not set</span> : <code>{parameter.before}</code>}</td>
                  <td>
                    <code>{parameter.after}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <PlanObjects objects={plan.objects} isPruning={isPruning} words={{ before: "live now", after: "after the deployment" }} />
    </div>
  );
}
