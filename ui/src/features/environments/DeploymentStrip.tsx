// The thread of one deployment as a strip of stations: commit, run, image, deployment, pod, health. Each is a link.
import { Fragment, type ReactNode } from "react";
import type { DeploymentView, ObjectRef } from "#ui/ipc";
import { ObjectLink, Panel, shortDigest, shortSha, StatusPill, stateOf } from "#ui/components";
import styles from "./environments.module.css";

interface Station {
  word: string;
  object: ObjectRef | null;
  text: string;
  state: string;
  /** Another word than the state's usual one. */
  says?: string;
  isHere?: boolean;
}

/** From the commit to what users see, in one line. */
export function DeploymentStrip({ deployment }: { deployment: DeploymentView }): ReactNode {
  const stations = stationsOf(deployment);
  return (
    <Panel title="Thread">
      <ol className={styles.strip} aria-label="Thread of this deployment">
        {stations.map((station, index) => (
          <Fragment key={station.word}>
            {index > 0 && <li className={styles.rope} aria-hidden="true" role="presentation" />}
            <li className={styles.station} aria-current={station.isHere === true ? "true" : undefined}>
              <span className={styles.stationWord}>{station.word}</span>
              {station.object === null || station.isHere === true ? <span className={styles.stationText}>{station.text}</span> : <ObjectLink object={station.object}>{station.text}</ObjectLink>}
              <StatusPill state={station.state} label={station.says} size="small" />
            </li>
          </Fragment>
        ))}
      </ol>
    </Panel>
  );
}

function stationsOf(deployment: DeploymentView): Station[] {
  const { proof, health } = deployment;
  const isOver = deployment.state === "completed" && deployment.result !== "succeeded";
  return [
    { word: "Commit", object: { kind: "commit", id: deployment.commit }, text: shortSha(deployment.commit), state: "done", says: "Committed" },
    { word: "Run", object: { kind: "run", id: deployment.runId }, text: deployment.runNumber, state: "done", says: "Started it" },
    { word: "Image", object: { kind: "image", id: deployment.digest }, text: shortDigest(deployment.digest), state: "done", says: "Pushed" },
    { word: "Deployment", object: null, text: deployment.environment, state: stateOf(deployment), isHere: true },
    proof === null ? { word: "Launch", object: null, text: isOver ? "no pod" : "no pod yet", state: isOver ? "skipped" : "idle" } : { word: "Launch", object: { kind: "pod", id: proof.pod }, text: proof.pod, state: proof.isProven ? "proven" : "unproven" },
    health === null ? { word: "Health", object: null, text: "not observed", state: isOver ? "skipped" : "idle" } : { word: "Health", object: { kind: "telemetry", id: deployment.environment }, text: `${health.requests} requests`, state: health.verdict },
  ];
}
