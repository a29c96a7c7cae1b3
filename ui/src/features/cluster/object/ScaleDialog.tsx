// Asks how many replicas a workload should have.
import { useState, type ReactNode } from "react";
import { Field, FormDialog, TextInput } from "#ui/components";
import { useMutationCommand, type KubeObjectRequest } from "#ui/ipc";

export interface ScaleDialogProps {
  address: KubeObjectRequest;
  kind: string;
  yaml: string;
  onClose: () => void;
}

/** The form of a scale. */
export function ScaleDialog({ address, kind, yaml, onClose }: ScaleDialogProps): ReactNode {
  const now = /^ {2}replicas: (\d+)$/m.exec(yaml)?.[1];
  const [text, setText] = useState(now ?? "1");
  const [isTried, setTried] = useState(false);
  const scale = useMutationCommand("kube_scale", { quiet: true });
  const isNumber = /^\d{1,5}$/.test(text.trim());
  const submit = (): void => {
    setTried(true);
    if (isNumber) scale.mutate({ ...address, replicas: Number(text.trim()) }, { onSuccess: onClose });
  };
  return (
    <FormDialog onClose={onClose} title={`Scale ${kind} ${address.name}`} description={now === undefined ? undefined : `It is meant to have ${now} now.`} of={scale} action="Scale" onSubmit={submit}>
      <Field label="Replicas" error={isTried && !isNumber ? "Give a whole number." : undefined} help={text.trim() === "0" ? "No pod will run." : "A later deployment sets its own number again; the board shows this as drift."}>
        <TextInput inputMode="numeric" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
