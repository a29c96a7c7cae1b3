// Draws the plain kind of markdown that hovers and completions carry: paragraphs, lists, fenced blocks, `code`,
// **strong** and links to https. Text only ever becomes text nodes.

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https:\/\/[^)\s]+)\)/g;

function inline(parent: HTMLElement, text: string): void {
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    parent.append(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [, code, strong, label, address] = match;
    const made = document.createElement(code !== undefined ? "code" : strong !== undefined ? "strong" : "a");
    made.textContent = code ?? strong ?? label ?? "";
    if (made instanceof HTMLAnchorElement && address !== undefined) {
      made.href = address;
      made.target = "_blank";
      made.rel = "noreferrer";
    }
    parent.append(made);
  }
  parent.append(text.slice(end));
}

function block(text: string): HTMLElement {
  const lines = text.split("\n");
  if (lines.every((line) => /^\s*[-*] /.test(line))) {
    const list = document.createElement("ul");
    for (const line of lines) {
      const item = document.createElement("li");
      inline(item, line.replace(/^\s*[-*] /, ""));
      list.append(item);
    }
    return list;
  }
  const heading = /^#{1,4} (.*)$/.exec(text)?.[1];
  const made = document.createElement("p");
  if (heading !== undefined) made.className = "prose-title";
  inline(made, heading ?? lines.join(" "));
  return made;
}

/** An element with the text drawn in it. */
export function drawProse(text: string): HTMLElement {
  const root = document.createElement("div");
  root.className = "prose";
  for (const [index, part] of text.split(/^```\w*\n?/m).entries()) {
    if (index % 2 === 1) {
      const pre = document.createElement("pre");
      pre.textContent = part.replace(/\n$/, "");
      root.append(pre);
      continue;
    }
    for (const paragraph of part.split(/\n\s*\n/)) if (paragraph.trim() !== "") root.append(block(paragraph.trim()));
  }
  return root;
}
