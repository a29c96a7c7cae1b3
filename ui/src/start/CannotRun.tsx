// What of a pipeline cannot run here, asked about before the run starts.
import type { ReactNode } from "react";
import { Button, Dialog, href, Note, openHref, plural } from "#ui/components";
import type { ObstacleView } from "#ui/ipc";
import styles from "./start.module.css";

export interface CannotRunProps {
  obstacles: readonly ObstacleView[];
  isBusy: boolean;
  onClose: () => void;
  /** Starts the run without what cannot run. */
  onSkip: () => void;
}

function Obstacle({ obstacle }: { obstacle: ObstacleView }): ReactNode {
  const subject = obstacle.subject.charAt(0).toUpperCase() + obstacle.subject.slice(1);
  return (
    <li className={styles.obstacle}>
      <p className={styles.subject}>
        {subject}{" "}
        <a href={href.pipeline(obstacle.line)} className={styles.place}>
          {obstacle.file}:{obstacle.line}
        </a>
      </p>
      <p>{obstacle.message}</p>
      {obstacle.hint !== null && <p className={styles.hint}>{obstacle.hint}</p>}
      {obstacle.isBlocking && <p className={styles.hint}>If it is skipped: {obstacle.ifSkipped}</p>}
    </li>
  );
}

/** The question: cancel, or run without them. */
export function CannotRun({ obstacles, isBusy, onClose, onSkip }: CannotRunProps): ReactNode {
  const blocking = obstacles.filter((obstacle) => obstacle.isBlocking);
  const doubtful = obstacles.filter((obstacle) => !obstacle.isBlocking);
  const isSkippable = blocking.every((obstacle) => obstacle.target !== null);
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title="Not all of it can run here"
      description={`${plural(blocking.length, "part")} of the pipeline cannot run on this machine. Nothing has started yet.`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            onClick={() => {
              onClose();
              openHref(href.tasks());
            }}
          >
            Add a task’s folder
          </Button>
          <Button variant="primary" disabled={!isSkippable} isBusy={isBusy} onClick={onSkip}>
            {`Skip ${blocking.length === 1 ? "it" : `these ${blocking.length}`} and run the rest`}
          </Button>
        </>
      }
    >
      <ul className={styles.obstacles} aria-label="What cannot run">
        {blocking.map((obstacle) => (
          <Obstacle key={`${obstacle.target ?? ""}${obstacle.message}`} obstacle={obstacle} />
        ))}
      </ul>
      {!isSkippable && <Note tone="warning">Some of it concerns the whole run and cannot be skipped.</Note>}
      {doubtful.length > 0 && (
        <>
          <h3 className={styles.more}>May not run</h3>
          <ul className={styles.obstacles} aria-label="What may not run">
            {doubtful.map((obstacle) => (
              <Obstacle key={`${obstacle.target ?? ""}${obstacle.message}`} obstacle={obstacle} />
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
