// npm `yaml` over a file: the document that keeps comments, as a row of `cargo xtask bench yaml`.
//
// Prints one JSON line with the CPU time of the middle one of three rounds, after one that is not counted and lets the
// engine compile. CPU time is the whole process's, so that the collector's threads count, as they do for the user.
import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";

const ROUNDS = 3;
const text = readFileSync(process.argv[2], "utf8");
const times = [];
for (let round = 0; round <= ROUNDS; round += 1) {
  const begun = process.cpuUsage();
  // Positions by line and column, and expression keys twice in a mapping, which our reader has as well.
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: false });
  const { user, system } = process.cpuUsage(begun);
  if (document.errors.length > 0) throw document.errors[0];
  if (round > 0) times.push((user + system) / 1000);
}
times.sort((one, other) => one - other);
const lines = text.split("\n").length - 1;
console.log(JSON.stringify({ row: "npm yaml parseDocument", lines, cpuMs: times[1] }));
