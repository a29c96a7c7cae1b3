import { useState, type ReactNode } from "react";
import { Field, FormDialog, plural, TextArea, TextInput } from "#ui/components";
import type { ApiError } from "#ui/ipc";

export interface BranchDialogProps {
  of: { isPending: boolean; error: ApiError | null };
  /** How many files are committed. */
  count: number;
  onSubmit: (branch: string, message: string) => void;
  onClose: () => void;
}

/** Asks for the branch that takes the new files, and for the message of their commit. */
export function BranchDialog({ of, count, onSubmit, onClose }: BranchDialogProps): ReactNode {
  const [branch, setBranch] = useState("add-pipeline");
  const [message, setMessage] = useState("pipeline: add azure-pipelines.yml");
  return (
    <FormDialog
      title="Create on a branch"
      description={`${plural(count, "file")} will be created and committed on a new branch, which is checked out. Whatever else you changed or staged stays as it is.`}
      of={of}
      action="Create and commit"
      onSubmit={() => onSubmit(branch.trim(), message)}
      onClose={onClose}
    >
      <Field label="New branch">
        <TextInput isMono value={branch} onChange={(event) => setBranch(event.target.value)} />
      </Field>
      <Field label="Commit message" help="Mention a work item as AB#42 to link it.">
        <TextArea rows={3} value={message} onChange={(event) => setMessage(event.target.value)} />
      </Field>
    </FormDialog>
  );
}
