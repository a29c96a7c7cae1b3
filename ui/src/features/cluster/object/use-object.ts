// The object that is open: what it is and how it stands, asked again while it is looked at.
import type { UseQueryResult } from "@tanstack/react-query";
import { useQueryCommand, type KubeObjectRequest, type KubeObjectView } from "#ui/ipc";

const refreshMs = 3_000;

/** One object of a cluster. */
export function useObject(address: KubeObjectRequest): UseQueryResult<KubeObjectView> {
  return useQueryCommand("kube_object", address, { pollMs: refreshMs, isFresh: true });
}
