// What the inspector reads and sends: the tree of what is written, and gestures. Positions count UTF-16 code units.
import { toApiError } from "#ui/ipc";

export type { BoardNodeView, BoardView, Edit, EditAt, FilterList, FilterOn, Gesture, TriggerKey, WrittenView } from "#ui/ipc";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** The words of a refusal, with what to do about it. */
export function refusalOf(thrown: unknown): string {
  const error = toApiError(thrown);
  return error.hint === null || error.hint === "" ? error.message : `${error.message} ${error.hint}`;
}
