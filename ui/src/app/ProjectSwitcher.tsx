import { Menu } from "@base-ui/react/menu";
import { Check, ChevronsUpDown, FolderOpen, Sparkles } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Dialog, ErrorState, Field, MenuItem, MenuList, TextInput } from "#ui/components";
import { useMutationCommand } from "#ui/ipc";
import { useProjects } from "./project";
import styles from "./Shell.module.css";

/** Asks for a folder; for the switcher. */
function OpenProject({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }): ReactNode {
  const [path, setPath] = useState("");
  const { choose } = useProjects();
  const open = useMutationCommand("project_open", { quiet: true });
  const submit = (): void => {
    open.mutate(
      { path: path.trim() },
      {
        onSuccess: (project) => {
          choose(project.id);
          setPath("");
          onClose();
        },
      },
    );
  };
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Open a project" description="A project is a git repository on this machine; a pipeline can be made in it. Nothing leaves the machine.">
      <form
        id="open-project"
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Folder" help="The whole path of a folder inside the repository">
          <TextInput isMono value={path} placeholder="/home/you/src/app" onChange={(event) => setPath(event.target.value)} />
        </Field>
        {open.error !== null && <ErrorState error={open.error} compact />}
        <div className={styles.formActions}>
          <Button variant="ghost" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" disabled={path.trim() === ""} isBusy={open.isPending}>
            Open
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The project at the top of the rail, and the way to the others. */
export function ProjectSwitcher(): ReactNode {
  const { project, projects, choose } = useProjects();
  const [isOpening, setOpening] = useState(false);
  const sample = useMutationCommand("project_sample", { failureTitle: "The sample was not made" });
  return (
    <>
      <MenuList
        align="start"
        className={styles.menu}
        trigger={
          <Menu.Trigger className={styles.project}>
            <span className="visuallyHidden">Project </span>
            <span className={styles.projectMark} aria-hidden="true">
              {(project?.name ?? "–").slice(0, 1).toUpperCase()}
            </span>
            <span className={styles.projectText}>
              <span className={styles.projectName}>{project?.name ?? "No project"}</span>
              <span className={styles.projectBranch}>{project?.branch ?? (project === undefined ? "open one" : "no branch")}</span>
            </span>
            <ChevronsUpDown size={14} className={styles.label} />
          </Menu.Trigger>
        }
      >
        {projects.map((candidate) => (
          <MenuItem key={candidate.id} onClick={() => choose(candidate.id)}>
            <span className={styles.projectText}>
              <span className={styles.menuName}>{candidate.name}</span>
              <span className={styles.menuPath}>{candidate.isMissing ? `${candidate.path} is gone` : candidate.path}</span>
            </span>
            {candidate.id === project?.id && <Check size={16} />}
          </MenuItem>
        ))}
        {projects.length > 0 && <Menu.Separator className={styles.menuLine} />}
        <MenuItem icon={FolderOpen} onClick={() => setOpening(true)}>
          Open a folder…
        </MenuItem>
        <MenuItem icon={Sparkles} onClick={() => sample.mutate({}, { onSuccess: (made) => choose(made.id) })}>
          Open the sample
        </MenuItem>
      </MenuList>
      <OpenProject isOpen={isOpening} onClose={() => setOpening(false)} />
    </>
  );
}
