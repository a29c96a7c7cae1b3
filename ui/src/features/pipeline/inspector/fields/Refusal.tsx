import type { ReactNode } from "react";
import styles from "../inspector.module.css";

/** Why a change was refused, beside what was to be changed. */
export function Refusal({ why }: { why: string | undefined }): ReactNode {
  return (
    why !== undefined && (
      <p className={styles.problem} role="alert">
        {why}
      </p>
    )
  );
}
