// One AKS cluster: how it is, how it is reached, its nodes, and whether they may pull.
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { Answer, Button, CodeBlock, ErrorState, Field, Note, plural, StatusPill, TextInput } from "#ui/components";
import { useMutationCommand, useQueryCommand, type AzureClusterView } from "#ui/ipc";
import styles from "./azure.module.css";

/** What stands in the way of whoever connects, in words. */
export function obstaclesOf(cluster: AzureClusterView): string[] {
  const found: string[] = [];
  if (!cluster.isRunning) found.push("It is stopped: start it with az aks start.");
  if (cluster.isPrivate) found.push("It is private: its API server answers only inside of its own network, or through a VPN into it.");
  if (cluster.authorizedRanges.length > 0) found.push(`Its API server answers only callers from ${cluster.authorizedRanges.join(", ")}.`);
  if (cluster.hasAzureRbac) found.push("Azure's roles decide what you may do in it, such as Azure Kubernetes Service RBAC Writer.");
  return found;
}

export function ClusterRow({ cluster, onConnected }: { cluster: AzureClusterView; onConnected: ((context: string) => void) | undefined }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const connect = useMutationCommand("azure_cluster_connect", { quiet: true });
  const forget = useMutationCommand("azure_cluster_forget", { failureTitle: `${cluster.name} is still connected` });
  const nodes = cluster.pools.reduce((sum, pool) => sum + pool.count, 0);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  const { context } = cluster;
  return (
    <li className={styles.cluster}>
      <div className={styles.clusterHead}>
        <button type="button" className={styles.clusterName} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon size={14} aria-hidden="true" /> <strong>{cluster.name}</strong>
        </button>
        <span className={styles.muted}>
          Kubernetes {cluster.version}, {plural(nodes, "node")}, {cluster.location}, {cluster.resourceGroup}
        </span>
        <span className={styles.clusterEnd}>
          {cluster.isRunning ? cluster.provisioningState !== "Succeeded" && <StatusPill size="small" state="inProgress" label={cluster.provisioningState} /> : <StatusPill size="small" state="canceled" label="Stopped" />}
          {cluster.isPrivate && <StatusPill size="small" state="pending" label="Private" />}
          {context === null ? (
            <Button size="small" isBusy={connect.isPending} onClick={() => connect.mutate({ clusterId: cluster.id }, { onSuccess: (view) => onConnected?.(view.context) })}>
              Connect
            </Button>
          ) : (
            <>
              <code>{context}</code>
              <Button size="small" variant="ghost" isBusy={forget.isPending} onClick={() => forget.mutate({ context })}>
                Disconnect
              </Button>
            </>
          )}
        </span>
      </div>
      {connect.error !== null && <ErrorState error={connect.error} compact />}
      {isOpen && <Inside cluster={cluster} />}
    </li>
  );
}

function Inside({ cluster }: { cluster: AzureClusterView }): ReactNode {
  const obstacles = obstaclesOf(cluster);
  return (
    <div className={styles.inside}>
      {obstacles.length > 0 && (
        <Note tone="info" title="Before you connect">
          {obstacles.join(" ")}
        </Note>
      )}
      <table className={styles.pools} aria-label={`Node pools of ${cluster.name}`}>
        <thead>
          <tr>
            <th>Node pool</th>
            <th>Mode</th>
            <th>Size</th>
            <th>Nodes</th>
            <th>Version</th>
          </tr>
        </thead>
        <tbody>
          {cluster.pools.map((pool) => (
            <tr key={pool.name}>
              <td>{pool.name}</td>
              <td>{pool.mode}</td>
              <td>
                {pool.size}, {pool.os}
              </td>
              <td>
                {pool.count}
                {pool.scales !== null && ` (${pool.scales[0]} to ${pool.scales[1]})`}
              </td>
              <td>{pool.version}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Pull cluster={cluster} />
    </div>
  );
}

function Pull({ cluster }: { cluster: AzureClusterView }): ReactNode {
  const [typed, setTyped] = useState("");
  const [registry, setRegistry] = useState("");
  const right = useQueryCommand("azure_pull_get", { clusterId: cluster.id, registry }, { enabled: registry !== "" });
  const ask = (event: FormEvent): void => {
    event.preventDefault();
    setRegistry(typed.trim());
  };
  return (
    <form className={styles.pull} onSubmit={ask}>
      <Field label="May it pull from">
        <TextInput isMono placeholder="contoso.azurecr.io" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      <Button type="submit" disabled={typed.trim() === ""}>
        Ask
      </Button>
      {registry !== "" && (
        <div className={styles.pullAnswer}>
          <Answer of={right}>
            {(view) =>
              view.state === "granted" ? (
                <Note tone="success" title={`Yes, by the role ${view.role ?? ""}`} />
              ) : view.state === "unknown" ? (
                <Note tone="neutral" title="That cannot be said">
                  {view.reason}
                </Note>
              ) : (
                <>
                  <Note tone="warning" title={`Not yet: its nodes have no role on ${registry}`}>
                    Whoever owns the registry runs this; it takes some minutes to reach the nodes.
                  </Note>
                  <CodeBlock label="Command that grants the role" text={view.command ?? ""} language="text" />
                </>
              )
            }
          </Answer>
        </div>
      )}
    </form>
  );
}
