// Where something goes: what is dropped at a point, what is added beside a selection, what is moved by a key.
import { SIZE, type Box, type Layout } from "./layout";
import { pathOf, siblingsOf, wayTo, type ListLevel, type Scene, type SceneNode } from "./scene";

/** A place among siblings: `into` is a node's path or "" for the file, `before` a sibling or null for the end. */
export interface Aim {
  into: string;
  before: string | null;
}

/** An aim with the line that shows it. */
export interface DropAim extends Aim {
  mark: Box;
}

const isInside = (box: Box, x: number, y: number): boolean => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

/** The list level of the file itself. */
export function rootLevel(scene: Scene): ListLevel {
  return scene.level === "jobs" ? "jobs" : scene.level === "steps" ? "steps" : "stages";
}

/** The innermost box at a point that takes nodes of a level and is not carried itself. */
function holderAt(scene: Scene, layout: Layout, level: ListLevel, carried: ReadonlySet<string>, x: number, y: number): SceneNode | "file" | null {
  let found: SceneNode | null = null;
  for (const one of scene.nodes) {
    if (one.holds !== level) continue;
    const box = layout.places.get(one.id);
    if (box === undefined || !isInside(box, x, y) || wayTo(scene, one.id).some((above) => carried.has(above.id))) continue;
    if (found === null || one.depth >= found.depth) found = one;
  }
  return found ?? (rootLevel(scene) === level && level !== "steps" ? "file" : null);
}

/** Where nodes of a level go that are let go at a point; null where they cannot stand. */
export function dropAim(scene: Scene, layout: Layout, level: ListLevel, carried: readonly string[], x: number, y: number): DropAim | null {
  if (level === "hooks") return null;
  const own = new Set(carried);
  const holder = holderAt(scene, layout, level, own, x, y);
  if (holder === null) return null;
  const into = holder === "file" ? "" : holder.node.path;
  const all = holder === "file" ? scene.roots : holder.children;
  const boxes = all.filter((id) => !own.has(id)).map((id) => ({ id, box: layout.places.get(id) ?? { x: 0, y: 0, width: 0, height: 0 } }));
  return { into, ...(level === "steps" ? amongRows(boxes, y) : amongColumns(boxes, x, y, level === "stages")), mark: markOf(layout, holder, level, boxes, x, y) };
}

interface Placed {
  id: string;
  box: Box;
}

function amongRows(boxes: readonly Placed[], y: number): { before: string | null } {
  return { before: boxes.find(({ box }) => y < box.y + box.height / 2)?.id ?? null };
}

/** Stages side by side are in order from left to right, jobs of a column from top to bottom. */
function amongColumns(boxes: readonly Placed[], x: number, y: number, isAcross: boolean): { before: string | null } {
  const column = boxes.filter(({ box }) => x >= box.x - SIZE.column / 2 && x <= box.x + box.width + SIZE.column / 2);
  const isBeside = isAcross && column.length <= 1;
  const next = isBeside ? boxes.find(({ box }) => x < box.x + box.width / 2) : column.find(({ box }) => y < box.y + box.height / 2);
  if (next !== undefined) return { before: next.id };
  const last = isBeside ? undefined : column.at(-1);
  const at = last === undefined ? -1 : boxes.indexOf(last);
  return { before: at < 0 ? null : (boxes[at + 1]?.id ?? null) };
}

function markOf(layout: Layout, holder: SceneNode | "file", level: ListLevel, boxes: readonly Placed[], x: number, y: number): Box {
  const { before } = level === "steps" ? amongRows(boxes, y) : amongColumns(boxes, x, y, level === "stages");
  const at = boxes.findIndex(({ id }) => id === before);
  const next = boxes[at]?.box;
  const last = boxes.at(-1)?.box;
  const frame = holder === "file" ? undefined : layout.places.get(holder.id);
  if (level === "stages") {
    if (next !== undefined) return { x: next.x - SIZE.stageColumn / 2, y: next.y, width: 3, height: next.height };
    if (last !== undefined) return { x: last.x + last.width + SIZE.stageColumn / 2, y: last.y, width: 3, height: last.height };
    return { x: 0, y: 0, width: 3, height: SIZE.card.height };
  }
  const gap = (level === "steps" ? SIZE.step.gap : SIZE.row) / 2;
  if (next !== undefined) return { x: next.x, y: next.y - gap - 1, width: next.width, height: 3 };
  if (last !== undefined) return { x: last.x, y: last.y + last.height + gap - 1, width: last.width, height: 3 };
  return { x: (frame?.x ?? 0) + SIZE.pad.job, y: (frame?.y ?? 0) + SIZE.head.job, width: SIZE.step.width, height: 3 };
}

/** Behind a sibling: before the one that follows it. */
function behind(scene: Scene, id: string): Aim {
  const one = scene.byId.get(id);
  const siblings = siblingsOf(scene, id);
  return { into: pathOf(scene, one?.parent ?? null), before: siblings[siblings.indexOf(id) + 1] ?? null };
}

/** Where something of a level is added while a node is selected; null if it has no place there. */
export function addAim(scene: Scene, selected: string | null, level: "stages" | "jobs" | "steps"): Aim | null {
  const way = selected === null ? [] : wayTo(scene, selected);
  for (const one of way.toReversed()) {
    if (one.level === level && one.parent !== null) return behind(scene, one.id);
    if (one.level === level && level === rootLevel(scene)) return behind(scene, one.id);
    if (one.holds === level && one.level !== level) return { into: one.node.path, before: null };
  }
  const inner = selected === null ? undefined : firstHolder(scene, selected, level);
  if (inner !== undefined) return { into: inner.node.path, before: null };
  if (scene.level === "empty" || rootLevel(scene) === level) return { into: "", before: null };
  // A list of stages takes a step into the last job that there is.
  const last = scene.nodes.findLast((one) => one.holds === level && one.node.kind !== "directive");
  if (last !== undefined) return { into: last.node.path, before: null };
  // Jobs and stages are put around what there is.
  return level === "stages" || (level === "jobs" && scene.level === "steps") ? { into: "", before: null } : null;
}

function firstHolder(scene: Scene, id: string, level: ListLevel): SceneNode | undefined {
  const one = scene.byId.get(id);
  if (one === undefined) return undefined;
  if (one.holds === level) return one;
  for (const child of one.children) {
    const found = firstHolder(scene, child, level);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where a node stands after one step back or on among its siblings; null at the end. */
export function shiftAim(scene: Scene, id: string, by: 1 | -1): Aim | null {
  const one = scene.byId.get(id);
  if (one === undefined || one.isImplicit || one.level === "hooks") return null;
  const siblings = siblingsOf(scene, id);
  const at = siblings.indexOf(id);
  if (by === -1) return at <= 0 ? null : { into: pathOf(scene, one.parent), before: siblings[at - 1] ?? null };
  return at >= siblings.length - 1 ? null : { into: pathOf(scene, one.parent), before: siblings[at + 2] ?? null };
}

/** The next box before or behind that holds the same kind; where a key carries a node over. */
export function carryAim(scene: Scene, id: string, by: 1 | -1): Aim | null {
  const one = scene.byId.get(id);
  if (one === undefined || one.isImplicit || one.level === "hooks") return null;
  const own = new Set(scene.nodes.filter((other) => wayTo(scene, other.id).some((above) => above.id === id)).map((other) => other.id));
  const holders = scene.nodes.filter((other) => other.holds === one.level && !own.has(other.id));
  const at = holders.findIndex((other) => other.id === one.parent);
  const next = at < 0 ? undefined : holders[at + by];
  return next === undefined ? null : { into: next.node.path, before: by === 1 ? (next.children[0] ?? null) : null };
}
