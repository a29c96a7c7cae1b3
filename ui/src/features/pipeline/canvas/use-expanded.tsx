// The canvas of what the text comes to: templates read, loops gone through, conditions of `${{ if }}` decided, for
// parameters that are chosen here. It can be looked at, not worked on.
import { useState, type ReactNode } from "react";
import { Note } from "#ui/components";
import { useQueryCommand, type BoardView, type PlanView, type ProjectId } from "#ui/ipc";
import { Parameter } from "#ui/start/Parameter";
import styles from "./canvas.module.css";

export interface Expanded {
  /** Null while it is asked for, or the text does not come to anything. */
  board: BoardView | null;
  /** The same as a run names it. */
  plan: PlanView | null;
  /** The parameters, and why there is nothing. */
  panel: ReactNode;
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
    plan: text === null ? null : (found.data?.plan ?? null),
    panel: text !== null && (asked.length > 0 || first !== undefined || found.error !== null) && (
      <div className={styles.parameters}>
        {asked.map((parameter) => (
          <Parameter key={parameter.name} parameter={parameter} value={given[parameter.name] ?? parameter.default ?? ""} onChange={(value) => setGiven((now) => ({ ...now, [parameter.name]: value }))} />
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
