// One image: what its manifest says, its layers, the runs that pushed it and the deployments that took it.
import { Waypoints } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type DeploymentView, type ImageDetail, type ProjectId } from "#ui/ipc";
import { Answer, Bytes, CommitChip, CopyButton, DataTable, Digest, EmptyState, href, KeyValue, Note, ObjectLink, openHref, PageHeader, Panel, plural, RelativeTime, Screen, shortDigest, Skeleton, StatusPill, stateOf, type Column } from "#ui/components";
import { LayerList } from "./LayerList";
import { RunLinks } from "./RunLinks";
import styles from "./registry.module.css";

export interface ImageScreenProps {
  projectId: ProjectId;
  digest: string;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function ImageScreen({ projectId, digest }: ImageScreenProps): ReactNode {
  const detail = useQueryCommand("image_get", { projectId, digest });
  return (
    <Screen>
      <PageHeader
        title={
          <span className={styles.title}>
            {detail.data?.image.repository ?? "Image"} <span className={styles.titleDigest}>@{shortDigest(digest)}</span>
          </span>
        }
        subtitle={detail.data !== undefined && <RunningIn detail={detail.data} />}
        actions={
          <a className={styles.action} href={href.thread(digest)}>
            <Waypoints size={16} /> Whole thread
          </a>
        }
      />
      <Answer
        of={detail}
        loading={
          <div className={styles.stack}>
            <Skeleton height={180} />
            <Skeleton height={180} />
          </div>
        }
      >
        {(data) => <Body detail={data} />}
      </Answer>
    </Screen>
  );
}

function RunningIn({ detail }: { detail: ImageDetail }): ReactNode {
  const { runningIn } = detail.image;
  if (runningIn.length === 0) return "Runs nowhere now";
  return (
    <span className={styles.address}>
      Runs in{" "}
      {runningIn.map((name) => (
        <ObjectLink key={name} object={{ kind: "environment", id: name }} />
      ))}
    </span>
  );
}

function Body({ detail }: { detail: ImageDetail }): ReactNode {
  const { image, layers, deployments } = detail;
  const reference = `${image.registry}/${image.repository}@${image.digest}`;
  return (
    <div className={styles.stack}>
      {!detail.isConfirmed && (
        <Note tone="warning" title="Not confirmed by the registry">
          The registry could not be asked, so these are the facts Slipway recorded at the push. Layers are not known until it answers.
        </Note>
      )}
      <Panel title="Manifest" actions={<StatusPill state={detail.isConfirmed ? "succeeded" : "warning"} label={detail.isConfirmed ? "Confirmed by the registry" : "Not confirmed"} size="small" />}>
        <KeyValue
          columns={2}
          items={[
            { name: "Digest", value: <Digest digest={image.digest} isWhole /> },
            { name: "Configuration", value: <Digest digest={image.configDigest} isWhole /> },
            {
              name: "Reference",
              value: (
                <span>
                  <code className={styles.mono}>{reference}</code> <CopyButton text={reference} label="Copy the reference" />
                </span>
              ),
            },
            { name: "Media type", value: <code className={styles.mono}>{image.mediaType}</code> },
            { name: "Tags", value: <span className={styles.tagLine}>{image.tags.length === 0 ? "none" : image.tags.map((tag) => <code key={tag} className={styles.tagChip}>{tag}</code>)}</span> },
            { name: "Size", value: <Bytes value={image.sizeBytes} /> },
            { name: "Pushed", value: <RelativeTime at={image.pushedAt} /> },
            { name: "Commit", value: image.commit === null ? "not known" : <CommitChip sha={image.commit} /> },
            { name: "Runs", value: <RunLinks runs={image.runs} /> },
          ]}
        />
      </Panel>
      <Panel title="Layers" subtitle={layers.length === 0 ? undefined : plural(layers.length, "layer")} flush>
        {layers.length === 0 ? <EmptyState title="Layers are not known" body="They are read from the manifest once the registry answers." /> : <LayerList layers={layers} />}
      </Panel>
      <Panel title="Deployments" subtitle={plural(deployments.length, "deployment")} flush>
        {deployments.length === 0 ? <EmptyState title="Never deployed" body="A deployment job that names this digest puts it into an environment." /> : <Deployments rows={deployments} />}
      </Panel>
    </div>
  );
}

const columns: readonly Column<DeploymentView>[] = [
  { key: "environment", header: "Environment", cell: (row) => <ObjectLink object={{ kind: "deployment", id: row.id }}>{row.environment}</ObjectLink> },
  { key: "state", header: "State", cell: (row) => <StatusPill state={stateOf(row)} size="small" /> },
  { key: "proof", header: "Proof", cell: (row) => (row.proof === null ? <span className={styles.muted}>none</span> : <StatusPill state={row.proof.isProven ? "proven" : "unproven"} size="small" />) },
  { key: "health", header: "Health", cell: (row) => (row.health === null ? <span className={styles.muted}>not observed</span> : <StatusPill state={row.health.verdict} size="small" />) },
  { key: "run", header: "Run", cell: (row) => <ObjectLink object={{ kind: "run", id: row.runId }}>{row.runNumber}</ObjectLink> },
  { key: "at", header: "Started", align: "end", cell: (row) => <RelativeTime at={row.startedAt} /> },
];

function Deployments({ rows }: { rows: readonly DeploymentView[] }): ReactNode {
  return <DataTable label="Deployments of this image" columns={columns} rows={rows} rowKey={(row) => row.id} onOpen={(row) => openHref(href.deployment(row.id))} />;
}
