// Drift: what somebody changed in the target since it was deployed, field by field, and how to put it back.
import { RotateCw, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { useMutationCommand, type ProjectId, type PromotionColumn } from "#ui/ipc";
import { Button, Dialog, EmptyState, ErrorState, RelativeTime } from "#ui/components";
import { PlanObjects } from "../plan/PlanObjects";
import type { Intent } from "../plan/PlanDialog";

export interface DriftDialogProps {
  projectId: ProjectId;
  column: PromotionColumn;
  onClose: () => void;
  onRestore: (intent: Intent) => void;
}

/** What has become of the objects. */
const TITLES = { create: "Gone", change: "Changed since", conflict: "Changed by others since", refused: "Cannot be compared" };

/** The drift of one environment. */
export function DriftDialog({ projectId, column, onClose, onRestore }: DriftDialogProps): ReactNode {
  const { environment, drift } = column;
  const check = useMutationCommand("drift_check", { quiet: true });
  const found = check.data ?? drift;
  const current = environment.current;
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title={`Drift in ${environment.name}`}
      description={
        <>
          − is live now, + is what was deployed. Looked at <RelativeTime at={found.checkedAt} />.
        </>
      }
      actions={
        <>
          <Button variant="ghost" icon={RotateCw} isBusy={check.isPending} onClick={() => check.mutate({ projectId, environment: environment.name })}>
            Look again
          </Button>
          <Button onClick={onClose}>Close</Button>
          {current !== null && found.state === "drifted" && (
            <Button variant="primary" icon={Undo2} onClick={() => onRestore({ environment: environment.name, source: { from: "deployment", deploymentId: current.id }, reason: "deploy", title: `Put ${environment.name} back as it was deployed`, origin: "what was deployed" })}>
              Put it back…
            </Button>
          )}
        </>
      }
    >
      {check.error !== null && <ErrorState error={check.error} compact />}
      {found.state === "drifted" ? <PlanObjects objects={found.objects} titles={TITLES} words={{ before: "live now", after: "as deployed" }} /> : <EmptyState title={found.state === "none" ? "Everything is as it was deployed" : "Not known"} body={found.problem ?? undefined} />}
    </Dialog>
  );
}
