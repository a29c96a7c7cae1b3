// Arithmetic between a chart's values and its drawing. Pure: no React and no DOM, only the lines it is handed.
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

/** A point of the drawing, in its units. */
export interface Vertex {
  x: number;
  y: number;
}

/** A line or dot that was drawn, and its colour. */
export interface Ink {
  color: string;
  vertices: readonly Vertex[];
}

/** Reads `x,y x,y …` of a polyline that is drawn `scale` times its size. */
export function parseVertices(points: string, scale = 1): Vertex[] {
  return points
    .trim()
    .split(/\s+/)
    .flatMap((pair) => {
      const [x, y] = pair.split(",").map(Number);
      return x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y) ? [{ x: x * scale, y: y * scale }] : [];
    });
}

const tolerance = 1.5;

/** Grid lines are level and marker poles are upright: neither is a series. */
function isSeriesInk(frame: PlotFrame, ink: Ink): boolean {
  const [first, ...rest] = ink.vertices;
  if (first === undefined || ink.vertices.some(({ y }) => y < frame.plotTop - tolerance || y > frame.plotBottom + tolerance)) return false;
  if (rest.length === 0) return true;
  if (rest.every(({ x }) => x === first.x)) return false;
  const last = rest[rest.length - 1] ?? first;
  return !(rest.every(({ y }) => y === first.y) && Math.abs(first.x - frame.plotLeft) < tolerance && Math.abs(last.x - frame.plotRight) < tolerance && rest.length === 1);
}

/**
 * The value at the top of the plot, read off the drawing: zero lies at its bottom, and the highest value's vertex says
 * how far a value reaches. Null when the drawing does not bear it out: no dot is better than a wrong one.
 */
export function valueAtTop(frame: PlotFrame, series: readonly ChartSeries[], inks: readonly Ink[]): number | null {
  const points = series.flatMap((one) => one.points).filter(({ at }) => at >= frame.from && at <= frame.to);
  const drawn = inks.filter((ink) => isSeriesInk(frame, ink)).flatMap((ink) => ink.vertices);
  const above = (at: number): Vertex[] => drawn.filter(({ x }) => Math.abs(x - xOfInstant(frame, at)) <= tolerance);
  const highest = points.reduce<ChartPoint | null>((best, point) => (best === null || point.value > best.value ? point : best), null);
  if (highest === null || highest.value <= 0) return null;
  const peak = above(highest.at).reduce<Vertex | null>((best, vertex) => (best === null || vertex.y < best.y ? vertex : best), null);
  if (peak === null || peak.y >= frame.plotBottom) return null;
  const top = (highest.value * (frame.plotBottom - frame.plotTop)) / (frame.plotBottom - peak.y);
  const borneOut = points.filter(({ at, value }) => above(at).some(({ y }) => Math.abs(y - yOfValue(frame, top, value)) <= 2 * tolerance));
  return borneOut.length >= points.length * 0.9 ? top : null;
}

/** Vertical place of a value in the drawing's units. */
export function yOfValue(frame: PlotFrame, top: number, value: number): number {
  return frame.plotBottom - (Math.max(0, value) / top) * (frame.plotBottom - frame.plotTop);
}

/** The colour each series was drawn in: that of the ink with the most vertices on its points. */
export function inkColors(frame: PlotFrame, top: number, series: readonly ChartSeries[], inks: readonly Ink[]): (string | null)[] {
  const drawn = inks.filter((ink) => isSeriesInk(frame, ink));
  return series.map(({ points }) => {
    const hits = new Map<string, number>();
    for (const { at, value } of points) {
      const [x, y] = [xOfInstant(frame, at), yOfValue(frame, top, value)];
      for (const ink of drawn) {
        if (ink.vertices.some((vertex) => Math.abs(vertex.x - x) <= tolerance && Math.abs(vertex.y - y) <= tolerance)) hits.set(ink.color, (hits.get(ink.color) ?? 0) + 1);
      }
    }
    return [...hits].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? null;
  });
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
