// Terminal control sequences are for terminals: colour, cursor moves, titles. The log keeps the words.

// oxlint-disable-next-line no-control-regex
const SEQUENCES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-_])/g;

/** A line without control sequences; of a line rewritten with carriage returns the last state stays. */
export function stripAnsi(text: string): string {
  const plain = text.replaceAll(SEQUENCES, "");
  return plain.slice(plain.replace(/\r+$/, "").lastIndexOf("\r") + 1).replace(/\r+$/, "");
}
