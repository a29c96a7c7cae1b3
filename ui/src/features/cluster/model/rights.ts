// What somebody may do, from the rules that the API server gives. Pure.
import type { KubeRights } from "#ui/ipc";

/** Something that is done to a kind. */
export interface Deed {
  verb: string;
  group: string;
  /** With its part, such as `pods/log`. */
  resource: string;
  name?: string;
}

const has = (list: readonly string[], word: string): boolean => list.includes("*") || list.includes(word);

/** `*` stands for all, `*` `/scale` for the scale of all. */
function coversResource(resources: readonly string[], resource: string): boolean {
  const part = resource.split("/")[1];
  return has(resources, resource) || (part !== undefined && resources.includes(`*/${part}`));
}

/** Whether the rules allow it. Where the server could not tell all, what is unknown is not refused: the server has the last word. */
export function may(rights: KubeRights | undefined, { verb, group, resource, name }: Deed): boolean {
  if (rights === undefined) return false;
  if (rights.isIncomplete) return true;
  return rights.rules.some((rule) => has(rule.verbs, verb) && has(rule.groups, group) && coversResource(rule.resources, resource) && (rule.names.length === 0 || name === undefined || rule.names.includes(name)));
}
