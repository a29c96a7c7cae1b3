// The window of a watched list: asks for the blocks in sight, again when the list has changed, one question at a time.
import { useCallback, useEffect, useRef, useState } from "react";
import { call, toApiError, useAppEvent, type ApiError, type KubeColumn, type KubeRow, type KubeRows, type KubeSort } from "#ui/ipc";
import { askedRows, type Span } from "../model/window";
import { keepColumns, keepRows } from "../model/rows";

/** While a list is read for the first time its count grows; no event may come before there is one. */
const LISTING_MS = 150;

/** What is known of the list. */
export interface List {
  state: KubeRows["state"];
  problem: string | null;
  total: number;
  matching: number;
  columns: KubeColumn[];
  offset: number;
  rows: KubeRow[];
}

const NOTHING: List = { state: "listing", problem: null, total: 0, matching: 0, columns: [], offset: 0, rows: [] };

interface Wish {
  watchId: string;
  filter: string;
  sort: KubeSort | null;
  offset: number;
  limit: number;
}

/** The rows around `drawn` of a watch. */
export function useList(watchId: string | undefined, filter: string, sort: KubeSort | null, drawn: Span): { list: List; error: ApiError | null } {
  const [known, setKnown] = useState<{ watchId: string | undefined; list: List; error: ApiError | null }>({ watchId: undefined, list: NOTHING, error: null });
  const wish = useRef<Wish>(undefined);
  const isAsking = useRef(false);
  const isStale = useRef(false);
  const { offset, limit } = askedRows(drawn);

  const ask = useCallback(async (): Promise<void> => {
    isStale.current = true;
    if (isAsking.current) return;
    isAsking.current = true;
    while (isStale.current && wish.current !== undefined) {
      isStale.current = false;
      const asked: Wish = wish.current;
      try {
        // One after the other: an answer to an older wish must not come after a newer one.
        // oxlint-disable-next-line no-await-in-loop
        const found = await call("kube_rows", asked);
        if (wish.current?.watchId !== asked.watchId) continue;
        setKnown((old) => {
          const { columns, rows } = old.watchId === asked.watchId ? old.list : NOTHING;
          const list = { state: found.state, problem: found.problem, total: found.total, matching: found.matching, columns: keepColumns(columns, found.columns), offset: asked.offset, rows: keepRows(rows, found.rows) };
          return { watchId: asked.watchId, list, error: null };
        });
      } catch (thrown) {
        if (wish.current?.watchId === asked.watchId) setKnown((old) => ({ watchId: asked.watchId, list: old.watchId === asked.watchId ? old.list : NOTHING, error: toApiError(thrown) }));
      }
    }
    isAsking.current = false;
  }, []);

  useEffect(() => {
    wish.current = watchId === undefined ? undefined : { watchId, filter, sort, offset, limit };
    // The answer is set when it comes, not here.
    // oxlint-disable-next-line set-state-in-effect
    if (watchId !== undefined) void ask();
  }, [ask, watchId, filter, sort, offset, limit]);
  useAppEvent("kubeChanged", ({ id }) => {
    if (id === wish.current?.watchId) void ask();
  });
  const { list, error } = known.watchId === watchId ? known : { list: NOTHING, error: null };
  const isListing = list.state === "listing" && watchId !== undefined;
  useEffect(() => {
    if (!isListing) return undefined;
    const timer = setInterval(() => void ask(), LISTING_MS);
    return () => clearInterval(timer);
  }, [ask, isListing]);
  return { list, error };
}
