// What can be done with an object of a kind, as far as the rights allow it. Pure.
import type { KubeKindView, KubeRights } from "#ui/ipc";
import { may } from "../model/rights";

/** What is offered for an object. */
export interface Deeds {
  logs: boolean;
  shell: boolean;
  forward: boolean;
  scale: boolean;
  restart: boolean;
  remove: boolean;
  edit: boolean;
}

const LOGS = new Set(["pods", "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]);
const RESTART = new Set(["deployments.apps", "statefulsets.apps", "daemonsets.apps"]);
const FORWARD = new Set(["pods", "services", "deployments.apps"]);

/** The deeds that are offered: those of the kind that the server would let through. */
export function deedsOf(kind: Pick<KubeKindView, "group" | "plural" | "subresources">, word: string, name: string, rights: KubeRights | undefined): Deeds {
  const { group, plural } = kind;
  const onPods = (verb: string, part: string): boolean => may(rights, { verb, group: "", resource: `pods/${part}` });
  const onIt = (verb: string, resource = plural): boolean => may(rights, { verb, group, resource, name });
  return {
    logs: LOGS.has(word) && onPods("get", "log"),
    shell: word === "pods" && onPods("create", "exec"),
    forward: FORWARD.has(word) && onPods("create", "portforward"),
    scale: kind.subresources.includes("scale") && (onIt("patch", `${plural}/scale`) || onIt("update", `${plural}/scale`)),
    restart: RESTART.has(word) && onIt("patch"),
    remove: onIt("delete"),
    edit: onIt("patch"),
  };
}
