// Which lines of a log are rows: folded groups hide theirs, and the end of a group is never one.

/** Lines from `##[group]` to `##[endgroup]`, by number from 0. */
export interface LogGroup {
  start: number;
  /** The line that ends it; the log's end if nothing does. */
  end: number;
  isClosed: boolean;
}

/** Rows of a log and the lines they show. */
export interface LogRows {
  count: number;
  lineOf: (row: number) => number;
  /** A line that is hidden is at the row of the last one before it that is not. */
  rowOf: (line: number) => number;
}

/** The groups of a log, outer ones before inner ones. `isWhole` is false if there are more marks than are known. */
export function groupsOf(starts: readonly number[], ends: readonly number[], total: number, isWhole: boolean): LogGroup[] {
  const marks = [...starts.map((line) => ({ line, isStart: true })), ...ends.map((line) => ({ line, isStart: false }))].toSorted((left, right) => left.line - right.line);
  const groups: LogGroup[] = [];
  const open: LogGroup[] = [];
  for (const { line, isStart } of marks) {
    if (isStart) {
      const group = { start: line, end: Math.max(line, total - 1), isClosed: false };
      groups.push(group);
      open.push(group);
    } else {
      const group = open.pop();
      if (group !== undefined) Object.assign(group, { end: line, isClosed: true });
    }
  }
  // What ends beyond the known marks is left as it is.
  return isWhole ? groups : groups.filter((group) => group.isClosed);
}

/** The lines that nobody sees, as ranges that do not touch. */
function hiddenOf(groups: readonly LogGroup[], folded: ReadonlySet<number>): Array<[number, number]> {
  const ranges = groups.flatMap((group): Array<[number, number]> => {
    if (folded.has(group.start)) return group.end > group.start ? [[group.start + 1, group.end]] : [];
    return group.isClosed ? [[group.end, group.end]] : [];
  });
  const merged: Array<[number, number]> = [];
  for (const [first, last] of ranges.toSorted((left, right) => left[0] - right[0])) {
    const before = merged.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

/** The rows of a log with these groups, of which some are folded. */
export function rowsOf(total: number, groups: readonly LogGroup[], folded: ReadonlySet<number>): LogRows {
  // Stretches of lines in sight: where each begins, as a row and as a line.
  const stretches: Array<{ row: number; line: number }> = [{ row: 0, line: 0 }];
  let hidden = 0;
  for (const [first, last] of hiddenOf(groups, folded)) {
    if (first >= total) break;
    const row = first - hidden;
    hidden += Math.min(last, total - 1) - first + 1;
    stretches.push({ row, line: last + 1 });
  }
  const count = Math.max(0, total - hidden);
  const before = (key: "row" | "line", wanted: number): number => {
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((stretches[middle]?.[key] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    count,
    lineOf: (row) => {
      const stretch = stretches[before("row", row)] ?? { row: 0, line: 0 };
      return stretch.line + row - stretch.row;
    },
    rowOf: (line) => {
      const at = before("line", line);
      const stretch = stretches[at] ?? { row: 0, line: 0 };
      const next = stretches[at + 1]?.row ?? count;
      return Math.max(0, Math.min(stretch.row + line - stretch.line, next - 1));
    },
  };
}

/** The folded groups that hide a line. */
export function foldedAround(line: number, groups: readonly LogGroup[], folded: ReadonlySet<number>): number[] {
  return groups.filter((group) => folded.has(group.start) && group.start < line && line <= group.end).map((group) => group.start);
}
