// The words of a log line: without a terminal's colours, with what is searched for marked. Pure.

// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[\d;?]*[A-Za-z]/g;

/** The text without control sequences. */
export function plainOf(text: string): string {
  return text.includes("\u001b") ? text.replaceAll(ESCAPES, "") : text;
}

/** A piece of a line. */
export interface Piece {
  text: string;
  isMarked: boolean;
}

/** The line in pieces that join to it again. */
export function marked(text: string, search: string): Piece[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return [{ text, isMarked: false }];
  const low = text.toLowerCase();
  const pieces: Piece[] = [];
  let end = 0;
  for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, end)) {
    if (at > end) pieces.push({ text: text.slice(end, at), isMarked: false });
    end = at + wanted.length;
    pieces.push({ text: text.slice(at, end), isMarked: true });
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isMarked: false });
  return pieces;
}

/** How many colours there are for pods. */
const COLOURS = 6;

/** A colour for each pod, in the order in which they were heard of, the known ones kept. */
export function coloursOf(known: ReadonlyMap<string, number>, pods: readonly string[]): ReadonlyMap<string, number> {
  const fresh = pods.filter((pod) => !known.has(pod));
  if (fresh.length === 0) return known;
  const all = new Map(known);
  for (const pod of fresh) if (!all.has(pod)) all.set(pod, all.size % COLOURS);
  return all;
}
