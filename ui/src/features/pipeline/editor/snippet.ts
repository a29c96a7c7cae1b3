// Snippets come as language servers write them ($1, ${2:word}, $0, \$); CodeMirror has a notation of its own.

const PARTS = /\\([$}\\])|\$(\d+)|\$\{(\d+)(?::([^{}]*))?\}|([{}])/g;

/** The same snippet in CodeMirror's notation. */
export function templateOf(snippet: string): string {
  return snippet.replaceAll(PARTS, (_all, escaped?: string, bare?: string, numbered?: string, word?: string, brace?: string) => {
    if (escaped !== undefined) return escaped === "}" ? "\\}" : escaped;
    if (brace !== undefined) return `\\${brace}`;
    return word === undefined || word === "" ? `\${${bare ?? numbered ?? "0"}}` : `\${${numbered ?? "0"}:${word}}`;
  });
}
