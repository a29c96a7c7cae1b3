// The first look at the room: which cluster? None is taken by itself, whatever kubectl's current context is.
import { Boxes, Cloud, KeyRound } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, EmptyState, href, Note, openHref } from "#ui/components";
import { AksDialog } from "#ui/features/azure";
import type { KubeContexts, KubeContextView } from "#ui/ipc";
import styles from "./cluster.module.css";

export const SIGN_IN: Record<KubeContextView["signIn"], string> = { certificate: "certificate", token: "token", exec: "sign-in program", azure: "sign-in to Azure", other: "other sign-in" };

/** The contexts to choose from. */
export function ContextChoice({ list }: { list: KubeContexts }): ReactNode {
  const [isAzureOpen, setAzureOpen] = useState(false);
  const azure = (
    <>
      <Button icon={Cloud} onClick={() => setAzureOpen(true)}>
        Clusters of Azure…
      </Button>
      {isAzureOpen && <AksDialog onClose={() => setAzureOpen(false)} onConnected={(context) => openHref(href.cluster({ context }))} />}
    </>
  );
  if (list.contexts.length === 0) {
    return (
      <EmptyState
        icon={Boxes}
        title="No cluster is known on this machine"
        action={azure}
        body={
          list.problem ?? (
            <>
              <code>{list.kubeconfig}</code> has no context. <code>az aks get-credentials</code>, <code>kind create cluster</code> or your administrator write one.
            </>
          )
        }
      />
    );
  }
  return (
    <>
      {list.problem !== null && <Note tone="warning">{list.problem}</Note>}
      <ul className={styles.contexts} aria-label="Contexts">
        {list.contexts.map((context) => (
          <li key={context.name}>
            <a className={styles.context} href={href.cluster({ context: context.name })}>
              <strong>{context.name}</strong>
              <code>{context.server}</code>
              <span className={styles.contextFacts}>
                <KeyRound size={12} aria-hidden="true" /> {SIGN_IN[context.signIn]}
                {context.user !== "" && ` as ${context.user}`}
              </span>
              <span className={styles.contextFacts}>
                namespace {context.namespace === "" ? "default" : context.namespace}
                {context.isCurrent && <span className={styles.current}>kubectl&apos;s current</span>}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <div>{azure}</div>
    </>
  );
}
