// Arithmetic between a chart's instants and its drawing. Pure: no React, no DOM beyond the polylines it is handed.
// The drawing is made by plotters in Rust; this file never draws, it only says where something stands in it.
import type { ChartPoint, ChartSeries, ChartView } from "#ui/ipc";

/** The parts of a chart that decide where an instant stands. */
export type PlotFrame = Pick<ChartView, "width" | "height" | "plotLeft" | "plotRight" | "plotTop" | "plotBottom" | "from" | "to">;

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

/** A point of the drawing. */
export interface Vertex {
  x: number;
  y: number;
}

/** Reads `x,y x,y …` of a polyline. */
export function parseVertices(points: string): Vertex[] {
  return points
    .trim()
    .split(/\s+/)
    .flatMap((pair) => {
      const [x, y] = pair.split(",").map(Number);
      return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [{ x, y }] : [];
    });
}

const tolerance = 1.5;

function liesOn(frame: PlotFrame, line: readonly Vertex[], points: readonly ChartPoint[]): boolean {
  return points.length > 0 && points.every((point) => line.some((vertex) => Math.abs(vertex.x - xOfInstant(frame, point.at)) <= tolerance));
}

/**
 * Finds each series' line in the drawing, so that a dot can stand exactly on what is drawn. A line belongs to a series
 * when it has a vertex at every instant of it, its highest vertex is its highest value, and no series took it before.
 * A series that is not found has no dot: a wrong dot would be worse.
 */
export function matchLines(frame: PlotFrame, series: readonly ChartSeries[], lines: readonly (readonly Vertex[])[]): (readonly Vertex[] | null)[] {
  const taken = new Set<number>();
  return series.map((one) => {
    const found = lines.findIndex((line, index) => !taken.has(index) && liesOn(frame, line, one.points) && keepsOrder(frame, line, one.points));
    if (found < 0) return null;
    taken.add(found);
    return lines[found] ?? null;
  });
}

function keepsOrder(frame: PlotFrame, line: readonly Vertex[], points: readonly ChartPoint[]): boolean {
  const most = points.reduce((a, b) => (b.value > a.value ? b : a));
  const least = points.reduce((a, b) => (b.value < a.value ? b : a));
  return (heightAt(frame, line, most.at) ?? 0) <= (heightAt(frame, line, least.at) ?? 0);
}

/** Vertical place of a line at an instant; null when the line has no vertex there. */
export function heightAt(frame: PlotFrame, line: readonly Vertex[], at: number): number | null {
  const x = xOfInstant(frame, at);
  let best: Vertex | null = null;
  for (const vertex of line) {
    if (Math.abs(vertex.x - x) <= tolerance && (best === null || Math.abs(vertex.x - x) < Math.abs(best.x - x))) best = vertex;
  }
  return best?.y ?? null;
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
