import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { call, queryKey, toApiError, useLogGrew, type ApiError, type LogLine, type LogPage, type RecordId, type RunId } from "#ui/ipc";

/** Lines per page. */
export const PAGE = 500;

/** A log of which only the pages in sight are read. */
export interface Log {
  total: number;
  /** Undefined while its page is on its way. */
  line: (index: number) => LogLine | undefined;
  error: ApiError | null;
  isLoading: boolean;
}

/** The pages that hold these lines. */
export function pagesOf(lines: readonly number[]): number[] {
  return [...new Set(lines.map((line) => Math.floor(Math.max(0, line) / PAGE)))].toSorted((left, right) => left - right);
}

/** Reads these pages, of which the last may not be there yet; grows with `logGrew`. */
export function useLog(runId: RunId, recordId: RecordId, knownLines: number, wanted: readonly number[]): Log {
  const [grown, setGrown] = useState(0);
  useLogGrew(runId, recordId, setGrown);
  const hint = Math.max(knownLines, grown);
  const lastPage = Math.floor(Math.max(0, hint - 1) / PAGE);
  const key = wanted.filter((page) => page <= lastPage).join(" ") || "0";
  const pages = useMemo(() => key.split(" ").map(Number), [key]);
  const answers = useQueries({
    queries: pages.map((page) => {
      const request = { runId, recordId, from: page * PAGE, limit: PAGE };
      return {
        queryKey: queryKey("log_get", request),
        queryFn: async (): Promise<LogPage> => {
          try {
            return await call("log_get", request);
          } catch (thrown) {
            // oxlint-disable-next-line no-throw-literal, only-throw-error
            throw toApiError(thrown);
          }
        },
      };
    }),
  });
  const total = Math.max(hint, ...answers.map((answer) => answer.data?.total ?? 0));
  // A page that was read while the log was shorter is read again.
  const short = answers.find((answer, index) => {
    const from = (pages[index] ?? 0) * PAGE;
    return answer.data !== undefined && !answer.isFetching && answer.error === null && answer.data.total < total && answer.data.lines.length < Math.min(PAGE, total - from);
  });
  useEffect(() => {
    if (short !== undefined) void short.refetch();
  }, [short, total]);
  return {
    total,
    line: (index) => {
      const answer = answers[pages.indexOf(Math.floor(index / PAGE))];
      return answer?.data?.lines[index % PAGE];
    },
    error: answers.find((answer) => answer.error !== null)?.error ?? null,
    isLoading: answers.some((answer) => answer.isPending),
  };
}
