// What the runner costs beside its peers: reports, never tests. `cargo xtask bench steps|graph|log|start` runs it.
//
// Every row is measured in turns, so that a busy minute of the machine falls on all of them; the middle of a row's
// times is shown, as wall time and CPU time of all its processes, and divided by the floor's.
//
// SLIPWAY_BENCH_BINARY names another binary than target/release/slipway, SLIPWAY_BENCH_ROUNDS another number of turns.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { repository, Slipway } from "./slipway.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const target = process.env.CARGO_TARGET_DIR || path.resolve(here, "../../../target");
const binary = process.env.SLIPWAY_BENCH_BINARY || path.join(target, "release/slipway");
const act = path.join(target, "bench/venv/bin/act");
mkdirSync(path.join(target, "bench"), { recursive: true });
const folder = mkdtempSync(path.join(target, "bench/runner-"));

/** Runs a shell command to its end; answers milliseconds. */
function shell(command, cwd, env = {}) {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command}\n} >/dev/null 2>"$ERRORS"`;
  const errors = path.join(folder, "errors");
  const done = spawnSync("bash", ["-c", script], { cwd, encoding: "utf8", env: { ...process.env, ERRORS: errors, ...env }, stdio: ["ignore", "inherit", "pipe"] });
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status}: ${readFileSync(errors, "utf8").slice(-2000)}`);
  const [wall, user, sys] = done.stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { wallMs: wall * 1000, cpuMs: (user + sys) * 1000 };
}

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** Measures rows in turns and prints them for each unit; the first row is the floor. */
async function measure(rows, rounds, unit) {
  const taken = rows.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, row] of rows.entries()) if (round < (row.rounds ?? rounds)) taken[index].push(await row.run());
  }
  console.log(`${"row".padEnd(44)} ${"wall ms".padStart(11)} ${"CPU ms".padStart(11)} ${"wall /".padStart(8)} ${"CPU /".padStart(8)}   for each ${unit}`);
  const [floor] = rows;
  for (const [index, row] of rows.entries()) {
    const [wall, cpu] = ["wallMs", "cpuMs"].map((key) => middle(taken[index].map((one) => one[key])) / row.units);
    const [floorWall, floorCpu] = ["wallMs", "cpuMs"].map((key) => middle(taken[0].map((one) => one[key])) / floor.units);
    console.log(`${row.name.padEnd(44)} ${wall.toFixed(3).padStart(11)} ${cpu.toFixed(3).padStart(11)} ${(wall / floorWall).toFixed(2).padStart(8)} ${(cpu / floorCpu).toFixed(2).padStart(8)}`);
  }
}

/** A workflow of act in a repository of its own. */
function workflow(name, text) {
  return repository(path.join(folder, name), { ".github/workflows/bench.yml": text });
}
const runAct = `"${act}" -P ubuntu-latest=-self-hosted --concurrent-jobs 2 push`;

async function steps() {
  const [STEPS, NODE_STEPS] = [200, 20];
  const list = (count, line) => Array.from({ length: count }, () => line).join("\n");
  const project = repository(path.join(folder, "steps"), { "azure-pipelines.yml": `steps:\n- checkout: none\n${list(STEPS, "- bash: ':'")}\n` });
  const workflows = workflow("act", `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${list(STEPS, "    - run: ':'")}\n`);
  const floor = path.join(folder, "floor");
  mkdirSync(floor);
  const loop = `for i in $(seq ${STEPS}); do printf ':\\n' > s$i.sh; bash --noprofile --norc s$i.sh; done`;
  const node = { INPUT_SCRIPT: ":", INPUT_WORKINGDIRECTORY: floor, AGENT_TEMPDIRECTORY: floor, AGENT_VERSION: "3.220.0", AGENT_WORKFOLDER: floor };
  const slipway = await Slipway.start(binary, path.join(folder, "house"), project);
  await measure(
    [
      { name: "floor: a bash loop, one bash for each step", units: STEPS, run: () => shell(loop, floor) },
      { name: "slipway", units: STEPS, run: () => slipway.run() },
      { name: "act on the host", units: STEPS, rounds: 3, run: () => shell(runAct, workflows) },
      { name: "a Node task start (task-lib)", units: NODE_STEPS, rounds: 3, run: () => shell(`for i in $(seq ${NODE_STEPS}); do node "${path.join(here, "task.mjs")}"; done`, floor, node) },
    ],
    Number(process.env.SLIPWAY_BENCH_ROUNDS || 5),
    "step",
  );
  await slipway.stop();
}

async function graph() {
  const [LAYERS, WIDTH] = [10, 50];
  const nodes = [];
  for (let layer = 0; layer < LAYERS; layer += 1) {
    for (let at = 0; at < WIDTH; at += 1) nodes.push({ name: `j${layer}_${at}`, parents: layer === 0 ? [] : [0, 7, 19].map((step) => `j${layer - 1}_${(at + step) % WIDTH}`) });
  }
  const names = nodes.map((node) => node.name).join(" ");
  const project = repository(path.join(folder, "graph"), {
    "azure-pipelines.yml": `jobs:\n${nodes.map(({ name, parents }) => `- job: ${name}\n  dependsOn: [${parents.join(", ")}]\n  steps:\n  - checkout: none\n  - bash: ':'\n`).join("")}`,
  });
  const makefile = path.join(folder, "make");
  mkdirSync(makefile);
  writeFileSync(path.join(makefile, "Makefile"), `SHELL := bash\n.PHONY: all ${names}\nall: ${names}\n${nodes.map(({ name, parents }) => `${name}: ${parents.join(" ")}\n\t@bash --noprofile --norc -c ':'; :\n`).join("")}`);
  const workflows = workflow("act", `on: push\njobs:\n${nodes.map(({ name, parents }) => `  ${name}:\n    runs-on: ubuntu-latest\n    needs: [${parents.join(", ")}]\n    steps:\n    - run: ':'\n`).join("")}`);
  const slipway = await Slipway.start(binary, path.join(folder, "house"), project);
  await measure(
    [
      { name: "floor: make -j2", units: 1, run: () => shell("make -s -j2", makefile) },
      { name: "slipway", units: 1, run: () => slipway.run() },
      { name: "act on the host", units: 1, rounds: 1, run: () => shell(runAct, workflows) },
    ],
    Number(process.env.SLIPWAY_BENCH_ROUNDS || 3),
    "graph of 500 jobs",
  );
  await slipway.stop();
}

const SECRETS = Array.from({ length: 20 }, (_, index) => `s3cret-${String(index).padStart(2, "0")}-${"abcdefghij"[index % 10].repeat(12)}`);
const LINES = 1_000_000;

/** The file that the step prints, and the checksum of what its log has to be. */
function logFile() {
  const [file, hash] = [path.join(folder, "lines.txt"), createHash("sha256")];
  let text = "";
  for (let line = 0; line < LINES; line += 1) {
    const head = `[${line}] compiling module ${line % 977} of the harbour, tide ${(line * 7919) % 100_003}`;
    const last = line % 1000 === 0 ? ` with ${SECRETS[(line / 1000) % SECRETS.length]}` : "";
    text += `${(head + last).padEnd(117, ".")}\n`;
  }
  writeFileSync(file, text);
  hash.update(SECRETS.reduce((masked, secret) => masked.replaceAll(secret, "***"), text));
  return { file, checksum: hash.digest("hex") };
}

/** Reads a step's log page by page; answers how many lines there are between the markers and their checksum. */
async function readBack(slipway, runId, record) {
  const hash = createHash("sha256");
  let count = 0;
  for (let from = 0, total = 1; from < total; from += 2000) {
    const page = await slipway.call("log_get", { runId, recordId: record.id, from, limit: 2000 });
    total = page.total;
    const printed = page.lines.filter((line) => line.stream === "stdout");
    count += printed.length;
    hash.update(printed.map((line) => `${line.text}\n`).join(""));
  }
  return { count, checksum: hash.digest("hex") };
}

async function log() {
  const { file, checksum } = logFile();
  const secrets = SECRETS.map((secret) => `echo "##vso[task.setsecret]${secret}"`).join("\n    ");
  const quiet = "- job: Quiet\n  steps:\n  - checkout: none\n" + "  - bash: sleep 0.02\n".repeat(20);
  const loud = `- job: Loud\n  steps:\n  - checkout: none\n  - bash: |\n      ${secrets.replaceAll("\n    ", "\n      ")}\n    displayName: Secrets\n  - bash: cat '${file}'\n    displayName: Lines\n`;
  const logFolder = path.join(folder, "log");
  const project = repository(logFolder, { "azure-pipelines.yml": `jobs:\n${loud.replace(file, "/dev/null")}` });
  const beside = repository(path.join(folder, "beside"), { "azure-pipelines.yml": `jobs:\n${quiet}${loud}` });
  const alone = repository(path.join(folder, "alone"), { "azure-pipelines.yml": `jobs:\n${quiet}` });
  const masks = SECRETS.map((secret) => `    - run: echo "::add-mask::${secret}"`).join("\n");
  const workflows = workflow("act", `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${masks}\n    - run: cat '${file}'\n`);
  const slipway = await Slipway.start(binary, path.join(folder, "house"), project);
  // The same run without its lines comes first: what it needs is not what a million lines need.
  await slipway.run();
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = slipway.memoryMib();
  repository(logFolder, { "azure-pipelines.yml": `jobs:\n${loud}` });
  slipway.forgetPeak();
  let last;
  const ours = async () => {
    last = await slipway.run();
    const record = last.view.records.find((one) => one.displayName === "Lines");
    return { wallMs: record.finishedAt - record.startedAt, cpuMs: last.cpuMs, record };
  };
  await measure(
    [
      { name: "floor: cat f | cat > o", units: 1, run: () => shell(`cat '${file}' | cat > '${file}.copy'`, folder) },
      { name: "slipway: masked, with times, kept", units: 1, run: ours },
      { name: "act on the host, to its output", units: 1, rounds: 1, run: () => shell(runAct, workflows) },
    ],
    Number(process.env.SLIPWAY_BENCH_ROUNDS || 3),
    "million lines",
  );
  const peak = slipway.memoryMib("VmHWM");
  const record = last.view.records.find((one) => one.displayName === "Lines");
  const seconds = (record.finishedAt - record.startedAt) / 1000;
  console.log(`lines a second: ${Math.round(LINES / seconds).toLocaleString("en")}; memory: ${before.toFixed(1)} MiB after the same run without them, ${peak.toFixed(1)} MiB at most, ${(peak - before).toFixed(1)} more`);
  const request = { runId: last.view.run.id, recordId: record.id };
  const timed = async (name, more) => {
    const at = performance.now();
    const answer = await slipway.call(name, { ...request, ...more });
    return [performance.now() - at, answer];
  };
  const [jumpMs] = await timed("log_get", { from: 900_000, limit: 500 });
  const [wordMs, word] = await timed("log_search", { pattern: "tide 99999" });
  const [regexMs, regex] = await timed("log_search", { pattern: "module 9[0-9]{2} .* tide \\d+7\\b", isRegex: true });
  console.log(`to line 900,000: ${jumpMs.toFixed(0)} ms; a word in all lines: ${wordMs.toFixed(0)} ms (${word.count}); an expression: ${regexMs.toFixed(0)} ms (${regex.count})`);
  const read = await readBack(slipway, last.view.run.id, record);
  const isWhole = read.count === LINES && read.checksum === checksum;
  console.log(`read back: ${read.count.toLocaleString("en")} lines, checksum ${isWhole ? "as expected: none dropped, cut or unmasked" : "WRONG"}`);
  await slipway.stop();
  const quietMs = async (repo, name) => {
    const house = await Slipway.start(binary, path.join(folder, name), repo);
    const { view } = await house.run();
    const job = view.records.find((one) => one.displayName === "Quiet" || one.name === "Quiet");
    await house.stop();
    return job.finishedAt - job.startedAt;
  };
  console.log(`a job of 20 steps that sleep 20 ms: ${await quietMs(alone, "quiet")} ms alone, ${await quietMs(beside, "loud")} ms beside the million lines`);
  if (!isWhole) process.exitCode = 1;
}

async function start() {
  const stamp = path.join(folder, "first");
  const project = repository(path.join(folder, "start"), { "azure-pipelines.yml": `steps:\n- checkout: none\n- bash: date +%s%N > '${stamp}'\n${"- bash: ':'\n".repeat(19)}` });
  const makefile = path.join(folder, "make");
  mkdirSync(makefile);
  writeFileSync(path.join(makefile, "Makefile"), "all:\n");
  const slipway = await Slipway.start(binary, path.join(folder, "house"), project);
  const first = async () => {
    const { askedAt } = await slipway.run();
    return { wallMs: Number(readFileSync(stamp, "utf8")) / 1e6 - askedAt, cpuMs: 0 };
  };
  await measure(
    [
      { name: "make with nothing to do", units: 1, run: () => shell("make -s", makefile) },
      { name: "slipway: from the request to the first line", units: 1, run: first },
    ],
    Number(process.env.SLIPWAY_BENCH_ROUNDS || 9),
    "start",
  );
  await slipway.stop();
}

const benches = { steps, graph, log, start };
try {
  if (!existsSync(binary)) throw new Error(`${binary} is not there: build it with \`cargo build --release -p slipway-cli\`.`);
  console.log(`${binary}: ${(statSync(binary).size / 2 ** 20).toFixed(0)} MiB; ${execFileSync("nproc", { encoding: "utf8" }).trim()} cores, load ${readFileSync("/proc/loadavg", "utf8").split(" ")[0]}`);
  await benches[process.argv[2]]();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
