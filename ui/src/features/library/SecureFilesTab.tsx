// Secure files: kept encrypted, given to a job as a file in its temporary folder, gone with the job.
import { FileKey, Plus, Trash2 } from "lucide-react";
import { useRef, type ChangeEvent, type ReactNode } from "react";
import { useMutationCommand, useQueryCommand, type ProjectId, type SecureFileView } from "#ui/ipc";
import { Answer, Button, Bytes, DataTable, EmptyState, ErrorState, IconButton, Panel, plural, RelativeTime, type Column } from "#ui/components";
import { toBase64 } from "./base64";
import styles from "./library.module.css";

/** The secure files of the project. */
export function SecureFilesTab({ projectId }: { projectId: ProjectId }): ReactNode {
  const files = useQueryCommand("secure_file_list", { projectId });
  const add = useMutationCommand("secure_file_add", { quiet: true });
  const remove = useMutationCommand("secure_file_remove", { failureTitle: "The file was not removed" });
  const chooser = useRef<HTMLInputElement>(null);
  const chosen = (event: ChangeEvent<HTMLInputElement>): void => {
    const file = event.currentTarget.files?.[0];
    // The same file may be chosen again.
    event.currentTarget.value = "";
    if (file === undefined) return;
    void file.arrayBuffer().then((buffer) => add.mutate({ projectId, name: file.name, content: toBase64(new Uint8Array(buffer)) }));
  };
  const columns: readonly Column<SecureFileView>[] = [
    { key: "name", header: "Name", cell: (file) => <span className={styles.mono}>{file.name}</span> },
    { key: "size", header: "Size", width: "120px", align: "end", cell: (file) => <Bytes value={file.sizeBytes} /> },
    { key: "at", header: "Added", width: "120px", align: "end", cell: (file) => <RelativeTime at={file.addedAt} /> },
    { key: "remove", header: <span className="visuallyHidden">Remove</span>, width: "56px", align: "end", cell: (file) => <IconButton label={`Remove ${file.name}`} icon={Trash2} size="small" onClick={() => remove.mutate({ projectId, name: file.name })} /> },
  ];
  const button = (
    <>
      <input ref={chooser} type="file" className="visuallyHidden" aria-label="Secure file" tabIndex={-1} onChange={chosen} />
      <Button icon={Plus} variant="primary" isBusy={add.isPending} onClick={() => chooser.current?.click()}>
        Add secure file
      </Button>
    </>
  );
  return (
    <Answer of={files}>
      {(list) => (
        <>
          {add.error !== null && <ErrorState error={add.error} compact />}
          {list.length === 0 ? (
            <EmptyState icon={FileKey} title="No secure file yet" body="A certificate, a provisioning profile, a key: kept encrypted, at most 10 MB. A job takes it with DownloadSecureFile@1." action={button} />
          ) : (
            <Panel title="Secure files" subtitle={plural(list.length, "file")} actions={button} flush>
              <DataTable label="Secure files" columns={columns} rows={list} rowKey={(file) => file.name} />
            </Panel>
          )}
        </>
      )}
    </Answer>
  );
}
