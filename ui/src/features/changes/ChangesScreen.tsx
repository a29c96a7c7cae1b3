import { CheckCheck, GitBranch } from "lucide-react";
import type { ReactNode } from "react";
import { Answer, EmptyState, href, openHref, PageHeader, Panel, plural, Screen } from "#ui/components";
import { useMutationCommand, useQueryCommand, type ChangesView, type ProjectId } from "#ui/ipc";
import styles from "./changes.module.css";
import { CommitBox } from "./CommitBox";
import { DiffView } from "./DiffView";
import { FileList } from "./FileList";
import { RecentCommits } from "./RecentCommits";

function WorkingTree({ projectId, changes, path }: { projectId: ProjectId; changes: ChangesView; path: string | undefined }): ReactNode {
  const stage = useMutationCommand("change_stage", { failureTitle: "The files were not staged" });
  const unstage = useMutationCommand("change_unstage", { failureTitle: "The files were not unstaged" });
  if (changes.files.length === 0) {
    return <EmptyState icon={CheckCheck} title="The working tree is clean" body="Change a file in your editor; it appears here by itself." />;
  }
  const chosen = changes.files.find((file) => file.path === path) ?? changes.files[0];
  const shared = { chosen: chosen?.path, onChoose: (next: string) => openHref(href.changes(next)), isBusy: stage.isPending || unstage.isPending };
  return (
    <div className={styles.tree}>
      <div className={styles.side}>
        <div className={styles.lists}>
          <FileList {...shared} title="Staged" verb="Unstage" files={changes.files.filter((file) => file.isStaged)} onMove={(paths) => unstage.mutate({ projectId, paths })} />
          <FileList {...shared} title="Not staged" verb="Stage" files={changes.files.filter((file) => !file.isStaged || file.isPartlyStaged)} onMove={(paths) => stage.mutate({ projectId, paths })} />
        </div>
        <CommitBox projectId={projectId} changes={changes} />
      </div>
      <Panel title={chosen?.path} subtitle={chosen?.oldPath === null || chosen === undefined ? undefined : `was ${chosen.oldPath}`} flush fill className={styles.diffPanel}>
        {chosen !== undefined && <DiffView projectId={projectId} path={chosen.path} />}
      </Panel>
    </div>
  );
}

/** Step 1 and 2: what differs, what is staged, and the commit. */
export function ChangesScreen({ projectId, path }: { projectId: ProjectId; path?: string | undefined }): ReactNode {
  const changes = useQueryCommand("change_list", { projectId });
  return (
    <Screen>
      <PageHeader
        title="Changes"
        subtitle={
          changes.data === undefined ? undefined : (
            <span className={styles.branch}>
              <GitBranch size={14} /> {changes.data.branch ?? "no branch"} · {changes.data.files.length === 0 ? "nothing differs from the newest commit" : `${plural(changes.data.files.length, "file")} differ from the newest commit`}
            </span>
          )
        }
      />
      <div className={styles.stack}>
        <Answer of={changes}>{(data) => <WorkingTree projectId={projectId} changes={data} path={path} />}</Answer>
        <RecentCommits projectId={projectId} />
      </div>
    </Screen>
  );
}
