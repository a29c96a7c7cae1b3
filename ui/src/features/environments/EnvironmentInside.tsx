// What is inside of one environment: pods with logs, services, checks and variables. Below the board, of the chosen column.
import { ExternalLink, FolderTree, Pencil } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { EnvironmentView, PodView, ProjectId, ServiceView } from "#ui/ipc";
import { Button, DataTable, Digest, href, ObjectLink, Panel, plural, RelativeTime, StatusPill, type Column } from "#ui/components";
import { Checks } from "./Checks";
import { PodLogPanel } from "./PodLogPanel";
import styles from "./environments.module.css";

export interface EnvironmentInsideProps {
  projectId: ProjectId;
  environment: EnvironmentView;
  onEdit: () => void;
}

/** The chosen environment's insides. */
export function EnvironmentInside({ projectId, environment, onEdit }: EnvironmentInsideProps): ReactNode {
  const [logOf, setLogOf] = useState<string>();
  const isOpen = environment.pods.some((pod) => pod.name === logOf);
  return (
    <Panel
      title={`Inside ${environment.name}`}
      actions={
        <>
          {environment.target === "kubernetes" && (
            <a className={styles.link} href={href.cluster({ context: environment.context, namespace: environment.namespace === "" ? "default" : environment.namespace })}>
              <FolderTree size={14} aria-hidden="true" /> All objects
            </a>
          )}
          <Button size="small" variant="ghost" icon={Pencil} aria-label={`Edit ${environment.name}`} onClick={onEdit}>
            Edit
          </Button>
        </>
      }
    >
      <div className={styles.sections}>
        {environment.current !== null && <Standing environment={environment} />}
        <section aria-label={`Pods in ${environment.name}`}>
          <h3 className={styles.heading}>
            Pods <span className={styles.count}>{plural(environment.pods.length, "pod")}</span>
          </h3>
          {environment.pods.length === 0 ? (
            <p className={styles.muted}>{environment.problem === null ? "No pod runs here. A deployment starts them." : "Not known until the target answers."}</p>
          ) : (
            <div className={styles.framed}>
              <Pods environment={environment} logOf={logOf} onLog={setLogOf} />
            </div>
          )}
          {isOpen && logOf !== undefined && <PodLogPanel projectId={projectId} environment={environment.name} pod={logOf} onClose={() => setLogOf(undefined)} />}
        </section>
        <div className={styles.threeColumns}>
          <Checks projectId={projectId} environment={environment.name} />
          <Services services={environment.services} name={environment.name} />
          <Variables environment={environment} />
        </div>
      </div>
    </Panel>
  );
}

/** Whether what runs is what was deployed, and how it fares, each in a sentence. */
function Standing({ environment }: { environment: EnvironmentView }): ReactNode {
  const { current, name } = environment;
  if (current === null) return null;
  return (
    <section aria-label={`Proof and health of ${name}`} className={styles.standing}>
      <p>{current.proof === null ? "Not launched yet: nothing has been compared." : current.proof.statement}</p>
      {current.health !== null && <p>{current.health.reason}</p>}
    </section>
  );
}

function Pods({ environment, logOf, onLog }: { environment: EnvironmentView; logOf: string | undefined; onLog: (pod: string | undefined) => void }): ReactNode {
  const columns: readonly Column<PodView>[] = [
    {
      key: "name",
      header: "Pod",
      cell: (pod) => (
        <span className={styles.pod}>
          <ObjectLink object={{ kind: "pod", id: pod.name }} />
          {pod.message !== null && <span className={styles.podMessage}>{pod.message}</span>}
        </span>
      ),
    },
    { key: "ready", header: "Readiness", cell: (pod) => <StatusPill size="small" state={podState(pod)} label={pod.isReady ? "Ready" : pod.phase === "Running" ? "Not ready" : pod.phase} /> },
    { key: "digest", header: "Running digest", cell: (pod) => <PodDigest pod={pod} pushed={environment.current?.digest ?? null} /> },
    { key: "restarts", header: "Restarts", align: "end", cell: (pod) => pod.restarts },
    { key: "started", header: "Started", align: "end", isMinor: true, cell: (pod) => <RelativeTime at={pod.startedAt} /> },
    {
      key: "log",
      header: <span className="visuallyHidden">Log</span>,
      align: "end",
      cell: (pod) => (
        <Button size="small" aria-label={`Log of ${pod.name}`} aria-expanded={pod.name === logOf} onClick={() => onLog(pod.name === logOf ? undefined : pod.name)}>
          Log
        </Button>
      ),
    },
  ];
  return <DataTable label={`Pods of ${environment.name}`} columns={columns} rows={environment.pods} rowKey={(pod) => pod.name} />;
}

function podState(pod: PodView): string {
  if (pod.isReady) return "succeeded";
  return pod.phase === "Running" || pod.phase === "Pending" ? "inProgress" : "failed";
}

function PodDigest({ pod, pushed }: { pod: PodView; pushed: string | null }): ReactNode {
  if (pod.digest === null) return <span className={styles.muted}>not reported</span>;
  return (
    <span className={styles.podDigest}>
      <Digest digest={pod.digest} isLink />
      {pushed !== null && pod.digest !== pushed && <StatusPill state="warning" size="small" label="Another image" />}
    </span>
  );
}

function shortUrl(url: string): string {
  return url.replace(/^https?:\/\//, "").replace(/\/$/, "");
}

function Services({ services, name }: { services: readonly ServiceView[]; name: string }): ReactNode {
  return (
    <section aria-label={`Services of ${name}`}>
      <h3 className={styles.heading}>Services</h3>
      {services.length === 0 && <p className={styles.muted}>No service yet.</p>}
      <ul className={styles.plainList}>
        {services.map((service) => (
          <li key={`${service.name}:${service.port}`} className={styles.service}>
            <span>
              <strong>{service.name}</strong>
              <span className={styles.muted}>
                :{service.port}, {plural(service.endpoints, "endpoint")}
              </span>
            </span>
            {service.url === null ? (
              <span className={styles.muted}>not reachable from here</span>
            ) : (
              <a className={styles.open} href={service.url} target="_blank" rel="noreferrer" aria-label={`Open ${shortUrl(service.url)}, ${service.name}`}>
                Open <ExternalLink size={14} />
                <code>{shortUrl(service.url)}</code>
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Variables({ environment }: { environment: EnvironmentView }): ReactNode {
  return (
    <section aria-label={`Variables of ${environment.name}`}>
      <h3 className={styles.heading}>Variables</h3>
      {environment.variables.length === 0 ? (
        <p className={styles.muted}>None. Edit adds values that the deployment job and the manifests read.</p>
      ) : (
        <dl className={styles.variables}>
          {environment.variables.map((variable) => (
            <div key={variable.name}>
              <dt>
                <code>{variable.name}</code>
              </dt>
              <dd>
                <code>{variable.value}</code>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
