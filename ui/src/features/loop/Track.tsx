import clsx from "clsx";
import { useEffect, useRef, type ReactNode } from "react";
import type { LoopStepView, StepOutcome } from "#ui/ipc";
import { alongLeg, hullPath, legInto, pathOf, VIEW } from "./geometry";
import styles from "./LoopPicture.module.css";

const LEG_CLASS: Partial<Record<StepOutcome, string | undefined>> = { succeeded: styles.legDone, warning: styles.legWarning, failed: styles.legFailed, running: styles.legGoing };

/** The carriage that travels the leg into the going station. Moves by transform only. */
function Carriage({ index }: { index: number }): ReactNode {
  const element = useRef<SVGGElement>(null);
  useEffect(() => {
    const group = element.current;
    const { from, to } = legInto(index);
    const points = alongLeg(from, to, 24);
    const place = (step: number): string => {
      const here = points[step] ?? { x: 0, y: 0 };
      const before = points[Math.max(0, step - 1)] ?? here;
      const after = points[Math.min(points.length - 1, step + 1)] ?? here;
      const angle = (Math.atan2(after.y - before.y, after.x - before.x) * 180) / Math.PI;
      return `translate(${here.x.toFixed(1)}px, ${here.y.toFixed(1)}px) rotate(${angle.toFixed(1)}deg)`;
    };
    if (group === null) return undefined;
    const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches || typeof group.animate !== "function";
    if (isStill) {
      group.style.transform = place(12);
      return undefined;
    }
    const frames = points.map((_, step) => ({ transform: place(step), opacity: step < 2 || step > 21 ? 0 : 1 }));
    const animation = group.animate(frames, { duration: 2200, iterations: Infinity, easing: "cubic-bezier(0.45, 0, 0.55, 1)" });
    return () => animation.cancel();
  }, [index]);
  return (
    <g ref={element} className={styles.carriage}>
      <path d="M-15 -7 H4 Q12 -6 17 0 Q12 6 4 7 H-15 Q-18 0 -15 -7Z" />
    </g>
  );
}

/** Rails and sleepers of the closed track; each leg is lit by the outcome of the station it leads into. */
export function Track({ steps }: { steps: readonly LoopStepView[] }): ReactNode {
  const going = steps.findIndex((step) => step.outcome === "running");
  return (
    <svg className={styles.track} viewBox={`0 0 ${VIEW.width} ${VIEW.height}`} aria-hidden="true">
      <path d={hullPath(0)} className={styles.deck} />
      <path d={hullPath(26)} className={styles.contour} />
      <path d={hullPath(0)} className={styles.sleepers} />
      <path d={hullPath(0)} className={styles.rails} />
      <path d={hullPath(0)} className={styles.bed} />
      {steps.map((step, index) => {
        const look = LEG_CLASS[step.outcome];
        const { from, to } = legInto(index);
        // The leg from the stern into the first station closes the loop: it lights up with the backlog step.
        const isReturn = index === 0;
        const closing = isReturn ? (steps[9]?.outcome === "succeeded" ? styles.legDone : undefined) : look;
        return closing === undefined ? null : <path key={step.key} d={pathOf(alongLeg(from, to, 40))} className={clsx(styles.leg, closing)} />;
      })}
      {going > 0 && <Carriage key={going} index={going} />}
    </svg>
  );
}
