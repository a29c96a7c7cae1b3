import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { NodeRun } from "./record-map";
import { useRunNodes } from "./use-run-nodes";

const run = (target: string, startedAt: number): NodeRun => ({ kind: "job", target, label: target, state: "inProgress", result: null, startedAt, finishedAt: null, recordId: target, isKept: false, issue: null, durations: [1, 2], failureRate: 0, runs: 2, estimateMs: 2 });

describe("elements of the nodes", () => {
  it("stay the same as long as nothing of them changes", () => {
    const at = (one: number, two: number) => new Map([["/a", run("a", one)], ["/b", run("b", two)]]);
    const { result, rerender } = renderHook(({ nodes }) => useRunNodes(nodes), { initialProps: { nodes: at(1, 1) } });
    const first = result.current;
    rerender({ nodes: at(1, 2) });
    expect(result.current.get("/a"), "nothing new").toBe(first.get("/a"));
    expect(result.current.get("/b"), "it has moved").not.toBe(first.get("/b"));
  });
});
