// Arithmetic between a chart's values and its drawing. Pure: no React and no DOM.
// The drawing is made by plotters in Rust; this file never draws, it only says where something stands in it.
import type { ChartSeries, ChartView } from "#ui/ipc";

/** The parts of a chart that decide where an instant and a value stand. */
export type PlotFrame = Pick<ChartView, "width" | "height" | "plotLeft" | "plotRight" | "plotTop" | "plotBottom" | "yMax" | "from" | "to">;

/** Every instant that carries a value in any series, oldest first, each once. */
export function instantsOf(series: readonly ChartSeries[]): number[] {
  return [...new Set(series.flatMap((one) => one.points.map((point) => point.at)))].sort((a, b) => a - b);
}

/** Horizontal place of an instant in the drawing's units, held inside the plot. */
export function xOfInstant(frame: PlotFrame, at: number): number {
  const span = frame.to - frame.from;
  if (span <= 0) return frame.plotLeft;
  const part = Math.min(1, Math.max(0, (at - frame.from) / span));
  return frame.plotLeft + part * (frame.plotRight - frame.plotLeft);
}

/** The instant under a place of the drawing, held inside the plot. */
export function instantOfX(frame: PlotFrame, x: number): number {
  const width = frame.plotRight - frame.plotLeft;
  if (width <= 0) return frame.from;
  const part = Math.min(1, Math.max(0, (x - frame.plotLeft) / width));
  return frame.from + part * (frame.to - frame.from);
}

/** Index of the instant closest to `at`; -1 when there is none. `instants` is sorted. */
export function nearestIndex(instants: readonly number[], at: number): number {
  let low = 0;
  let high = instants.length - 1;
  if (high < 0) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((instants[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const before = instants[low - 1];
  const here = instants[low] ?? 0;
  return before !== undefined && at - before <= here - at ? low - 1 : low;
}

/** Index after a key was pressed, or null when the key does not move the crosshair. */
export function indexAfterKey(key: string, index: number, count: number): number | null {
  if (count === 0) return null;
  const last = count - 1;
  const page = Math.max(1, Math.round(count / 10));
  const hold = (next: number): number => Math.min(last, Math.max(0, next));
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return hold(index < 0 ? last : index - 1);
    case "ArrowRight":
    case "ArrowUp":
      return hold(index + 1);
    case "PageDown":
      return hold(index - page);
    case "PageUp":
      return hold(index + page);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The value a series has at exactly this instant. */
export function valueAt(series: ChartSeries, at: number): number | null {
  return series.points.find((point) => point.at === at)?.value ?? null;
}

/** Vertical place of a value in the drawing's units; null when the chart has no height to place it in. */
export function yOfValue(frame: PlotFrame, value: number): number | null {
  if (frame.yMax <= 0) return null;
  const part = Math.min(1, Math.max(0, value / frame.yMax));
  return frame.plotBottom - part * (frame.plotBottom - frame.plotTop);
}

/** A value with its unit, exact to what can be told apart. */
export function formatValue(value: number | null, unit: string): string {
  if (value === null) return "no value";
  const digits = Number.isInteger(value) ? 0 : Math.abs(value) < 10 ? 2 : 1;
  const text = value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  if (unit === "" || unit === "1") return text;
  return unit === "%" ? `${text} %` : `${text} ${unit}`;
}

/** Clock time of an instant, with the day when the chart spans more than one. */
export function formatInstant(at: number, frame: Pick<PlotFrame, "from" | "to">): string {
  const spansDays = new Date(frame.from).toDateString() !== new Date(frame.to).toDateString();
  const clock: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", spansDays ? { day: "numeric", month: "short", ...clock } : clock).format(at);
}
