// What a run is asked for: parameters by their type, variables that may get another value. Pure.
import type { RunForm, RunVariable } from "#ui/ipc";

/** Values as they are typed, by name. */
export type Values = Readonly<Record<string, string>>;

/** A variable that only this run has. `key` keeps its row while the name changes. */
export interface ExtraVariable {
  key: number;
  name: string;
  value: string;
  isSecret: boolean;
}

/** The values a form begins with. */
export function defaultsOf(form: RunForm): Values {
  return Object.fromEntries(form.parameters.map((one) => [one.name, one.default ?? (one.kind === "boolean" ? "false" : (one.values[0] ?? ""))]));
}

/** What keeps a run from being started, by parameter; empty when nothing does. */
export function problemsOf(form: RunForm, values: Values): Values {
  const problems: Record<string, string> = {};
  for (const parameter of form.parameters) {
    const value = (values[parameter.name] ?? "").trim();
    if (value === "" && parameter.default === null) problems[parameter.name] = `A value for the '${parameter.name}' parameter must be provided.`;
    else if (value !== "" && parameter.kind === "number" && Number.isNaN(Number(value))) problems[parameter.name] = "Write a number.";
  }
  return problems;
}

/** Parameters that differ from their defaults; the rest keep what the file says. */
export function parametersOf(form: RunForm, values: Values): { name: string; value: string }[] {
  return form.parameters.map(({ name }) => ({ name, value: values[name] ?? "" })).filter(({ name, value }, index) => value !== (form.parameters[index]?.default ?? "") || form.parameters.find((one) => one.name === name)?.default === null);
}

/** Variables of the settings that got another value, and those of this run alone. */
export function variablesOf(form: RunForm, values: Values, extra: readonly ExtraVariable[]): RunVariable[] {
  const settable = form.variables.filter((one) => one.isSettable && values[one.name] !== undefined && values[one.name] !== "" && values[one.name] !== one.value);
  return [
    ...settable.map(({ name, isSecret }) => ({ name, value: values[name] ?? "", isSecret })),
    ...extra.filter(({ name }) => name.trim() !== "").map(({ name, value, isSecret }) => ({ name: name.trim(), value, isSecret })),
  ];
}
