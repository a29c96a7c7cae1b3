/** The least change that makes one text of another, as an editor takes it. */
export function differenceOf(old: string, fresh: string): { from: number; to: number; insert: string } {
  let from = 0;
  while (from < old.length && from < fresh.length && old[from] === fresh[from]) from += 1;
  let tail = 0;
  while (tail < old.length - from && tail < fresh.length - from && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail += 1;
  return { from, to: old.length - tail, insert: fresh.slice(from, fresh.length - tail) };
}
