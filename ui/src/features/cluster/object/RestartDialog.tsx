// Asks before the pods of a workload are replaced, one after the other.
import type { ReactNode } from "react";
import { toast } from "sonner";
import { Button, Dialog, ErrorState } from "#ui/components";
import { useMutationCommand, type KubeObjectRequest } from "#ui/ipc";

/** The question before a restart. */
export function RestartDialog({ address, kind, onClose }: { address: KubeObjectRequest; kind: string; onClose: () => void }): ReactNode {
  const restart = useMutationCommand("kube_restart", { quiet: true });
  const go = (): void =>
    restart.mutate(address, {
      onSuccess: () => {
        toast(`${kind} ${address.name} restarts`);
        onClose();
      },
    });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Restart ${kind} ${address.name}?`}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button variant="primary" isBusy={restart.isPending} onClick={go}>
            Restart
          </Button>
        </>
      }
    >
      <p>Its pods are replaced by new ones of the same kind, as its rollout strategy says.</p>
      {restart.error !== null && <ErrorState error={restart.error} compact />}
    </Dialog>
  );
}
