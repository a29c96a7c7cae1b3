import { renderHook } from "@testing-library/react";
import type { KeyboardEvent } from "react";
import { describe, expect, it, vi } from "vitest";
import { layoutOf } from "./model/layout";
import { sceneOf } from "./model/scene";
import { KEY_WORDS, useCanvasKeys, type CanvasKeys } from "./use-canvas-keys";

const scene = sceneOf({ level: "empty", nodes: [] });
const nothing = (): void => undefined;
const keys = (more: Partial<CanvasKeys>): CanvasKeys => ({ scene, layout: layoutOf(scene, new Set(), true), canEdit: true, current: null, selected: [], selectedEdge: () => null, linking: null, setLinking: nothing, go: nothing, onSelect: nothing, perform: () => Promise.resolve(true), copy: nothing, toggle: nothing, add: nothing, rename: nothing, inspect: nothing, run: () => false, undo: nothing, redo: nothing, fit: nothing, search: nothing, help: nothing, ...more });

function press(of: CanvasKeys, key: string, target = document.createElement("div")): boolean {
  const preventDefault = vi.fn<() => void>();
  renderHook(() => useCanvasKeys(of)).result.current({ key, target, defaultPrevented: false, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, preventDefault, stopPropagation: nothing } as unknown as KeyboardEvent);
  return preventDefault.mock.calls.length > 0;
}

describe("keys of the canvas", () => {
  it("run what is selected with R, also where nothing can be changed", () => {
    const run = vi.fn<() => boolean>(() => true);
    expect(press(keys({ run, canEdit: false }), "r"), "the key is taken").toBe(true);
    expect(run).toHaveBeenCalledOnce();
    expect(press(keys({ run }), "r", document.createElement("input")), "a letter that is typed is one").toBe(false);
    expect(run).toHaveBeenCalledOnce();
    expect(press(keys({}), "r"), "what cannot run alone leaves the key to others").toBe(false);
    expect(KEY_WORDS.map(([names]) => names.join("+"))).toContain("R");
  });
});
