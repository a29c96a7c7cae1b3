// A parameter of a pipeline by its type, wherever a run or what the text comes to is asked for.
import type { ReactNode } from "react";
import { Checkbox, Field, Select, TextArea, TextInput } from "#ui/components";
import type { RunParameterView } from "#ui/ipc";
import { controlOf } from "./parameter-control";

export interface ParameterProps {
  parameter: RunParameterView;
  value: string;
  problem?: string | undefined;
  onChange: (value: string) => void;
}

/** The control of a parameter, with its name. */
export function Parameter({ parameter, value, problem, onChange }: ParameterProps): ReactNode {
  const { kind, values } = parameter;
  const label = parameter.displayName === "" ? parameter.name : parameter.displayName;
  switch (controlOf(parameter)) {
    case "boolean":
      return <Checkbox label={label} isChecked={value.toLowerCase() === "true"} onChange={(isChecked) => onChange(isChecked ? "true" : "false")} />;
    case "choice":
      return (
        <Field label={label} error={problem}>
          {/* One without a default has none of its values yet. */}
          <Select options={(values.includes(value) ? values : [value, ...values]).map((one) => ({ value: one, label: one === "" ? "choose one" : one }))} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
        </Field>
      );
    case "lines":
      return (
        <Field label={label} error={problem} help={`${kind}, written as YAML`}>
          <TextArea isMono rows={3} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
        </Field>
      );
    case "number":
    case "text":
      return (
        <Field label={label} error={problem}>
          <TextInput inputMode={kind === "number" ? "decimal" : undefined} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
        </Field>
      );
  }
}
