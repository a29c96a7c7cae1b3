// The track: the waterline of a hull seen from above, stern on the left, bow on the right. Pure numbers, so that tests
// and the drawing share them. Build runs along the upper side, the trigger turns at the bow, release comes back below.

/** A place on the track, in the drawing's units. */
export interface Point {
  x: number;
  y: number;
}

export const VIEW = { width: 1000, height: 500 } as const;
const MIDDLE = VIEW.height / 2;

type Cubic = readonly [Point, Point, Point, Point];
const at = (x: number, y: number): Point => ({ x, y });

const UPPER: readonly Cubic[] = [
  [at(128, MIDDLE), at(128, 160), at(142, 112), at(215, 104)],
  [at(215, 104), at(320, 93), at(450, 90), at(545, 96)],
  [at(545, 96), at(690, 105), at(806, 160), at(874, MIDDLE)],
];
const mirrored = (point: Point): Point => at(point.x, VIEW.height - point.y);
const LOWER: readonly Cubic[] = UPPER.toReversed().map(([a, b, c, d]) => [mirrored(d), mirrored(c), mirrored(b), mirrored(a)] as const);
const HULL: readonly Cubic[] = [...UPPER, ...LOWER];

const STEPS = 60;
const onCubic = ([a, b, c, d]: Cubic, t: number): Point => {
  const s = 1 - t;
  const mix = (p: number, q: number, r: number, e: number): number => s * s * s * p + 3 * s * s * t * q + 3 * s * t * t * r + t * t * t * e;
  return at(mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y));
};

interface Sample extends Point {
  /** Length of the way from the stern. */
  way: number;
}
const SAMPLES: readonly Sample[] = (() => {
  const list: Sample[] = [];
  let way = 0;
  for (const cubic of HULL) {
    for (let step = list.length === 0 ? 0 : 1; step <= STEPS; step += 1) {
      const point = onCubic(cubic, step / STEPS);
      const last = list.at(-1);
      if (last !== undefined) way += Math.hypot(point.x - last.x, point.y - last.y);
      list.push({ ...point, way });
    }
  }
  return list;
})();
/** Length of the whole track. */
export const TRACK_LENGTH = SAMPLES.at(-1)?.way ?? 0;

/** The place so far along the track; past the end it goes round again. */
export function pointAt(way: number): Point {
  const wrapped = ((way % TRACK_LENGTH) + TRACK_LENGTH) % TRACK_LENGTH;
  const next = SAMPLES.findIndex((sample) => sample.way >= wrapped);
  const right = SAMPLES[Math.max(next, 1)];
  const left = SAMPLES[Math.max(next, 1) - 1];
  if (left === undefined || right === undefined) return at(0, 0);
  const part = right.way === left.way ? 0 : (wrapped - left.way) / (right.way - left.way);
  return at(left.x + (right.x - left.x) * part, left.y + (right.y - left.y) * part);
}

const upperX = [212, 376, 540, 704] as const;
const wayOfUpperX = (x: number): number => SAMPLES.find((sample) => sample.x >= x && sample.way > 20)?.way ?? 0;
const UPPER_WAYS = upperX.map(wayOfUpperX);

/** How far along the track each of the ten stations is: four above, the bow, four below, the stern. */
export const STATION_WAYS: readonly number[] = [...UPPER_WAYS, TRACK_LENGTH / 2, ...UPPER_WAYS.toReversed().map((way) => TRACK_LENGTH - way), TRACK_LENGTH];

/** On which side of the track a station's words stand. */
export type Side = "above" | "right" | "below" | "left";

/** The side of station `index` (0 to 9). */
export function sideOf(index: number): Side {
  if (index < 4) return "above";
  if (index === 4) return "right";
  return index < 9 ? "below" : "left";
}

/** Start and end of the leg that leads into station `index`, along the track. */
export function legInto(index: number): { from: number; to: number } {
  const to = STATION_WAYS[index] ?? 0;
  const from = index === 0 ? 0 : (STATION_WAYS[index - 1] ?? 0);
  return { from, to };
}

/** Points along a leg, `count` + 1 of them. */
export function alongLeg(from: number, to: number, count: number): Point[] {
  return Array.from({ length: count + 1 }, (_, step) => pointAt(Math.min(from + ((to - from) * step) / count, TRACK_LENGTH - 0.001)));
}

const number = (value: number): string => value.toFixed(1);

/** An SVG path over points. */
export function pathOf(points: readonly Point[]): string {
  return points.map((point, index) => `${index === 0 ? "M" : "L"}${number(point.x)} ${number(point.y)}`).join("");
}

/** The hull as an SVG path, shrunk towards its middle line by `inset`. */
export function hullPath(inset = 0): string {
  const middleX = 492;
  const shrink = (point: Point): Point => at(middleX + (point.x - middleX) * (1 - inset / 372), MIDDLE + (point.y - MIDDLE) * (1 - inset / 158));
  const first = shrink(HULL[0]?.[0] ?? at(0, 0));
  const curves = HULL.map(([, b, c, d]) => [b, c, d].map((point) => shrink(point)).map((point) => `${number(point.x)} ${number(point.y)}`).join(" "));
  return `M${number(first.x)} ${number(first.y)}${curves.map((curve) => `C${curve}`).join("")}Z`;
}
