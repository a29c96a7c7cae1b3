// The inspector: forms for what is selected on the canvas. The room mounts it; nothing else here is for others.
export { Inspector, type InspectorProps } from "./Inspector";
export type { Gesture } from "./wire";
