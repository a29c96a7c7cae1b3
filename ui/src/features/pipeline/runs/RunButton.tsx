import { Play, RotateCw } from "lucide-react";
import { createContext, useContext, type ReactNode } from "react";
import { Button, MenuItem, SplitButton } from "#ui/components";
import type { RunSummary } from "#ui/ipc";
import type { NodeRun } from "./record-map";
import styles from "./runs.module.css";
import type { RunParts } from "./use-run-parts";

export interface RunButtonProps {
  parts: RunParts;
  /** The node that is chosen on the canvas. */
  selected: NodeRun | null;
  newest: RunSummary | null;
  /** Such as a text that has errors. */
  isDisabled?: boolean;
}

/** True if there is something to run again of a run. */
export const hasFailed = (run: RunSummary): boolean => run.state === "completed" && run.result !== "succeeded" && run.result !== "succeededWithIssues" && run.result !== "skipped";

/** Runs the pipeline; its menu runs the part that is chosen, or what failed. Draw `parts.dialogs` beside it. */
export function RunButton({ parts, selected, newest, isDisabled = false }: RunButtonProps): ReactNode {
  const { run } = parts;
  return (
    <SplitButton
      label="More ways to run"
      disabled={parts.isBusy}
      button={
        <Button size="small" icon={Play} isBusy={parts.isBusy} disabled={isDisabled} onClick={() => run({ target: null, isWithNeeded: false })}>
          Run
        </Button>
      }
    >
      <MenuItem icon={Play} disabled={isDisabled} onClick={() => run({ target: null, isWithNeeded: false })}>
        Run the pipeline
      </MenuItem>
      {selected !== null && (
        <MenuItem icon={Play} disabled={isDisabled} onClick={() => run({ target: selected, isWithNeeded: false })}>
          Run only {selected.kind} {selected.label}
        </MenuItem>
      )}
      {selected !== null && selected.kind !== "step" && (
        <MenuItem icon={Play} disabled={isDisabled} onClick={() => run({ target: selected, isWithNeeded: true })}>
          Run {selected.kind} {selected.label} with what it depends on
        </MenuItem>
      )}
      {newest !== null && hasFailed(newest) && (
        <MenuItem icon={RotateCw} onClick={() => parts.rerunFailed(newest.id)}>
          Rerun failed jobs of run {newest.number}
        </MenuItem>
      )}
    </SplitButton>
  );
}

/** Runs a node's part of the pipeline alone. */
export const RunPartContext = createContext<(run: NodeRun) => void>(() => undefined);

/** The play button on a node; the keyboard has the menu of `RunButton`. */
export function NodePlay({ run }: { run: NodeRun }): ReactNode {
  const onRun = useContext(RunPartContext);
  const words = `Run only ${run.kind} ${run.label}`;
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${styles.play} nodrag`}
      aria-label={words}
      title={words}
      onClick={(event) => {
        event.stopPropagation();
        onRun(run);
      }}
    >
      <Play size={14} aria-hidden="true" />
    </button>
  );
}
