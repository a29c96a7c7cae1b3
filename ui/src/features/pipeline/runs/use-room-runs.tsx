// What the room shows of runs: elements of the nodes, the button of the toolbar, the cost, and the questions.
import type { ReactNode } from "react";
import type { BoardView, PlanView, ProjectId } from "#ui/ipc";
import type { DraftControl } from "../use-draft";
import type { NodeRun } from "./record-map";
import { RunButton } from "./RunButton";
import { RunCost } from "./RunCost";
import { useCanvasRuns } from "./use-canvas-runs";
import { useRunNodes } from "./use-run-nodes";
import { useRunParts } from "./use-run-parts";

export interface RoomRunsOptions {
  projectId: ProjectId;
  /** False holds its questions back, so that the first nodes are not kept waiting by what belongs to none of them. */
  isReady: boolean;
  board: BoardView | null;
  plan: PlanView | null;
  draft: DraftControl;
  /** Ids of the nodes that are chosen on the canvas. */
  selected: readonly string[];
  /** The text has errors: nothing of it can run. */
  isBroken: boolean;
}

export interface RoomRuns {
  /** By the node's id on the canvas. */
  elements: ReadonlyMap<string, ReactNode>;
  button: ReactNode;
  cost: ReactNode;
  dialogs: ReactNode;
  /** What a node's play button does; for `RunPartContext`. */
  runNode: (run: NodeRun) => void;
  /** Runs what is chosen alone; false where there is no such part, or nothing of the text can run. */
  runChosen: () => boolean;
}

/** Runs of the pipeline that is edited. */
export function useRoomRuns({ projectId, isReady, board, plan, draft, selected, isBroken }: RoomRunsOptions): RoomRuns {
  const { nodes, newest, history } = useCanvasRuns(projectId, isReady, board, plan);
  const elements = useRunNodes(nodes);
  const parts = useRunParts({ projectId, isReady, text: draft.text, commit: (message) => draft.commit.run(message, null), commitError: draft.commit.error });
  const runNode = (target: NodeRun): void => parts.run({ target, isWithNeeded: false });
  const id = selected.length === 1 ? selected[0] : undefined;
  const known = id === undefined ? undefined : nodes.get(id);
  const chosen = known === undefined || known.kind === "template" ? null : known;
  const stage = chosen === null || chosen.target.startsWith("__default") ? null : (chosen.target.split("/")[0] ?? null);
  return {
    elements,
    button: <RunButton parts={parts} selected={chosen} newest={newest} isDisabled={isBroken} />,
    cost: history !== null && <RunCost cost={history.cost} stage={chosen?.kind === "stage" ? stage : null} />,
    dialogs: parts.dialogs,
    runNode,
    runChosen: () => {
      if (chosen === null || isBroken) return false;
      if (!parts.isBusy) runNode(chosen);
      return true;
    },
  };
}
