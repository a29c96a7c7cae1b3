// Azure of the fake host: a device code that is entered by itself, two subscriptions, clusters of every kind.
import type { AppEvent, AzureClusterView, AzureContextView, AzureView } from "../generated/contract";
import { ApiFailure } from "../host";
import type { Answers } from "./answers";

type Commands = "azure_get" | "azure_sign_in" | "azure_sign_out" | "azure_cluster_list" | "azure_cluster_connect" | "azure_cluster_forget" | "azure_pull_get";

const pool = (name: string, mode: string, count: number, scales: [number, number] | null) => ({ name, mode, count, scales, size: "Standard_D4ds_v5", os: "Linux", version: "1.33.4", provisioningState: "Succeeded" });
const cluster = (name: string, more: Partial<AzureClusterView> = {}): AzureClusterView => ({
  id: `/subscriptions/7c1e-tidewater/resourceGroups/rg-tidewater/providers/Microsoft.ContainerService/managedClusters/${name}`,
  name,
  resourceGroup: "rg-tidewater",
  location: "westeurope",
  version: "1.33.4",
  provisioningState: "Succeeded",
  isRunning: true,
  address: `${name}-4b1f.hcp.westeurope.azmk8s.io`,
  isPrivate: false,
  authorizedRanges: [],
  hasEntra: true,
  hasAzureRbac: true,
  hasLocalAccounts: false,
  tier: "Standard",
  isAutomatic: false,
  pools: [pool("system", "System", 3, [2, 5]), pool("work", "User", 2, null)],
  context: null,
  ...more,
});

/** A story of a sign-in. */
export class FakeAzure {
  readonly #emit: (event: AppEvent) => void;
  #view: AzureView = { signIn: null, pending: null, problem: null, clusters: [] };
  readonly #clusters = [cluster("aks-tidewater-weu"), cluster("aks-inland", { isPrivate: true, authorizedRanges: ["203.0.113.0/24"] }), cluster("aks-asleep", { isRunning: false })];

  constructor(mode: string, emit: (event: AppEvent) => void) {
    this.#emit = emit;
    if (mode === "ready") this.#view = { ...this.#view, signIn: { kind: "azureCli", cloud: "AzurePublicCloud", tenant: "", application: "" } };
  }

  readonly answers: Pick<Answers, Commands> = {
    azure_get: () => this.#view,
    azure_sign_in: ({ kind, cloud, tenant, application }) => {
      const signIn = { kind, cloud, tenant, application };
      if (kind !== "device") this.#view = { ...this.#view, signIn };
      else {
        this.#view = { ...this.#view, pending: { userCode: "TIDE4271", verificationUrl: "https://microsoft.com/devicelogin" } };
        setTimeout(() => {
          this.#view = { ...this.#view, pending: null, signIn };
          this.#emit({ type: "changed", tags: ["environment"] });
        }, 1_500);
      }
      return this.#view;
    },
    azure_sign_out: () => (this.#view = { signIn: null, pending: null, problem: null, clusters: [] }),
    azure_cluster_list: () => [
      { id: "7c1e-tidewater", name: "Tidewater production", state: "Enabled", problem: null, clusters: this.#clusters.map((one) => ({ ...one, context: this.#contextOf(one.id)?.context ?? null })) },
      { id: "8d2f-closed", name: "Shared services", state: "Enabled", problem: "Azure refused listing the clusters of subscription 8d2f-closed (AuthorizationFailed, request 71c2): You may not list here. A role on that resource is missing: ask whoever owns the subscription.", clusters: [] },
    ],
    azure_cluster_connect: ({ clusterId }) => {
      const found = this.#clusters.find(({ id }) => id === clusterId);
      if (found?.isRunning !== true) throw new ApiFailure({ kind: "refused", code: "cluster_stopped", message: `The cluster '${found?.name ?? ""}' is stopped, so its API server does not answer.`, hint: "Start the cluster: `az aks start`.", corr: "c-1" });
      const view: AzureContextView = { context: `aks:${found.name}`, clusterId, name: found.name, server: `https://${found.address}`, serverApplication: "6dae42f8-4368-4678-94ff-3960e28e3630" };
      this.#view = { ...this.#view, clusters: [...this.#view.clusters, view] };
      return view;
    },
    azure_cluster_forget: ({ context }) => (this.#view = { ...this.#view, clusters: this.#view.clusters.filter((one) => one.context !== context) }),
    azure_pull_get: ({ clusterId, registry }) =>
      registry.startsWith("tidewater") ? { state: "granted", role: "AcrPull", command: null, reason: null } : { state: "missing", role: null, command: `az role assignment create --assignee-object-id 0b1e-kubelet --assignee-principal-type ServicePrincipal --role AcrPull --scope ${clusterId}`, reason: null },
  };

  #contextOf(id: string): AzureContextView | undefined {
    return this.#view.clusters.find(({ clusterId }) => clusterId === id);
  }
}
