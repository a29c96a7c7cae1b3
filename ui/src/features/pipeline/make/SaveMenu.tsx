import { GitBranch, GitCommitHorizontal, Save } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, MenuItem, SplitButton } from "#ui/components";
import { call, type ProjectId } from "#ui/ipc";
import type { DraftControl } from "../use-draft";
import { CommitDialog } from "./CommitDialog";
import type { Propose } from "./use-message";

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
    <>
      <SplitButton
        label="More ways to save"
        isPrimary
        disabled={isContested || draft.isSaving}
        button={
          <Button size="small" variant="primary" icon={Save} disabled={!isDirty || isContested} isBusy={draft.isSaving} onClick={() => void draft.save()}>
            Save
          </Button>
        }
      >
        <MenuItem icon={GitCommitHorizontal} onClick={() => setAsked("commit")}>
          Save and commit…
        </MenuItem>
        <MenuItem icon={GitBranch} onClick={() => setAsked("branch")}>
          Save to a branch…
        </MenuItem>
      </SplitButton>
      {asked !== null && <CommitDialog projectId={projectId} path={path} draft={draft} propose={propose ?? ((before, after) => call("pipeline_message", { projectId, before, after }))} withBranch={asked === "branch"} onClose={close} />}
    </>
  );
}
