// Runs on the canvas: records and history of the nodes, what starts them, what they cost.
export { NodeRunBadge, runWords } from "./NodeRunBadge";
export { mapRecords, type NodeRun, type RunTarget } from "./record-map";
export { hasFailed, NodePlay, RunButton, RunPartContext } from "./RunButton";
export { RunCost } from "./RunCost";
export { Sparkline } from "./Sparkline";
export { useCanvasRuns, type CanvasRuns } from "./use-canvas-runs";
export { useRoomRuns, type RoomRuns } from "./use-room-runs";
export { useRunNodes } from "./use-run-nodes";
export { useRunParts, type Part, type RunParts } from "./use-run-parts";
