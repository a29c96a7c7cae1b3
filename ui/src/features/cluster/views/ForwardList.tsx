// Every port that is forwarded now, with its address and the way to end it.
import { ExternalLink, X } from "lucide-react";
import type { ReactNode } from "react";
import { ErrorState, IconButton, plural } from "#ui/components";
import { useAppEvent, useMutationCommand, useQueryCommand, type KubeStreamState } from "#ui/ipc";
import styles from "./views.module.css";

const refreshMs = 2_000;

const WORDS: Record<KubeStreamState, string> = { starting: "being opened", live: "open", reconnecting: "looking for a new pod", ended: "ended", failed: "failed" };

/** The forwards, or nothing if there are none. */
export function ForwardList(): ReactNode {
  const forwards = useQueryCommand("kube_forward_list", {}, { pollMs: refreshMs, isFresh: true });
  const stop = useMutationCommand("kube_forward_stop", { failureTitle: "The forward was not ended" });
  const { data, refetch } = forwards;
  useAppEvent("kubeChanged", ({ id }) => {
    if (data?.some((forward) => forward.id === id) === true) void refetch();
  });
  if (forwards.error !== null) return <ErrorState error={forwards.error} compact />;
  if (data === undefined || data.length === 0) return null;
  return (
    <ul className={styles.forwards} aria-label="Forwarded ports">
      {data.map((forward) => (
        <li key={forward.id}>
          <div>
            <a href={forward.url} target="_blank" rel="noreferrer">
              <code>127.0.0.1:{forward.localPort}</code> <ExternalLink size={12} aria-hidden="true" />
            </a>
            <p>
              {forward.target.kind} {forward.target.name}:{forward.port} in {forward.namespace}, {WORDS[forward.state]}
              {forward.connections > 0 && `, ${plural(forward.connections, "connection")}`}
            </p>
            {forward.problem !== null && <p className={styles.trouble}>{forward.problem}</p>}
          </div>
          <IconButton label={`End the forward of ${forward.target.name}:${forward.port}`} icon={X} size="small" onClick={() => stop.mutate({ id: forward.id }, { onSettled: () => void refetch() })} />
        </li>
      ))}
    </ul>
  );
}
