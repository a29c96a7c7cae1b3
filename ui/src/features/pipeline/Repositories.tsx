// Other repositories that the pipeline names, and where they lie on this machine.
import { FolderGit2, Pencil, Unlink } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Field, FormDialog, IconButton, Panel, TextInput, plural } from "#ui/components";
import { useMutationCommand, useQueryCommand, type ProjectId, type RepositoryMappingView } from "#ui/ipc";
import styles from "./pipeline.module.css";

/** Asks for the folder of one repository. */
function MapDialog({ projectId, repository, onClose }: { projectId: ProjectId; repository: RepositoryMappingView; onClose: () => void }): ReactNode {
  const [path, setPath] = useState(repository.path ?? "");
  const [isTried, setTried] = useState(false);
  const map = useMutationCommand("repository_mapping_set", { quiet: true });
  const submit = (): void => {
    setTried(true);
    if (path.trim() !== "") map.mutate({ projectId, name: repository.name, path: path.trim() }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      onClose={onClose}
      title={`Where is ${repository.name}?`}
      description="Templates and sources of this repository are read from a checkout on this machine."
      of={map}
      action="Map"
      onSubmit={submit}
    >
      <Field label="Folder" help="The whole path of the checkout, such as /home/me/src/templates." error={isTried && path.trim() === "" ? "Write the folder's path." : undefined}>
        <TextInput isMono value={path} onChange={(event) => setPath(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}

/** The panel; there is none while the pipeline names no other repository. */
export function Repositories({ projectId }: { projectId: ProjectId }): ReactNode {
  const listed = useQueryCommand("repository_mapping_list", { projectId }).data ?? [];
  const remove = useMutationCommand("repository_mapping_remove", { failureTitle: "The mapping was not removed" });
  const [asked, setAsked] = useState<RepositoryMappingView | null>(null);
  if (listed.length === 0) return null;
  const open = listed.filter((repository) => repository.path === null).length;
  return (
    <Panel title="Repositories" subtitle={open === 0 ? undefined : `${plural(open, "repository", "repositories")} to map`}>
      <ul className={styles.repositories}>
        {listed.map((repository) => (
          <li key={repository.name}>
            <FolderGit2 size={16} />
            <span className={styles.repository}>
              <strong>{repository.name}</strong>
              <span className={styles.fact}>{repository.path ?? "not mapped to a folder"}</span>
              {!repository.isNamed && <span className={styles.fact}>The pipeline does not name it.</span>}
            </span>
            {repository.path === null ? (
              <Button size="small" onClick={() => setAsked(repository)} aria-label={`Map ${repository.name}`}>
                Map
              </Button>
            ) : (
              <>
                <IconButton size="small" icon={Pencil} label={`Change the folder of ${repository.name}`} onClick={() => setAsked(repository)} />
                <IconButton size="small" icon={Unlink} label={`Forget the folder of ${repository.name}`} onClick={() => remove.mutate({ projectId, name: repository.name })} />
              </>
            )}
          </li>
        ))}
      </ul>
      {asked !== null && <MapDialog key={asked.name} projectId={projectId} repository={asked} onClose={() => setAsked(null)} />}
    </Panel>
  );
}
