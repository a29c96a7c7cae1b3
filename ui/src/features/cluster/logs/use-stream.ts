// The joined log of some pods while it is looked at: started, read on when it has grown, stopped when it is left.
import { useEffect, useState } from "react";
import { call, onAppEvent, toApiError, type ApiError, type KubeLogLine, type KubeLogStart, type KubeStreamState } from "#ui/ipc";

const PAGE = 1_000;
/** More lines would make the page heavy; the oldest go first, and it is said. */
export const MOST_LINES = 20_000;
/** An event may be lost with the line to the host; then the log is behind by no more than this. */
const LOOK_MS = 2_000;

/** What has been read. */
export interface Stream {
  lines: readonly KubeLogLine[];
  state: KubeStreamState;
  problem: string | null;
  /** Lines that were let go. */
  dropped: number;
  error: ApiError | null;
}

const BEGIN: Stream = { lines: [], state: "starting", problem: null, dropped: 0, error: null };

/** The lines so far and the new ones, at most so many. */
export function joined(lines: readonly KubeLogLine[], fresh: readonly KubeLogLine[], most = MOST_LINES): { lines: readonly KubeLogLine[]; dropped: number } {
  const all = fresh.length === 0 ? lines : [...lines, ...fresh];
  const over = Math.max(0, all.length - most);
  return { lines: over === 0 ? all : all.slice(over), dropped: over };
}

/** Starts the log that is wished for, and stops it when another is. */
function useStarted(key: string): { streamId: string | undefined; error: ApiError | null } {
  const [started, setStarted] = useState<{ key: string; streamId: string | undefined; error: ApiError | null }>({ key: "", streamId: undefined, error: null });
  useEffect(() => {
    let isOver = false;
    let own: string | undefined;
    const stop = (streamId: string): void => {
      void call("kube_log_stop", { streamId }).catch(() => undefined);
    };
    call("kube_log_start", JSON.parse(key) as KubeLogStart).then(
      ({ streamId }) => {
        own = streamId;
        if (isOver) stop(streamId);
        else setStarted({ key, streamId, error: null });
      },
      (thrown: unknown) => {
        if (!isOver) setStarted({ key, streamId: undefined, error: toApiError(thrown) });
      },
    );
    return () => {
      isOver = true;
      if (own !== undefined) stop(own);
    };
  }, [key]);
  return started.key === key ? started : { streamId: undefined, error: null };
}

/** Reads a log; `search` leaves only the lines that have the words. */
export function useStream(wish: KubeLogStart, search: string): Stream {
  const { streamId, error } = useStarted(JSON.stringify(wish));
  const wanted = search.trim();
  const own = `${streamId ?? ""} ${wanted}`;
  const [read, setRead] = useState<{ of: string; stream: Stream }>({ of: "", stream: BEGIN });
  useEffect(() => {
    if (streamId === undefined) return undefined;
    let isOver = false;
    let after = 0;
    let isBehind = false;
    let isReading = false;
    let isEnded = false;
    const change = (how: (old: Stream) => Stream): void => {
      setRead((old) => {
        const before = old.of === own ? old.stream : BEGIN;
        const next = how(before);
        return old.of === own && next === before ? old : { of: own, stream: next };
      });
    };
    const more = async (): Promise<void> => {
      isBehind = true;
      if (isReading) return;
      isReading = true;
      while (isBehind && !isOver) {
        isBehind = false;
        try {
          // Page after page, in their order.
          // oxlint-disable-next-line no-await-in-loop
          const page = await call("kube_log_page", { streamId, after, limit: PAGE, search: wanted === "" ? null : wanted });
          if (isOver) break;
          isBehind = isBehind || page.lines.length === PAGE;
          after = page.next;
          isEnded = (page.state === "ended" || page.state === "failed") && page.lines.length === 0;
          change((old) => {
            const next = joined(old.lines, page.lines);
            return old.lines === next.lines && old.state === page.state && old.problem === page.problem && old.error === null ? old : { lines: next.lines, state: page.state, problem: page.problem, dropped: old.dropped + next.dropped, error: null };
          });
        } catch (thrown) {
          if (!isOver) change((old) => ({ ...old, error: toApiError(thrown) }));
        }
      }
      isReading = false;
    };
    void more();
    const stopListening = onAppEvent((event) => {
      if (event.type === "kubeChanged" && event.id === streamId) void more();
    });
    const timer = setInterval(() => {
      if (!isEnded) void more();
    }, LOOK_MS);
    return () => {
      isOver = true;
      stopListening();
      clearInterval(timer);
    };
  }, [streamId, wanted, own]);
  if (error !== null) return { ...BEGIN, error };
  return read.of === own ? read.stream : BEGIN;
}
