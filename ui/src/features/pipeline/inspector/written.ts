// Questions about the tree of what is written. Pure.
import type { BoardNodeView, BoardView, Edit, Json, WrittenView } from "./wire";

/** The value below some keys, the first of each name. */
export function find(of: WrittenView | undefined, ...keys: string[]): WrittenView | undefined {
  let at = of;
  for (const key of keys) at = at?.form === "map" ? at.entries.find((entry) => entry.key === key)?.value : undefined;
  return at;
}

/** The text below some keys; empty when there is none. */
export function textOf(of: WrittenView | undefined, ...keys: string[]): string {
  const at = find(of, ...keys);
  return at?.form === "text" ? at.text : "";
}

/** Whether anything is written below some keys. */
export const has = (of: WrittenView | undefined, ...keys: string[]): boolean => find(of, ...keys) !== undefined;

/** Whether only an expansion or a run can tell what it comes to. */
export const isExpression = (text: string): boolean => /\$\{\{|\$\[|\$\(/.test(text);

/** Whether a key is a directive of templates, such as `${{ if … }}`. */
export const isDirective = (key: string | null): boolean => key !== null && key.trimStart().startsWith("${{");

/** The texts of a list, or the one text in its place; undefined when it holds something else. */
export function textsOf(of: WrittenView | undefined): string[] | undefined {
  if (of === undefined || of.form === "nothing") return [];
  if (of.form === "text") return of.text === "" ? [] : [of.text];
  if (of.form !== "list") return undefined;
  return of.entries.every((entry) => entry.value.form === "text") ? of.entries.map((entry) => entry.value.text) : undefined;
}

/** A typed text as a careful person writes it: a Boolean or whole number without quotes. */
export function plain(text: string): Json {
  if (text === "true" || text === "false") return text === "true";
  return /^(?:0|-?[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

/** Keys and plain texts as a piece of YAML: unlike plain JSON it keeps their order on the way. `below` is the key of a list that they become the first item of. */
export function yamlOf(entries: readonly (readonly [key: string, value: string])[], form: "map" | "list" | { below: string } = "map"): Json {
  const word = (text: string): string => (/^[A-Za-z_$][\w$()./:-]*$/.test(text) && !/:$|^(?:true|false|null|yes|no|on|off)$/i.test(text) ? text : JSON.stringify(text));
  const lines = entries.map(([key, value], at) => `${form === "map" ? "" : at === 0 ? "- " : "  "}${word(key)}: ${word(value)}`);
  const all = typeof form === "string" ? lines : [`${word(form.below)}:`, ...lines.map((line) => `  ${line}`)];
  return { $yaml: `${all.join("\n")}\n` };
}

/** A key as a segment of a path. */
export const segment = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("#", "~2");

/** The edits that make a list of texts out of another, each touching only what differs. */
export function listEdits(path: string, before: readonly string[], after: readonly string[]): Edit[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const old = before.length - head - tail;
  const fresh = after.slice(head, after.length - tail);
  const edits: Edit[] = [];
  for (const [at, value] of fresh.entries()) {
    if (at < old) {
      if (before[head + at] !== value) edits.push({ edit: "set", path: `${path}/${head + at}`, value });
    } else edits.push({ edit: "insertItem", path, index: head + at, value });
  }
  for (let at = head + old - 1; at >= head + fresh.length; at -= 1) edits.push({ edit: "remove", path: `${path}/${at}` });
  return edits;
}

/** A node of a board by its path. */
export function nodeAt(board: BoardView, path: string): BoardNodeView | undefined {
  const within = (nodes: readonly BoardNodeView[]): BoardNodeView | undefined => {
    for (const node of nodes) {
      const found = node.path === path ? node : within(node.children);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return within(board.nodes);
}

/** Stages or jobs that stand beside a node, itself left out; what directives hold counts as beside it. */
export function besides(board: BoardView, path: string): BoardNodeView[] {
  const flat = (nodes: readonly BoardNodeView[]): BoardNodeView[] => nodes.flatMap((node) => (node.kind === "directive" ? flat(node.children) : [node]));
  const within = (nodes: readonly BoardNodeView[]): BoardNodeView[] | undefined => {
    const level = flat(nodes);
    if (level.some((node) => node.path === path)) return level;
    for (const node of level) {
      const found = within(node.children);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return (within(board.nodes) ?? []).filter((node) => node.path !== path && node.name !== "" && ["stage", "job", "deployment"].includes(node.kind));
}

/** The script or value without the line end that a block leaves; what is sent has it again. */
export const shownLines = (text: string): string => text.replace(/\n$/, "");

/** A text of several lines as it is to be written: a block ends with a line end. */
export const writtenLines = (draft: string, before: string): string => {
  const isBlock = draft.includes("\n") || before.endsWith("\n");
  return isBlock && !draft.endsWith("\n") ? `${draft}\n` : draft;
};
