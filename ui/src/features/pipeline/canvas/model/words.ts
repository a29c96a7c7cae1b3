// What a node is called, on the canvas, above its form and for screen readers.
import type { BoardNodeView } from "#ui/ipc";

/** What each kind is called. */
export const KIND_WORDS: Record<BoardNodeView["kind"], string> = { stage: "Stage", job: "Job", deployment: "Deployment job", hook: "Hook", step: "Step", template: "Template", extends: "Extends", directive: "Directive" };

/** What a node is called where it is shown. */
export function titleOf(node: BoardNodeView): string {
  if (node.kind === "directive") return `${node.name} ${node.detail}`.trim();
  if (node.kind === "hook") return node.name;
  if (node.keyword === "checkout" && node.displayName === "") return `Check out ${node.detail}`;
  const title = node.displayName || node.name || node.detail || node.keyword;
  return title === "" ? `${node.kind} without a name` : title;
}

/** The second line of a node; empty if there is nothing to add. */
export function subtitleOf(node: BoardNodeView): string {
  if (node.kind === "step") {
    if (node.keyword === "checkout" && node.displayName === "") return "";
    if (node.keyword === "task") return titleOf(node) === node.detail ? "" : node.detail;
    return node.keyword === "" || titleOf(node) === node.keyword ? "" : node.displayName || node.name ? `${node.keyword}: ${node.detail}` : node.keyword;
  }
  if (node.kind === "template") return "template";
  if (node.kind === "extends") return "extends";
  return node.displayName === "" ? "" : node.name;
}
