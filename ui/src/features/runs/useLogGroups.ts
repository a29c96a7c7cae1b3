import { useMemo } from "react";
import type { RecordId, RunId } from "#ui/ipc";
import { groupsOf, type LogGroup } from "./log-rows";
import { useLogSearch } from "./useLogSearch";

const MARKS = String.raw`^##\[(group|endgroup)\]`;
const STARTS = String.raw`^##\[group\]`;

/** The groups of a step's whole log; the lines themselves are not read for it. */
export function useLogGroups(runId: RunId, recordId: RecordId, total: number): readonly LogGroup[] {
  const marks = useLogSearch(runId, recordId, total === 0 ? "" : MARKS, true, total);
  // Most logs have none, and are searched once.
  const starts = useLogSearch(runId, recordId, marks.count === 0 ? "" : STARTS, true, total);
  return useMemo(() => {
    if (starts.count === 0) return [];
    const known = new Set(starts.lines);
    const isWhole = marks.lines.length === marks.count && starts.lines.length === starts.count;
    return groupsOf(starts.lines, marks.lines.filter((line) => !known.has(line)), total, isWhole);
  }, [marks.lines, marks.count, starts.lines, starts.count, total]);
}
