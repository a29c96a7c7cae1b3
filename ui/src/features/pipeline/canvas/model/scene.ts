// The canvas as data: every node with its place among the others, and what depends on what. No React, no pixels
// (layout.ts). A node's id is its path in the file; what only a plan has is numbered instead.
import type { BoardNodeView, BoardView } from "#ui/ipc";

/** The list that a node stands in, or that it holds. */
export type ListLevel = "stages" | "jobs" | "hooks" | "steps";

/** A node of the canvas. */
export interface SceneNode {
  id: string;
  /** As the file has it. */
  node: BoardNodeView;
  parent: string | null;
  children: readonly string[];
  /** The list that it stands in. */
  level: ListLevel;
  /** The list that it holds; null where nothing can be put in. */
  holds: ListLevel | null;
  /** From 0, for the order of painting and for readers. */
  depth: number;
  /** The job of a file that has only steps: it is shown, and not written. */
  isImplicit: boolean;
}

/** `to` waits for `from`. */
export interface SceneEdge {
  id: string;
  from: string;
  to: string;
  /** Stands in the file; else it follows from the order. */
  isWritten: boolean;
}

/** What is shown. */
export interface Scene {
  level: BoardView["level"];
  /** In the order of the file, each before its children. */
  nodes: readonly SceneNode[];
  byId: ReadonlyMap<string, SceneNode>;
  roots: readonly string[];
  edges: readonly SceneEdge[];
  /** What each node waits for, by ids. */
  waits: ReadonlyMap<string, readonly string[]>;
}

const HOLDS: Record<BoardNodeView["kind"], ListLevel | null> = { stage: "jobs", job: "steps", deployment: "hooks", hook: "steps", step: null, template: null, extends: null, directive: null };

/** The id of the job that a file of steps does not write; its path is that of the file. */
export const IMPLICIT_JOB = "#job";

const IMPLICIT: BoardNodeView = { kind: "job", path: "", name: "Job", displayName: "", detail: "", keyword: "", condition: "", dependsOn: null, legs: [], isEnabled: true, start: 0, end: 0, line: 1, file: null, children: [] };

/** Stages and jobs: what others can wait for. */
export const isLinkable = ({ node, isImplicit }: SceneNode): boolean => !isImplicit && (node.kind === "stage" || node.kind === "job" || node.kind === "deployment");

function levelOf(board: BoardView): ListLevel {
  return board.level === "jobs" ? "jobs" : board.level === "steps" ? "steps" : "stages";
}

/** Builds the scene of a board. */
export function sceneOf(board: BoardView): Scene {
  const nodes: SceneNode[] = [];
  const add = (list: readonly BoardNodeView[], parent: string | null, level: ListLevel, depth: number): string[] =>
    list.map((node, index) => {
      const id = node.path === "" ? `${parent ?? ""}#${index}` : node.path;
      const holds = node.kind === "directive" ? level : HOLDS[node.kind];
      const at = nodes.push({ id, node, parent, children: [], level, holds, depth, isImplicit: false }) - 1;
      const children = holds === null ? [] : add(node.children, id, holds, depth + 1);
      const made = nodes[at];
      if (made !== undefined) made.children = children;
      return id;
    });
  let roots: string[];
  if (board.level === "steps") {
    const job: SceneNode = { id: IMPLICIT_JOB, node: IMPLICIT, parent: null, children: [], level: "jobs", holds: "steps", depth: 0, isImplicit: true };
    nodes.push(job);
    job.children = add(board.nodes, IMPLICIT_JOB, "steps", 1);
    roots = [IMPLICIT_JOB];
  } else {
    roots = add(board.nodes, null, levelOf(board), 0);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const edges = edgesOf({ nodes, byId, roots });
  const waits = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const before = waits.get(to);
    if (before === undefined) waits.set(to, [from]);
    else before.push(from);
  }
  return { level: board.level, nodes, byId, roots, edges, waits };
}

/** The stages or jobs below some ids, those inside of directives among them. */
export function flat(scene: Pick<Scene, "byId">, ids: readonly string[]): SceneNode[] {
  return ids.flatMap((id) => {
    const found = scene.byId.get(id);
    if (found === undefined) return [];
    return found.node.kind === "directive" ? flat(scene, found.children) : [found];
  });
}

/** Ids of a group of siblings that can wait for one another: the roots, or the jobs of a stage. */
function* families(scene: Pick<Scene, "nodes" | "roots">): Generator<{ ids: readonly string[]; isInOrder: boolean }> {
  const first = scene.nodes.find((node) => node.parent === null);
  if (first !== undefined && (first.level === "stages" || first.level === "jobs")) yield { ids: scene.roots, isInOrder: first.level === "stages" };
  for (const node of scene.nodes) if (node.node.kind === "stage") yield { ids: node.children, isInOrder: false };
}

function edgesOf(scene: Pick<Scene, "nodes" | "byId" | "roots">): SceneEdge[] {
  const edges: SceneEdge[] = [];
  for (const { ids, isInOrder } of families(scene)) {
    const known = flat(scene, ids);
    const named = new Map(known.filter((one) => one.node.name !== "").map((one) => [one.node.name.toLowerCase(), one.id]));
    for (const [index, one] of known.entries()) {
      const { dependsOn } = one.node;
      if (dependsOn !== null) {
        for (const name of new Set(dependsOn)) {
          const from = named.get(name.toLowerCase());
          if (from !== undefined && from !== one.id) edges.push({ id: `${from}>${one.id}`, from, to: one.id, isWritten: true });
        }
      } else if (isInOrder) {
        const before = beforeOf(scene, known, index);
        if (before !== undefined) edges.push({ id: `${before.id}>${one.id}`, from: before.id, to: one.id, isWritten: false });
      }
    }
  }
  return edges;
}

/** Which stage a stage without `dependsOn` waits for. One of an `else` does not wait for those of its `if`. */
function beforeOf(scene: Pick<Scene, "byId">, known: readonly SceneNode[], index: number): SceneNode | undefined {
  const own = known[index];
  for (let at = index - 1; at >= 0; at -= 1) {
    const before = known[at];
    if (own === undefined || before === undefined || !areAlternatives(scene, before, own)) return before;
  }
  return undefined;
}

function areAlternatives(scene: Pick<Scene, "byId">, one: SceneNode, other: SceneNode): boolean {
  const [left, right] = [scene.byId.get(one.parent ?? ""), scene.byId.get(other.parent ?? "")];
  if (left === undefined || right === undefined || left === right) return false;
  // Branches of one item share its path but for their own number.
  const item = (id: string): string => id.slice(0, id.lastIndexOf("/"));
  return left.node.kind === "directive" && right.node.kind === "directive" && left.node.name !== "each" && item(left.id) === item(right.id);
}

/** A node and those that it stands in, from the top. */
export function wayTo(scene: Scene, id: string): SceneNode[] {
  const way: SceneNode[] = [];
  for (let at = scene.byId.get(id); at !== undefined; at = at.parent === null ? undefined : scene.byId.get(at.parent)) way.unshift(at);
  return way;
}

/** Without those whose parent is among them: they go along with it. */
export function outermost(scene: Scene, ids: Iterable<string>): string[] {
  const chosen = new Set(ids);
  return scene.nodes.filter((node) => chosen.has(node.id) && !wayTo(scene, node.id).some((above) => above.id !== node.id && chosen.has(above.id))).map((node) => node.id);
}

/** The path that gestures take for an id; the file's for none. */
export const pathOf = (scene: Scene, id: string | null): string => (id === null ? "" : (scene.byId.get(id)?.node.path ?? ""));

/** The siblings of a node, itself among them. */
export function siblingsOf(scene: Scene, id: string): readonly string[] {
  const parent = scene.byId.get(id)?.parent;
  if (parent === undefined) return [];
  return parent === null ? scene.roots : (scene.byId.get(parent)?.children ?? []);
}

/** The innermost node that an offset of the text is in. */
export function nodeAt(scene: Scene, offset: number): SceneNode | undefined {
  let found: SceneNode | undefined;
  for (const one of scene.nodes) {
    if (!one.isImplicit && one.node.path !== "" && one.node.start <= offset && offset <= one.node.end && (found === undefined || one.depth >= found.depth)) found = one;
  }
  return found;
}
