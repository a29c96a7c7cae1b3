// The question before a commit of the pipeline file: message, branch, and what would be committed.
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Field, FormDialog, href, Note, openHref, TextArea, TextInput } from "#ui/components";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { Difference } from "../Difference";
import type { DraftControl } from "../use-draft";
import styles from "./make.module.css";
import { useMessage, type Propose } from "./use-message";

export interface CommitDialogProps {
  projectId: ProjectId;
  path: string;
  draft: DraftControl;
  propose: Propose;
  withBranch: boolean;
  onClose: () => void;
}

/** Asks how the file shall be committed, and commits it. */
export function CommitDialog({ projectId, path, draft, propose, withBranch, onClose }: CommitDialogProps): ReactNode {
  const [after] = useState(() => draft.text());
  const [message, setMessage] = useState<string>();
  const [branch, setBranch] = useState("");
  const committed = useQueryCommand("pipeline_committed", { projectId });
  const before = committed.data === undefined ? undefined : (committed.data.text ?? "");
  const proposed = useMessage(propose, path, before, after);

  const submit = async (): Promise<void> => {
    const made = await draft.commit.run(message ?? proposed, withBranch ? branch.trim() : null);
    if (made === null) return;
    const { runId } = made;
    toast(`Committed ${made.commit.shortSha} on ${made.branch}`, {
      description: made.triggerReason,
      action: runId === null ? undefined : { label: "Open the run", onClick: () => openHref(href.run(runId)) },
    });
    onClose();
  };
  return (
    <FormDialog
      title={withBranch ? "Save to a branch" : "Save and commit"}
      description={`Only ${path} is committed. Whatever else you changed or staged stays as it is.`}
      size="wide"
      of={draft.commit}
      action={withBranch ? "Save to the branch" : "Save and commit"}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {withBranch && (
        <Field label="New branch" help="Made where you are now, and checked out. It takes the commit; the branch at hand stays as it was.">
          <TextInput isMono value={branch} placeholder="topic/faster-build" onChange={(event) => setBranch(event.target.value)} />
        </Field>
      )}
      <Field label="Commit message" help="Mention a work item as AB#42 to link it.">
        <TextArea
          rows={3}
          value={message ?? proposed}
          onChange={(event) => setMessage(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit();
          }}
        />
      </Field>
      {before === after && <Note tone="neutral">The text is as in the newest commit: there is nothing to commit.</Note>}
      {before !== undefined && before !== after && (
        <div className={styles.difference}>
          <Difference label="What would be committed" before={before} after={after} />
        </div>
      )}
    </FormDialog>
  );
}
