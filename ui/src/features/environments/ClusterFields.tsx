// Where a Kubernetes environment is: a context of the kubeconfig, and a namespace of its cluster. Picked where they can be
// read, typed where they cannot.
import { Cloud } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useQueryCommand, type KubeContextView } from "#ui/ipc";
import { Button, Field, Note, Select, TextInput } from "#ui/components";
import { AksDialog } from "#ui/features/azure";
import type { DraftProblems } from "./environment-draft";
import styles from "./environments.module.css";

const SIGN_IN: Record<KubeContextView["signIn"], string> = { certificate: "with a certificate", token: "with a token", exec: "through a program", azure: "by Slipway’s sign-in to Azure", other: "in another way" };
const OTHER = "\u0000other";

export interface ClusterFieldsProps {
  context: string;
  namespace: string;
  problems: DraftProblems;
  onChange: (part: { context?: string; namespace?: string }) => void;
}

/** Context and namespace. */
export function ClusterFields({ context, namespace, problems, onChange }: ClusterFieldsProps): ReactNode {
  const list = useQueryCommand("kube_context_list", {});
  const contexts = list.data?.contexts ?? [];
  const [isAzureOpen, setAzureOpen] = useState(false);
  const chosen = contexts.find((one) => one.name === context);
  const isPicked = contexts.length > 0 && (context === "" || chosen !== undefined);
  return (
    <>
      <div className={styles.twoColumns}>
        <Field label="Context" error={problems.context} help={chosen === undefined ? "A context of your kubeconfig. None is taken by itself." : `${chosen.server}, signed in ${SIGN_IN[chosen.signIn]}${chosen.user === "" ? "" : ` as ${chosen.user}`}`}>
          {isPicked ? (
            <Select
              value={context}
              onChange={(event) => onChange({ context: event.currentTarget.value, namespace: contexts.find((one) => one.name === event.currentTarget.value)?.namespace ?? "" })}
              options={[{ value: "", label: "Choose a context…" }, ...contexts.map((one) => ({ value: one.name, label: one.name }))]}
            />
          ) : (
            <TextInput isMono value={context} onChange={(event) => onChange({ context: event.currentTarget.value })} />
          )}
        </Field>
        <NamespaceField key={context} context={chosen === undefined ? "" : context} namespace={namespace} problem={problems.namespace} onChange={(next) => onChange({ namespace: next })} />
      </div>
      <div>
        <Button size="small" variant="ghost" icon={Cloud} onClick={() => setAzureOpen(true)}>
          Clusters of Azure…
        </Button>
      </div>
      {isAzureOpen && (
        <AksDialog
          onClose={() => setAzureOpen(false)}
          onConnected={(connected) => {
            setAzureOpen(false);
            onChange({ context: connected, namespace: "" });
          }}
        />
      )}
      {list.data !== undefined && contexts.length === 0 && (
        <Note tone="neutral" title="No context was found">
          {list.data.problem ?? `${list.data.kubeconfig} holds none. kubectl and az aks get-credentials write them there.`}
        </Note>
      )}
    </>
  );
}

function NamespaceField({ context, namespace, problem, onChange }: { context: string; namespace: string; problem: string | undefined; onChange: (namespace: string) => void }): ReactNode {
  const overview = useQueryCommand("kube_overview", { context }, { enabled: context !== "" });
  const [isTyped, setTyped] = useState(false);
  const names = overview.data?.namespaces.map(({ name }) => name) ?? [];
  const isPicked = names.length > 0 && !isTyped;
  const help = context === "" ? "Empty means default." : overview.isFetching ? "Asking the cluster for its namespaces…" : overview.error !== null ? `The cluster does not answer: ${overview.error.message}` : (overview.data?.problem ?? "Where the objects go.");
  return (
    <Field label="Namespace" error={problem} help={help}>
      {isPicked ? (
        <Select
          value={namespace}
          onChange={(event) => {
            if (event.currentTarget.value === OTHER) setTyped(true);
            onChange(event.currentTarget.value === OTHER ? "" : event.currentTarget.value);
          }}
          options={[...(names.includes(namespace) ? [] : [{ value: namespace, label: namespace === "" ? "default" : namespace }]), ...names.map((name) => ({ value: name, label: name })), { value: OTHER, label: "Another one…" }]}
        />
      ) : (
        <TextInput isMono value={namespace} onChange={(event) => onChange(event.currentTarget.value)} />
      )}
    </Field>
  );
}
