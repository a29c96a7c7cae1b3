import type { ReactNode } from "react";
import { CodeBlock, DataTable, Panel, Skeleton, type Column } from "#ui/components";
import { useQueryCommand, type AttachmentView, type DetailView, type LinkView, type RunId, type RunNotesView } from "#ui/ipc";
import styles from "./runs.module.css";

const FILES: readonly Column<AttachmentView>[] = [
  { key: "name", header: "File", cell: (file) => file.name },
  { key: "kind", header: "Type", cell: (file) => file.kind },
  { key: "path", header: "Path", isMinor: true, cell: (file) => <code className={styles.path}>{file.path}</code> },
];
const LINKS: readonly Column<LinkView>[] = [
  { key: "name", header: "Artifact", cell: (link) => link.name },
  { key: "kind", header: "Type", cell: (link) => link.kind },
  { key: "location", header: "Location", cell: (link) => <code className={styles.path}>{link.location}</code> },
];
const DETAILS: readonly Column<DetailView>[] = [
  { key: "name", header: "Record", cell: (detail) => detail.name },
  { key: "kind", header: "Type", cell: (detail) => detail.kind },
  { key: "state", header: "State", cell: (detail) => detail.result ?? detail.state },
  { key: "progress", header: "Progress", align: "end", width: "96px", cell: (detail) => `${detail.progress} %` },
  { key: "message", header: "Message", isMinor: true, cell: (detail) => detail.message },
];

/** Markdown as its author wrote it: nothing in it is run or drawn. */
function Summary({ runId, file }: { runId: RunId; file: AttachmentView }): ReactNode {
  const found = useQueryCommand("run_attachment", { runId, recordId: file.recordId, kind: file.kind, name: file.name });
  return (
    <Panel title={file.name} subtitle={found.data?.isCut === true ? "Only its beginning is shown." : undefined}>
      {found.data === undefined ? found.error === null ? <Skeleton /> : <p>{found.error.message}</p> : <CodeBlock text={found.data.text} label={`Summary ${file.name}`} />}
    </Panel>
  );
}

/** How many things steps told about the run. */
export function countNotes({ attachments, details, links }: RunNotesView): number {
  return attachments.length + details.length + links.length;
}

/** What steps told by logging command: summaries, files, records of their own, artifacts elsewhere. */
export function RunNotes({ runId, notes }: { runId: RunId; notes: RunNotesView }): ReactNode {
  const files = notes.attachments.filter((file) => !file.isSummary);
  return (
    <>
      {notes.attachments
        .filter((file) => file.isSummary)
        .map((file) => (
          <Summary key={`${file.recordId}/${file.name}`} runId={runId} file={file} />
        ))}
      {notes.details.length > 0 && (
        <Panel title="Records of steps" flush>
          <DataTable label="Records of steps" columns={DETAILS} rows={notes.details} rowKey={(detail) => `${detail.recordId}/${detail.id}`} />
        </Panel>
      )}
      {notes.links.length > 0 && (
        <Panel title="Artifacts elsewhere" flush>
          <DataTable label="Artifacts elsewhere" columns={LINKS} rows={notes.links} rowKey={(link) => link.name} />
        </Panel>
      )}
      {files.length > 0 && (
        <Panel title="Files" flush>
          <DataTable label="Files" columns={FILES} rows={files} rowKey={(file) => `${file.recordId}/${file.kind}/${file.name}`} />
        </Panel>
      )}
    </>
  );
}
