// Server state: TanStack Query over `call`. Answers never go stale by time; a mutation's tags and `changed` events
// make them stale. A screen never copies an answer into a store of its own.
import { QueryClient, useMutation, usePrefetchQuery, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { call, onAppEvent } from "./call";
import { COMMANDS, type ApiError, type AppEvent, type CommandName, type Commands, type Tag } from "./generated/contract";
import { toApiError } from "./host";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: ApiError;
    mutationMeta: { failureTitle?: string; quiet?: boolean };
  }
}

/** A client with the house settings. `onFailure` shows the toast of a failed mutation. */
export function makeQueryClient(onFailure?: (error: ApiError, title: string) => void): QueryClient {
  const client = new QueryClient({
    defaultOptions: {
      queries: { staleTime: Infinity, gcTime: 10 * 60_000, networkMode: "always", retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false },
      mutations: { networkMode: "always", retry: false },
    },
  });
  client.getMutationCache().config.onError = (error, _variables, _result, mutation) => {
    const failure = toApiError(error);
    if (failure.kind === "cancelled" || mutation.meta?.quiet === true) return;
    onFailure?.(failure, mutation.meta?.failureTitle ?? "That did not work");
  };
  return client;
}

/** Marks every answer stale that carries one of the tags. */
export function invalidateTags(client: QueryClient, tags: readonly Tag[]): Promise<void> {
  if (tags.length === 0) return Promise.resolve();
  return client.invalidateQueries({
    predicate: (query) => {
      const command = COMMANDS[query.queryKey[0] as CommandName];
      return command !== undefined && command.provides.some((tag) => tags.includes(tag));
    },
  });
}

/** Keeps the cache in step with the host; returns the stop. Bursts of events become one invalidation per 80 ms. */
export function followEvents(client: QueryClient): () => void {
  let pending = new Set<Tag>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = onAppEvent((event) => {
    if (event.type !== "changed") return;
    for (const tag of event.tags) pending.add(tag);
    timer ??= setTimeout(() => {
      const tags = [...pending];
      pending = new Set();
      timer = undefined;
      void invalidateTags(client, tags);
    }, 80);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** The key an answer is cached under. */
export function queryKey<N extends CommandName>(name: N, request: Commands[N]["request"]): readonly [N, Commands[N]["request"]] {
  return [name, request];
}

/** What a query hook may be told. */
export interface QueryOptions {
  /** False waits: for example until a project is known. */
  enabled?: boolean;
  /** Keeps showing the last answer while another request is on its way. */
  keepPrevious?: boolean;
  /** Asks again after so many ms, for what no event announces. */
  pollMs?: number;
  /** Asks whenever a screen begins to read, for what changes without an event; the last answer is shown meanwhile. */
  isFresh?: boolean;
}

function asking<N extends CommandName>(name: N, request: Commands[N]["request"]) {
  return async (): Promise<Commands[N]["response"]> => {
    try {
      return await call(name, request);
    } catch (thrown) {
      // Screens read `error` as an ApiError.
      // oxlint-disable-next-line no-throw-literal, only-throw-error
      throw toApiError(thrown);
    }
  };
}

/** Asks for what a screen will read, while its code is still on its way. */
export function usePrefetchCommand<N extends CommandName>(name: N, request: Commands[N]["request"]): void {
  usePrefetchQuery({ queryKey: queryKey(name, request), queryFn: asking(name, request) });
}

/** Reads: `useQueryCommand("run_get", { runId })`. */
export function useQueryCommand<N extends CommandName>(name: N, request: Commands[N]["request"], options: QueryOptions = {}): UseQueryResult<Commands[N]["response"]> {
  return useQuery<Commands[N]["response"]>({
    queryKey: queryKey(name, request),
    queryFn: asking(name, request),
    enabled: options.enabled ?? true,
    placeholderData: options.keepPrevious === true ? (previous) => previous : undefined,
    refetchInterval: options.pollMs ?? false,
    refetchOnMount: options.isFresh === true ? "always" : true,
  });
}

/** What a mutation hook may be told. */
export interface MutationOptions {
  /** Title of the toast when it fails, such as `The run was not started`. */
  failureTitle?: string;
  /** True when the screen shows the failure itself. */
  quiet?: boolean;
}

/** Writes: `const start = useMutationCommand("run_start"); start.mutate({ projectId, … })`. */
export function useMutationCommand<N extends CommandName>(name: N, options: MutationOptions = {}): UseMutationResult<Commands[N]["response"], ApiError, Commands[N]["request"]> {
  const client = useQueryClient();
  return useMutation<Commands[N]["response"], ApiError, Commands[N]["request"]>({
    mutationKey: [name],
    mutationFn: async (request) => {
      try {
        return await call(name, request);
      } catch (thrown) {
        // oxlint-disable-next-line no-throw-literal, only-throw-error
        throw toApiError(thrown);
      }
    },
    onSuccess: () => invalidateTags(client, COMMANDS[name].invalidates),
    meta: { failureTitle: options.failureTitle, quiet: options.quiet },
  });
}

/** Calls back for every event of one type while the component is mounted. */
export function useAppEvent<T extends AppEvent["type"]>(type: T, onEvent: (event: Extract<AppEvent, { type: T }>) => void): void {
  const latest = useRef(onEvent);
  useEffect(() => {
    latest.current = onEvent;
  });
  useEffect(
    () =>
      onAppEvent((event) => {
        if (event.type === type) latest.current(event as Extract<AppEvent, { type: T }>);
      }),
    [type],
  );
}

/** Calls back when the log of one record grew: `lines` is how many it has now. */
export function useLogGrew(runId: string, recordId: string, onGrew: (lines: number) => void): void {
  useAppEvent("logGrew", (event) => {
    if (event.runId === runId && event.recordId === recordId) onGrew(event.lines);
  });
}
