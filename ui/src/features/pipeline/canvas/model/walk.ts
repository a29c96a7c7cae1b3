// The ways of a keyboard over the canvas, and its search.
import type { Layout } from "./layout";
import type { Scene, SceneNode } from "./scene";
import { KIND_WORDS, subtitleOf, titleOf } from "./words";

export type Direction = "left" | "right" | "up" | "down";

/** The next node of the same kind of list in a direction, nearest first; null at the rim. */
export function neighbour(scene: Scene, layout: Layout, id: string, direction: Direction): string | null {
  const one = scene.byId.get(id);
  const from = layout.places.get(id);
  if (one === undefined || from === undefined) return null;
  const isAcross = direction === "left" || direction === "right";
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  const middle = { x: from.x + from.width / 2, y: from.y + from.height / 2 };
  let best: { id: string; cost: number } | null = null;
  for (const other of scene.nodes) {
    if (other.id === id || other.level !== one.level) continue;
    const box = layout.places.get(other.id);
    if (box === undefined) continue;
    // Steps in a block stand lower than it: the corner counts, not the middle.
    const along = isAcross ? sign * (box.x - from.x) : sign * (box.y - from.y);
    const aside = isAcross ? Math.abs(box.y + box.height / 2 - middle.y) : Math.abs(box.x + box.width / 2 - middle.x);
    const isOverlapping = isAcross ? box.y < from.y + from.height && box.y + box.height > from.y : box.x < from.x + from.width && box.x + box.width > from.x;
    if (along <= 1 || (!isAcross && !isOverlapping)) continue;
    const cost = along + aside * (isOverlapping ? 0.1 : 2);
    if (best === null || cost < best.cost) best = { id: other.id, cost };
  }
  return best?.id ?? null;
}

/** The first node inside, or null. */
export const inner = (scene: Scene, id: string): string | null => scene.byId.get(id)?.children[0] ?? null;

/** What it stands in, or null. */
export const outer = (scene: Scene, id: string): string | null => scene.byId.get(id)?.parent ?? null;

/** Nodes whose words hold all words of a query, in the order of the file. */
export function find(scene: Scene, query: string): string[] {
  const words = query.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const matches = ({ node }: SceneNode): boolean => {
    const all = `${node.kind} ${node.name} ${node.displayName} ${node.keyword} ${node.detail} ${node.condition}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  return scene.nodes.filter((one) => !one.isImplicit && matches(one)).map((one) => one.id);
}

/** What a screen reader says of a node. */
export function nameOf(scene: Scene, one: SceneNode): string {
  const { node } = one;
  const parts = [`${KIND_WORDS[node.kind]} ${titleOf(node)}`];
  const sub = subtitleOf(node);
  if (sub !== "") parts.push(sub);
  const before = (scene.waits.get(one.id) ?? []).flatMap((from) => scene.byId.get(from) ?? []);
  if (before.length > 0) parts.push(`after ${before.map((from) => titleOf(from.node)).join(" and ")}`);
  if (node.legs.length > 0) parts.push(`${node.legs.length} legs`);
  if (node.condition !== "") parts.push(`with a condition`);
  if (!node.isEnabled) parts.push("off");
  if (one.holds !== null) parts.push(one.children.length === 0 ? "empty" : `${one.children.length} inside`);
  return parts.join(", ");
}
