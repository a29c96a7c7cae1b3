// Lines and columns of diagnostics, turned into offsets of the body, and the fix that a hint spells out.
import type { DiagnosticView } from "#ui/ipc";

/** A stretch of the body, in UTF-16 code units. */
export interface Range {
  from: number;
  to: number;
}

/** Lines of a text by number; what CodeMirror's `Text` and `linesOf` both are. */
export interface Lines {
  readonly lines: number;
  line: (number: number) => { from: number; to: number; text: string };
}

/** The lines of a plain string. */
export function linesOf(body: string): Lines {
  const starts = [0];
  for (let at = body.indexOf("\n"); at >= 0; at = body.indexOf("\n", at + 1)) starts.push(at + 1);
  return {
    lines: starts.length,
    line: (number) => {
      const from = starts[number - 1] ?? body.length;
      const to = (starts[number] ?? body.length + 1) - 1;
      return { from, to, text: body.slice(from, to) };
    },
  };
}

/** The stretch of a whole line. */
export function lineRange(body: string, line: number): Range {
  const { from, to } = linesOf(body).line(line);
  return { from, to };
}

/** The 1-based line of an offset. */
export function lineAt(lines: Lines, offset: number): number {
  let [low, high] = [1, lines.lines];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines.line(middle).from <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The offset of a 1-based place; a place outside of the text is moved to the nearest one inside. */
export function offsetAt(lines: Lines, line: number, column: number): number {
  const found = lines.line(Math.min(Math.max(1, line), lines.lines));
  if (line > lines.lines) return found.to;
  // A character outside of the basic plane is one column and two code units.
  let offset = 0;
  for (let at = 1; at < column && offset < found.text.length; at += 1) offset += (found.text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return found.from + offset;
}

/** The stretch of a diagnostic; never empty where there is a character to mark. */
export function rangeOf(lines: Lines, problem: DiagnosticView): Range {
  const from = offsetAt(lines, problem.line, problem.column);
  const to = Math.max(from, offsetAt(lines, problem.endLine, problem.endColumn));
  if (to > from) return { from, to };
  const line = lines.line(Math.min(Math.max(1, problem.line), lines.lines));
  return from < line.to ? { from, to: from + 1 } : { from: Math.max(line.from, from - 1), to: from };
}

/** A replacement that a hint names. */
export interface Fix extends Range {
  /** What stands there now. */
  wrong: string;
  insert: string;
}

const isWord = (character: string | undefined): boolean => character !== undefined && /[\w.-]/.test(character);

/** Where `word` stands as a whole word. */
function findWord(text: string, word: string): number {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWord(text[at - 1]) && !isWord(text[at + word.length])) return at;
  }
  return -1;
}

/** The fix of "Did you mean 'x'?": puts x where the wrong word stands, and leaves quotes and versions alone. */
export function fixOf(problem: DiagnosticView, body: string, range: Range): Fix | null {
  const insert = /Did you mean '([^']+)'\?/.exec(problem.hint ?? "")?.[1];
  if (insert === undefined) return null;
  const marked = body.slice(range.from, range.to);
  if (marked.includes("\n")) return null;
  const quoted = [...problem.message.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? "").filter((word) => word !== "");
  const bare = /^(["']?)(.*)\1$/.exec(marked)?.[2] ?? marked;
  // A span of one word is the wrong one; else the message quotes it, last where it quotes several.
  const wrong = quoted.includes(bare) || /^\S+$/.test(bare) ? bare : quoted.toReversed().find((word) => findWord(marked, word) >= 0);
  if (wrong === undefined || wrong === "") return null;
  const version = insert.includes("@") ? -1 : wrong.indexOf("@");
  const old = version > 0 ? wrong.slice(0, version) : wrong;
  const at = marked.indexOf(old);
  if (at < 0 || old === insert) return null;
  return { from: range.from + at, to: range.from + at + old.length, wrong: old, insert };
}
