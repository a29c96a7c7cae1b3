// The cluster's room: any namespace of any context, its kinds as lists, an object beside its list. The address says all of
// where one is, so that a link leads here and the way back leads there.
import { ArrowLeft } from "lucide-react";
import { useEffect, type ReactNode } from "react";
import { Answer, EmptyState, ErrorState, Field, href, openHref, PageHeader, Screen, Select, Skeleton, type ClusterPlace } from "#ui/components";
import { useQueryCommand, type KubeContexts, type KubeOverview, type ProjectId } from "#ui/ipc";
import { ContextChoice } from "./ContextChoice";
import { Forwards } from "./Forwards";
import { KindList } from "./KindList";
import { findKind, VIEWS, wordOf } from "./model/kinds";
import { ALL, keepPlace, keptPlace } from "./model/place";
import { may } from "./model/rights";
import { ObjectPanel } from "./object/ObjectPanel";
import { KubeTable } from "./table/KubeTable";
import { EventsView } from "./views/EventsView";
import { MapView } from "./views/MapView";
import { UsageView } from "./views/UsageView";
import styles from "./cluster.module.css";

export interface ClusterScreenProps {
  projectId: ProjectId;
  place: ClusterPlace;
}

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function ClusterScreen({ projectId, place }: ClusterScreenProps): ReactNode {
  const contexts = useQueryCommand("kube_context_list", {}, { isFresh: true });
  return (
    <Answer
      of={contexts}
      loading={
        <Screen>
          <Skeleton lines={6} />
        </Screen>
      }
    >
      {(list) => <Room projectId={projectId} place={place} list={list} />}
    </Answer>
  );
}

function Room({ projectId, place, list }: { projectId: ProjectId; place: ClusterPlace; list: KubeContexts }): ReactNode {
  const kept = keptPlace();
  const name = place.context ?? kept?.context ?? "";
  const context = list.contexts.find((one) => one.name === name);
  if (context === undefined) {
    return (
      <Screen>
        <PageHeader title="Cluster" subtitle={list.contexts.length === 0 ? "What runs in a cluster" : `Choose a cluster. Your choice is remembered; kubectl's current context is never taken by itself.`} />
        {place.context !== undefined && (
          <ErrorState compact error={{ kind: "refused", code: "context_unknown", message: `There is no context ${place.context} in ${list.kubeconfig}.`, hint: "Choose another one, or add it to the kubeconfig.", corr: "" }} />
        )}
        <ContextChoice list={list} />
      </Screen>
    );
  }
  const isKept = place.namespace === undefined && kept?.context === name;
  const namespace = place.namespace ?? (isKept ? kept.namespace : context.namespace === "" ? "default" : context.namespace);
  return <Cluster projectId={projectId} place={{ ...place, context: name, namespace, kind: place.kind ?? "pods" }} list={list} />;
}

type FullPlace = ClusterPlace & { context: string; namespace: string; kind: string };

function Cluster({ projectId, place, list }: { projectId: ProjectId; place: FullPlace; list: KubeContexts }): ReactNode {
  const { context, namespace } = place;
  const overview = useQueryCommand("kube_overview", { context }, { isFresh: true });
  const environments = useQueryCommand("environment_list", { projectId });
  useEffect(() => keepPlace({ context, namespace }), [context, namespace]);
  const here = environments.data?.find((one) => one.target === "kubernetes" && one.context === context && (one.namespace === "" ? "default" : one.namespace) === namespace);
  const names = overview.data?.namespaces.map((one) => one.name) ?? [];
  const canAll = overview.data?.canListNamespaces !== false;
  const choices = [...(canAll ? [{ value: ALL, label: "All namespaces" }] : []), ...[...new Set([...(namespace === ALL ? [] : [namespace]), ...names])].toSorted().map((one) => ({ value: one, label: one }))];
  return (
    <Screen fill>
      <header className={styles.header}>
        <h1 className={styles.title}>Cluster</h1>
        <div className={styles.pick}>
          <Field label="Context" isLabelHidden>
            <Select value={context} title="Context" options={list.contexts.map((one) => ({ value: one.name, label: one.name }))} onChange={(event) => openHref(href.cluster({ context: event.currentTarget.value }))} />
          </Field>
        </div>
        <div className={styles.pick}>
          <Field label="Namespace" isLabelHidden>
            <Select value={namespace} title="Namespace" options={choices} onChange={(event) => openHref(href.cluster({ context, namespace: event.currentTarget.value, kind: place.kind }))} />
          </Field>
        </div>
        {overview.data !== undefined && <span className={styles.version}>Kubernetes {overview.data.version.replace(/^v/, "")}</span>}
        <span className={styles.space} />
        <Forwards />
        {here !== undefined && (
          <a className={styles.back} href={href.environments(here.name)}>
            <ArrowLeft size={16} aria-hidden="true" /> Environment {here.name}
          </a>
        )}
      </header>
      <Answer of={overview} loading={<Skeleton lines={8} />}>
        {(found) => <Inside place={place} overview={found} />}
      </Answer>
    </Screen>
  );
}

function Inside({ place, overview }: { place: FullPlace; overview: KubeOverview }): ReactNode {
  const { context } = place;
  const namespace = place.namespace === ALL ? "" : place.namespace;
  const rights = useQueryCommand("kube_rights", { context, namespace: namespace === "" ? "default" : namespace });
  const known = rights.data;
  // For all namespaces at once the server tells nothing beforehand: it answers when it is asked.
  const kinds = known === undefined || known.isIncomplete || namespace === "" ? overview.kinds : overview.kinds.filter((one) => may(known, { verb: "list", group: one.group, resource: one.plural }));
  const kind = findKind(overview.kinds, place.kind);
  const word = kind === undefined ? place.kind : wordOf(kind);
  const at: ClusterPlace = { context, namespace: place.namespace, kind: word };
  const within = kind?.isNamespaced === false ? "" : (place.within ?? namespace);
  const close = (): void => openHref(href.cluster(at));
  const isView = VIEWS.some((view) => view.word === place.kind);
  return (
    <>
      {overview.problem !== null && (
        <ErrorState compact error={{ kind: "unavailable", code: "cluster_partly", message: overview.problem, hint: null, corr: "" }} />
      )}
      <div className={styles.room} data-open={place.object !== undefined && kind !== undefined ? "" : undefined}>
        <KindList kinds={kinds} chosen={word} addressOf={(next) => href.cluster({ context, namespace: place.namespace, kind: next })} />
        {place.kind === "~events" && <EventsView context={context} namespace={namespace} />}
        {place.kind === "~map" && <MapView context={context} namespace={namespace} />}
        {place.kind === "~usage" && <UsageView context={context} namespace={namespace} />}
        {!isView && kind === undefined && <EmptyState title={`This cluster has no kind ${place.kind}`} body="Choose one on the left." />}
        {kind !== undefined && (
          <KubeTable
            key={`${context} ${namespace} ${word}`}
            context={context}
            namespace={namespace}
            kind={kind}
            open={place.object === undefined ? undefined : { name: place.object, namespace: within }}
            onOpen={(row) => openHref(href.cluster({ ...at, object: row.name, within: row.namespace, tab: place.tab }))}
            onClose={close}
          />
        )}
        {kind !== undefined && place.object !== undefined && (
          <div className={styles.beside}>
            <ObjectPanel
              key={`${word} ${within} ${place.object}`}
              context={context}
              kind={kind}
              kinds={overview.kinds}
              namespace={within}
              name={place.object}
              tab={place.tab ?? "summary"}
              onTab={(tab) => openHref(href.cluster({ ...at, object: place.object, within, tab }))}
              onClose={close}
            />
          </div>
        )}
      </div>
    </>
  );
}
