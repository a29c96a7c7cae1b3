// The window of a long list: which rows are drawn, and which are asked for. Pure, so that fifty thousand rows cost no more
// than fifty.

/** The height of a row. */
export const ROW = 30;
/** Rows drawn beyond what is in sight, so that a small scroll draws nothing. */
const BEYOND = 10;
/** Rows are asked for in whole blocks: a scroll within them asks for nothing. */
const BLOCK = 100;

/** Rows from `first` up to, without, `end`. */
export interface Span {
  first: number;
  end: number;
}

/** The rows to draw. `first` moves in steps, so that most scrolls change nothing. */
export function drawnRows(top: number, height: number, count: number): Span {
  const step = Math.max(0, Math.floor(top / ROW / BEYOND)) * BEYOND;
  const end = Math.min(count, step + Math.ceil(height / ROW / BEYOND) * BEYOND + 2 * BEYOND);
  return { first: Math.min(Math.max(0, step - BEYOND), end), end };
}

/** How many rows are drawn at most: so many elements are made once and used again for others. */
export function slotsOf(height: number): number {
  return Math.ceil(height / ROW / BEYOND) * BEYOND + 3 * BEYOND;
}

/** The row that an element shows: each shows the one of the drawn rows that falls to it, so that a scroll changes few. */
export function rowOfSlot(slot: number, slots: number, { first, end }: Span): number | undefined {
  const row = first + ((((slot - first) % slots) + slots) % slots);
  return row < end ? row : undefined;
}

/** The rows to ask for: the blocks that hold the drawn ones, and one on either side. */
export function askedRows({ first, end }: Span): { offset: number; limit: number } {
  const offset = Math.max(0, (Math.floor(first / BLOCK) - 1) * BLOCK);
  const last = (Math.floor(Math.max(first, end - 1) / BLOCK) + 2) * BLOCK;
  return { offset, limit: last - offset };
}

/** Where to scroll to, so that a row is in sight; undefined if it is. `head` is the height of what stands above the rows. */
export function scrollTo(index: number, top: number, height: number, head: number): number | undefined {
  const begin = index * ROW;
  if (begin < top) return begin;
  const bottom = begin + ROW + head - height;
  return bottom > top ? bottom : undefined;
}
