// Addresses of every place in the app. Hash addresses are plain links: they work in the window, in a browser, and in a
// test without a router.
import type { ObjectRef } from "../ipc/generated/contract";
import { leaveThen } from "./leave";

const part = encodeURIComponent;

/** A place in the cluster's room: each part narrows the one before. */
export interface ClusterPlace {
  context?: string | undefined;
  /** Empty for all. */
  namespace?: string | undefined;
  /** `deployments.apps`, as kubectl writes it, or one of the room's own views. */
  kind?: string | undefined;
  /** Name of an object. */
  object?: string | undefined;
  /** Where the object is, if the list is of all namespaces. */
  within?: string | undefined;
  tab?: string | undefined;
}

/** Where each room and object lives. */
export const href = {
  loop: () => "#/loop",
  changes: (path?: string) => (path === undefined ? "#/changes" : `#/changes?path=${part(path)}`),
  pipeline: (line?: number) => (line === undefined ? "#/pipeline" : `#/pipeline?line=${line}`),
  tasks: () => "#/tasks",
  runs: () => "#/runs",
  run: (runId: string, tab?: string) => (tab === undefined ? `#/runs/${part(runId)}` : `#/runs/${part(runId)}?tab=${tab}`),
  registry: () => "#/registry",
  image: (digest: string) => `#/registry/${part(digest)}`,
  environments: (name?: string) => (name === undefined ? "#/environments" : `#/environments?environment=${part(name)}`),
  deployment: (id: string) => `#/deployments/${part(id)}`,
  cluster: (place: ClusterPlace = {}) => {
    const search = new URLSearchParams(Object.entries(place).filter(([, value]) => value !== undefined && value !== ""));
    return search.size === 0 ? "#/cluster" : `#/cluster?${search.toString()}`;
  },
  library: () => "#/library",
  insights: (problemId?: string) => (problemId === undefined ? "#/insights" : `#/insights?problemId=${part(problemId)}`),
  backlog: () => "#/backlog",
  workItem: (id: number | string) => `#/backlog/${part(String(id))}`,
  thread: (key = "") => `#/thread?key=${part(key)}`,
};

/** The room or thread that shows an object. */
export function objectHref(object: ObjectRef): string {
  switch (object.kind) {
    case "change":
      return href.changes();
    case "commit":
    case "pod":
      return href.thread(object.id);
    case "run":
      return href.run(object.id);
    case "image":
      return href.image(object.id);
    case "environment":
      return href.environments(object.id);
    case "deployment":
      return href.deployment(object.id);
    case "telemetry":
      return href.insights();
    case "exception":
      return href.insights(object.id);
    case "workItem":
      return href.workItem(object.id.replace(/^(AB)?#/i, ""));
  }
}

/** Goes to an address made by `href` or `objectHref`; unsaved work is asked about first. */
export function openHref(address: string): void {
  leaveThen(() => {
    window.location.hash = address.replace(/^#/, "");
  }, address);
}
