// A Kubernetes control plane for journeys, with simulated nodes, ended with its house.
import { startControlPlane } from "../support/control-plane.mjs";

/** The binary, as `cargo xtask test` builds it. */
export const clusterBin = process.env.SLIPWAY_CLUSTER_BIN ?? "";

const NODES = 2;

export interface Cluster {
  kubeconfig: string;
  context: string;
  /** Asks the API server as its administrator. */
  ask: (method: string, where: string, body?: object) => Promise<any>;
  stop: () => Promise<void>;
}

/** Starts one; undefined where no binary is given. */
export async function startCluster(folder: string): Promise<Cluster | undefined> {
  return clusterBin === "" ? undefined : startControlPlane(folder, NODES);
}
