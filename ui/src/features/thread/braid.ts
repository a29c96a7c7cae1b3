// Where the nodes and edges of a thread stand. Pure arithmetic over a width: nothing is measured, so a test can check it.
// Rows follow the loop's order from top to bottom. An edge to the next row is a curve in the gap; a longer one goes
// round on the right, each on a lane of its own.
import type { ObjectKind, ObjectRef, ThreadEdge, ThreadNode, ThreadView } from "#ui/ipc";

/** The loop's order, which is the order of the contract. */
export const kindOrder: readonly ObjectKind[] = ["change", "commit", "run", "image", "environment", "deployment", "pod", "telemetry", "exception", "workItem"];

/** The word of each kind. */
export const kindWords: Record<ObjectKind, string> = { change: "Change", commit: "Commit", run: "Run", image: "Image", environment: "Environment", deployment: "Deployment", pod: "Pod", telemetry: "Telemetry", exception: "Exception", workItem: "Work item" };

/** A node and its box. */
export interface PlacedNode {
  node: ThreadNode;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A row of nodes of one kind. */
export interface PlacedRow {
  kind: ObjectKind;
  y: number;
  height: number;
  /** False where the row continues the one above. */
  isFirst: boolean;
  nodes: PlacedNode[];
}

/** An edge as a path, with the place of its label. */
export interface PlacedEdge {
  key: string;
  edge: ThreadEdge;
  path: string;
  labelX: number;
  labelY: number;
  /** The arrow is at the path's start: the edge runs against the loop's order. */
  isUp: boolean;
  isOfSubject: boolean;
}

/** A drawn thread. */
export interface Braid {
  width: number;
  height: number;
  rows: PlacedRow[];
  edges: PlacedEdge[];
}

const gutter = 104;
const cardMin = 216;
const cardMax = 340;
const cardGap = 24;
const rowGap = 48;
const laneFirst = 56;
const laneNext = 32;
const laneEdge = 56;
const headHeight = 98;
const factHeight = 22;

/** One word for an object, to find it by. */
export function keyOf(object: ObjectRef): string {
  return `${object.kind}:${object.id}`;
}

/** Facts shown on a card; the rest are in the object's own room. */
export const factLimit = 4;

/** Places a thread in a width. */
export function layoutBraid(view: ThreadView, width: number): Braid {
  const rowOf = new Map<string, number>();
  const boxOf = new Map<string, PlacedNode>();
  const groups = kindOrder.map((kind) => view.nodes.filter((node) => node.object.kind === kind)).filter((nodes) => nodes.length > 0);
  const long = countLong(view, groups);
  const right = long === 0 ? 0 : laneFirst + laneNext * (Math.min(long, 4) - 1) + laneEdge;
  const inner = Math.max(cardMin, width - gutter - right);
  const perRow = Math.max(1, Math.floor((inner + cardGap) / (cardMin + cardGap)));

  const rows: PlacedRow[] = [];
  let y = 0;
  for (const nodes of groups) {
    for (let from = 0; from < nodes.length; from += perRow) {
      const row = placeRow(nodes.slice(from, from + perRow), y, inner, from === 0);
      for (const box of row.nodes) {
        boxOf.set(keyOf(box.node.object), box);
        rowOf.set(keyOf(box.node.object), rows.length);
      }
      rows.push(row);
      y += row.height + rowGap;
    }
  }
  return { width, height: Math.max(0, y - rowGap), rows, edges: placeEdges(view, boxOf, rowOf) };
}

function countLong(view: ThreadView, groups: readonly (readonly ThreadNode[])[]): number {
  const order = new Map(groups.flatMap((nodes, index) => nodes.map((node) => [keyOf(node.object), index] as const)));
  return view.edges.filter((edge) => Math.abs((order.get(keyOf(edge.from)) ?? 0) - (order.get(keyOf(edge.to)) ?? 0)) > 1).length;
}

function placeRow(nodes: readonly ThreadNode[], y: number, inner: number, isFirst: boolean): PlacedRow {
  const count = nodes.length;
  const width = Math.min(cardMax, (inner - cardGap * (count - 1)) / count);
  const start = gutter + (inner - (width * count + cardGap * (count - 1))) / 2;
  const facts = Math.max(...nodes.map((node) => Math.min(factLimit, node.facts.length)));
  const height = headHeight + facts * factHeight + (facts > 0 ? 8 : 0);
  const kind = nodes[0]?.object.kind ?? "change";
  return { kind, y, height, isFirst, nodes: nodes.map((node, index) => ({ node, x: start + index * (width + cardGap), y, width, height })) };
}

function placeEdges(view: ThreadView, boxOf: ReadonlyMap<string, PlacedNode>, rowOf: ReadonlyMap<string, number>): PlacedEdge[] {
  const subject = keyOf(view.subject);
  const innerRight = Math.max(0, ...[...boxOf.values()].map((box) => box.x + box.width));
  // How far down each lane is taken.
  const lanes: number[] = [];
  const placed = view.edges.flatMap((edge): PlacedEdge[] => {
    const from = boxOf.get(keyOf(edge.from));
    const to = boxOf.get(keyOf(edge.to));
    if (from === undefined || to === undefined || from === to) return [];
    const isUp = from.y > to.y;
    const [upper, lower] = isUp ? [to, from] : [from, to];
    const distance = Math.abs((rowOf.get(keyOf(edge.from)) ?? 0) - (rowOf.get(keyOf(edge.to)) ?? 0));
    const shape = distance === 0 ? beside(upper, lower) : distance === 1 ? between(upper, lower) : around(upper, lower, innerRight, takeLane(lanes, upper.y, lower.y + lower.height));
    return [{ key: `${keyOf(edge.from)} ${edge.label} ${keyOf(edge.to)}`, edge, ...shape, isUp, isOfSubject: keyOf(edge.from) === subject || keyOf(edge.to) === subject }];
  });
  return placed;
}

type Shape = Pick<PlacedEdge, "path" | "labelX" | "labelY">;

function between(upper: PlacedNode, lower: PlacedNode): Shape {
  const [x1, y1] = [upper.x + upper.width / 2, upper.y + upper.height];
  const [x2, y2] = [lower.x + lower.width / 2, lower.y];
  const middle = (y1 + y2) / 2;
  return { path: `M${x1} ${y1}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`, labelX: (x1 + x2) / 2, labelY: middle };
}

function beside(a: PlacedNode, b: PlacedNode): Shape {
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  const y = left.y + left.height + 12;
  const [x1, x2] = [left.x + left.width / 2, right.x + right.width / 2];
  return { path: `M${x1} ${left.y + left.height}V${y}H${x2}V${right.y + right.height}`, labelX: (x1 + x2) / 2, labelY: y };
}

function around(upper: PlacedNode, lower: PlacedNode, innerRight: number, lane: number): Shape {
  const x = innerRight + laneFirst + lane * laneNext;
  const [y1, y2] = [upper.y + 32, lower.y + 32];
  const r = 12;
  return { path: `M${upper.x + upper.width} ${y1}H${x - r}Q${x} ${y1} ${x} ${y1 + r}V${y2 - r}Q${x} ${y2} ${x - r} ${y2}H${lower.x + lower.width}`, labelX: x, labelY: (y1 + y2) / 2 + lane * 28 };
}

function takeLane(lanes: number[], top: number, bottom: number): number {
  const free = lanes.findIndex((taken) => taken <= top);
  const lane = free < 0 ? Math.min(lanes.length, 3) : free;
  lanes[lane] = Math.max(lanes[lane] ?? 0, bottom);
  return lane;
}

/** A thread as text, to put into a message or a ticket. */
export function threadText(view: ThreadView): string {
  const titleOf = new Map(view.nodes.map((node) => [keyOf(node.object), node.title]));
  const nodes = view.nodes.map((node) => [`${kindWords[node.object.kind]}: ${node.title} (${node.state})`, ...(node.subtitle === "" ? [] : [`  ${node.subtitle}`]), `  id: ${node.object.id}`, ...node.facts.map((fact) => `  ${fact.name}: ${fact.value}`)].join("\n"));
  const edges = view.edges.map((edge) => `${titleOf.get(keyOf(edge.from)) ?? edge.from.id} ${edge.label} ${titleOf.get(keyOf(edge.to)) ?? edge.to.id}`);
  return `${[...nodes, "", ...edges].join("\n")}\n`;
}
