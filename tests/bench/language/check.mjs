// The vendor's language service over a file: parse and validate, as a row of `cargo xtask bench language`.
//
// Prints one JSON line with the CPU time of the middle one of three rounds, after one that is not counted and lets the
// engine compile. CPU time is the whole process's.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { schema } from "./schema.mjs";

const require = createRequire(import.meta.url);
const { getLanguageService } = require("azure-pipelines-language-service");
const parser = require("azure-pipelines-language-service/lib/parser/yamlParser");
const { TextDocument } = require("vscode-languageserver-textdocument");

const ROUNDS = 3;
const text = readFileSync(process.argv[2], "utf8");
const uri = "file:///azure-pipelines.yml";
const service = getLanguageService(() => Promise.resolve(schema), [], () => Promise.resolve("schema://bench"));
service.configure({ validate: true });

async function round(version, body) {
  const document = TextDocument.create(uri, "azure-pipelines", version, body);
  const tree = parser.parse(body);
  return service.doValidation(document, tree);
}

const slip = text.replace("displayName:", "displayNaem:");
const found = await round(0, slip);
if (found.length === 0) throw new Error("The service does not see a misspelt key: it does not validate.");
const times = [];
for (let turn = 0; turn <= ROUNDS; turn += 1) {
  const begun = process.cpuUsage();
  await round(turn + 1, text);
  const { user, system } = process.cpuUsage(begun);
  if (turn > 0) times.push((user + system) / 1000);
}
times.sort((one, other) => one - other);
const lines = text.split("\n").length - 1;
console.log(JSON.stringify({ row: "azure-pipelines-language-service", lines, cpuMs: times[1] }));
