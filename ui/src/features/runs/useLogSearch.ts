import { useEffect, useState } from "react";
import { useQueryCommand, type ApiError, type RecordId, type RunId } from "#ui/ipc";

/** Typing pauses this long before the log is searched. */
const PAUSE_MS = 150;
/** A log that grows is searched again at most this often. */
const AGAIN_MS = 1000;

/** What a search found: line numbers from 0, in order. */
export interface LogSearchState {
  lines: readonly number[];
  /** All that match; more than `lines` names if there are very many. */
  count: number;
  isSearching: boolean;
  error: ApiError | null;
}

const NONE: readonly number[] = [];

/** Searches the whole log of a step where it is kept, so that the page reads only what it shows. */
export function useLogSearch(runId: RunId, recordId: RecordId, text: string, isRegex: boolean, total: number): LogSearchState {
  const [pattern, setPattern] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setPattern(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const isAsked = text !== "" && pattern !== "";
  // A regular expression says by itself (`(?i)`) if case is to be ignored.
  const answer = useQueryCommand("log_search", { runId, recordId, pattern, isRegex, isCaseSensitive: isRegex }, { enabled: isAsked });
  const { data, isFetching, refetch } = answer;
  const isBehind = isAsked && data !== undefined && data.total < total;
  useEffect(() => {
    if (!isBehind || isFetching) return;
    const timer = setTimeout(() => void refetch(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, [isBehind, isFetching, refetch]);
  const isKnown = isAsked && data !== undefined;
  return {
    lines: isKnown ? data.lines : NONE,
    count: isKnown ? data.count : 0,
    isSearching: text !== "" && (text !== pattern || answer.isPending),
    error: isAsked ? (answer.error as ApiError | null) : null,
  };
}
