// One deployment: the thread it hangs on, the proof that what runs is what was pushed, and what telemetry says since.
import { Ban, ExternalLink, Undo2, Waypoints } from "lucide-react";
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { useMutationCommand, useQueryCommand, type DeploymentView, type ProjectId } from "#ui/ipc";
import { Answer, Button, CodeBlock, CommitChip, Digest, Duration, href, KeyValue, Note, ObjectLink, PageHeader, Panel, RelativeTime, Screen, Skeleton, StatusPill, stateOf } from "#ui/components";
import { DeploymentStrip } from "./DeploymentStrip";
import { AppliedList } from "./AppliedList";
import { failureOf } from "./failure";
import { LiveLog } from "./board/LiveLog";
import { Phases } from "./board/Phases";
import { HealthBlock } from "./HealthBlock";
import { PlanDialog } from "./plan/PlanDialog";
import { ProofBlock } from "./ProofBlock";
import { REASONS } from "./reasons";
import { rollbackTo } from "./rollback";
import { besideWord, shownStrategy } from "./strategy";
import styles from "./environments.module.css";

export interface DeploymentScreenProps {
  projectId: ProjectId;
  deploymentId: string;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function DeploymentScreen({ projectId, deploymentId }: DeploymentScreenProps): ReactNode {
  const deployment = useQueryCommand("deployment_get", { deploymentId });
  const data = deployment.data;
  return (
    <Screen>
      <PageHeader
        title={data === undefined ? "Deployment" : `Deployment to ${data.environment}`}
        subtitle={data === undefined ? deploymentId : <Subtitle deployment={data} />}
        actions={data !== undefined && <Actions projectId={projectId} deployment={data} />}
      />
      <Answer
        of={deployment}
        loading={
          <div className={styles.sections}>
            <Skeleton height={96} />
            <Skeleton height={220} />
          </div>
        }
      >
        {(found) => <Body deployment={found} />}
      </Answer>
    </Screen>
  );
}

function Subtitle({ deployment }: { deployment: DeploymentView }): ReactNode {
  return (
    <span className={styles.subtitle}>
      <StatusPill state={stateOf(deployment)} size="small" />
      <span>{standing(deployment)}</span>
      <span>{REASONS[deployment.reason]}</span>
      <RelativeTime at={deployment.startedAt} />
    </span>
  );
}

function standing(deployment: DeploymentView): string {
  if (deployment.isCurrent) return "Runs there now";
  if (deployment.state !== "completed") return "On its way";
  const beside = besideWord(deployment);
  if (beside !== undefined) return beside;
  return deployment.result === "succeeded" ? "Replaced since" : "Never ran there";
}

function Actions({ projectId, deployment }: { projectId: ProjectId; deployment: DeploymentView }): ReactNode {
  const [isAsking, setAsking] = useState(false);
  const cancel = useMutationCommand("deployment_cancel", { failureTitle: "The deployment was not canceled" });
  const back = rollbackTo(deployment);
  const started = (): void => {
    toast(`Rollback of ${deployment.environment} started`);
    setAsking(false);
  };
  return (
    <>
      {deployment.state !== "completed" && deployment.reason !== "run" && (
        <Button icon={Ban} isBusy={cancel.isPending} onClick={() => cancel.mutate({ deploymentId: deployment.id })}>
          Cancel
        </Button>
      )}
      {back !== undefined && (
        <Button icon={Undo2} onClick={() => setAsking(true)}>
          Roll back to this…
        </Button>
      )}
      {isAsking && back !== undefined && <PlanDialog projectId={projectId} intent={back} onClose={() => setAsking(false)} onStarted={started} />}
      <a className={styles.action} href={href.thread(deployment.id)}>
        <Waypoints size={16} /> Whole thread
      </a>
      {deployment.url !== null && deployment.isCurrent && (
        <a className={styles.action} href={deployment.url} target="_blank" rel="noreferrer">
          <ExternalLink size={16} /> Open the app
        </a>
      )}
    </>
  );
}

function Body({ deployment }: { deployment: DeploymentView }): ReactNode {
  const { sentence, log, after } = failureOf(deployment);
  return (
    <div className={styles.sections}>
      {deployment.issue !== null && (
        <Panel title="Why it failed">
          <div className={styles.sections}>
            <Note tone="danger" title={sentence}>
              {after !== "" && <p>{after}</p>}
              {deployment.rolledBackBy !== null && (
                <p>
                  It was rolled back: <a href={href.deployment(deployment.rolledBackBy)}>see what runs instead</a>.
                </p>
              )}
            </Note>
            {log.length > 0 && <CodeBlock label="Last log lines" text={log.join("\n")} />}
          </div>
        </Panel>
      )}
      {deployment.rollbackOf !== null && (
        <Note tone="warning" title={deployment.reason === "automaticRollback" ? "Made because another deployment failed" : "A rollback"}>
          {deployment.signal !== null && <p>{deployment.signal}</p>}
          <a href={href.deployment(deployment.rollbackOf)}>See the deployment that failed</a>
        </Note>
      )}
      {deployment.state !== "completed" && (
        <Panel title="Under way">
          <div className={styles.sections}>
            <Phases deployment={deployment} />
            <LiveLog deployment={deployment} />
          </div>
        </Panel>
      )}
      <DeploymentStrip deployment={deployment} />
      <div className={styles.halves}>
        <ProofBlock deployment={deployment} />
        <HealthBlock deployment={deployment} />
      </div>
      <Panel title="Facts">
        <KeyValue
          columns={2}
          items={[
            { name: "Image", value: <code>{deployment.image}</code> },
            { name: "Workload", value: <code>{deployment.workload}</code> },
            { name: "Digest", value: <Digest digest={deployment.digest} isLink /> },
            { name: "Commit", value: <CommitChip sha={deployment.commit} /> },
            { name: "Run", value: deployment.runId === "" ? "none: made by hand" : <ObjectLink object={{ kind: "run", id: deployment.runId }}>{deployment.runNumber}</ObjectLink> },
            { name: "Environment", value: <ObjectLink object={{ kind: "environment", id: deployment.environment }} /> },
            { name: "Strategy", value: deployment.strategy === null ? "Rolling" : `${shownStrategy(deployment.strategy)}${deployment.strategy.step === "promote" ? ", promoted" : ""}` },
            { name: "Took", value: <Duration from={deployment.startedAt} to={deployment.finishedAt} /> },
            { name: "Deployment id", value: <code>{deployment.id}</code> },
          ]}
        />
      </Panel>
      <AppliedList deployment={deployment} />
      {deployment.state === "completed" && (
        <Panel title="Log">
          <LiveLog deployment={deployment} />
        </Panel>
      )}
    </div>
  );
}
