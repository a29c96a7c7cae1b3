import type { ReactNode } from "react";
import { plural } from "#ui/components";
import { useQueryCommand } from "#ui/ipc";
import styles from "./Shell.module.css";

/** How many questions of runs wait for somebody, in the rail; nothing when there are none. */
export function WaitingBadge(): ReactNode {
  const waiting = useQueryCommand("approval_list", { projectId: null, runId: null });
  const count = waiting.data?.length ?? 0;
  if (count === 0) return null;
  return (
    <span className={styles.badge} title={`${plural(count, "question")} of runs wait for an answer`}>
      <span aria-hidden="true">{count}</span>
      <span className="visuallyHidden">, {plural(count, "question")} waiting</span>
    </span>
  );
}
