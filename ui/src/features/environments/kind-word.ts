// The word of a kind as the cluster's room takes it in its address: `Deployment.apps`. Pure.
import type { KubeObjectRef } from "#ui/ipc";

/** Kind and group of an object; the group is left out for the core one. */
export function kindWordOf({ apiVersion, kind }: Pick<KubeObjectRef, "apiVersion" | "kind">): string {
  const cut = apiVersion.indexOf("/");
  return cut < 0 ? kind : `${kind}.${apiVersion.slice(0, cut)}`;
}
