// ipc: the only way out of the page. Rules:
//  - commands and their types come from generated/contract.ts (made by `cargo xtask bindings`; never edited here);
//  - read with useQueryCommand(name, request), write with useMutationCommand(name); both are typed by the name alone;
//  - `error` of a query or mutation is always an ApiError: hand it to <ErrorState/>;
//  - only tauri.ts may import @tauri-apps/*.
export * from "./generated/contract";
export { call, CALL_TIMEOUT_MS, host, onAppEvent, openHost, setHost } from "./call";
export { ApiFailure, toApiError, type Host } from "./host";
export {
  followEvents,
  invalidateTags,
  makeQueryClient,
  queryKey,
  useAppEvent,
  useLogGrew,
  useMutationCommand,
  usePrefetchCommand,
  useQueryCommand,
  type MutationOptions,
  type QueryOptions,
} from "./query";
