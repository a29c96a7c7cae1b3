// The order of promotion while it is changed by hand or key. Pure.

/** The list with one name at another place; the list itself if nothing moves. */
export function moved(names: readonly string[], name: string, to: number): readonly string[] {
  const from = names.indexOf(name);
  const place = Math.max(0, Math.min(names.length - 1, to));
  if (from < 0 || from === place) return names;
  const rest = names.filter((one) => one !== name);
  return [...rest.slice(0, place), name, ...rest.slice(place)];
}

/** The column over whose middle a pointer is: where a dragged column would go. */
export function placeAt(x: number, columns: readonly { left: number; width: number }[]): number {
  const before = columns.filter(({ left, width }) => left + width / 2 < x).length;
  return Math.min(before, columns.length - 1);
}

/** The order that is shown: what was wished for, as far as it is of the same names; else what is kept. */
export function shownOrder(kept: readonly string[], wished: readonly string[] | undefined): readonly string[] {
  if (wished === undefined || wished.length !== kept.length || wished.some((name) => !kept.includes(name))) return kept;
  return wished;
}
