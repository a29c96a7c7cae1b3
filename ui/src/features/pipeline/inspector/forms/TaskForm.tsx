// A task, by the inputs it declares: those that matter for what is written, under their headings. Of a task that nobody
// knows, its inputs are plain names and values.
import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useQueryCommand, type TaskView } from "#ui/ipc";
import { Note } from "#ui/components";
import { useDesk, useKey } from "../desk";
import { AlsoWritten, Elsewhere } from "../fields/Elsewhere";
import { ValueField } from "../fields/KeyField";
import { restOf } from "../fields/rest-of";
import { RowsField } from "../fields/RowsField";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import styles from "../inspector.module.css";
import type { FieldKind, KeySpec, Source } from "../spec/spec";
import { inputRows, isMissing, taskOf, type InputRow } from "../spec/task-form";
import type { Json } from "../wire";
import { find, textOf } from "../written";
import { DisplayName, StepCommon, stepKeys } from "./StepForm";

const KINDS: Record<string, FieldKind> = { text: "text", lines: "script", boolean: "flag", path: "mono", number: "number", pick: "pick", connection: "suggest", secureFile: "suggest" };

function sourceOf(kind: string, name: string): Source | undefined {
  if (kind === "secureFile") return "secureFiles";
  if (kind !== "connection") return undefined;
  return /registry/i.test(name) ? "registries" : "connections";
}

/** An input's name as words: `buildContext` is `Build context`. */
export function inputLabel(name: string): string {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`).replaceAll(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function specOf({ input, key }: InputRow): KeySpec {
  const isOpenPick = input.kind === "pick" && input.isOpen;
  const source = sourceOf(input.kind, input.name);
  return {
    keys: ["inputs", key],
    label: inputLabel(key),
    kind: isOpenPick ? "suggest" : (KINDS[input.kind] ?? "text"),
    help: input.help,
    options: input.options,
    isRequired: input.isRequired && (input.default ?? "") === "",
    ...(source === undefined ? {} : { source }),
    ...(input.default === null ? {} : { fallback: input.default }),
  };
}

function Inputs({ rows }: { rows: readonly InputRow[] }): ReactNode {
  const desk = useDesk();
  return rows.map((row) => <ValueField key={row.input.name} spec={specOf(row)} written={row.written} save={(value: Json) => desk.send({ gesture: "set", node: desk.path, keys: ["inputs", row.key], value })} />);
}

/** A heading of the declaration; `Advanced` opens by itself only when something of it is written or missing. */
function Group({ title, rows }: { title: string; rows: readonly InputRow[] }): ReactNode {
  const count = rows.filter((row) => row.written !== undefined).length;
  const missing = rows.filter(isMissing).length;
  return (
    <Section title={title} isOpen={title.toLowerCase() !== "advanced" || count > 0 || missing > 0} note={missing > 0 ? `${missing} missing` : count === 0 ? undefined : `${count} set`}>
      <Inputs rows={rows} />
    </Section>
  );
}

function Known({ task }: { task: TaskView }): ReactNode {
  const { written } = useDesk();
  const inputs = find(written, "inputs");
  const rows = inputRows(task, inputs);
  const shown = rows.filter((row) => row.isShown);
  const main = shown.filter((row) => row.input.group === "");
  const idle = rows.filter((row) => !row.isShown && row.written !== undefined);
  const missing = main.filter(isMissing);
  const known = new Set(rows.filter((row) => row.written !== undefined).map((row) => row.key));
  const isOdd = inputs !== undefined && inputs.form !== "map" && inputs.form !== "nothing";
  const hasUndeclared = inputs?.form === "map" && inputs.entries.some((entry) => entry.key !== null && !known.has(entry.key));
  const groups = [...new Set(shown.map((row) => row.input.group))].filter((group) => group !== "");
  return (
    <>
      {(main.length > 0 || shown.length === 0 || isOdd || task.whyNot !== null) && (
      <Section title="Inputs" isOpen note={missing.length === 0 ? undefined : `${missing.length} missing`}>
        {task.whyNot !== null && <Note tone="warning">{task.whyNot}</Note>}
        {isOdd ? <Elsewhere label="inputs" written={inputs} /> : <Inputs rows={main} />}
        {shown.length === 0 && <p className={styles.note}>This task takes no inputs.</p>}
      </Section>
      )}
      {!isOdd && groups.map((group) => <Group key={group} title={group} rows={shown.filter((row) => row.input.group === group)} />)}
      {hasUndeclared && (
        <Section title="Not declared by the task" isOpen>
          <RowsField legend="Inputs" word="input" keys={["inputs"]} without={(key) => known.has(key)} />
        </Section>
      )}
      {idle.length > 0 && (
        <Section title="Without effect" isOpen note={String(idle.length)}>
          <p className={styles.note}>These are written, but matter only with other inputs than those above.</p>
          <Inputs rows={idle.map((row) => ({ ...row, input: { ...row.input, isRequired: false } }))} />
        </Section>
      )}
    </>
  );
}

export function TaskForm(): ReactNode {
  const desk = useDesk();
  const key = useKey("task");
  const tasks = useQueryCommand("task_list", {});
  const reference = textOf(desk.written, "task");
  const task = taskOf(tasks.data ?? [], reference);
  const suggestions = (tasks.data ?? []).filter((one) => one.isUsed).map((one) => ({ value: `${one.name}@${one.version}`, detail: one.help }));
  return (
    <>
      <Section title={task?.friendlyName ?? "Task"} isOpen>
        <DisplayName />
        <TextField label="Task" isMono isRequired value={reference} help={task?.help} suggestions={suggestions} check={(draft) => (draft.trim() === "" ? "It has to be given." : undefined)} save={(draft) => key.set(draft.trim())} />
      </Section>
      {task !== undefined ? (
        <Known key={`${task.name}@${task.version}`} task={task} />
      ) : (
        <Section title="Inputs" isOpen>
          {tasks.data !== undefined && (
            <p className={styles.note}>
              <TriangleAlert size={12} aria-hidden /> Nobody here knows {reference === "" ? "this task" : reference}, so its inputs are plain names and values.
            </p>
          )}
          <RowsField legend="Inputs" word="input" keys={["inputs"]} />
        </Section>
      )}
      <StepCommon />
      <AlsoWritten entries={restOf(desk.written, stepKeys(["task", "inputs"]))} />
    </>
  );
}
