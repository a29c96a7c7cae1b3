// What the inspector reads and sends: the tree of what is written, and gestures. Positions count UTF-16 code units.
import { call, toApiError, type CommandName } from "#ui/ipc";

export type { BoardNodeView, BoardView, Edit, EditAt, FilterList, FilterOn, Gesture, TriggerKey, WrittenView } from "#ui/ipc";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface TriggerAnswer {
  starts: boolean;
  reason: string;
}

export interface TriggerQuestion {
  projectId: string;
  text: string;
  branch: string;
  event: "push" | "pullRequest";
  paths: string[];
}

// Commands that the contract may not have yet.
const ask = async <A>(name: string, request: unknown): Promise<A> => (await call(name as CommandName, request as never)) as A;

/** Whether a push or pull request would start the pipeline. */
export const askTrigger = (question: TriggerQuestion): Promise<TriggerAnswer> => ask("pipeline_trigger", question);

/** The words of a refusal, with what to do about it. */
export function refusalOf(thrown: unknown): string {
  const error = toApiError(thrown);
  return error.hint === null || error.hint === "" ? error.message : `${error.message} ${error.hint}`;
}
