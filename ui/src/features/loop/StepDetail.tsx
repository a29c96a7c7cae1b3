import { ArrowRight, Spline } from "lucide-react";
import type { ReactNode } from "react";
import { Duration, href, KeyValue, objectHref, Panel, RelativeTime, StatusPill } from "#ui/components";
import type { LoopStepKey, LoopStepView, ObjectKind } from "#ui/ipc";
import styles from "./LoopScreen.module.css";
import { STEP_MEANINGS } from "./steps";

const ROOM_WORDS: Record<ObjectKind, string> = {
  change: "Open the changes",
  commit: "Open the commit",
  run: "Open the run",
  image: "Open the image",
  environment: "Open the environment",
  deployment: "Open the deployment",
  pod: "Open the pod",
  telemetry: "Open Insights",
  exception: "Open the exception",
  workItem: "Open the work item",
};

/** Rooms for a step that has not yet made an object. */
const ROOMS: Record<LoopStepKey, [words: string, address: string]> = {
  change: ["Go to Changes", href.changes()],
  commit: ["Go to Changes", href.changes()],
  ci: ["Go to Runs", href.runs()],
  push: ["Go to Registry", href.registry()],
  trigger: ["Go to Pipeline", href.pipeline()],
  deploy: ["Go to Environments", href.environments()],
  launch: ["Go to Environments", href.environments()],
  observe: ["Go to Insights", href.insights()],
  review: ["Go to Insights", href.insights()],
  backlog: ["Go to Backlog", href.backlog()],
};

/** One step, said in full, with the way to its room and its thread. */
export function StepDetail({ step }: { step: LoopStepView }): ReactNode {
  const [words, address] = step.target === null ? ROOMS[step.key] : [ROOM_WORDS[step.target.kind], objectHref(step.target)];
  const hasThread = step.target !== null && step.target.kind !== "change" && step.target.kind !== "telemetry";
  return (
    <Panel className={styles.detail} title={`${step.number} · ${step.title}`} actions={<StatusPill state={step.outcome} size="small" />}>
      <div className={styles.detailBody}>
        <div className={styles.detailText} aria-live="polite">
          <p className={styles.detailHeadline}>{step.headline}</p>
          <p>{step.detail}</p>
          <p className={styles.meaning}>{STEP_MEANINGS[step.key]}</p>
        </div>
        {step.startedAt !== null && (
          <div className={styles.times}>
            <KeyValue
              items={[
                { name: "Started", value: <RelativeTime at={step.startedAt} /> },
                { name: "Took", value: <Duration from={step.startedAt} to={step.finishedAt} /> },
              ]}
            />
          </div>
        )}
        <p className={styles.links}>
          <a href={address}>
            {words} <ArrowRight size={14} />
          </a>
          {hasThread && step.target !== null && (
            <a href={href.thread(step.target.id)}>
              <Spline size={14} /> Follow its thread
            </a>
          )}
        </p>
      </div>
    </Panel>
  );
}
