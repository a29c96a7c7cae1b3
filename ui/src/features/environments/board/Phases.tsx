// Where a deployment is: its phases as a line of steps, the one it is at marked.
import clsx from "clsx";
import { Check, LoaderCircle } from "lucide-react";
import type { ReactNode } from "react";
import type { DeploymentView } from "#ui/ipc";
import styles from "./board.module.css";

const STEPS = [
  { phase: "planning", word: "Plan" },
  { phase: "applying", word: "Apply" },
  { phase: "watching", word: "Roll out" },
  { phase: "proving", word: "Prove" },
] as const;

/** The phases of a deployment that is under way. */
export function Phases({ deployment }: { deployment: DeploymentView }): ReactNode {
  if (deployment.phase === "rollingBack") {
    return (
      <p className={styles.rollingBack}>
        <LoaderCircle size={14} className={styles.turning} aria-hidden="true" /> Rolling back
      </p>
    );
  }
  const at = STEPS.findIndex(({ phase }) => phase === deployment.phase);
  return (
    <ol className={styles.phases} aria-label="Phases">
      {STEPS.map(({ phase, word }, index) => {
        const state = deployment.phase === "done" || index < at ? "past" : index === at ? "here" : "ahead";
        return (
          <li key={phase} className={clsx(styles.phase, styles[state])} aria-current={state === "here" ? "step" : undefined}>
            {state === "past" && <Check size={12} strokeWidth={3} aria-hidden="true" />}
            {state === "here" && <LoaderCircle size={12} strokeWidth={3} className={styles.turning} aria-hidden="true" />}
            {word}
          </li>
        );
      })}
    </ol>
  );
}
