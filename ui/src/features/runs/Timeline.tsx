import clsx from "clsx";
import type { ReactNode } from "react";
import { Duration, stateOf, StatusPill } from "#ui/components";
import type { ProgressView, RecordId, RecordView } from "#ui/ipc";
import styles from "./Timeline.module.css";

export interface TimelineProps {
  records: readonly RecordView[];
  progress?: readonly ProgressView[];
  chosen: RecordId | undefined;
  onChoose: (id: RecordId) => void;
}

function Facts({ record, progress }: { record: RecordView; progress?: ProgressView | undefined }): ReactNode {
  return (
    <span className={styles.facts}>
      {progress !== undefined && record.state === "inProgress" && <span title={progress.operation}>{progress.percent} %</span>}
      {record.errorCount > 0 && <span className={styles.errors}>{record.errorCount === 1 ? "1 error" : `${record.errorCount} errors`}</span>}
      {record.warningCount > 0 && <span className={styles.warnings}>{record.warningCount === 1 ? "1 warning" : `${record.warningCount} warnings`}</span>}
      {record.startedAt !== null && <Duration from={record.startedAt} to={record.finishedAt} />}
    </span>
  );
}

function Step({ record, progress, isChosen, onChoose }: { record: RecordView; progress: ProgressView | undefined; isChosen: boolean; onChoose: () => void }): ReactNode {
  return (
    <li>
      <button type="button" className={clsx(styles.step, isChosen && styles.chosen)} aria-pressed={isChosen} onClick={onChoose}>
        <StatusPill state={stateOf(record)} size="small" iconOnly />
        <span className={styles.name}>{record.displayName}</span>
        <Facts record={record} progress={progress} />
      </button>
    </li>
  );
}

/** A run as it goes on: stages, their jobs, their steps, with states and times. */
export function Timeline({ records, progress = [], chosen, onChoose }: TimelineProps): ReactNode {
  const childrenOf = (id: RecordId): RecordView[] => records.filter((record) => record.parentId === id);
  return (
    <ol className={styles.timeline} aria-label="Stages, jobs and steps">
      {records
        .filter((record) => record.kind === "stage")
        .map((stage) => (
          <li key={stage.id} className={styles.stage}>
            <div className={styles.stageHead}>
              <StatusPill state={stateOf(stage)} size="small" iconOnly />
              <span className={styles.stageName}>{stage.displayName}</span>
              <Facts record={stage} />
            </div>
            {stage.issue !== null && <p className={styles.issue}>{stage.issue}</p>}
            <ol>
              {childrenOf(stage.id).map((job) => (
                <li key={job.id} className={styles.job}>
                  <div className={styles.jobHead}>
                    <span className={styles.name}>{job.displayName}</span>
                    <Facts record={job} />
                  </div>
                  {job.issue !== null && job.issue !== stage.issue && <p className={styles.issue}>{job.issue}</p>}
                  <ol>
                    {childrenOf(job.id).map((step) => (
                      <Step key={step.id} record={step} progress={progress.find((known) => known.recordId === step.id)} isChosen={step.id === chosen} onChoose={() => onChoose(step.id)} />
                    ))}
                  </ol>
                </li>
              ))}
            </ol>
          </li>
        ))}
    </ol>
  );
}
