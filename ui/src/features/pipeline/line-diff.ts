// The difference of two texts by lines, for the question whose version of the file shall stay. Pure.

/** One line of a difference. */
export interface DiffRow {
  kind: "context" | "added" | "removed";
  /** 1-based; null where the side has no such line. */
  oldLine: number | null;
  newLine: number | null;
  text: string;
}

/** Lines kept around a difference. */
const AROUND = 3;
/** Beyond so many cells of comparison the middle is shown as removed and added as a whole. */
const MOST_CELLS = 4_000_000;

/** Lengths of the longest common run of lines from each pair of places on. */
function table(one: readonly string[], other: readonly string[]): Uint32Array {
  const width = other.length + 1;
  const cells = new Uint32Array((one.length + 1) * width);
  for (let row = one.length - 1; row >= 0; row -= 1) {
    for (let column = other.length - 1; column >= 0; column -= 1) {
      const at = row * width + column;
      cells[at] = one[row] === other[column] ? (cells[at + width + 1] ?? 0) + 1 : Math.max(cells[at + width] ?? 0, cells[at + 1] ?? 0);
    }
  }
  return cells;
}

/** Every line of both texts, in order. */
function allRows(one: readonly string[], other: readonly string[]): DiffRow[] {
  let head = 0;
  while (head < one.length && head < other.length && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < one.length - head && tail < other.length - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail += 1;
  const [left, right] = [one.slice(head, one.length - tail), other.slice(head, other.length - tail)];
  const cells = left.length * right.length <= MOST_CELLS ? table(left, right) : undefined;
  const rows: DiffRow[] = [];
  let [old, fresh] = [0, 0];
  const same = (text: string): void => {
    old += 1;
    fresh += 1;
    rows.push({ kind: "context", oldLine: old, newLine: fresh, text });
  };
  const take = (kind: "added" | "removed", text: string): void => {
    if (kind === "removed") old += 1;
    else fresh += 1;
    rows.push({ kind, oldLine: kind === "removed" ? old : null, newLine: kind === "added" ? fresh : null, text });
  };
  for (const text of one.slice(0, head)) same(text);
  let [row, column] = [0, 0];
  while (row < left.length || column < right.length) {
    const [mine, theirs] = [left[row], right[column]];
    const at = row * (right.length + 1) + column;
    if (mine !== undefined && mine === theirs && cells !== undefined) {
      same(mine);
      row += 1;
      column += 1;
    } else if (mine !== undefined && (theirs === undefined || cells === undefined || (cells[at + right.length + 1] ?? 0) >= (cells[at + 1] ?? 0))) {
      take("removed", mine);
      row += 1;
    } else {
      take("added", theirs ?? "");
      column += 1;
    }
  }
  for (const text of one.slice(one.length - tail)) same(text);
  return rows;
}

/** A text of nothing has no line, not an empty one. */
const linesOf = (text: string): string[] => (text === "" ? [] : text.split("\n"));

/** The places where two texts differ, with a few lines around each; one list a place. */
export function diffLines(one: string, other: string): DiffRow[][] {
  const rows = allRows(linesOf(one), linesOf(other));
  const hunks: DiffRow[][] = [];
  let [hunk, last]: [DiffRow[], number] = [[], -1];
  for (const [index, row] of rows.entries()) {
    if (row.kind === "context") continue;
    const first = Math.max(last + 1, index - AROUND);
    if (hunk.length === 0 || first > last + 1) hunks.push((hunk = []));
    hunk.push(...rows.slice(first, index + 1));
    last = index;
    // What follows up to the next difference, at most so many lines.
    let end = index + 1;
    while (end < rows.length && end <= index + AROUND && rows[end]?.kind === "context") end += 1;
    hunk.push(...rows.slice(index + 1, end));
    last = end - 1;
  }
  return hunks;
}
