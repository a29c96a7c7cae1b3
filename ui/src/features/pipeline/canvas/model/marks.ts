// Which node a problem of the text belongs to.
import type { DiagnosticView } from "#ui/ipc";
import type { Scene } from "./scene";

/** The worst that is wrong with a node, and in which words. */
export interface NodeMark {
  severity: "error" | "warning";
  messages: readonly string[];
}

/** Problems by the innermost node whose lines hold them. `lineOf` turns an offset into a line. */
export function marksOf(scene: Scene, problems: readonly DiagnosticView[], lineOf: (offset: number) => number): ReadonlyMap<string, NodeMark> {
  const marks = new Map<string, NodeMark>();
  const spans = scene.nodes.filter((one) => !one.isImplicit && one.node.file === null).map((one) => ({ one, first: one.node.line, last: lineOf(Math.max(one.node.start, one.node.end - 1)) }));
  for (const problem of problems) {
    if (problem.severity === "information") continue;
    let best: (typeof spans)[number] | undefined;
    for (const span of spans) if (span.first <= problem.line && problem.line <= span.last && (best === undefined || span.one.depth >= best.one.depth)) best = span;
    if (best === undefined) continue;
    const before = marks.get(best.one.id);
    const severity = problem.severity === "error" || before?.severity === "error" ? "error" : "warning";
    marks.set(best.one.id, { severity, messages: [...(before?.messages ?? []), problem.message] });
  }
  return marks;
}
