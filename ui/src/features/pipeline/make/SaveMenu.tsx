import { Menu } from "@base-ui/react/menu";
import { ChevronDown, GitBranch, GitCommitHorizontal, Save } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "#ui/components";
import { call, type ProjectId } from "#ui/ipc";
import type { DraftControl } from "../use-draft";
import styles from "./make.module.css";
import { CommitDialog, type Propose } from "./CommitDialog";

export interface SaveMenuProps {
  projectId: ProjectId;
  /** The file's path, for the words. */
  path: string;
  draft: DraftControl;
  /** Finds the message; the language's own words if left out. */
  propose?: Propose;
}

/** Saves the file; its menu commits it as well, on the branch at hand or on one of its own. */
export function SaveMenu({ projectId, path, draft, propose }: SaveMenuProps): ReactNode {
  const [asked, setAsked] = useState<"commit" | "branch" | null>(null);
  const { isDirty, isContested } = draft.draft;
  const close = (): void => {
    setAsked(null);
    draft.commit.reset();
  };
  return (
    <span className={styles.split}>
      <Button size="small" variant="primary" icon={Save} disabled={!isDirty || isContested} isBusy={draft.isSaving} onClick={() => void draft.save()}>
        Save
      </Button>
      <Menu.Root>
        <Menu.Trigger className={styles.more} aria-label="More ways to save" disabled={isContested || draft.isSaving}>
          <ChevronDown size={14} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className={styles.position}>
            <Menu.Popup className={styles.menu}>
              <Menu.Item className={styles.item} onClick={() => setAsked("commit")}>
                <GitCommitHorizontal size={16} /> Save and commit…
              </Menu.Item>
              <Menu.Item className={styles.item} onClick={() => setAsked("branch")}>
                <GitBranch size={16} /> Save to a branch…
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asked !== null && <CommitDialog projectId={projectId} path={path} draft={draft} propose={propose ?? ((before, after) => call("pipeline_message", { projectId, before, after }))} withBranch={asked === "branch"} onClose={close} />}
    </span>
  );
}
