// Asks before an object is deleted; its name has to be said again.
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Button, Checkbox, Dialog, ErrorState, Field, TextInput } from "#ui/components";
import { useMutationCommand, type KubeObjectRequest } from "#ui/ipc";

export interface DeleteDialogProps {
  address: KubeObjectRequest;
  kind: string;
  onClose: () => void;
  onDeleted: () => void;
}

/** Kinds that take much with them. */
const HEAVY = new Set(["namespaces", "persistentvolumeclaims", "persistentvolumes", "customresourcedefinitions", "nodes"]);

/** The question before a deletion. */
export function DeleteDialog({ address, kind, onClose, onDeleted }: DeleteDialogProps): ReactNode {
  const [typed, setTyped] = useState("");
  const [isForced, setForced] = useState(false);
  const remove = useMutationCommand("kube_delete", { quiet: true });
  const isHeavy = HEAVY.has(address.plural);
  const isReady = !isHeavy || typed === address.name;
  const go = (): void =>
    remove.mutate(
      { ...address, isForced },
      {
        onSuccess: () => {
          toast(`${kind} ${address.name} is deleted`);
          onClose();
          onDeleted();
        },
      },
    );
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Delete ${kind} ${address.name}?`}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button variant="danger" disabled={!isReady} isBusy={remove.isPending} onClick={go}>
            Delete {kind}
          </Button>
        </>
      }
    >
      <p>
        In {address.namespace === "" ? "the whole cluster" : `the namespace ${address.namespace}`} of <code>{address.context}</code>. {isHeavy ? "All that belongs to it goes with it, and nothing brings it back." : "What it owns goes with it; what owns it may make it anew."}
      </p>
      {isHeavy && (
        <Field label={`Type ${address.name} to go on`}>
          <TextInput isMono value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        </Field>
      )}
      {address.plural === "pods" && <Checkbox label="Do not wait for it to end well" isChecked={isForced} onChange={setForced} />}
      {remove.error !== null && <ErrorState error={remove.error} compact />}
    </Dialog>
  );
}
