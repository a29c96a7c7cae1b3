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

/** Reads the pages that hold lines `first` to `last`; grows with `logGrew`. */
export function useLog(runId: RunId, recordId: RecordId, knownLines: number, first: number, last: number): Log {
  const [grown, setGrown] = useState(0);
  useLogGrew(runId, recordId, setGrown);
  const hint = Math.max(knownLines, grown);
  const firstPage = Math.floor(Math.max(0, first) / PAGE);
  const lastPage = Math.max(firstPage, Math.floor(Math.max(0, Math.min(last, hint - 1)) / PAGE));
  const pages = useMemo(() => Array.from({ length: lastPage - firstPage + 1 }, (_, index) => firstPage + index), [firstPage, lastPage]);
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
      const answer = answers[Math.floor(index / PAGE) - firstPage];
      return answer?.data?.lines[index % PAGE];
    },
    error: answers.find((answer) => answer.error !== null)?.error ?? null,
    isLoading: answers.some((answer) => answer.isPending),
  };
}
