// What the inspector reads and sends: the tree of what is written, and gestures. Positions count UTF-16 code units.
import { call, toApiError, type CommandName } from "#ui/ipc";

export type { BoardNodeView, BoardView, PipelineNodeView, WrittenView } from "#ui/ipc";

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export type TriggerWord = "trigger" | "pr";
export type FilterOn = "branches" | "paths" | "tags";
export type FilterList = "include" | "exclude";
export interface At {
  path?: string;
}

/** The edits of the document that the forms send. */
export type Edit =
  | { edit: "all"; edits: Edit[] }
  | { edit: "set"; path: string; value: Json }
  | { edit: "insertItem"; path: string; index?: number; value: Json }
  | { edit: "insertEntry"; path: string; key: string; value: Json }
  | { edit: "remove"; path: string }
  | { edit: "renameKey"; path: string; to: string }
  | { edit: "move"; path: string; index: number }
  | { edit: "renameStep"; at: At; to: string }
  | { edit: "setVariable"; at: At; name: string; value: Json }
  | { edit: "renameVariable"; at: At; name: string; to: string }
  | { edit: "removeVariable"; at: At; name: string }
  | { edit: "addParameter"; name: string; value?: Json }
  | { edit: "setParameter"; name: string; key: string; value: Json }
  | { edit: "renameParameter"; name: string; to: string }
  | { edit: "removeParameter"; name: string }
  | { edit: "setTrigger"; trigger: TriggerWord; value: Json }
  | { edit: "addFilter"; trigger: TriggerWord; on: FilterOn; list: FilterList; pattern: string }
  | { edit: "removeFilter"; trigger: TriggerWord; on: FilterOn; list: FilterList; pattern: string };

/** One change that somebody asks for. */
export type Gesture =
  | { gesture: "set"; node: string; keys: string[]; value: Json }
  | { gesture: "rename"; node: string; to: string }
  | { gesture: "connect" | "disconnect"; from: string; to: string }
  | { gesture: "convert"; node: string; to: "job" | "deployment"; environment: string | null }
  | { gesture: "remove"; nodes: string[] }
  | { gesture: "duplicate"; nodes: string[] }
  | { gesture: "wrap"; nodes: string[]; directive: string }
  | { gesture: "unwrap"; node: string }
  | { gesture: "add"; into: string; before: string | null; what: "stage" | "job" | "deployment" | "step" | "template" | "if" | "each"; name: string | null; value: Json }
  | { gesture: "edit"; edit: Edit };

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
