// Azure's clusters: sign in once, see what there is, connect one. What is connected is a context like any other.
import { Cloud } from "lucide-react";
import type { ReactNode } from "react";
import { Answer, Button, CopyButton, Dialog, EmptyState, Note, Skeleton } from "#ui/components";
import { useMutationCommand, useQueryCommand, type AzureView, type EntraSignInKind } from "#ui/ipc";
import styles from "./azure.module.css";
import { ClusterRow } from "./ClusterRow";
import { SignInForm } from "./SignInForm";

const BY: Record<EntraSignInKind, string> = { azureCli: "through the Azure CLI", device: "with a device code", clientSecret: "with a client secret", workloadIdentity: "with a workload identity" };

/** The dialog; `onConnected` gets the context of a cluster that was just connected. */
export function AksDialog({ onClose, onConnected }: { onClose: () => void; onConnected?: ((context: string) => void) | undefined }): ReactNode {
  const azure = useQueryCommand("azure_get", {});
  return (
    <Dialog isOpen onClose={onClose} size="wide" title="Clusters of Azure Kubernetes Service" description="Slipway signs in by itself: neither kubelogin nor a kubeconfig is needed, and none is changed." actions={<Button onClick={onClose}>Close</Button>}>
      <Answer of={azure}>{(view) => (view.pending !== null ? <Code view={view} /> : view.signIn === null ? <SignInForm problem={view.problem} /> : <Signed view={view} onConnected={onConnected} />)}</Answer>
    </Dialog>
  );
}

function Code({ view: { pending } }: { view: AzureView }): ReactNode {
  const leave = useMutationCommand("azure_sign_out", { failureTitle: "The sign-in was not given up" });
  if (pending === null) return null;
  return (
    <div className={styles.code}>
      <p>
        Open <code>{pending.verificationUrl}</code> <CopyButton text={pending.verificationUrl} label="Copy the address" /> in a browser, here or on another machine, and enter
      </p>
      <p className={styles.userCode}>
        <strong>{pending.userCode}</strong> <CopyButton text={pending.userCode} label="Copy the code" />
      </p>
      {/* oxlint-disable-next-line prefer-tag-over-role -- an <output> belongs to a form */}
      <p className={styles.muted} role="status">
        Waiting until the code is entered…
      </p>
      <Button size="small" isBusy={leave.isPending} onClick={() => leave.mutate({})}>
        Give up
      </Button>
    </div>
  );
}

function Signed({ view, onConnected }: { view: AzureView; onConnected: ((context: string) => void) | undefined }): ReactNode {
  const list = useQueryCommand("azure_cluster_list", {});
  const leave = useMutationCommand("azure_sign_out", { failureTitle: "The sign-in is still there" });
  const { signIn } = view;
  return (
    <>
      <div className={styles.who}>
        <Cloud size={16} aria-hidden="true" />
        <span>
          Signed in to {signIn === null || signIn.cloud === "AzurePublicCloud" ? "Azure" : signIn.cloud} {signIn === null ? "" : BY[signIn.kind]}
          {signIn !== null && signIn.tenant !== "" && `, tenant ${signIn.tenant}`}
        </span>
        <Button size="small" variant="ghost" isBusy={leave.isPending} onClick={() => leave.mutate({})}>
          Sign out
        </Button>
      </div>
      <Answer of={list} loading={<Skeleton lines={5} />}>
        {(subscriptions) =>
          subscriptions.length === 0 ? (
            <EmptyState icon={Cloud} title="No subscription" body="This sign-in may see no subscription. Sign in to another tenant, or ask for the role Reader." />
          ) : (
            <div className={styles.subscriptions}>
              {subscriptions.map((subscription) => (
                <section key={subscription.id} aria-label={subscription.name}>
                  <h3 className={styles.subscription}>
                    {subscription.name} {subscription.state !== "Enabled" && <span className={styles.muted}>{subscription.state}</span>}
                  </h3>
                  {subscription.problem !== null && <Note tone="warning">{subscription.problem}</Note>}
                  {subscription.problem === null && subscription.clusters.length === 0 && <p className={styles.muted}>No cluster here.</p>}
                  {subscription.clusters.length > 0 && (
                    <ul className={styles.clusters}>
                      {subscription.clusters.map((cluster) => (
                        <ClusterRow key={cluster.id} cluster={cluster} onConnected={onConnected} />
                      ))}
                    </ul>
                  )}
                </section>
              ))}
            </div>
          )
        }
      </Answer>
    </>
  );
}
