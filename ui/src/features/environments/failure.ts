// What a failed deployment says: the signal that failed it in a sentence, the last log lines, and what was done then. Pure.
import type { DeploymentView } from "#ui/ipc";

/** A failure in its parts. */
export interface Failure {
  sentence: string;
  log: string[];
  /** What followed, such as a rollback. */
  after: string;
}

/** Takes a failure apart. */
export function failureOf({ issue, signal }: Pick<DeploymentView, "issue" | "signal">): Failure {
  const all = issue ?? "";
  const cause = signal ?? all;
  const [sentence = "", ...log] = cause.split("\n");
  const after = signal === null ? "" : all.startsWith(signal) ? all.slice(signal.length).trim() : all === signal ? "" : all;
  return { sentence, log, after };
}
