// Where a new line begins. By the lines alone: the grammar's tree may not have come yet when somebody types fast.
import { indentService, syntaxTree, type IndentContext } from "@codemirror/language";
import type { Extension } from "@codemirror/state";

const UNIT = 2;

/** The column below a line: behind the dash of an item, one unit deeper below a key without a value. */
export function columnBelow(line: string): number {
  const lead = /^\s*(?:- +|-$)*/.exec(line)?.[0] ?? "";
  const rest = line.slice(lead.length).replace(/(?:^|\s)#.*$/, "").trimEnd();
  const opens = /:(?:\s+[|>][-+\d]*)?$/.test(rest);
  return (rest === "" ? line.length - line.trimStart().length : lead.length) + (opens ? UNIT : 0);
}

function columnOf(context: IndentContext, pos: number): number | undefined {
  if (context.simulatedBreak !== pos) return undefined;
  const { text } = context.lineAt(pos, -1);
  const isScript = syntaxTree(context.state).resolveInner(pos, -1).name === "BlockLiteralContent";
  return isScript ? text.length - text.trimStart().length : columnBelow(text);
}

/** Indents new lines; other questions are the grammar's. */
export const indentation: Extension = indentService.of(columnOf);
