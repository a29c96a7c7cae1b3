// Places for the map of a namespace: what routes and owns stands left of what is routed to and owned. Pure.
import type { KubeMap } from "#ui/ipc";

export const NODE = { width: 224, height: 52 } as const;
const GAP = { x: 72, y: 14 } as const;

export interface Place {
  x: number;
  y: number;
}

/** The column of each node: one right of the rightmost that leads to it. A circle ends where it closes. */
function columnsOf({ nodes, edges }: KubeMap): Map<string, number> {
  // What is mounted stands behind all that mounts it.
  const ways = edges.filter(({ kind }) => kind !== "mounts");
  const [into, from] = [new Map<string, string[]>(), new Map<string, string[]>()];
  for (const way of ways) {
    into.set(way.to, [...(into.get(way.to) ?? []), way.from]);
    from.set(way.from, [...(from.get(way.from) ?? []), way.to]);
  }
  const columns = new Map<string, number>();
  const visiting = new Set<string>();
  const columnOf = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    if (visiting.has(id)) return 0;
    visiting.add(id);
    const before = (into.get(id) ?? []).map(columnOf);
    const column = before.length === 0 ? 0 : Math.max(...before) + 1;
    visiting.delete(id);
    columns.set(id, column);
    return column;
  };
  for (const { id } of nodes) columnOf(id);
  // Whoever leads only to what stands far right stands next to it, so that no line runs behind another node.
  for (const { id } of nodes.toReversed()) {
    const after = (from.get(id) ?? []).map((to) => columns.get(to) ?? 0);
    if (after.length > 0) columns.set(id, Math.max(columns.get(id) ?? 0, Math.min(...after) - 1));
  }
  const last = Math.max(0, ...columns.values());
  for (const { to, kind } of edges) if (kind === "mounts") columns.set(to, last + 1);
  return columns;
}

/** Connected nodes together, each group below the one before; within a column the order of what leads to it. */
export function placesOf(map: KubeMap): Map<string, Place> {
  const columns = columnsOf(map);
  const near = new Map<string, string[]>(map.nodes.map(({ id }) => [id, []]));
  for (const { from, to } of map.edges) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const places = new Map<string, Place>();
  const isPlaced = new Set<string>();
  let top = 0;
  const lone: string[] = [];
  for (const { id } of map.nodes) {
    if (isPlaced.has(id)) continue;
    const group = [id];
    isPlaced.add(id);
    for (const one of group) {
      for (const next of near.get(one) ?? []) {
        if (isPlaced.has(next) || !near.has(next)) continue;
        isPlaced.add(next);
        group.push(next);
      }
    }
    if (group.length === 1) {
      lone.push(id);
      continue;
    }
    const depth = new Map<number, number>();
    const least = Math.min(...group.map((one) => columns.get(one) ?? 0));
    for (const one of group) {
      const column = (columns.get(one) ?? 0) - least;
      const row = depth.get(column) ?? 0;
      depth.set(column, row + 1);
      places.set(one, { x: column * (NODE.width + GAP.x), y: top + row * (NODE.height + GAP.y) });
    }
    top += Math.max(...depth.values()) * (NODE.height + GAP.y) + GAP.y * 2;
  }
  // What hangs on nothing stands below, side by side.
  for (const [at, id] of lone.entries()) places.set(id, { x: (at % 4) * (NODE.width + GAP.x), y: top + Math.floor(at / 4) * (NODE.height + GAP.y) });
  return places;
}
