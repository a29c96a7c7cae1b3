// One slow clock for all ages in a table: they are told in seconds only when young.
import { useSyncExternalStore } from "react";

const STEP_MS = 5_000;
let now = Date.now();
const readers = new Set<() => void>();
let clock: ReturnType<typeof setInterval> | undefined;

function read(onTick: () => void): () => void {
  readers.add(onTick);
  if (clock === undefined) now = Date.now();
  clock ??= setInterval(() => {
    now = Date.now();
    for (const reader of readers) reader();
  }, STEP_MS);
  return () => {
    readers.delete(onTick);
    if (readers.size === 0) {
      clearInterval(clock);
      clock = undefined;
    }
  };
}

/** The time now, every few seconds. */
export function useSlowNow(): number {
  return useSyncExternalStore(read, () => now);
}
