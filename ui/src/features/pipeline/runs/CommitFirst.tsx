import { useState, type ReactNode } from "react";
import { Button, Dialog, ErrorState, Field, TextArea } from "#ui/components";
import { call, type ApiError, type ProjectId } from "#ui/ipc";
import { useMessage } from "../make/use-message";

export interface CommitFirstProps {
  projectId: ProjectId;
  /** What is to run, in words. */
  words: string;
  /** The text of the newest commit; null if none has the file. */
  before: string | null;
  after: string;
  isCommitting: boolean;
  error: ApiError | null;
  onCommit: (message: string) => void;
  /** Runs what the newest commit has. */
  onLast: () => void;
  onClose: () => void;
}

/** A run is of a commit: asks whether the text shall be committed, or the last commit run. */
export function CommitFirst({ projectId, words, before, after, isCommitting, error, onCommit, onLast, onClose }: CommitFirstProps): ReactNode {
  const [typed, setTyped] = useState<string>();
  const proposed = useMessage((from, to) => call("pipeline_message", { projectId, before: from, after: to }), "azure-pipelines.yml", before ?? "", after);
  const message = typed ?? proposed;
  const isNothing = before === null;
  return (
    <Dialog
      isOpen
      title="The pipeline is not committed"
      description={`A run is of a commit, and the text in the editor is not in one yet. ${isNothing ? "No commit has a pipeline that could run instead." : `Commit it and run ${words}, or run it as the last commit has it.`}`}
      onClose={onClose}
      actions={
        <>
          <Button disabled={isNothing} onClick={onLast}>
            Run the last commit
          </Button>
          <Button variant="primary" isBusy={isCommitting} disabled={message.trim() === ""} onClick={() => onCommit(message)}>
            Save, commit and run
          </Button>
        </>
      }
    >
      <Field label="Commit message" help="Only the pipeline file is committed.">
        <TextArea rows={3} value={message} onChange={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      {error !== null && <ErrorState error={error} compact />}
    </Dialog>
  );
}
