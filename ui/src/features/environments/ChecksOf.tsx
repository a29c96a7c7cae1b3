// Reads the checks of an environment, then opens their form.
import type { ReactNode } from "react";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { Dialog, ErrorState, Skeleton } from "#ui/components";
import { ChecksDialog } from "./ChecksDialog";

/** The form of an environment's checks, once they are known. */
export function ChecksOf({ projectId, environment, onClose }: { projectId: ProjectId; environment: string; onClose: () => void }): ReactNode {
  const checks = useQueryCommand("check_list", { projectId, environment });
  if (checks.data !== undefined) return <ChecksDialog projectId={projectId} kept={checks.data} onClose={onClose} />;
  return (
    <Dialog isOpen onClose={onClose} title={`Checks of ${environment}`}>
      {checks.error === null ? <Skeleton lines={4} /> : <ErrorState error={checks.error} onRetry={() => void checks.refetch()} />}
    </Dialog>
  );
}
