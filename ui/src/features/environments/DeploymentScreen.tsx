// One deployment: the thread it hangs on, the proof that what runs is what was pushed, and what telemetry says since.
import { ExternalLink, Waypoints } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type DeploymentView, type ProjectId } from "#ui/ipc";
import { Answer, CodeBlock, CommitChip, Digest, Duration, href, KeyValue, Note, ObjectLink, PageHeader, Panel, RelativeTime, Screen, Skeleton, StatusPill, stateOf } from "#ui/components";
import { DeploymentStrip } from "./DeploymentStrip";
import { HealthBlock } from "./HealthBlock";
import { ProofBlock } from "./ProofBlock";
import styles from "./environments.module.css";

export interface DeploymentScreenProps {
  projectId: ProjectId;
  deploymentId: string;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function DeploymentScreen({ deploymentId }: DeploymentScreenProps): ReactNode {
  const deployment = useQueryCommand("deployment_get", { deploymentId });
  const data = deployment.data;
  return (
    <Screen>
      <PageHeader
        title={data === undefined ? "Deployment" : `Deployment to ${data.environment}`}
        subtitle={data === undefined ? deploymentId : <Subtitle deployment={data} />}
        actions={data !== undefined && <Actions deployment={data} />}
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
      <RelativeTime at={deployment.startedAt} />
    </span>
  );
}

function standing(deployment: DeploymentView): string {
  if (deployment.isCurrent) return "Runs there now";
  if (deployment.state !== "completed") return "On its way";
  return deployment.result === "succeeded" ? "Replaced since" : "Never ran there";
}

function Actions({ deployment }: { deployment: DeploymentView }): ReactNode {
  return (
    <>
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
  const [sentence, ...log] = deployment.issue === null ? [""] : deployment.issue.split("\n");
  return (
    <div className={styles.sections}>
      {deployment.issue !== null && (
        <Panel title="Why it failed">
          <div className={styles.sections}>
            <Note tone="danger" title={sentence ?? ""} />
            {log.length > 0 && <CodeBlock label="Last log lines" text={log.join("\n")} />}
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
            { name: "Run", value: <ObjectLink object={{ kind: "run", id: deployment.runId }}>{deployment.runNumber}</ObjectLink> },
            { name: "Environment", value: <ObjectLink object={{ kind: "environment", id: deployment.environment }} /> },
            { name: "Took", value: <Duration from={deployment.startedAt} to={deployment.finishedAt} /> },
            { name: "Deployment id", value: <code>{deployment.id}</code> },
          ]}
        />
      </Panel>
    </div>
  );
}
