// What the project has that a field may name: environments, variable groups, secure files, and what the file
// declares or names already.
import { useMemo } from "react";
import { useQueryCommand } from "#ui/ipc";
import { useDesk } from "../desk";
import type { Source } from "../spec/spec";
import type { WrittenView } from "../wire";
import { find, isExpression } from "../written";
import { connectionKeys, connectionsOf } from "./connections";
import type { Suggestion } from "./SuggestInput";
import { useNode } from "../use-node";

/** The connection to the registry that runs here. */
const LOCAL = "local";

/** Names of the items of a list of resources. */
function declared(resources: WrittenView | null, list: string, key: string): Suggestion[] {
  const items = find(resources ?? undefined, list)?.entries ?? [];
  return items.flatMap((item) => {
    const name = find(item.value, key)?.text ?? "";
    return name === "" || isExpression(name) ? [] : [{ value: name, detail: find(item.value, key === "container" ? "image" : "name")?.text || undefined }];
  });
}

/** Proposals of a source; empty while they are not known. */
export function useSource(source: Source | undefined): Suggestion[] {
  const { projectId, board, text } = useDesk();
  const environments = useQueryCommand("environment_list", { projectId }, { enabled: source === "environments" });
  const groups = useQueryCommand("variable_group_list", { projectId }, { enabled: source === "groups" });
  const files = useQueryCommand("secure_file_list", { projectId }, { enabled: source === "secureFiles" });
  const pools = useQueryCommand("pool_mapping_list", { projectId }, { enabled: source === "pools" });
  const isConnection = source === "connections" || source === "registries";
  const tasks = useQueryCommand("task_list", {}, { enabled: isConnection });
  const body = isConnection ? text() : "";
  const connections = useMemo(() => (body === "" ? [] : connectionsOf(body, connectionKeys(tasks.data ?? []))), [body, tasks.data]);
  const isResource = source === "repositories" || source === "containers" || source === "pipelines";
  const resources = useNode(projectId, text, isResource ? "/resources" : undefined, board);
  switch (source) {
    case "environments":
      return (environments.data ?? []).map(({ name }) => ({ value: name }));
    case "groups":
      return (groups.data ?? []).map(({ name, description }) => ({ value: name, detail: description === "" ? undefined : description }));
    case "secureFiles":
      return (files.data ?? []).map(({ name }) => ({ value: name }));
    case "pools":
      return (pools.data ?? []).map(({ label }) => ({ value: label }));
    case "connections":
      return connections.map((name) => ({ value: name, detail: "named in this file" }));
    case "registries":
      return [{ value: LOCAL, detail: "Slipway’s own registry" }, ...connections.filter((name) => name !== LOCAL).map((name) => ({ value: name, detail: "named in this file" }))];
    case "repositories":
      return declared(resources.written, "repositories", "repository");
    case "containers":
      return declared(resources.written, "containers", "container");
    case "pipelines":
      return declared(resources.written, "pipelines", "pipeline");
    default:
      return [];
  }
}
