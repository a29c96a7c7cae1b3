// A sketch of the written tree for the fake host: block mappings and lists by their indentation, lists between brackets,
// mappings between braces, block texts. Enough for the fake pipelines; the language crate reads the rest.
import type { WrittenView } from "../generated/contract";

interface Line {
  indent: number;
  text: string;
  /** From 0. */
  number: number;
  start: number;
}

const unquoted = (text: string): string => text.trim().replaceAll(/^["']|["']$/g, "");
const segment = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1").replaceAll("#", "~2");

function linesOf(text: string): Line[] {
  let start = 0;
  return text.split("\n").flatMap((line, number) => {
    const at = start;
    start += line.length + 1;
    const bare = line.replace(/\s+#.*$/, "").trimEnd();
    return bare.trim() === "" || bare.trimStart().startsWith("#") ? [] : [{ indent: line.length - line.trimStart().length, text: bare.trim(), number, start: at }];
  });
}

/** Reads the lines of one value, which stand deeper than what holds it. */
class Reader {
  readonly #lines: Line[];
  readonly #text: string[];
  #at = 0;

  constructor(text: string) {
    this.#lines = linesOf(text);
    this.#text = text.split("\n");
  }

  root(): WrittenView {
    return this.#block(0, "", { indent: 0, text: "", number: 0, start: 0 });
  }

  #view(of: Line, path: string, more: Partial<WrittenView>): WrittenView {
    return { path, form: "text", text: "", start: of.start + of.indent, end: of.start + of.indent + of.text.length, line: of.number + 1, entries: [], ...more };
  }

  #block(indent: number, path: string, of: Line): WrittenView {
    const entries: WrittenView["entries"] = [];
    let form: WrittenView["form"] = "nothing";
    for (let line = this.#lines[this.#at]; line !== undefined && line.indent === indent; line = this.#lines[this.#at]) {
      if (line.text === "-" || line.text.startsWith("- ")) {
        form = "list";
        const inner = line.text.slice(1).trimStart();
        const deeper = indent + line.text.length - inner.length;
        const own = `${path}/${entries.length}`;
        if (inner !== "" && this.#key(inner) === undefined) {
          this.#at += 1;
          entries.push({ key: null, value: this.#scalar(inner, own, line) });
        } else {
          // The item is a mapping whose first key stands behind the dash.
          if (inner === "") this.#at += 1;
          else this.#lines[this.#at] = { ...line, indent: deeper, text: inner };
          entries.push({ key: null, value: this.#block(this.#lines[this.#at]?.indent ?? deeper, own, line) });
        }
        continue;
      }
      const found = this.#key(line.text);
      if (found === undefined || form === "list") break;
      form = "map";
      const own = `${path}/${segment(found.key)}`;
      this.#at += 1;
      entries.push({ key: found.key, value: this.#value(found.rest, own, line) });
    }
    if (form === "nothing" && entries.length === 0) return this.#view(of, path, { form });
    return this.#view(of, path, { form, entries });
  }

  #key(text: string): { key: string; rest: string } | undefined {
    const found = /^(\$\{\{.*?\}\}|[\w.$()-]+):(?:\s+(.*))?$/.exec(text);
    return found?.[1] === undefined ? undefined : { key: found[1], rest: found[2] ?? "" };
  }

  #value(rest: string, path: string, of: Line): WrittenView {
    if (/^[|>][+-]?$/.test(rest)) return this.#view(of, path, { text: this.#blockText(of.indent) });
    if (rest !== "") return this.#scalar(rest, path, of);
    const next = this.#lines[this.#at];
    const isBelow = next !== undefined && (next.indent > of.indent || (next.indent === of.indent && next.text.startsWith("- ")));
    return isBelow ? this.#block(next.indent, path, of) : this.#view(of, path, { form: "nothing" });
  }

  #scalar(rest: string, path: string, of: Line): WrittenView {
    if (rest.startsWith("[") && rest.endsWith("]")) {
      const items = rest.slice(1, -1).split(",").map(unquoted).filter((item) => item !== "");
      return this.#view(of, path, { form: "list", entries: items.map((text, at) => ({ key: null, value: this.#view(of, `${path}/${at}`, { text }) })) });
    }
    if (rest.startsWith("{") && !rest.startsWith("{{") && rest.endsWith("}")) {
      const pairs = rest.slice(1, -1).split(",").map((pair) => pair.split(":"));
      return this.#view(of, path, { form: "map", entries: pairs.map(([key = "", ...value]) => ({ key: key.trim(), value: this.#view(of, `${path}/${segment(key.trim())}`, { text: unquoted(value.join(":")) }) })) });
    }
    return this.#view(of, path, { text: unquoted(rest) });
  }

  #blockText(indent: number): string {
    const lines: string[] = [];
    const from = (this.#lines[this.#at - 1]?.number ?? 0) + 1;
    const inner = this.#lines[this.#at]?.indent ?? indent + 2;
    let number = from;
    for (; number < this.#text.length; number += 1) {
      const line = this.#text[number] ?? "";
      if (line.trim() !== "" && line.length - line.trimStart().length <= indent) break;
      lines.push(line.slice(inner));
    }
    while ((this.#lines[this.#at]?.number ?? number) < number) this.#at += 1;
    return `${lines.join("\n").trimEnd()}\n`;
  }
}

/** What is written at a path; null if nothing is. */
export function fakeWritten(text: string, path: string): WrittenView | null {
  const find = (of: WrittenView): WrittenView | null => {
    if (of.path === path) return of;
    for (const { value } of of.entries) {
      const found = find(value);
      if (found !== null) return found;
    }
    return null;
  };
  return find(new Reader(text).root());
}
