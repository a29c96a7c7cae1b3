// Asks before an environment is forgotten. What runs there goes on running, which is said.
import type { ReactNode } from "react";
import { useMutationCommand, type EnvironmentView, type ProjectId } from "#ui/ipc";
import { Button, Dialog, ErrorState } from "#ui/components";

export interface RemoveDialogProps {
  projectId: ProjectId;
  environment: EnvironmentView;
  onClose: () => void;
}

/** The question before an environment goes. */
export function RemoveDialog({ projectId, environment, onClose }: RemoveDialogProps): ReactNode {
  const remove = useMutationCommand("environment_remove", { quiet: true });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Forget ${environment.name}?`}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" isBusy={remove.isPending} onClick={() => remove.mutate({ projectId, environment: environment.name }, { onSuccess: onClose })}>
            Forget {environment.name}
          </Button>
        </>
      }
    >
      <p>
        Its parameters and checks go. What runs there stays as it is: Slipway neither stops nor deletes anything{environment.target === "kubernetes" ? ` in ${environment.context}` : ""}.
      </p>
      {remove.error !== null && <ErrorState error={remove.error} compact />}
    </Dialog>
  );
}
