// An environment while it is typed, and what is wrong with it. Pure; Rust checks again and has the last word.
import type { TargetKind } from "#ui/ipc";

/** A variable in the form. `key` keeps its row while the name changes. */
export interface DraftVariable {
  key: number;
  name: string;
  value: string;
}

/** The form's fields. */
export interface Draft {
  name: string;
  target: TargetKind;
  context: string;
  namespace: string;
  variables: DraftVariable[];
}

/** What to say under a field. */
export interface DraftProblems {
  name?: string;
  context?: string;
  namespace?: string;
  variables?: string;
}

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What keeps a draft from being saved; empty when nothing does. `taken` is null for an environment that exists. */
export function problemsOf(draft: Draft, taken: readonly string[] | null): DraftProblems {
  const problems: DraftProblems = {};
  const name = draft.name.trim();
  if (name === "") problems.name = "Give the environment a name.";
  else if (taken?.includes(name) === true) problems.name = `${name} exists already. Close this and edit it instead.`;
  else if (taken !== null && !label.test(name)) problems.name = "Use lower-case letters, digits and hyphens, at most 63.";
  if (draft.target === "kubernetes") {
    if (draft.context.trim() === "") problems.context = "Name the context to deploy with.";
    const namespace = draft.namespace.trim();
    if (namespace !== "" && !label.test(namespace)) problems.namespace = "Use lower-case letters, digits and hyphens.";
  }
  const names = draft.variables.map((one) => one.name.trim()).filter((one) => one !== "");
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  const nameless = draft.variables.some((one) => one.name.trim() === "" && one.value !== "");
  if (twice !== undefined) problems.variables = `${twice} is there twice.`;
  else if (nameless) problems.variables = "A value needs a name.";
  return problems;
}
