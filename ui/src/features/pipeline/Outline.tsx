import { Zap } from "lucide-react";
import { useMemo, type ReactNode } from "react";
import { Note, Panel, plural } from "#ui/components";
import type { ProjectId } from "#ui/ipc";
import styles from "./pipeline.module.css";
import { PlanTree, stepLineAt } from "./PlanTree";
import { Repositories } from "./Repositories";
import type { Check } from "./use-check";

const PLAN_WORDS = { text: "", good: ", of the last good text" } as const;

/** Beside the text: what starts the pipeline, whose templates it reads, and what it would run. */
export function Outline({ projectId, check, line, trigger, onLine }: { projectId: ProjectId; check: Check; line: number; trigger: string; onLine: (line: number) => void }): ReactNode {
  const { plan, planOf } = check;
  const current = useMemo(() => (plan === null ? null : stepLineAt(plan, line)), [plan, line]);
  return (
    <div className={styles.planSide}>
      <Panel title="Trigger">
        <p className={styles.trigger}>
          <Zap size={16} /> <span>{trigger}</span>
        </p>
      </Panel>
      <Repositories projectId={projectId} />
      <Panel title="Plan" subtitle={plan === null ? undefined : plural(plan.stages.length, "stage") + PLAN_WORDS[planOf]}>
        {planOf === "good" && (
          <div className={styles.stale}>
            <Note tone="warning">{plan === null ? "There is no plan while the file has an error. Mend the problems below the text." : "The text has an error. This is the plan of the last good text; its lines may have moved."}</Note>
          </div>
        )}
        {plan !== null && <PlanTree plan={plan} current={current} onLine={onLine} />}
      </Panel>
    </div>
  );
}
