// The canvas by keyboard: going round, moving, linking, and every gesture that the mouse has.
import { useCallback, type KeyboardEvent } from "react";
import type { Gesture } from "#ui/ipc";
import { carryAim, shiftAim, type Aim } from "./model/aim";
import type { Layout } from "./model/layout";
import { outermost, siblingsOf, type Scene } from "./model/scene";
import { inner, neighbour, outer, type Direction } from "./model/walk";
import { canConnect } from "./use-flow";

/** What each key does, for the list that `?` opens. */
export const KEY_WORDS: readonly (readonly [readonly string[], string])[] = [
  [["← ↑ → ↓"], "go to the next stage, job or step in that direction"],
  [["Enter"], "go inside; from a step to its properties"],
  [["Esc"], "go out to the job or stage around it"],
  [["Shift", "↑ ↓"], "select more"],
  [["Alt", "↑ ↓"], "move up or down among its neighbours"],
  [["Alt", "← →"], "move to the job or stage before or behind"],
  [["A"], "add a stage, job, step or task"],
  [["L"], "link: then go to what shall wait for it, and Enter"],
  [["U"], "unlink: it no longer waits for the others"],
  [["F2"], "rename"],
  [["P"], "properties"],
  [["R"], "run only what is selected"],
  [["Del"], "remove"],
  [["Ctrl", "D"], "duplicate"],
  [["Ctrl", "C / X / V"], "copy, cut, paste, also between pipelines"],
  [["Ctrl", "A"], "select all beside it"],
  [["Ctrl", "Z / Y"], "undo, redo"],
  [["+ −"], "unfold, fold"],
  [["F"], "fit everything into sight"],
  [["/"], "search"],
];

const ARROWS: Record<string, Direction> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

export interface CanvasKeys {
  scene: Scene;
  layout: Layout;
  canEdit: boolean;
  current: string | null;
  selected: readonly string[];
  selectedEdge: () => string | null;
  linking: string | null;
  setLinking: (id: string | null) => void;
  go: (id: string) => void;
  onSelect: (ids: readonly string[]) => void;
  perform: (gesture: Gesture) => Promise<boolean>;
  copy: (isCut: boolean) => void;
  toggle: (id: string, isClosed?: boolean) => void;
  add: () => void;
  rename: (id: string) => void;
  inspect: () => void;
  /** Runs what is selected; false where that cannot run alone. */
  run: () => boolean;
  undo: () => void;
  redo: () => void;
  fit: () => void;
  search: () => void;
  help: () => void;
}

/** The handler of keys for the field of nodes. */
export function useCanvasKeys(keys: CanvasKeys): (event: KeyboardEvent) => void {
  return useCallback(
    (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || target.closest("input, textarea, select, [contenteditable=true]") !== null) return;
      if (onKey(keys, event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    },
    [keys],
  );
}

/** Does what a key says; false for a key that says nothing here. */
function onKey(keys: CanvasKeys, event: KeyboardEvent): boolean {
  const isControl = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (isControl) return onControl(keys, key, event.shiftKey);
  const direction = ARROWS[key];
  if (direction !== undefined) return event.altKey ? move(keys, direction) : walk(keys, direction, event.shiftKey);
  if (event.altKey) return false;
  const { current } = keys;
  switch (key) {
    case "Enter":
      return enter(keys);
    case "Escape":
      return leave(keys);
    case "+":
    case "=":
    case "-":
      if (current !== null) keys.toggle(current, key === "-");
      return current !== null;
    case "f":
      keys.fit();
      return true;
    case "/":
      keys.search();
      return true;
    case "?":
      keys.help();
      return true;
    case "p":
      keys.inspect();
      return true;
    case "r":
      return keys.run();
    default:
      return keys.canEdit && edit(keys, key);
  }
}

function onControl(keys: CanvasKeys, key: string, isShifted: boolean): boolean {
  if (key === "z" || key === "y") {
    if (key === "y" || isShifted) keys.redo();
    else keys.undo();
    return true;
  }
  if (key === "a" && keys.current !== null) {
    keys.onSelect(siblingsOf(keys.scene, keys.current));
    return true;
  }
  if (key === "c" && keys.selected.length > 0) {
    keys.copy(false);
    return true;
  }
  if (!keys.canEdit || keys.selected.length === 0) return false;
  if (key === "x") keys.copy(true);
  else if (key === "d") void keys.perform({ gesture: "duplicate", nodes: outermost(keys.scene, keys.selected) });
  else return false;
  return true;
}

function edit(keys: CanvasKeys, key: string): boolean {
  const { scene, current, selected } = keys;
  const selectedEdge = keys.selectedEdge();
  if (key === "a") {
    keys.add();
    return true;
  }
  if (key === "Delete" || key === "Backspace") {
    const edge = scene.edges.find((one) => one.id === selectedEdge);
    if (edge !== undefined) void keys.perform({ gesture: "disconnect", from: edge.from, to: edge.to });
    else if (selected.length > 0) void keys.perform({ gesture: "remove", nodes: outermost(scene, selected) });
    else return false;
    return true;
  }
  if (current === null) return false;
  if (key === "l") keys.setLinking(current);
  else if (key === "u") void unlink(keys, current);
  else if (key === "F2") keys.rename(current);
  else return false;
  return true;
}

async function unlink({ scene, perform }: CanvasKeys, id: string): Promise<void> {
  for (const edge of scene.edges.filter((one) => one.to === id)) {
    // Each is a step of its own: the second is asked for on the text that the first has left.
    // oxlint-disable-next-line no-await-in-loop
    if (!(await perform({ gesture: "disconnect", from: edge.from, to: edge.to }))) return;
  }
}

function walk(keys: CanvasKeys, direction: Direction, isMore: boolean): boolean {
  const { scene, layout, current } = keys;
  const next = current === null ? (scene.roots[0] ?? null) : neighbour(scene, layout, current, direction);
  if (next === null) return true;
  keys.go(next);
  if (isMore) keys.onSelect([...new Set([...keys.selected, next])]);
  else if (keys.linking === null) keys.onSelect([next]);
  return true;
}

function move(keys: CanvasKeys, direction: Direction): boolean {
  const { scene, current, canEdit } = keys;
  if (!canEdit || current === null) return false;
  const by = direction === "left" || direction === "up" ? -1 : 1;
  const isAcross = direction === "left" || direction === "right";
  const level = scene.byId.get(current)?.level;
  // Stages stand side by side; steps and jobs one below the other.
  const aim: Aim | null = isAcross && level !== "stages" ? carryAim(scene, current, by) : shiftAim(scene, current, by);
  if (aim !== null) void keys.perform({ gesture: "move", nodes: [current], ...aim });
  return true;
}

function enter(keys: CanvasKeys): boolean {
  const { scene, current, linking } = keys;
  if (current === null) return false;
  if (linking !== null) {
    keys.setLinking(null);
    if (canConnect(scene, linking, current)) void keys.perform({ gesture: "connect", from: linking, to: current });
    return true;
  }
  const into = inner(scene, current);
  if (into === null) {
    keys.onSelect([current]);
    keys.inspect();
  } else {
    keys.toggle(current, false);
    keys.go(into);
    keys.onSelect([into]);
  }
  return true;
}

function leave(keys: CanvasKeys): boolean {
  if (keys.linking !== null) {
    keys.setLinking(null);
    return true;
  }
  const out = keys.current === null ? null : outer(keys.scene, keys.current);
  if (out === null) keys.onSelect([]);
  else {
    keys.go(out);
    keys.onSelect([out]);
  }
  return true;
}
