// Variables of the mapping form in the list form, which alone takes groups: line by line, comments and quotes as they are.
// Pure.
import type { Json, WrittenView } from "../wire";

/** The list as YAML; undefined when a value has more than its line. `text` is that of which `written` is. */
export function variablesAsList(text: string, written: WrittenView): Json | undefined {
  const [head = "", ...lines] = text.slice(written.start, written.end).split("\n");
  if (!/^variables:\s*(?:#.*)?$/.test(head)) return undefined;
  const filled = lines.filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
  const indents = filled.map((line) => line.length - line.trimStart().length);
  const indent = indents[0] ?? 0;
  if (filled.length !== written.entries.length || indents.some((own) => own !== indent)) return undefined;
  const made: string[] = [];
  for (const line of lines) {
    const bare = line.trim();
    if (bare === "" || bare.startsWith("#")) {
      made.push(bare);
      continue;
    }
    const found = /^("[^"]*"|'[^']*'|[^\s:#'"{[][^:]*?)\s*:(?:\s+(.*))?$/.exec(bare);
    const [, key, value = ""] = found ?? [];
    if (key === undefined || key.startsWith("$") || /^[|>]/.test(value)) return undefined;
    made.push(`- name: ${key}`, `  value: ${value === "" || value.startsWith("#") ? `""${value === "" ? "" : ` ${value}`}` : value}`);
  }
  return { $yaml: `${made.join("\n")}\n` };
}
