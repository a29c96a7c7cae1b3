// Which inputs of a task matter, given what is written: the rule that the check and the run have, for a form. Pure.
import type { TaskInputView, TaskView } from "#ui/ipc";
import type { WrittenView } from "../wire";
import { isExpression } from "../written";

/** An input with what is written for it. */
export interface InputRow {
  input: TaskInputView;
  /** The key as it is written, or as it would be. */
  key: string;
  written: WrittenView | undefined;
  isShown: boolean;
}

const isNamed = (input: TaskInputView, name: string): boolean => [input.name, ...input.aliases].some((own) => own.toLowerCase() === name.toLowerCase());

/** The task that a step names: `Docker@2`, also with the names of its extension in front. */
export function taskOf(tasks: readonly TaskView[], reference: string): TaskView | undefined {
  const [name = "", version] = reference.split("@");
  const isMeant = (task: TaskView): boolean => [task.name, task.fullName ?? ""].some((own) => own !== "" && own.toLowerCase() === name.toLowerCase()) && (version === undefined || version.split(".")[0] === String(task.version));
  const meant = tasks.filter(isMeant);
  return meant.find((task) => task.isUsed) ?? meant[0];
}

/** The rows of a task's form, in the order of its declaration. */
export function inputRows(task: TaskView, inputs: WrittenView | undefined): InputRow[] {
  const entries = inputs?.form === "map" ? inputs.entries : [];
  const entryOf = (input: TaskInputView): WrittenView["entries"][number] | undefined => entries.find((entry) => entry.key !== null && isNamed(input, entry.key));
  const holds = (rule: TaskInputView["shownWhen"][number]): boolean => {
    const other = task.inputs.find((input) => isNamed(input, rule.input));
    if (other === undefined) return true;
    const written = entryOf(other)?.value;
    // Only a run can tell: the input may matter.
    if (written !== undefined && (written.form === "map" || written.form === "list" || isExpression(written.text))) return true;
    const value = (written?.text ?? other.default ?? "").trim().toLowerCase();
    return rule.is.some((word) => word.toLowerCase() === value) !== rule.isNot;
  };
  return task.inputs.map((input) => {
    const entry = entryOf(input);
    return { input, key: entry?.key ?? input.aliases[0] ?? input.name, written: entry?.value, isShown: input.shownWhen.every(holds) };
  });
}

/** Whether a row has to be filled and is not. */
export const isMissing = (row: InputRow): boolean => row.isShown && row.input.isRequired && (row.input.default ?? "") === "" && (row.written === undefined || (row.written.form !== "map" && row.written.form !== "list" && row.written.text.trim() === ""));
