// The newest run and the history of a project's pipeline, mapped to the nodes of the board; live while it runs.
import { useMemo } from "react";
import { useQueryCommand, type BoardView, type PipelineHistoryView, type PlanView, type ProjectId, type RunSummary } from "#ui/ipc";
import { mapRecords, type NodeRun } from "./record-map";

export interface CanvasRuns {
  /** By the node's path. */
  nodes: ReadonlyMap<string, NodeRun>;
  newest: RunSummary | null;
  history: PipelineHistoryView | null;
}

const NONE: ReadonlyMap<string, NodeRun> = new Map();

/** Follows the newest run once it is ready; `plan` is the plan of the text that the board shows. */
export function useCanvasRuns(projectId: ProjectId, isReady: boolean, board: BoardView | null, plan: PlanView | null): CanvasRuns {
  const list = useQueryCommand("run_list", { projectId, limit: 1 }, { enabled: isReady });
  const newest = list.data?.[0] ?? null;
  const runId = newest?.id ?? "";
  const run = useQueryCommand("run_get", { runId }, { enabled: newest !== null, keepPrevious: true });
  // Its answer stays while the text changes: it is of what ran, not of what is typed.
  const history = useQueryCommand("pipeline_history", { projectId }, { enabled: isReady, keepPrevious: true });
  const view = run.data ?? null;
  const known = history.data ?? null;
  const nodes = useMemo(() => (board === null ? NONE : mapRecords(board, plan, view, known)), [board, plan, view, known]);
  return { nodes, newest, history: known };
}
