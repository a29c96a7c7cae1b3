// A sketch of the canvas for the fake host: reads block lists of stages, jobs and steps by their indentation.
import type { BoardKindWord, BoardLevelWord, BoardNodeView, BoardView, PipelineNodeView } from "../generated/contract";
import { fakeWritten } from "./written";

const KINDS: Record<string, BoardKindWord> = { stage: "stage", job: "job", deployment: "deployment", template: "template" };
const LISTS = new Set(["stages", "jobs", "steps"]);
const HOOKS = new Set(["preDeploy", "deploy", "routeTraffic", "postRouteTraffic"]);
const STRATEGIES = new Set(["runOnce", "rolling", "canary"]);

interface Open {
  indent: number;
  path: string;
  node: BoardNodeView | null;
  list: string;
  items: number;
}

const unquoted = (text: string): string => text.trim().replaceAll(/^["']|["']$/g, "");

function namesOf(text: string): string[] {
  return text.replaceAll(/[[\]]/g, "").split(",").map(unquoted).filter((name) => name !== "");
}

function nodeOf(kind: BoardKindWord, path: string, name: string, keyword: string, detail: string, start: number, line: number): BoardNodeView {
  return { kind, path, name, displayName: "", detail, keyword, condition: "", dependsOn: null, legs: [], isEnabled: true, start, end: start, line, file: null, children: [] };
}

/** The board of a text that has no more than the fake pipelines have. */
export function fakeBoard(text: string): BoardView {
  let level: BoardLevelWord = "empty";
  const nodes: BoardNodeView[] = [];
  const open: Open[] = [{ indent: -1, path: "", node: null, list: "", items: 0 }];
  let offset = 0;
  for (const [index, line] of text.split("\n").entries()) {
    const start = offset;
    offset += line.length + 1;
    const found = /^(\s*)(- )?([\w${} .(),'=-]+?):(?:\s+(.*))?$/.exec(line);
    if (found === null) continue;
    const [, blank = "", dash, key = "", value = ""] = found;
    const indent = blank.length;
    const isItem = dash !== undefined;
    while (open.length > 1 && (open.at(-1)?.indent ?? 0) >= indent + (isItem ? 1 : 0)) {
      const closed = open.pop();
      if (closed?.node) closed.node.end = start - 1;
    }
    const parent = open.at(-1);
    const owner = open.findLast((entry) => entry.node !== null)?.node ?? null;
    if (parent === undefined) continue;
    if (isItem) {
      if (!LISTS.has(parent.list)) continue;
      const path = `${parent.path}/${parent.items}`;
      parent.items += 1;
      const kind = KINDS[key] ?? "step";
      const node = nodeOf(kind, path, kind === "step" ? "" : unquoted(value), kind === "step" ? key : "", kind === "step" ? unquoted(value) : "", start + indent, index + 1);
      (owner?.children ?? nodes).push(node);
      open.push({ indent: indent + 1, path, node, list: "", items: 0 });
    } else if (LISTS.has(key) && value === "") {
      if (parent.indent === -1) level = key as BoardLevelWord;
      open.push({ indent, path: `${parent.path}/${key}`, node: null, list: key, items: 0 });
    } else if (HOOKS.has(key) && owner !== null) {
      const node = nodeOf("hook", `${parent.path}/${key}`, key, "", "", start + indent, index + 1);
      owner.children.push(node);
      open.push({ indent, path: node.path, node, list: "", items: 0 });
    } else {
      if (STRATEGIES.has(key) && owner !== null) owner.keyword = key;
      const own = parent.node;
      if (own !== null && key === "displayName") own.displayName = unquoted(value);
      if (own !== null && key === "condition") own.condition = unquoted(value);
      if (own !== null && key === "dependsOn") own.dependsOn = namesOf(value);
      if (own !== null && key === "enabled") own.isEnabled = value !== "false";
      if (value === "") open.push({ indent, path: `${parent.path}/${key}`, node: null, list: "", items: 0 });
    }
  }
  for (const entry of open) if (entry.node !== null) entry.node.end = text.length;
  return { level, nodes };
}

/** What is written at a path. */
export function fakeNode(text: string, path: string): PipelineNodeView {
  const written = fakeWritten(text, path);
  return { written, problem: written === null ? `There is nothing at ${path}.` : null };
}
