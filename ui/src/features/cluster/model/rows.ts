// Rows as they come again and again: what is equal stays the same object, so that it is not drawn again. Pure.
import type { KubeColumn, KubeRow } from "#ui/ipc";

const isEqual = (one: KubeRow, other: KubeRow): boolean => one.uid === other.uid && one.state === other.state && one.name === other.name && one.namespace === other.namespace && one.createdAt === other.createdAt && one.cells.length === other.cells.length && one.cells.every((cell, at) => cell === other.cells[at]);

/** The new rows, each replaced by the old one where nothing differs. */
export function keepRows(old: readonly KubeRow[], fresh: readonly KubeRow[]): KubeRow[] {
  const known = new Map(old.map((row) => [row.uid, row]));
  return fresh.map((row) => {
    const before = known.get(row.uid);
    return before !== undefined && isEqual(before, row) ? before : row;
  });
}

/** The same columns again, if nothing differs. */
export function keepColumns(old: readonly KubeColumn[], fresh: KubeColumn[]): KubeColumn[] {
  const isSame = old.length === fresh.length && old.every((column, at) => column.name === fresh[at]?.name);
  return isSame ? (old as KubeColumn[]) : fresh;
}

/** Columns whose words have a length of their own: `CrashLoopBackOff` is what one looks for, `1/1` is short. */
const KNOWN_WIDTHS: Readonly<Record<string, readonly [number, number]>> = { Ready: [58, 0], Status: [138, 1.6], IP: [60, 0.9], Node: [60, 0.9] };

/** A column's least width in px and its share of what is left; no share keeps it as it is. */
function widthOf(column: KubeColumn): readonly [least: number, share: number] {
  const known = KNOWN_WIDTHS[column.name];
  if (known !== undefined && !column.isTime) return known;
  if (column.isTime) return [68, 0];
  if (column.isNumber) return [80, 0];
  return [76, 1];
}

/** The tracks of the table's grid and the least width of them all: a dot, the name, then the rest and `extra` numbers. */
export function tracksOf(columns: readonly KubeColumn[], hasNamespace: boolean, extra: number): { tracks: string; least: number } {
  const widths: (readonly [number, number])[] = [[26, 0], [200, 2.6], ...(hasNamespace ? [[104, 0.9] as const] : []), ...columns.map(widthOf)];
  for (let at = 0; at < extra; at += 1) widths.push([76, 0]);
  return { tracks: widths.map(([least, share]) => (share === 0 ? `${least}px` : `minmax(${least}px, ${share}fr)`)).join(" "), least: widths.reduce((sum, [least]) => sum + least, 0) };
}

/** `4 d`, `3 h`, `12 min`, `8 s`: how long ago, short enough for a column. */
export function ageOf(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** The time in a cell of a time column: in ms, or written out. */
export function timeOf(cell: string): number | undefined {
  if (cell === "") return undefined;
  const at = /^\d+$/.test(cell) ? Number(cell) : Date.parse(cell);
  return Number.isNaN(at) ? undefined : at;
}
