import type { ReactNode } from "react";
import { formatDuration, plural } from "#ui/components";
import styles from "./runs.module.css";

const WIDTH = 36;
const HEIGHT = 10;

/** The points of a line through durations, newest at the right. Pure. */
export function pointsOf(durations: readonly number[]): string {
  const most = Math.max(...durations, 1);
  const step = WIDTH / Math.max(durations.length - 1, 1);
  return durations.map((took, at) => `${(at * step).toFixed(1)},${(HEIGHT - 1 - (took / most) * (HEIGHT - 2)).toFixed(1)}`).join(" ");
}

/** The last durations as a line of the size of a word, and in words for whoever does not see it. */
export function Sparkline({ durations }: { durations: readonly number[] }): ReactNode {
  if (durations.length < 2) return null;
  const newest = durations.at(-1) ?? 0;
  const words = `The last ${plural(durations.length, "run")} took ${formatDuration(Math.min(...durations))} to ${formatDuration(Math.max(...durations))}, the newest ${formatDuration(newest)}`;
  return (
    <svg className={styles.spark} role="img" aria-label={words} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
      <title>{words}</title>
      <polyline points={pointsOf(durations)} />
    </svg>
  );
}
