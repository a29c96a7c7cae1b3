import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { Duration, plural, stateOf, StatusPill } from "#ui/components";
import type { ProgressView, RecordId, RecordView } from "#ui/ipc";
import styles from "./Timeline.module.css";

/** A run of more records opens with only those of its jobs unfolded in which something goes on or went wrong. */
const MANY = 60;

export interface TimelineProps {
  records: readonly RecordView[];
  progress?: readonly ProgressView[];
  chosen: RecordId | undefined;
  onChoose: (id: RecordId) => void;
}

function Facts({ record, progress }: { record: RecordView; progress?: ProgressView | undefined }): ReactNode {
  return (
    <span className={styles.facts}>
      {record.keptFrom !== null && <span title="It did not run again: it stands as the attempt before left it">kept</span>}
      {progress !== undefined && record.state === "inProgress" && <span title={progress.operation}>{progress.percent} %</span>}
      {record.errorCount > 0 && <span className={styles.errors}>{plural(record.errorCount, "error")}</span>}
      {record.warningCount > 0 && <span className={styles.warnings}>{plural(record.warningCount, "warning")}</span>}
      {record.startedAt !== null && <Duration from={record.startedAt} to={record.finishedAt} />}
    </span>
  );
}

function Step({ record, progress, isChosen, onChoose }: { record: RecordView; progress: ProgressView | undefined; isChosen: boolean; onChoose: () => void }): ReactNode {
  return (
    <li>
      <button type="button" className={clsx(styles.line, styles.step, isChosen && styles.chosen)} aria-pressed={isChosen} onClick={onChoose}>
        <StatusPill state={stateOf(record)} size="small" iconOnly />
        <span className={styles.name} title={record.task === null ? record.displayName : `${record.displayName} (${record.task})`}>
          {record.displayName}
        </span>
        <Facts record={record} progress={progress} />
      </button>
    </li>
  );
}

interface FoldProps {
  record: RecordView;
  className: string | undefined;
  isOpen: boolean;
  /** A stage that was skipped may have no jobs to show. */
  hasChildren: boolean;
  onToggle: () => void;
}

/** The head of a stage or a job, which folds what is below it. */
function Head({ record, className, isOpen, hasChildren, onToggle }: FoldProps): ReactNode {
  return (
    <button type="button" className={clsx(styles.line, className)} aria-expanded={hasChildren ? isOpen : undefined} onClick={onToggle}>
      <ChevronRight size={14} className={clsx(styles.fold, isOpen && styles.open, !hasChildren && styles.hidden)} />
      <StatusPill state={stateOf(record)} size="small" iconOnly />
      <span className={styles.name} title={record.displayName}>
        {record.displayName}
      </span>
      <Facts record={record} />
    </button>
  );
}

/** Arrow keys go from line to line. */
function moveFocus(event: KeyboardEvent<HTMLOListElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = [...event.currentTarget.querySelectorAll("button")];
  const at = all.findIndex((button) => button === document.activeElement);
  const next = all[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

/** A run as it goes on: stages, their jobs, their steps, with states and times. */
export function Timeline({ records, progress = [], chosen, onChoose }: TimelineProps): ReactNode {
  const [toggled, setToggled] = useState<ReadonlyMap<RecordId, boolean>>(new Map());
  const children = useMemo(() => {
    const found = new Map<RecordId | null, RecordView[]>();
    for (const record of records) found.set(record.parentId, [...(found.get(record.parentId) ?? []), record]);
    return found;
  }, [records]);
  const byId = useMemo(() => new Map(progress.map((known) => [known.recordId, known])), [progress]);
  const isLong = records.length > MANY;
  const below = (record: RecordView): RecordView[] => children.get(record.id) ?? [];
  const isOpen = (record: RecordView): boolean => {
    const own = toggled.get(record.id);
    if (own !== undefined) return own;
    if (!isLong || record.kind === "stage") return true;
    const isQuiet = record.state === "pending" || record.result === "succeeded" || record.result === "skipped";
    return !isQuiet || below(record).some((step) => step.id === chosen);
  };
  const toggle = (record: RecordView): void => setToggled(new Map(toggled).set(record.id, !isOpen(record)));
  return (
    // Keys of its buttons.
    // oxlint-disable-next-line no-noninteractive-element-interactions
    <ol className={styles.timeline} aria-label="Stages, jobs and steps" onKeyDown={moveFocus}>
      {(children.get(null) ?? [])
        .filter((record) => record.kind === "stage")
        .map((stage) => (
          <li key={stage.id} className={styles.stage}>
            <Head record={stage} className={styles.stageHead} isOpen={isOpen(stage)} hasChildren={below(stage).length > 0} onToggle={() => toggle(stage)} />
            {stage.issue !== null && <p className={styles.issue}>{stage.issue}</p>}
            {isOpen(stage) && (
              <ol>
                {below(stage).map((job) => (
                  <li key={job.id} className={styles.job}>
                    <Head record={job} className={styles.jobHead} isOpen={isOpen(job)} hasChildren={below(job).length > 0} onToggle={() => toggle(job)} />
                    {job.issue !== null && job.issue !== stage.issue && <p className={styles.issue}>{job.issue}</p>}
                    {isOpen(job) && below(job).length > 0 && (
                      <ol className={styles.steps}>
                        {below(job).map((step) => (
                          <Step key={step.id} record={step} progress={byId.get(step.id)} isChosen={step.id === chosen} onChoose={() => onChoose(step.id)} />
                        ))}
                      </ol>
                    )}
                  </li>
                ))}
              </ol>
            )}
          </li>
        ))}
    </ol>
  );
}
