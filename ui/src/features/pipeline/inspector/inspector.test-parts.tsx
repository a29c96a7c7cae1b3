// A pipeline as plain values, for tests of the inspector: its tree, its board, and a host that answers from them.
import { act, screen, within } from "@testing-library/react";
import { useState, type ReactNode } from "react";
import { ApiFailure, type CommandName, type Commands } from "#ui/ipc";
import { FakeHost, renderScreen } from "#ui/testing/render";
import { Inspector, type Gesture } from ".";
import type { BoardNodeView, BoardView, Json, WrittenView } from "./wire";
import { segment } from "./written";

/** What is written for a value; lines count entries. */
export function writtenOf(value: Json, path = "", line = { at: 0 }): WrittenView {
  line.at += 1;
  const own = { path, start: line.at * 10, end: line.at * 10 + 9, line: line.at };
  if (value === null) return { ...own, form: "nothing", text: "", entries: [] };
  if (Array.isArray(value)) return { ...own, form: "list", text: "", entries: value.map((item, at) => ({ key: null, value: writtenOf(item, `${path}/${at}`, line) })) };
  if (typeof value === "object") return { ...own, form: "map", text: "", entries: Object.entries(value).map(([key, item]) => ({ key, value: writtenOf(item, `${path}/${segment(key)}`, line) })) };
  return { ...own, form: "text", text: String(value), entries: [] };
}

const find = (of: WrittenView, path: string): WrittenView | undefined => (of.path === path ? of : of.entries.map((entry) => find(entry.value, path)).find((found) => found !== undefined));

const word = (value: Json | undefined): string => (value === undefined || value === null || typeof value === "object" ? "" : String(value));

const KINDS: readonly BoardNodeView["kind"][] = ["stage", "job", "deployment", "template"];

function nodesOf(items: Json | undefined, path: string): BoardNodeView[] {
  if (!Array.isArray(items)) return [];
  return items.map((item, at) => {
    const of = typeof item === "object" && item !== null && !Array.isArray(item) ? item : {};
    const own = `${path}/${at}`;
    const first = Object.keys(of)[0] ?? "";
    const base: BoardNodeView = { kind: "step", path: own, name: "", displayName: word(of["displayName"]), detail: "", keyword: "", condition: word(of["condition"]), dependsOn: null, legs: [], isEnabled: true, start: at * 10, end: at * 10 + 9, line: at + 3, file: null, children: [] };
    const directive = /^\$\{\{ (\w+) ?(.*?) \}\}$/.exec(first);
    if (directive !== null) return { ...base, kind: "directive", path: `${own}/${segment(first)}`, name: directive[1] ?? "", detail: directive[2] ?? "", children: nodesOf(of[first], `${own}/${segment(first)}`) };
    const kind = KINDS.find((known) => known === first);
    if (kind === undefined) return { ...base, keyword: first, name: word(of["name"]), detail: word(of[first]) };
    const needs = of["dependsOn"];
    return { ...base, kind, name: word(of[first]), dependsOn: needs === undefined ? null : Array.isArray(needs) ? needs.map(word) : [word(needs)], children: [...nodesOf(of["jobs"], `${own}/jobs`), ...nodesOf(of["steps"], `${own}/steps`)] };
  });
}

export function boardOf(root: { [key: string]: Json }): BoardView {
  for (const level of ["stages", "jobs", "steps"] as const) if (level in root) return { level, nodes: nodesOf(root[level], `/${level}`) };
  if ("extends" in root) {
    const [node] = nodesOf([root["extends"] ?? null], "/extends");
    return { level: "extends", nodes: node === undefined ? [] : [{ ...node, kind: "extends", path: "/extends" }] };
  }
  return { level: "empty", nodes: [] };
}

type Overrides = { [N in CommandName]?: (request: Commands[N]["request"]) => Commands[N]["response"] };

export interface Shown {
  sent: Gesture[];
  went: number[];
  host: FakeHost;
  container: HTMLElement;
  /** What the next gestures are refused with; undefined lets them through. */
  refuse: (message: string | undefined) => void;
  /** Shows another text, or another selection. */
  show: (root: { [key: string]: Json }, selected?: string[]) => void;
  field: (label: string | RegExp) => Promise<HTMLElement>;
}

/** Draws the inspector over a pipeline. */
export async function showInspector(root: { [key: string]: Json }, selected: string[] = [], overrides: Record<string, (request: never) => unknown> = {}): Promise<Shown> {
  const sent: Gesture[] = [];
  const went: number[] = [];
  let refusal: string | undefined;
  let now = root;
  const host = new FakeHost("ready", {
    pipeline_node: ({ path }) => {
      const written = find(writtenOf(now), path) ?? null;
      return { written, problem: written === null ? `There is nothing at ${path}.` : null };
    },
    ...(overrides as Overrides),
  });
  let redraw: (next: { board: BoardView; selected: string[] }) => void = () => undefined;
  const onGesture = (gesture: Gesture): Promise<boolean> => {
    sent.push(gesture);
    if (refusal !== undefined) return Promise.reject(new ApiFailure({ kind: "userInput", code: "edit", message: refusal, hint: "Do otherwise.", corr: "" }));
    return Promise.resolve(true);
  };
  function Stage(): ReactNode {
    const [drawn, setDrawn] = useState({ board: boardOf(root), selected });
    redraw = setDrawn;
    return <Inspector projectId="p" text={() => JSON.stringify(now)} board={drawn.board} selected={drawn.selected} onGesture={onGesture} onGo={(line) => went.push(line)} />;
  }
  const { container } = renderScreen(<Stage />, host);
  const inspector = await screen.findByRole("region", { name: "Inspector" });
  await within(inspector).findAllByRole("group");
  return {
    sent,
    went,
    host,
    container,
    refuse: (message) => {
      refusal = message;
    },
    show: (next, which = selected) => {
      now = next;
      act(() => redraw({ board: boardOf(next), selected: which }));
    },
    field: (label) => within(inspector).findByLabelText(label),
  };
}
