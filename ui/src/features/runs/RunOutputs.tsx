import { PackageOpen } from "lucide-react";
import type { ReactNode } from "react";
import { Bytes, CopyButton, DataTable, Digest, EmptyState, href, openHref, Panel, plural, RelativeTime, stateOf, StatusPill, type Column } from "#ui/components";
import type { ArtifactView, DeploymentView, ImageView, RunView } from "#ui/ipc";
import { countNotes, RunNotes } from "./RunNotes";
import styles from "./runs.module.css";

const ARTIFACTS: readonly Column<ArtifactView>[] = [
  { key: "name", header: "Artifact", cell: (artifact) => artifact.name },
  { key: "path", header: "Folder", isMinor: true, cell: (artifact) => (
      <>
        <code className={styles.path}>{artifact.path}</code> <CopyButton text={artifact.path} label={`Copy the folder of ${artifact.name}`} />
      </>
    ) },
  { key: "files", header: "Files", align: "end", width: "96px", cell: (artifact) => plural(artifact.fileCount, "file") },
  { key: "size", header: "Size", align: "end", width: "112px", cell: (artifact) => <Bytes value={artifact.sizeBytes} /> },
];
const IMAGES: readonly Column<ImageView>[] = [
  { key: "digest", header: "Digest", width: "180px", cell: (image) => <Digest digest={image.digest} isLink /> },
  { key: "name", header: "Image", cell: (image) => `${image.repository}:${image.tags[0] ?? ""}` },
  { key: "size", header: "Size", align: "end", width: "112px", cell: (image) => <Bytes value={image.sizeBytes} /> },
  { key: "at", header: "Pushed", align: "end", width: "128px", cell: (image) => <RelativeTime at={image.pushedAt} /> },
];
const DEPLOYMENTS: readonly Column<DeploymentView>[] = [
  { key: "state", header: "State", width: "140px", cell: (deployment) => <StatusPill state={stateOf(deployment)} size="small" /> },
  { key: "environment", header: "Environment", cell: (deployment) => <a href={href.deployment(deployment.id)}>{deployment.environment}</a> },
  { key: "proof", header: "Launch proof", cell: (deployment) => (deployment.proof === null ? "not yet" : <StatusPill state={deployment.proof.isProven ? "proven" : "unproven"} size="small" />) },
  { key: "health", header: "Health", cell: (deployment) => (deployment.health === null ? "not yet" : <StatusPill state={deployment.health.verdict} size="small" />) },
];

/** How many things came out of a run. */
export function countOutputs(view: RunView): number {
  return view.artifacts.length + view.images.length + view.deployments.length + countNotes(view.notes);
}

/** What came out of a run: images by digest, deployments, artifacts. */
export function RunOutputs({ view }: { view: RunView }): ReactNode {
  if (countOutputs(view) === 0) {
    return <EmptyState icon={PackageOpen} title="Nothing came out of this run" body={view.run.state === "completed" ? "It ended before it pushed an image, deployed, or published an artifact." : "Images, deployments and artifacts appear here as the run makes them."} />;
  }
  return (
    <div className={styles.outputs}>
      {view.images.length > 0 && (
        <Panel title="Images" flush>
          <DataTable label="Images" columns={IMAGES} rows={view.images} rowKey={(image) => image.digest} onOpen={(image) => openHref(href.image(image.digest))} />
        </Panel>
      )}
      {view.deployments.length > 0 && (
        <Panel title="Deployments" flush>
          <DataTable label="Deployments" columns={DEPLOYMENTS} rows={view.deployments} rowKey={(deployment) => deployment.id} onOpen={(deployment) => openHref(href.deployment(deployment.id))} />
        </Panel>
      )}
      {view.artifacts.length > 0 && (
        <Panel title="Artifacts" flush>
          <DataTable label="Artifacts" columns={ARTIFACTS} rows={view.artifacts} rowKey={(artifact) => artifact.name} />
        </Panel>
      )}
      <RunNotes runId={view.run.id} notes={view.notes} />
    </div>
  );
}
