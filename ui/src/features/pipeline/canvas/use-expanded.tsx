// The canvas of what the text comes to: templates read, loops gone through, conditions of `${{ if }}` decided, for
// parameters that are chosen here. It can be looked at, not worked on.
import { useState, type ReactNode } from "react";
import { Field, Note, Select, TextInput } from "#ui/components";
import { useQueryCommand, type BoardView, type ProjectId, type RunParameterView } from "#ui/ipc";
import styles from "./canvas.module.css";

export interface Expanded {
  /** Null while it is asked for, or the text does not come to anything. */
  board: BoardView | null;
  /** The parameters, and why there is nothing. */
  panel: ReactNode;
}

function Parameter({ parameter, value, onChange }: { parameter: RunParameterView; value: string | undefined; onChange: (value: string) => void }): ReactNode {
  const { kind, values } = parameter;
  const choices = kind === "boolean" ? ["true", "false"] : values;
  const shown = value ?? parameter.default ?? "";
  return (
    <Field label={parameter.displayName === "" ? parameter.name : parameter.displayName}>
      {choices.length > 0 ? (
        <Select options={(choices.includes(shown) ? choices : ["", ...choices]).map((choice) => ({ value: choice, label: choice === "" ? "choose one" : choice }))} value={shown} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <TextInput isMono value={shown} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

/** What a text comes to; asked for only while it is shown. */
export function useExpanded(projectId: ProjectId, text: string | null): Expanded {
  const [given, setGiven] = useState<Readonly<Record<string, string>>>({});
  const parameters = Object.entries(given).map(([name, value]) => ({ name, value }));
  const found = useQueryCommand("pipeline_expand", { projectId, text: text ?? "", parameters }, { enabled: text !== null, keepPrevious: true });
  const asked = found.data?.parameters ?? [];
  const errors = (found.data?.diagnostics ?? []).filter((one) => one.severity === "error");
  const [first] = errors;
  return {
    board: text === null ? null : (found.data?.board ?? null),
    panel: text !== null && (asked.length > 0 || first !== undefined || found.error !== null) && (
      <div className={styles.parameters}>
        {asked.map((parameter) => (
          <Parameter key={parameter.name} parameter={parameter} value={given[parameter.name]} onChange={(value) => setGiven((now) => ({ ...now, [parameter.name]: value }))} />
        ))}
        {(first !== undefined || found.error !== null) && (
          <Note tone="warning" title={found.error?.message ?? `Line ${first?.line ?? 0}: ${first?.message ?? ""}`}>
            {found.error?.hint ?? first?.hint}
          </Note>
        )}
      </div>
    ),
  };
}
