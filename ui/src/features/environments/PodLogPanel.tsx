// The last lines of one pod's log, under the table they were asked from.
import { RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type ProjectId } from "#ui/ipc";
import { Answer, Button, CodeBlock, IconButton, Skeleton } from "#ui/components";
import styles from "./environments.module.css";

const tail = 200;

export interface PodLogPanelProps {
  projectId: ProjectId;
  environment: string;
  pod: string;
  onClose: () => void;
}

/** The log of a pod. */
export function PodLogPanel({ projectId, environment, pod, onClose }: PodLogPanelProps): ReactNode {
  const log = useQueryCommand("pod_log_get", { projectId, environment, pod, tail });
  return (
    <section className={styles.drawer} aria-label={`Log of ${pod}`}>
      <header className={styles.drawerHead}>
        <h4>
          <code>{pod}</code> <span className={styles.muted}>last {tail} lines</span>
        </h4>
        <Button size="small" variant="ghost" icon={RotateCw} isBusy={log.isFetching} onClick={() => void log.refetch()}>
          Read again
        </Button>
        <IconButton size="small" label="Close the log" icon={X} onClick={onClose} />
      </header>
      <Answer of={log} loading={<Skeleton lines={6} />}>
        {(data) => (data.lines.length === 0 ? <p className={styles.muted}>The pod has written nothing yet.</p> : <CodeBlock label={`Log lines of ${pod}`} text={data.lines.join("\n")} />)}
      </Answer>
    </section>
  );
}
