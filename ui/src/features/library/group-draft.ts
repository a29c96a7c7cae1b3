// A variable group while it is typed, and what is wrong with it. Pure; Rust checks again and has the last word.
import type { VariableGroupView, VariableInput } from "#ui/ipc";

/** A variable in the form. `key` keeps its row while the name changes. */
export interface DraftVariable {
  key: number;
  name: string;
  value: string;
  isSecret: boolean;
  /** A secret has a value already; left empty, it stays. */
  isSet: boolean;
}

/** The form's fields. */
export interface GroupDraft {
  name: string;
  description: string;
  variables: DraftVariable[];
}

let nextKey = 0;

/** A row of its own. */
export function draftVariable(part: Partial<Omit<DraftVariable, "key">> = {}): DraftVariable {
  nextKey += 1;
  return { key: nextKey, name: "", value: "", isSecret: false, isSet: false, ...part };
}

/** The draft of a group; an empty one for a new group. */
export function draftOf(group: VariableGroupView | undefined): GroupDraft {
  return {
    name: group?.name ?? "",
    description: group?.description ?? "",
    variables: (group?.variables ?? []).map(({ name, value, isSecret, setAt }) => draftVariable({ name, value: value ?? "", isSecret, isSet: setAt !== null })),
  };
}

/** What keeps a draft from being saved; empty when nothing does. */
export function problemsOf(draft: GroupDraft, taken: readonly string[]): { name?: string; variables?: string } {
  const problems: { name?: string; variables?: string } = {};
  const name = draft.name.trim();
  if (name === "") problems.name = "Give the group a name.";
  else if (taken.some((known) => known.toLowerCase() === name.toLowerCase())) problems.name = `There is a group ${name} already.`;
  const names = draft.variables.map((one) => one.name.trim().toLowerCase()).filter((one) => one !== "");
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) problems.variables = `${twice} is there twice.`;
  else if (draft.variables.some((one) => one.name.trim() === "" && one.value !== "")) problems.variables = "A value needs a name.";
  return problems;
}

/** What is sent: a secret without a new value keeps the one it has. */
export function inputsOf(draft: GroupDraft): VariableInput[] {
  return draft.variables
    .filter(({ name }) => name.trim() !== "")
    .map(({ name, value, isSecret }) => ({ name: name.trim(), value: isSecret && value === "" ? null : value, isSecret }));
}
