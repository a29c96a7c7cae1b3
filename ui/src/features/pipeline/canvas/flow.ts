// A scene as React Flow takes it. Every node has its size and its handles, so that nothing has to be measured and what
// is out of sight is never drawn.
import { MarkerType, Position, type Edge, type Node } from "@xyflow/react";
import type { ReactNode } from "react";
import { SIZE, type Layout } from "./model/layout";
import type { NodeMark } from "./model/marks";
import { isLinkable, type Scene, type SceneNode } from "./model/scene";
import { nameOf } from "./model/walk";

/** What a node is drawn from. */
export interface NodeData extends Record<string, unknown> {
  one: SceneNode;
  mark: NodeMark | undefined;
  /** State of the newest run, drawn at the end of the head. */
  run: ReactNode;
  isClosed: boolean;
  isFound: boolean;
  /** A link is being drawn from here by keyboard. */
  isLinking: boolean;
  canEdit: boolean;
  /** What a screen reader says of it. */
  name: string;
}

export type FlowNode = Node<NodeData>;

/** What the nodes show beside the scene. */
export interface Dress {
  selected: ReadonlySet<string>;
  /** The node that keys act on. */
  current: string | null;
  closed: ReadonlySet<string>;
  found: ReadonlySet<string>;
  linking: string | null;
  marks: ReadonlyMap<string, NodeMark>;
  runs: ReadonlyMap<string, ReactNode>;
  canEdit: boolean;
}

const HANDLE = 10;

function typeOf(one: SceneNode): string {
  if (one.holds === null) return one.level === "steps" ? "step" : "card";
  return one.node.kind === "stage" || one.node.kind === "job" || one.node.kind === "deployment" ? "box" : "block";
}

function isHidden(scene: Scene, one: SceneNode, closed: ReadonlySet<string>): boolean {
  if (closed.size === 0) return false;
  for (let at = one.parent; at !== null; at = scene.byId.get(at)?.parent ?? null) if (closed.has(at)) return true;
  return false;
}

/** Makes React Flow's nodes again and again; one that is as it was stays the same object. */
export class NodeMaker {
  #before: ReadonlyMap<string, FlowNode> = new Map();

  make(scene: Scene, layout: Layout, dress: Dress): ReadonlyMap<string, FlowNode> {
    this.#before = makeNodes(scene, layout, dress, this.#before);
    return this.#before;
  }
}

function makeNodes(scene: Scene, layout: Layout, dress: Dress, before: ReadonlyMap<string, FlowNode>): Map<string, FlowNode> {
  const made = new Map<string, FlowNode>();
  for (const one of scene.nodes) {
    const box = layout.boxes.get(one.id);
    if (box === undefined || isHidden(scene, one, dress.closed)) continue;
    const old = before.get(one.id);
    const data: NodeData = {
      one,
      mark: dress.marks.get(one.id),
      run: dress.runs.get(one.id) ?? null,
      isClosed: dress.closed.has(one.id),
      isFound: dress.found.has(one.id),
      isLinking: dress.linking === one.id,
      canEdit: dress.canEdit,
      // A node of the same scene has the same name, whatever is selected or found.
      name: old?.data.one === one ? old.data.name : nameOf(scene, one),
    };
    const selected = dress.selected.has(one.id);
    const isCurrent = dress.current === one.id;
    const isSame = old !== undefined && isAlike(old.data, data);
    if (isSame && old.selected === selected && old.domAttributes?.tabIndex === (isCurrent ? 0 : -1) && old.position.x === box.x && old.position.y === box.y && old.width === box.width && old.height === box.height) {
      made.set(one.id, old);
      continue;
    }
    const y = Math.min(box.height, SIZE.head.stage) / 2;
    const canLink = isLinkable(one);
    made.set(one.id, {
      id: one.id,
      type: typeOf(one),
      position: { x: box.x, y: box.y },
      width: box.width,
      height: box.height,
      ...(one.parent === null ? {} : { parentId: one.parent }),
      data: isSame ? old.data : data,
      selected,
      draggable: dress.canEdit && !one.isImplicit && one.level !== "hooks",
      connectable: canLink && dress.canEdit,
      // Edges lie on the stage and below its jobs.
      zIndex: one.depth === 0 ? 0 : one.depth + 1,
      // Without a list of handles, be it empty, a node is drawn once to look for them, wherever it is.
      handles: canLink
        ? [
            { type: "target" as const, position: Position.Left, x: -HANDLE / 2, y: y - HANDLE / 2, width: HANDLE, height: HANDLE },
            { type: "source" as const, position: Position.Right, x: box.width - HANDLE / 2, y: y - HANDLE / 2, width: HANDLE, height: HANDLE },
          ]
        : [],
      ariaRole: "treeitem",
      domAttributes: {
        tabIndex: isCurrent ? 0 : -1,
        "aria-roledescription": one.node.kind,
        "aria-level": one.depth + 1,
        "aria-selected": selected,
        ...(one.holds === null ? {} : { "aria-expanded": !data.isClosed }),
      },
    });
  }
  return made;
}

function isAlike(left: NodeData, right: NodeData): boolean {
  if (left.mark !== right.mark || left.run !== right.run || left.isClosed !== right.isClosed || left.isFound !== right.isFound || left.isLinking !== right.isLinking || left.canEdit !== right.canEdit) return false;
  if (left.one === right.one) return true;
  const [a, b] = [left.one, right.one];
  // The name holds all words of a node, and what it waits for.
  return left.name === right.name && a.depth === b.depth && a.parent === b.parent && a.children.length === b.children.length && a.node.keyword === b.node.keyword && a.node.condition === b.node.condition && a.node.legs.join("\n") === b.node.legs.join("\n");
}

/** Makes React Flow's edges. */
export function makeEdges(scene: Scene, selected: string | null, shown: ReadonlyMap<string, FlowNode>): Edge[] {
  return scene.edges
    .filter((edge) => shown.has(edge.from) && shown.has(edge.to))
    .map((edge) => ({
      id: edge.id,
      source: edge.from,
      target: edge.to,
      type: "smoothstep",
      className: edge.isWritten ? "edge-written" : "edge-implied",
      selected: edge.id === selected,
      zIndex: 1,
      focusable: false,
      // The nodes say what they wait for.
      ariaRole: "presentation",
      domAttributes: { "aria-roledescription": undefined, "aria-label": undefined },
      interactionWidth: 16,
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: "var(--edge)" },
    }));
}
