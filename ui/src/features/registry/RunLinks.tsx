// Runs in a few words, each a link with its state.
import type { ReactNode } from "react";
import type { RunBadge } from "#ui/ipc";
import { ObjectLink, StatusPill, stateOf } from "#ui/components";
import styles from "./registry.module.css";

/** The runs that pushed an image, the newest three. */
export function RunLinks({ runs }: { runs: readonly RunBadge[] }): ReactNode {
  if (runs.length === 0) return <span className={styles.muted}>none known</span>;
  return (
    <span className={styles.links}>
      {runs.slice(0, 3).map((run) => (
        <span key={run.runId} className={styles.run}>
          <ObjectLink object={{ kind: "run", id: run.runId }}>{run.number}</ObjectLink>
          <StatusPill state={stateOf(run)} size="small" iconOnly />
        </span>
      ))}
      {runs.length > 3 && <span className={styles.muted}>and {runs.length - 3} older</span>}
    </span>
  );
}
