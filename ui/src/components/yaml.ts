// Colours one line of YAML. A sketch for reading, not a parser: diagnostics come from the pipeline crate.

/** A piece of a line. */
export interface YamlToken {
  kind: "plain" | "key" | "string" | "literal" | "comment" | "expression" | "punctuation";
  text: string;
}

const PIECES = /(\$\{\{.*?\}\}|\$\([^)]*\)|\$\[.*?\])|("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|((?:^|\s)#.*$)|(\b(?:true|false|null)\b|(?<=[:\s[,-])-?\d+(?:\.\d+)?(?=\s*(?:$|[,\]}#])))/g;

function tokenizeValue(text: string): YamlToken[] {
  const tokens: YamlToken[] = [];
  let end = 0;
  for (const match of text.matchAll(PIECES)) {
    if (match.index > end) tokens.push({ kind: "plain", text: text.slice(end, match.index) });
    const kind = match[1] !== undefined ? "expression" : match[2] !== undefined ? "string" : match[3] !== undefined ? "comment" : "literal";
    tokens.push({ kind, text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) tokens.push({ kind: "plain", text: text.slice(end) });
  return tokens;
}

/** Splits a line into coloured pieces that join to the same line. */
export function tokenizeYamlLine(line: string): YamlToken[] {
  if (line === "") return [{ kind: "plain", text: " " }];
  const head = /^(\s*(?:- +)*)([\w.$ {}()-]+?|"[^"]*")(:)(?=\s|$)/.exec(line);
  if (head === null || line.trimStart().startsWith("#")) return tokenizeValue(line);
  const [all, indent = "", key = "", colon = ""] = head;
  return [
    { kind: "punctuation", text: indent },
    { kind: "key", text: key },
    { kind: "punctuation", text: colon },
    ...tokenizeValue(line.slice(all.length)),
  ];
}
