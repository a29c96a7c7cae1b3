// What of the canvas is in sight: where to begin, and where to go so that something is seen whole. Pure: React Flow's own
// fitView waits until every node was drawn once, and of a large pipeline most never are.
import type { Box } from "./layout";

/** The least zoom to begin with: smaller print cannot be read. */
const READABLE = 0.7;
/** Nobody goes further away from a small pipeline. */
const LEAST = 0.08;
export const MARGIN = 32;

/** A size in pixels, of the canvas or of all that is on it. */
export interface Size {
  width: number;
  height: number;
}

/** Where the canvas stands. */
export interface Sight {
  x: number;
  y: number;
  zoom: number;
}

const whole = (box: Size, pane: Size): number => Math.min((pane.width - 2 * MARGIN) / Math.max(1, box.width), (pane.height - 2 * MARGIN) / Math.max(1, box.height));

/** Where to begin: all of it where it can be read then; else at its beginning. */
export function firstSight(all: Size, pane: Size): Sight {
  const fits = whole(all, pane);
  const zoom = Math.max(READABLE, Math.min(1, fits));
  return { zoom, x: fits >= READABLE ? Math.max(MARGIN, (pane.width - all.width * zoom) / 2) : MARGIN, y: MARGIN };
}

/** All of a box in the middle, no larger than `most`. */
export function sightOf(box: Box, pane: Size, most: number): Sight {
  const zoom = Math.min(most, Math.max(0.001, whole(box, pane)));
  return { zoom, x: pane.width / 2 - (box.x + box.width / 2) * zoom, y: pane.height / 2 - (box.y + box.height / 2) * zoom };
}

/** How far away one may go: all of it can be seen in a small pane, too. */
export function leastZoom(all: Size): number {
  return Math.min(LEAST, whole(all, { width: 480, height: 320 }));
}
