import { Menu } from "@base-ui/react/menu";
import { ChevronDown, Play, RotateCw } from "lucide-react";
import { createContext, useContext, type ReactNode } from "react";
import { Button } from "#ui/components";
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
    <span className={styles.split}>
      <Button size="small" icon={Play} isBusy={parts.isBusy} disabled={isDisabled} onClick={() => run({ target: null, isWithNeeded: false })}>
        Run
      </Button>
      <Menu.Root>
        <Menu.Trigger className={styles.more} aria-label="More ways to run" disabled={parts.isBusy}>
          <ChevronDown size={14} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={6} align="end" className={styles.position}>
            <Menu.Popup className={styles.menu}>
              <Menu.Item className={styles.item} disabled={isDisabled} onClick={() => run({ target: null, isWithNeeded: false })}>
                <Play size={16} /> Run the pipeline
              </Menu.Item>
              {selected !== null && (
                <Menu.Item className={styles.item} disabled={isDisabled} onClick={() => run({ target: selected, isWithNeeded: false })}>
                  <Play size={16} /> Run only {selected.kind} {selected.label}
                </Menu.Item>
              )}
              {selected !== null && selected.kind !== "step" && (
                <Menu.Item className={styles.item} disabled={isDisabled} onClick={() => run({ target: selected, isWithNeeded: true })}>
                  <Play size={16} /> Run {selected.kind} {selected.label} with what it depends on
                </Menu.Item>
              )}
              {newest !== null && hasFailed(newest) && (
                <Menu.Item className={styles.item} onClick={() => parts.rerunFailed(newest.id)}>
                  <RotateCw size={16} /> Rerun failed jobs of run {newest.number}
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </span>
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
