// The launch proof: the digest the registry holds beside the digest that runs, and whether they are equal.
import { Equal, EqualNot, CircleHelp } from "lucide-react";
import clsx from "clsx";
import type { ReactNode } from "react";
import type { DeploymentView, LaunchProof } from "#ui/ipc";
import { CopyButton, EmptyState, KeyValue, ObjectLink, Panel, RelativeTime, StatusPill } from "#ui/components";
import styles from "./environments.module.css";

/** What runs, compared with what was pushed. */
export function ProofBlock({ deployment }: { deployment: DeploymentView }): ReactNode {
  const proof = deployment.proof;
  return (
    <Panel title="Launch proof" actions={proof !== null && <StatusPill state={proof.isProven ? "proven" : "unproven"} size="small" />}>
      {proof === null ? (
        <EmptyState title={deployment.state === "completed" ? "Nothing to compare" : "Nothing to compare yet"} body={deployment.state === "completed" ? "No container of this deployment was seen running." : "The proof is made once a container of this deployment runs."} />
      ) : (
        <Proof proof={proof} />
      )}
    </Panel>
  );
}

function Proof({ proof }: { proof: LaunchProof }): ReactNode {
  const isKnown = proof.runningDigest !== null;
  const isEqual = proof.runningDigest === proof.pushedDigest;
  const word = !isKnown ? "Not known" : isEqual ? "Equal" : "Not equal";
  const Mark = !isKnown ? CircleHelp : isEqual ? Equal : EqualNot;
  return (
    <div className={styles.sections}>
      <div className={styles.proof}>
        <DigestPlate title="Pushed to the registry" digest={proof.pushedDigest} />
        <span className={clsx(styles.mark, isKnown && (isEqual ? styles.equal : styles.unequal))}>
          <Mark size={24} strokeWidth={2.4} aria-hidden="true" />
          <span className={styles.markWord}>{word}</span>
        </span>
        <DigestPlate title="Running in the pod" digest={proof.runningDigest} />
      </div>
      <p className={styles.sentence}>{proof.statement}</p>
      <KeyValue
        items={[
          { name: "Pod", value: <ObjectLink object={{ kind: "pod", id: proof.pod }} /> },
          { name: "Container", value: <code>{proof.containerId.replace(/^.*:\/\//, "").slice(0, 12)}</code> },
          { name: "Image id", value: <code>{proof.runningImageId}</code> },
          { name: "Checked", value: <RelativeTime at={proof.checkedAt} /> },
        ]}
      />
    </div>
  );
}

function DigestPlate({ title, digest }: { title: string; digest: string | null }): ReactNode {
  const hex = digest?.replace(/^sha256:/, "") ?? "";
  return (
    <div className={styles.plate}>
      <span className={styles.plateTitle}>{title}</span>
      {digest === null ? (
        <span className={styles.muted}>not reported</span>
      ) : (
        <>
          <code className={styles.plateDigits}>
            <span className={styles.plateAlgorithm}>sha256:</span>
            {hex.match(/.{1,16}/g)?.map((part) => (
              <span key={part}>{part}</span>
            ))}
          </code>
          <span className={styles.plateCopy}>
            <CopyButton text={digest} label={`Copy digest: ${title}`} />
          </span>
        </>
      )}
    </div>
  );
}
