// A line of a log as it is shown: what kind it is, and its words in the colours of a terminal.
// Colours are names of the theme, never the program's own: what a program thought of a black screen is read on a light one.

/** What a line is for, by the word Azure puts before it. */
export type LineKind = "text" | "error" | "warning" | "section" | "command" | "debug" | "group" | "endgroup";

/** Words in one look. */
export interface Span {
  text: string;
  /** Names of looks: `fg1`, `bg4`, `bold`, … */
  looks: readonly string[];
}

/** A line, ready to be drawn. */
export interface ShownLine {
  kind: LineKind;
  spans: readonly Span[];
}

/** Longer lines are shown up to here; the whole line is a click away. */
export const MOST_CHARACTERS = 4000;

// oxlint-disable-next-line no-control-regex
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;
const KINDS = /^##\[(error|warning|section|command|debug|group|endgroup)\]|^\[(command)\]/;

/** Of a line rewritten with carriage returns the last state stays. */
function lastState(text: string): string {
  const end = text.replace(/\r+$/, "");
  return end.slice(end.lastIndexOf("\r") + 1);
}

/** A line without control sequences and without its kind. */
export function plainOf(text: string): string {
  return lastState(text.replaceAll(SEQUENCES, "")).replace(KINDS, "");
}

interface Look {
  foreground: number | undefined;
  background: number | undefined;
  marks: Set<string>;
}

const STEPS = [0, 95, 135, 175, 215, 255];

/** The colour of the theme that is nearest to one of 16 million. */
function nearest(red: number, green: number, blue: number): number {
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range < 40) return most < 64 ? 0 : most < 140 ? 8 : most < 210 ? 7 : 15;
  const hue = most === red ? (green - blue) / range : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  const plain = [1, 3, 2, 6, 4, 5][Math.round(hue + 6) % 6] ?? 7;
  return most > 200 ? plain + 8 : plain;
}

/** A colour of the 256 of xterm. */
function ofTable(index: number): number {
  if (index < 16) return index;
  if (index >= 232) return nearest(8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10);
  const cube = index - 16;
  return nearest(STEPS[Math.floor(cube / 36)] ?? 0, STEPS[Math.floor(cube / 6) % 6] ?? 0, STEPS[cube % 6] ?? 0);
}

/** `38;5;n` and `38;2;r;g;b`: the colour, and how many numbers it took. */
function longColour(codes: readonly number[], at: number): [number | undefined, number] {
  if (codes[at + 1] === 5) return [ofTable(codes[at + 2] ?? 0), 2];
  if (codes[at + 1] === 2) return [nearest(codes[at + 2] ?? 0, codes[at + 3] ?? 0, codes[at + 4] ?? 0), 4];
  return [undefined, 1];
}

const MARKS: Record<number, string> = { 1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "strike" };
const ENDS: Record<number, readonly string[]> = { 22: ["bold", "dim"], 23: ["italic"], 24: ["underline"], 27: ["inverse"], 29: ["strike"] };

function apply(look: Look, parameters: string): void {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0;
    if (code === 0) {
      look.foreground = undefined;
      look.background = undefined;
      look.marks.clear();
    } else if (code === 38 || code === 48) {
      const [colour, used] = longColour(codes, at);
      if (code === 38) look.foreground = colour;
      else look.background = colour;
      at += used;
    } else if (code === 39) look.foreground = undefined;
    else if (code === 49) look.background = undefined;
    else if (code >= 30 && code <= 37) look.foreground = code - 30;
    else if (code >= 90 && code <= 97) look.foreground = code - 82;
    else if (code >= 40 && code <= 47) look.background = code - 40;
    else if (code >= 100 && code <= 107) look.background = code - 92;
    else if (MARKS[code] !== undefined) look.marks.add(MARKS[code]);
    else for (const mark of ENDS[code] ?? []) look.marks.delete(mark);
  }
}

function looksOf({ foreground, background, marks }: Look): string[] {
  const isInverse = marks.has("inverse");
  const looks = [...marks].filter((mark) => mark !== "inverse");
  // On a coloured ground the text has the colour of the page, so that the two always differ enough.
  const ground = isInverse ? (foreground ?? background ?? "Text") : background;
  if (ground !== undefined) looks.push(`bg${ground}`);
  else if (foreground !== undefined) looks.push(`fg${foreground}`);
  return looks;
}

/** Reads a line: its kind, and its words with their looks. */
export function readLine(raw: string): ShownLine {
  const text = lastState(raw);
  if (!text.includes("\u001b")) {
    const kind = KINDS.exec(text);
    return { kind: (kind?.[1] ?? kind?.[2] ?? "text") as LineKind, spans: [{ text: text.slice(kind?.[0].length ?? 0), looks: [] }] };
  }
  const look: Look = { foreground: undefined, background: undefined, marks: new Set() };
  const spans: Span[] = [];
  let end = 0;
  const add = (part: string): void => {
    if (part !== "") spans.push({ text: part, looks: looksOf(look) });
  };
  for (const found of text.matchAll(SEQUENCES)) {
    add(text.slice(end, found.index));
    end = found.index + found[0].length;
    const colours = /^\u001b\[([\d;:]*)m$/.exec(found[0]); // oxlint-disable-line no-control-regex
    if (colours !== null) apply(look, colours[1] ?? "");
  }
  add(text.slice(end));
  // The kind stands at the line's beginning, or right behind a first colour.
  const kind = KINDS.exec(spans[0]?.text ?? "");
  if (kind === null || spans[0] === undefined) return { kind: "text", spans };
  return { kind: (kind[1] ?? kind[2]) as LineKind, spans: [{ ...spans[0], text: spans[0].text.slice(kind[0].length) }, ...spans.slice(1)] };
}

/** Cuts spans where marks begin and end; marked pieces say so. */
export function markSpans(spans: readonly Span[], mark: RegExp | null): (Span & { isMarked: boolean })[] {
  const plain = spans.map((span) => span.text).join("");
  const found = mark === null ? [] : [...plain.matchAll(mark)].filter((one) => one[0] !== "").map((one) => [one.index, one.index + one[0].length] as const);
  const pieces: (Span & { isMarked: boolean })[] = [];
  let at = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    let from = at;
    for (const [first, last] of found) {
      if (last <= from || first >= end) continue;
      const start = Math.max(first, from);
      const stop = Math.min(last, end);
      if (start > from) pieces.push({ ...span, text: plain.slice(from, start), isMarked: false });
      pieces.push({ ...span, text: plain.slice(start, stop), isMarked: true });
      from = stop;
    }
    if (from < end) pieces.push({ ...span, text: plain.slice(from, end), isMarked: false });
    at = end;
  }
  return pieces;
}
