// One environment: target, what runs in it with its proof and health, pods with logs, services, variables.
import clsx from "clsx";
import { ExternalLink, Pencil } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { EnvironmentView, PodView, ProjectId, ServiceView } from "#ui/ipc";
import { Button, DataTable, Digest, Note, ObjectLink, Panel, plural, RelativeTime, StatusPill, type Column } from "#ui/components";
import { Checks } from "./Checks";
import { CurrentDeployment } from "./CurrentDeployment";
import { PodLogPanel } from "./PodLogPanel";
import styles from "./environments.module.css";

export interface EnvironmentCardProps {
  projectId: ProjectId;
  environment: EnvironmentView;
  /** Marked and brought into view. */
  isFollowed: boolean;
  onEdit: () => void;
}

function intoView(card: HTMLDivElement | null): void {
  card?.scrollIntoView?.({ block: "start" });
}

/** An environment as a card. */
export function EnvironmentCard({ projectId, environment, isFollowed, onEdit }: EnvironmentCardProps): ReactNode {
  const [logOf, setLogOf] = useState<string>();
  const isOpen = environment.pods.some((pod) => pod.name === logOf);
  return (
    <div ref={isFollowed ? intoView : undefined} className={clsx(styles.card, isFollowed && styles.followed)}>
      <Panel
        title={environment.name}
        subtitle={<Target environment={environment} />}
        actions={
          <Button size="small" variant="ghost" icon={Pencil} aria-label={`Edit ${environment.name}`} onClick={onEdit}>
            Edit
          </Button>
        }
      >
        <div className={styles.sections}>
          {environment.problem !== null && (
            <Note tone="warning" title="Pods and services could not be read">
              {environment.problem}
            </Note>
          )}
          <CurrentDeployment environment={environment} />
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
          <Checks projectId={projectId} environment={environment.name} />
          <div className={styles.twoColumns}>
            <Services services={environment.services} name={environment.name} />
            <Variables environment={environment} />
          </div>
        </div>
      </Panel>
    </div>
  );
}

function Target({ environment }: { environment: EnvironmentView }): ReactNode {
  if (environment.target === "local") return "local: containers on this machine";
  return (
    <>
      Kubernetes: <code>{environment.context === "" ? "no context" : environment.context}</code> / <code>{environment.namespace === "" ? "default" : environment.namespace}</code>
    </>
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
