// What may stand on a side of a comparison: predefined variables, those of the file, parameters, results of what is waited for.
import { useDesk } from "../desk";
import { useNode } from "../use-node";
import type { WrittenView } from "../wire";
import { find, isDirective } from "../written";
import type { Suggestion } from "./SuggestInput";

const PREDEFINED: readonly Suggestion[] = [
  { value: "variables['Build.SourceBranch']", detail: "refs/heads/main" },
  { value: "variables['Build.SourceBranchName']", detail: "main" },
  { value: "variables['Build.Reason']", detail: "Manual, IndividualCI, PullRequest, Schedule" },
  { value: "variables['Build.DefinitionName']", detail: "the pipeline’s name" },
  { value: "variables['System.PullRequest.TargetBranch']", detail: "refs/heads/main" },
  { value: "variables['System.PullRequest.IsFork']", detail: "True, False" },
];
const LATE: readonly Suggestion[] = [
  { value: "variables['Agent.OS']", detail: "Linux, Darwin, Windows_NT" },
  { value: "variables['Agent.JobStatus']", detail: "Succeeded, Failed" },
];

/** Names of variables in either form. */
export function variableNames(written: WrittenView | null | undefined): string[] {
  if (written?.form === "map") return written.entries.flatMap(({ key }) => (key === null || isDirective(key) ? [] : [key]));
  if (written?.form === "list") return written.entries.map(({ value }) => find(value, "name")?.text ?? "").filter((name) => name !== "");
  return [];
}

const reference = (context: string, name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? `${context}.${name}` : `${context}['${name}']`);

/** Proposals for the sides of a comparison. */
export function useOperands(place: "template" | "graph" | "step"): Suggestion[] {
  const { projectId, text, board, node } = useDesk();
  const variables = useNode(projectId, text, "/variables", board).written;
  const parameters = useNode(projectId, text, place === "template" ? "/parameters" : undefined, board).written;
  const own = variableNames(variables).map((name) => ({ value: `variables['${name}']` }));
  const waited = place === "graph" ? (node?.dependsOn ?? []).map((name) => ({ value: `${reference("dependencies", name)}.result`, detail: "Succeeded, SucceededWithIssues, Skipped, Failed, Canceled" })) : [];
  const declared = parameters?.form === "list" ? variableNames(parameters).map((name) => ({ value: reference("parameters", name) })) : [];
  return [...declared, ...waited, ...own, ...PREDEFINED, ...(place === "step" ? LATE : [])];
}
