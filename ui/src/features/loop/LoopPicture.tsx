import clsx from "clsx";
import { AlertTriangle, Check, LoaderCircle, Minus, X, type LucideIcon } from "lucide-react";
import type { CSSProperties, ReactNode } from "react";
import { Duration } from "#ui/components";
import type { LoopStepKey, LoopStepView, LoopView, StepOutcome } from "#ui/ipc";
import { legInto, pointAt, sideOf, STATION_WAYS, TRACK_LENGTH, VIEW, type Point } from "./geometry";
import styles from "./LoopPicture.module.css";
import { evidenceOf, stationName, STEP_ICONS } from "./steps";
import { Track } from "./Track";

const BADGES: Partial<Record<StepOutcome, LucideIcon>> = { succeeded: Check, warning: AlertTriangle, failed: X, running: LoaderCircle, skipped: Minus };

const place = (point: Point): CSSProperties => ({ left: `${(point.x / VIEW.width) * 100}%`, top: `${(point.y / VIEW.height) * 100}%` });

interface StationProps {
  step: LoopStepView;
  index: number;
  isChosen: boolean;
  onChoose: () => void;
}

/** One of the ten: a button with its icon on the track and its words beside it. */
function Station({ step, index, isChosen, onChoose }: StationProps): ReactNode {
  const Icon = STEP_ICONS[step.key];
  const Badge = BADGES[step.outcome];
  return (
    <li className={styles.place} style={place(pointAt((STATION_WAYS[index] ?? 0) % TRACK_LENGTH))}>
      <button type="button" className={clsx(styles.station, styles[step.outcome], styles[sideOf(index)], isChosen && styles.chosen)} aria-label={stationName(step)} aria-pressed={isChosen} onClick={onChoose}>
        <span className={styles.mark}>
          {step.outcome === "running" && <span className={styles.pulse} />}
          <span className={styles.disc}>
            <Icon size="42%" strokeWidth={1.9} />
          </span>
          {Badge !== undefined && (
            <span className={styles.badge}>
              <Badge size={11} strokeWidth={3.2} className={clsx(step.outcome === "running" && styles.turn)} />
            </span>
          )}
        </span>
        <span className={styles.words}>
          <span className={styles.title}>
            <span className={styles.number}>{step.number}</span> {step.title}
          </span>
          <span className={styles.headline}>{step.headline}</span>
          {step.startedAt !== null && step.key !== "change" && (
            <span className={styles.time}>
              <Duration from={step.startedAt} to={step.finishedAt} />
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

/** The dark track, while the steps are on their way. */
export function LoadingPicture(): ReactNode {
  return (
    <div className={styles.frame}>
      <div className={styles.picture}>
        <Track steps={[]} />
        {/* oxlint-disable-next-line prefer-tag-over-role -- an <output> belongs to a form */}
        <div className={styles.middle} role="status">
          <span className={styles.wait}>Loading</span>
        </div>
      </div>
    </div>
  );
}

export interface LoopPictureProps {
  loop: LoopView;
  chosen: LoopStepKey;
  onChoose: (key: LoopStepKey) => void;
  /** Stands in the middle of the loop. */
  children: ReactNode;
}

/** The ten steps as a closed track around the next action, with the evidence between them. */
export function LoopPicture({ loop, chosen, onChoose, children }: LoopPictureProps): ReactNode {
  return (
    <div className={styles.frame}>
      <div className={styles.picture}>
        <Track steps={loop.steps} />
        <ol className={styles.stations} aria-label="The ten steps">
          {loop.steps.map((step, index) => (
            <Station key={step.key} step={step} index={index} isChosen={step.key === chosen} onChoose={() => onChoose(step.key)} />
          ))}
        </ol>
        <ul className={styles.evidence} aria-label="Evidence on the track">
          {evidenceOf(loop).map((item) => {
            const leg = legInto((item.from + 1) % 10);
            return (
              <li key={item.kind} className={styles.place} style={place(pointAt((leg.from + leg.to) / 2))}>
                <a className={styles.chip} href={item.href} aria-label={`${item.kind} ${item.text}`} title={`${item.kind} ${item.text}`}>
                  {item.text}
                </a>
              </li>
            );
          })}
        </ul>
        <div className={styles.middle}>{children}</div>
      </div>
    </div>
  );
}
