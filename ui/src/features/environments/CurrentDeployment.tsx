// What an environment runs now: digest, run, commit, the proof in one sentence, and the health verdict.
import type { ReactNode } from "react";
import type { EnvironmentView } from "#ui/ipc";
import { CommitChip, Digest, EmptyState, href, KeyValue, ObjectLink, RelativeTime, StatusPill, stateOf } from "#ui/components";
import styles from "./environments.module.css";

/** The current deployment of an environment, or what to do to get one. */
export function CurrentDeployment({ environment }: { environment: EnvironmentView }): ReactNode {
  const current = environment.current;
  if (current === null) {
    return <EmptyState title="Nothing is deployed here" body={`A run whose deployment job names ${environment.name} puts an image here.`} action={<a href={href.loop()}>Go to the Loop and press Run</a>} />;
  }
  return (
    <section className={styles.current} aria-label={`Current deployment of ${environment.name}`}>
      <div className={styles.currentHead}>
        <h3 className={styles.heading}>
          <a href={href.deployment(current.id)}>Current deployment</a>
        </h3>
        <StatusPill state={stateOf(current)} size="small" />
        {current.proof !== null && <StatusPill state={current.proof.isProven ? "proven" : "unproven"} size="small" />}
        {current.health !== null && <StatusPill state={current.health.verdict} size="small" />}
      </div>
      <KeyValue
        columns={2}
        items={[
          { name: "Digest", value: <Digest digest={current.digest} isLink /> },
          { name: "Run", value: <ObjectLink object={{ kind: "run", id: current.runId }}>{current.runNumber}</ObjectLink> },
          { name: "Commit", value: <CommitChip sha={current.commit} /> },
          { name: "Deployed", value: <RelativeTime at={current.finishedAt ?? current.startedAt} /> },
        ]}
      />
      <p className={styles.statement}>{current.proof === null ? "Not launched yet: nothing has been compared." : current.proof.statement}</p>
      {current.health !== null && <p className={styles.statement}>{current.health.reason}</p>}
    </section>
  );
}
