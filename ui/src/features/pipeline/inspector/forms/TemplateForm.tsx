// The call of a template, or `extends`: the file, and values for the parameters it declares.
import { FileQuestion } from "lucide-react";
import type { ReactNode } from "react";
import { useDesk, useKey } from "../desk";
import { AlsoWritten } from "../fields/Elsewhere";
import { ValueField } from "../fields/KeyField";
import { restOf } from "../fields/rest-of";
import { RowsField } from "../fields/RowsField";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { useDeclared, type Declared } from "../fields/use-declared";
import styles from "../inspector.module.css";
import type { FieldKind, KeySpec } from "../spec/spec";
import { find, isExpression, textOf } from "../written";
import { inputLabel } from "./TaskForm";

const KINDS: Record<string, FieldKind> = { boolean: "flag", number: "number", string: "text" };
/** Types whose values are no single text. */
const STRUCTURES = new Set(["object", "legacyObject", "step", "stepList", "job", "jobList", "deployment", "deploymentList", "stage", "stageList", "container", "containerList", "stringList"]);

function specOf(one: Declared): KeySpec {
  return {
    keys: ["parameters", one.name],
    label: one.displayName === "" ? inputLabel(one.name) : one.displayName,
    kind: one.values.length > 0 ? "pick" : (KINDS[one.type] ?? "mono"),
    options: one.values,
    help: one.displayName === "" && one.type === "string" ? "" : `${one.name}, a ${one.type}`,
    isRequired: one.isRequired,
    ...(one.default === undefined ? {} : { fallback: one.default }),
  };
}

export function TemplateForm({ title }: { title: string }): ReactNode {
  const desk = useDesk();
  const key = useKey("template");
  const template = find(desk.written, "template");
  const parameters = find(desk.written, "parameters");
  const declared = useDeclared(template);
  const plainRows = declared === null || parameters?.form === "list" || parameters?.form === "text";
  const known = new Set((declared ?? []).map(({ name }) => name));
  return (
    <>
      <Section title={title} isOpen>
        <TextField label="Template" isMono isRequired value={textOf(desk.written, "template")} help="Its path from this file; with @alias when it is in another repository." check={(draft) => (draft.trim() === "" ? "It has to be given." : undefined)} save={(draft) => key.set(draft.trim())} />
        {declared === null && template !== undefined && !isExpression(template.text) && (
          <p className={styles.note}>
            <FileQuestion size={12} aria-hidden /> What it declares is not known here: its parameters are plain names and values.
          </p>
        )}
      </Section>
      <Section title="Parameters" isOpen note={parameters === undefined ? undefined : String(parameters.entries.length)}>
        {!plainRows &&
          (declared ?? []).map((one) => {
            const written = find(parameters, one.name);
            if (STRUCTURES.has(one.type) && written === undefined) {
              return (
                <p key={one.name} className={styles.note}>
                  <span className={styles.mono}>{one.name}</span>: {one.type}
                  {one.isRequired ? ", which has to be given in the text" : ", left out"}
                </p>
              );
            }
            return <ValueField key={one.name} spec={specOf(one)} written={written} save={(value) => desk.send({ gesture: "set", node: desk.path, keys: ["parameters", one.name], value })} />;
          })}
        {declared?.length === 0 && <p className={styles.note}>This template takes no parameters.</p>}
        {(plainRows || (parameters?.entries ?? []).some((entry) => !known.has(entry.key ?? ""))) && <RowsField legend={plainRows ? "Parameters" : "Parameters that the template does not declare"} word="parameter" keys={["parameters"]} without={(name) => !plainRows && known.has(name)} />}
      </Section>
      <AlsoWritten entries={restOf(desk.written, new Set(["template", "parameters"]))} />
    </>
  );
}
