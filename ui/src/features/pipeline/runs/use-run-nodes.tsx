// What the canvas draws at the end of each node's head: state, duration, play button. Nodes that did not change keep
// their element, so that a running pipeline of a thousand nodes draws only what moved.
import { useState, type ReactNode } from "react";
import { NodeRunBadge } from "./NodeRunBadge";
import type { NodeRun } from "./record-map";
import { NodePlay } from "./RunButton";

interface Drawn {
  run: NodeRun;
  element: ReactNode;
}

/** True if there is nothing new to draw. */
export function isSame(one: NodeRun, other: NodeRun): boolean {
  const keys = Object.keys(one) as (keyof NodeRun)[];
  return keys.every((key) => {
    const [left, right] = [one[key], other[key]];
    if (Array.isArray(left) && Array.isArray(right)) return left.length === right.length && left.every((value, at) => value === right[at]);
    return left === right;
  });
}

type Nodes = ReadonlyMap<string, NodeRun>;

function draw(nodes: Nodes, before: ReadonlyMap<string, Drawn>): Map<string, Drawn> {
  const made = new Map<string, Drawn>();
  for (const [path, run] of nodes) {
    const known = before.get(path);
    const element = (
      <>
        {run.kind !== "template" && <NodePlay run={run} />}
        <NodeRunBadge run={run} isWide={run.kind === "stage" || run.kind === "job"} />
      </>
    );
    made.set(path, known !== undefined && isSame(known.run, run) ? known : { run, element });
  }
  return made;
}

const elementsOf = (drawn: ReadonlyMap<string, Drawn>): ReadonlyMap<string, ReactNode> => new Map([...drawn].map(([path, { element }]) => [path, element]));

function made(nodes: Nodes, before: ReadonlyMap<string, Drawn>) {
  const drawn = draw(nodes, before);
  return { nodes, drawn, elements: elementsOf(drawn) };
}

/** An element for each node, by its path; `RunPartContext` says what its play button does. */
export function useRunNodes(nodes: Nodes): ReadonlyMap<string, ReactNode> {
  const [kept, setKept] = useState(() => made(nodes, new Map()));
  if (kept.nodes === nodes) return kept.elements;
  const next = made(nodes, kept.drawn);
  setKept(next);
  return next.elements;
}
