// Forwards a port of this machine into the cluster, and lists what is forwarded.
import { ExternalLink, Unplug } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, ErrorState, Field, TextInput } from "#ui/components";
import { useMutationCommand, type KubeForwardTarget } from "#ui/ipc";
import { portsOf } from "../model/selector";
import { ForwardList } from "../views/ForwardList";
import styles from "./object.module.css";

export interface ForwardTabProps {
  context: string;
  namespace: string;
  kind: KubeForwardTarget["kind"];
  name: string;
  yaml: string;
}

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) > 0 && Number(text) < 65_536;

/** The form of a forward. */
export function ForwardTab({ context, namespace, kind, name, yaml }: ForwardTabProps): ReactNode {
  const ports = portsOf(yaml);
  const [port, setPort] = useState(String(ports[0] ?? ""));
  const [local, setLocal] = useState("");
  const [isTried, setTried] = useState(false);
  const start = useMutationCommand("kube_forward_start", { quiet: true });
  const isReady = isPort(port.trim()) && (local.trim() === "" || isPort(local.trim()));
  const submit = (): void => {
    setTried(true);
    if (isReady) start.mutate({ context, namespace, target: { kind, name }, port: Number(port), localPort: local.trim() === "" ? null : Number(local) });
  };
  return (
    <div className={styles.scroll}>
      <form
        className={styles.forward}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label="Port there" error={isTried && !isPort(port.trim()) ? "A number from 1 to 65535." : undefined} help={ports.length > 1 ? `Named by the object: ${ports.join(", ")}` : undefined}>
          <TextInput isMono inputMode="numeric" value={port} onChange={(event) => setPort(event.currentTarget.value)} />
        </Field>
        <Field label="Port here" help="Empty takes a free one." error={isTried && local.trim() !== "" && !isPort(local.trim()) ? "A number from 1 to 65535." : undefined}>
          <TextInput isMono inputMode="numeric" value={local} onChange={(event) => setLocal(event.currentTarget.value)} />
        </Field>
        <Button type="submit" variant="primary" isBusy={start.isPending} icon={ExternalLink}>
          Forward
        </Button>
      </form>
      {start.error !== null && <ErrorState error={start.error} compact />}
      <p className={styles.faint}>
        <Unplug size={14} aria-hidden="true" className={styles.inline} /> Only this machine can reach it. It goes on after this page is left, and finds a new pod when the old one goes.
      </p>
      <ForwardList />
    </div>
  );
}
