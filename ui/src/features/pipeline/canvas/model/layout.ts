// Where each node of a scene is drawn. The order of the file is the order on the canvas: nothing is moved to save a
// crossing, so that an edit never makes the rest jump. Stages and jobs stand in columns by what they wait for.
import { flat, type Scene, type SceneNode } from "./scene";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Places by id, relative to the parent's corner, and the size of the whole. */
export interface Layout {
  boxes: ReadonlyMap<string, Box>;
  /** Places on the whole canvas. */
  places: ReadonlyMap<string, Box>;
  width: number;
  height: number;
}

/** Lengths in pixels at zoom 1. */
export const SIZE = {
  step: { width: 248, height: 44, gap: 6 },
  card: { width: 248, height: 56 },
  head: { stage: 52, job: 56, small: 34 },
  pad: { stage: 16, job: 10, small: 8 },
  /** The row that adds a step. */
  foot: 34,
  hollow: 40,
  column: 56,
  row: 18,
  stageColumn: 72,
  stageRow: 32,
} as const;

type Extent = { width: number; height: number };

interface Item extends Extent {
  id: string;
  waitsFor: readonly number[];
}

/** Puts items into columns, each behind what it waits for; returns their corners and the size. */
export function columns(items: readonly Item[], gapX: number, gapY: number): { corners: { x: number; y: number }[]; extent: Extent } {
  const layer: number[] = [];
  const open = new Set<number>();
  const layerOf = (index: number): number => {
    const known = layer[index];
    if (known !== undefined) return known;
    // A circle is an error that the check names; here it must only end.
    if (open.has(index)) return 0;
    open.add(index);
    const found = Math.max(0, ...(items[index]?.waitsFor ?? []).map((before) => layerOf(before) + 1));
    open.delete(index);
    layer[index] = found;
    return found;
  };
  const widths: number[] = [];
  const heights: number[] = [];
  const rows = items.map((item, index) => {
    const at = layerOf(index);
    widths[at] = Math.max(widths[at] ?? 0, item.width);
    const top = heights[at] === undefined ? 0 : heights[at] + gapY;
    heights[at] = top + item.height;
    return { at, top };
  });
  const lefts: number[] = [];
  let right = 0;
  for (let at = 0; at < widths.length; at += 1) {
    lefts[at] = right;
    right += (widths[at] ?? 0) + gapX;
  }
  return {
    corners: rows.map(({ at, top }) => ({ x: lefts[at] ?? 0, y: top })),
    extent: { width: Math.max(0, right - gapX), height: Math.max(0, ...heights.map((height) => height ?? 0)) },
  };
}

/** Lays a scene out. `closed` groups show their head only; `canEdit` leaves room for the rows that add. */
export function layoutOf(scene: Scene, closed: ReadonlySet<string>, canEdit: boolean): Layout {
  const boxes = new Map<string, Box>();
  const put = (id: string, x: number, y: number, extent: Extent): void => void boxes.set(id, { x, y, ...extent });

  const stack = (ids: readonly string[], left: number, top: number): Extent => {
    let y = top;
    let width: number = SIZE.step.width;
    for (const id of ids) {
      const extent = measure(id);
      put(id, left, y, extent);
      y += extent.height + SIZE.step.gap;
      width = Math.max(width, extent.width);
    }
    // Rows are as wide as the widest of them.
    for (const id of ids) {
      const box = boxes.get(id);
      if (box !== undefined) box.width = width;
    }
    return { width, height: ids.length === 0 ? SIZE.hollow : y - top - SIZE.step.gap };
  };

  const grid = (ids: readonly string[], left: number, top: number, isStages: boolean): Extent => {
    const homes = new Map<string, number>();
    ids.forEach((id, index) => {
      for (const inner of flat(scene, [id])) homes.set(inner.id, index);
      homes.set(id, index);
    });
    const items = ids.map((id, index): Item => {
      const own = flat(scene, [id]);
      const before = own.flatMap((inner) => scene.waits.get(inner.id) ?? []).flatMap((from) => homes.get(from) ?? []);
      return { id, ...measure(id), waitsFor: [...new Set(before)].filter((at) => at !== index) };
    });
    const { corners, extent } = columns(items, isStages ? SIZE.stageColumn : SIZE.column, isStages ? SIZE.stageRow : SIZE.row);
    items.forEach((item, index) => put(item.id, left + (corners[index]?.x ?? 0), top + (corners[index]?.y ?? 0), item));
    return ids.length === 0 ? { width: SIZE.step.width, height: SIZE.hollow } : extent;
  };

  const group = (one: SceneNode, head: number, pad: number, foot: number): Extent => {
    if (closed.has(one.id)) return { width: SIZE.step.width + 2 * pad, height: head };
    const inner = one.holds === "steps" || one.holds === "hooks" ? stack(one.children, pad, head) : grid(one.children, pad, head, one.holds === "stages");
    return { width: inner.width + 2 * pad, height: head + inner.height + pad + foot };
  };

  const measure = (id: string): Extent => {
    const one = scene.byId.get(id);
    if (one === undefined) return { width: 0, height: 0 };
    const { kind } = one.node;
    if (one.holds === null) return one.level === "steps" ? SIZE.step : SIZE.card;
    if (kind === "stage") return group(one, SIZE.head.stage, SIZE.pad.stage, canEdit ? SIZE.foot : 0);
    if (kind === "job") return group(one, SIZE.head.job, SIZE.pad.job, canEdit ? SIZE.foot : 0);
    if (kind === "deployment") return group(one, SIZE.head.job, SIZE.pad.job, 0);
    if (kind === "hook") return group(one, SIZE.head.small, SIZE.pad.small, canEdit ? SIZE.foot : 0);
    return group(one, SIZE.head.small, one.level === "steps" ? SIZE.pad.small : SIZE.pad.stage, 0);
  };

  const whole = grid(scene.roots, 0, 0, scene.level !== "jobs" && scene.level !== "steps");
  const places = new Map<string, Box>();
  // Parents come first.
  for (const { id, parent } of scene.nodes) {
    const own = boxes.get(id);
    const above = parent === null ? undefined : places.get(parent);
    if (own !== undefined && (parent === null || above !== undefined)) places.set(id, { ...own, x: own.x + (above?.x ?? 0), y: own.y + (above?.y ?? 0) });
  }
  return { boxes, places, width: scene.roots.length === 0 ? 0 : whole.width, height: scene.roots.length === 0 ? 0 : whole.height };
}
