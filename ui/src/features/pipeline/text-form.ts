// How a file is written apart from its lines: byte order mark and line ends. The editor and the language commands see
// the lines joined by \n; saving puts the rest back, so that an untouched line stays as it was, byte for byte.

/** The form of a text. */
export interface TextForm {
  hasMark: boolean;
  /** `\r\n` only where every line ends so; in a mixed file the `\r` stay in their lines. */
  lineBreak: "\n" | "\r\n";
}

const MARK = "\uFEFF";

/** Splits a file's text into its form and the body that is edited. */
export function readForm(text: string): { form: TextForm; body: string } {
  const hasMark = text.startsWith(MARK);
  const rest = hasMark ? text.slice(1) : text;
  const isCrlf = rest.includes("\r\n") && !/\r(?!\n)|(?<!\r)\n/.test(rest);
  return { form: { hasMark, lineBreak: isCrlf ? "\r\n" : "\n" }, body: isCrlf ? rest.replaceAll("\r\n", "\n") : rest };
}

/** The file's text of an edited body. */
export function writeForm(form: TextForm, body: string): string {
  return (form.hasMark ? MARK : "") + (form.lineBreak === "\r\n" ? body.replaceAll("\n", "\r\n") : body);
}
