// The diff that comes before every deployment made by hand: promote, roll back, deploy. Nothing is changed until Deploy.
import { RotateCw } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useMutationCommand, useQueryCommand, type DeploymentSource, type ProjectId } from "#ui/ipc";
import { Answer, Button, Checkbox, Dialog, ErrorState, Skeleton } from "#ui/components";
import { isIdle } from "./groups";
import { choiceOf, ROLLING } from "../strategy";
import { PlanView } from "./PlanView";
import { StrategyFields } from "./StrategyFields";
import styles from "./plan.module.css";

/** What is about to be deployed where, and why. */
export interface Intent {
  environment: string;
  source: DeploymentSource;
  reason: "deploy" | "promote" | "rollback";
  title: string;
  /** Where the digest comes from. */
  origin: string;
}

export interface PlanDialogProps {
  projectId: ProjectId;
  intent: Intent;
  onClose: () => void;
  onStarted: (deploymentId: string) => void;
}

const WORDS: Record<Intent["reason"], string> = { deploy: "Deploy", promote: "Deploy", rollback: "Roll back" };

/** Shows the plan, then deploys exactly that plan. */
export function PlanDialog({ projectId, intent, onClose, onStarted }: PlanDialogProps): ReactNode {
  const { environment, source, reason } = intent;
  const [isPruning, setPruning] = useState(false);
  const [hasRollback, setRollback] = useState(true);
  const [draft, setDraft] = useState(ROLLING);
  const choice = choiceOf(draft);
  const strategy = choice ?? null;
  // A plan of an earlier look is no plan: the target has moved on since.
  const plan = useQueryCommand("deployment_plan", { projectId, environment, source, strategy }, { isFresh: true, enabled: choice !== undefined });
  const commits = useQueryCommand("commit_list", { projectId, limit: 100 });
  const start = useMutationCommand("deployment_start", { quiet: true });
  const found = plan.data;
  const toDelete = found?.objects.filter(({ action }) => action === "delete").length ?? 0;
  const isReady = found !== undefined && !plan.isFetching && !found.isBlocked && choice !== undefined;
  const deploy = (): void => {
    if (found === undefined) return;
    start.mutate({ projectId, environment, source, reason, hash: found.hash, isPruning, hasRollback, strategy }, { onSuccess: ({ deploymentId }) => onStarted(deploymentId) });
  };
  const lookAgain = (): void => {
    start.reset();
    void plan.refetch();
  };
  return (
    <Dialog
      isOpen
      size="widest"
      onClose={onClose}
      title={intent.title}
      description="What the target answers to a dry run of the whole deployment. Nothing has been changed yet."
      actions={
        <div className={styles.foot}>
          <div className={styles.switches}>
            <Checkbox label="Roll back by itself if it does not become healthy" isChecked={hasRollback} onChange={setRollback} />
            {toDelete > 0 && <Checkbox label={`Delete ${toDelete} no longer wanted`} isChecked={isPruning} onChange={setPruning} />}
          </div>
          <Button variant="ghost" icon={RotateCw} isBusy={plan.isFetching} onClick={lookAgain}>
            Look again
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" disabled={!isReady} isBusy={start.isPending} onClick={deploy}>
            {WORDS[reason]} {reason === "rollback" ? environment : `to ${environment}`}
          </Button>
        </div>
      }
    >
      {reason !== "rollback" && <StrategyFields draft={draft} onChange={setDraft} />}
      {start.error !== null && <ErrorState error={start.error} onRetry={start.error.kind === "refused" ? lookAgain : undefined} compact />}
      <Answer
        of={plan}
        loading={
          <div className={styles.plan}>
            <Skeleton height={72} />
            <Skeleton lines={6} />
          </div>
        }
      >
        {(data) => (
          <>
            <PlanView plan={data} origin={intent.origin} summary={commits.data?.find(({ sha }) => sha === data.commit)?.summary} isPruning={isPruning} />
            {isIdle(data.objects, isPruning) && !data.isBlocked && <p className={styles.faint}>The target is already as wanted. Deploying again proves it and keeps a record.</p>}
          </>
        )}
      </Answer>
    </Dialog>
  );
}
