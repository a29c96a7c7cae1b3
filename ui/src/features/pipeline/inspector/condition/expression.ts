// Reads an expression into groups and comparisons, and prints it again. What would not come out letter for letter as it
// was written is not read at all: then the text is the only form. Pure.

export type Expr =
  | { kind: "group"; fn: string; items: Expr[] }
  | { kind: "compare"; fn: string; args: string[] }
  | { kind: "status"; fn: string; args: string[] }
  /** Anything else, kept as it is. */
  | { kind: "raw"; text: string };

export interface Readable {
  expr: Expr;
  /** What stands between arguments. */
  separator: string;
}

export const GROUPS = ["and", "or", "not"] as const;
/** Comparisons with the words they are read as. */
export const COMPARISONS: readonly { fn: string; words: string }[] = [
  { fn: "eq", words: "is" },
  { fn: "ne", words: "is not" },
  { fn: "startsWith", words: "starts with" },
  { fn: "endsWith", words: "ends with" },
  { fn: "contains", words: "contains" },
  { fn: "in", words: "is one of" },
  { fn: "notIn", words: "is none of" },
  { fn: "containsValue", words: "has the value" },
  { fn: "gt", words: ">" },
  { fn: "ge", words: "≥" },
  { fn: "lt", words: "<" },
  { fn: "le", words: "≤" },
];
export const STATUSES: readonly { fn: string; words: string }[] = [
  { fn: "succeeded", words: "everything before succeeded" },
  { fn: "succeededOrFailed", words: "nothing was canceled" },
  { fn: "failed", words: "something before failed" },
  { fn: "canceled", words: "the run was canceled" },
  { fn: "always", words: "always" },
];

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
export const comparisonOf = (fn: string): { fn: string; words: string } | undefined => COMPARISONS.find((one) => same(one.fn, fn));
export const statusOf = (fn: string): { fn: string; words: string } | undefined => STATUSES.find((one) => same(one.fn, fn));
export const isMany = (fn: string): boolean => same(fn, "in") || same(fn, "notIn");

/** Where a text that is closed by a quote ends; what an expansion puts into it may have quotes of its own. */
function endOfText(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf("'", at);
    const open = text.indexOf("${{", at);
    if (open < 0 || quote < open) return quote;
    const close = text.indexOf("}}", open);
    if (close < 0) return -1;
    at = close + 2;
  }
}

/** Cuts at the commas that stand in no text, call or index; undefined when something is not closed. */
export function cut(text: string): string[] | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    if (letter === "'") {
      // A doubled quote closes and opens again, which comes to the same.
      const end = endOfText(text, at);
      if (end < 0) return undefined;
      at = end;
    } else if (text.startsWith("${{", at)) {
      const end = text.indexOf("}}", at);
      if (end < 0) return undefined;
      at = end + 1;
    } else if (letter === "(" || letter === "[") open.push(letter);
    else if (letter === ")" || letter === "]") {
      if (open.pop() !== (letter === ")" ? "(" : "[")) return undefined;
    } else if (letter === "," && open.length === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  if (open.length > 0) return undefined;
  parts.push(text.slice(from));
  return parts;
}

/** `name(…)` that spans the whole text. */
function call(text: string): { fn: string; args: string[] } | undefined {
  const found = /^([A-Za-z_]\w*)\(/.exec(text);
  const [head, fn] = found ?? [];
  if (head === undefined || fn === undefined || !text.endsWith(")")) return undefined;
  const inner = text.slice(head.length, -1);
  const args = cut(inner);
  if (args === undefined) return undefined;
  return { fn, args: inner.trim() === "" ? [] : args.map((part) => part.trim()) };
}

// The depth is that of the parentheses somebody typed.
function parse(text: string): Expr | undefined {
  if (text === "" || cut(text)?.length !== 1) return undefined;
  const found = call(text);
  if (found === undefined) return { kind: "raw", text };
  const { fn, args } = found;
  if (GROUPS.some((word) => same(word, fn)) && args.length > 0 && (!same(fn, "not") || args.length === 1)) {
    const items = args.map(parse);
    return items.every((item) => item !== undefined) ? { kind: "group", fn, items } : undefined;
  }
  if (statusOf(fn) !== undefined) return { kind: "status", fn, args };
  const isFull = args.every((arg) => arg !== "") && (isMany(fn) ? args.length >= 2 : args.length === 2);
  if (comparisonOf(fn) !== undefined && isFull) return { kind: "compare", fn, args };
  return { kind: "raw", text };
}

/** The text of an expression. */
export function print(expr: Expr, separator = ", "): string {
  switch (expr.kind) {
    case "raw":
      return expr.text;
    case "group":
      return `${expr.fn}(${expr.items.map((item) => print(item, separator)).join(separator)})`;
    default:
      return `${expr.fn}(${expr.args.join(separator)})`;
  }
}

/** What a text says, if it can be printed again as it is. */
export function read(text: string): Readable | undefined {
  if (text.includes("\n")) return undefined;
  const expr = parse(text);
  // What is nothing but an expansion has no parts.
  if (expr === undefined || (expr.kind === "raw" && expr.text.includes("${{"))) return undefined;
  const separator = [", ", ","].find((one) => print(expr, one) === text);
  return separator === undefined ? undefined : { expr, separator };
}

const CONTEXT = /^(?:variables|parameters|dependencies|stageDependencies|pipeline|resources|environment|strategy)\b/i;

/** A typed operand as an expression: plain words become a text in quotes. */
export function operand(typed: string): string {
  const text = typed.trim();
  const isText = /^'(?:[^']|'')*'$/.test(text) || (/^'.*\$\{\{.*'$/.test(text) && endOfText(text, 0) === text.length - 1);
  const isExpansion = /^\$\{\{.*\}\}$/.test(text);
  const isLiteral = /^(?:true|false|null|-?\d+(?:\.\d+)*)$/i.test(text);
  const isCall = /^[A-Za-z_]\w*\(.*\)$/.test(text) && cut(text)?.length === 1;
  const isReference = (CONTEXT.test(text) || /^[A-Za-z_]\w*(?:\.[\w*]+|\[)/.test(text)) && !/[\s:/]/.test(text.replaceAll(/\['[^']*'\]/g, "")) && cut(text)?.length === 1;
  if (isText || isExpansion || isLiteral || isCall || isReference) return text;
  return quoted(text);
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The text of a literal without its quotes; undefined for anything else. */
export function literal(text: string): string | undefined {
  return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : undefined;
}
