// Which control fits a parameter of a pipeline. Pure.
import type { RunParameterView } from "#ui/ipc";

/** The control that a parameter gets. */
export type ParameterControl = "choice" | "boolean" | "number" | "lines" | "text";

/** Which control fits a parameter's type. */
export function controlOf(parameter: RunParameterView): ParameterControl {
  if (parameter.kind === "stringList") return "lines";
  if (parameter.values.length > 0) return "choice";
  if (parameter.kind === "boolean") return "boolean";
  if (parameter.kind === "number") return "number";
  if (["object", "legacyObject"].includes(parameter.kind) || /^(step|job|deployment|stage|container)(List)?$/.test(parameter.kind)) return "lines";
  return "text";
}
