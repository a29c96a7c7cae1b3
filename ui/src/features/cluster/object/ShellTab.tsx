// A shell inside of a container.
import { RotateCw } from "lucide-react";
import { useRef, useState, type ReactNode } from "react";
import { Button, ErrorState, Field, Note, Select } from "#ui/components";
import type { KubeStreamState } from "#ui/ipc";
import { useShell, type ShellWish } from "./use-shell";
import styles from "./object.module.css";

export interface ShellTabProps {
  context: string;
  namespace: string;
  pod: string;
  containers: readonly string[];
}

/** Takes the best shell that the image has. */
const COMMAND = ["sh", "-c", "TERM=xterm-256color; export TERM; command -v bash >/dev/null 2>&1 && exec bash || exec sh"];

const WORDS: Record<KubeStreamState, string> = { starting: "Starting a shell…", live: "Running", reconnecting: "The connection is made anew", ended: "Ended", failed: "Not started" };

/** The shell of a pod: another container or another try is another session. */
export function ShellTab({ context, namespace, pod, containers }: ShellTabProps): ReactNode {
  const [container, setContainer] = useState(containers[0] ?? "");
  const [round, setRound] = useState(0);
  const picker = containers.length > 1 && (
    <div className={styles.picker}>
      <Field label="Container" isLabelHidden>
        <Select value={container} onChange={(event) => setContainer(event.currentTarget.value)} options={containers.map((one) => ({ value: one, label: one }))} />
      </Field>
    </div>
  );
  return <Session key={`${container} ${round}`} wish={{ context, namespace, pod, container, command: COMMAND }} picker={picker} onAgain={() => setRound(round + 1)} />;
}

function Session({ wish, picker, onAgain }: { wish: ShellWish; picker: ReactNode; onAgain: () => void }): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const shell = useShell(place, wish);
  const isOver = shell.state === "ended" || shell.state === "failed" || shell.error !== null;
  return (
    <div className={styles.fill}>
      <div className={styles.toolbar}>
        {picker}
        <span className={styles.faint} aria-live="polite">
          {shell.error === null ? WORDS[shell.state] : "Not connected"}
          {shell.exitCode !== null && ` with exit code ${shell.exitCode}`}
        </span>
        <span className={styles.space} />
        {isOver && (
          <Button size="small" icon={RotateCw} onClick={onAgain}>
            Start again
          </Button>
        )}
      </div>
      {shell.error !== null && <ErrorState error={shell.error} compact />}
      {shell.problem !== null && (
        <div className={styles.padded}>
          <Note tone={shell.state === "failed" ? "danger" : "warning"}>{shell.problem}</Note>
        </div>
      )}
      <div ref={place} className={styles.terminal} />
    </div>
  );
}
