// The pipeline's canvas beside a bare React Flow with as many nodes, in Chromium and in the real window, in one run.
//
// `cargo xtask bench canvas` runs it after the release builds; a report, never a test. Times are taken in the page:
// the first node from the change of the address until the frame after it was painted, frames between two animation
// frames while a hand drags the canvas or a node.
//
// SLIPWAY_BENCH_DIR names another folder than target/release, SLIPWAY_BENCH_ROUNDS another number than five.
// SLIPWAY_BENCH_ONLY=chromium or =window leaves the other out.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
process.env.SLIPWAY_BIN_DIR = process.env.SLIPWAY_BENCH_DIR || path.join(process.env.CARGO_TARGET_DIR || path.join(root, "target"), "release");
const { Sandbox } = await import("../support/sandbox.mjs");
const { Window } = await import("../desktop/webdriver.mjs");
const ROUNDS = Number(process.env.SLIPWAY_BENCH_ROUNDS || 5);
const ONLY = process.env.SLIPWAY_BENCH_ONLY;
const FRAMES = 60;
/** A window that is driven keeps WebKit's other renderer, for its pictures; users have this one. */
const AS_FOR_USERS = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };

/** A pipeline of `nodes` nodes: stages one after the other, jobs side by side and one behind the other, then steps. */
function pipeline(nodes) {
  const stages = nodes >= 1000 ? 12 : 4;
  const jobs = nodes >= 1000 ? 8 : 5;
  let steps = nodes - stages - stages * jobs;
  const lines = ["# Made for a measurement.", "trigger: none", "stages:"];
  for (let stage = 0; stage < stages; stage += 1) {
    lines.push(`- stage: Stage${stage}`, `  displayName: Stage number ${stage}`, "  jobs:");
    for (let job = 0; job < jobs; job += 1) {
      const left = stages * jobs - (stage * jobs + job);
      const own = Math.round(steps / left);
      steps -= own;
      lines.push(`  - job: Job${job}`, ...(job % 3 === 2 ? [`    dependsOn: [Job${job - 1}, Job${job - 2}]`] : []), "    steps:");
      for (let step = 0; step < own; step += 1) lines.push(`    - bash: echo ${step}`, `      displayName: Step ${step} of the job`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Answers a repository whose pipeline has so many nodes. */
function repository(sandbox, nodes) {
  const at = path.join(sandbox.dir, `canvas-${nodes}`);
  mkdirSync(at, { recursive: true });
  writeFileSync(path.join(at, "azure-pipelines.yml"), pipeline(nodes));
  const git = (...words) => execFileSync("git", ["-C", at, "-c", "user.name=Bench", "-c", "user.email=bench@example.com", ...words], { stdio: "ignore" });
  git("init", "-b", "main");
  git("add", ".");
  git("commit", "-m", "Add the pipeline");
  return at;
}

/** Runs in the page: everything that is measured of the flow at an address. */
const MEASURE = `
async function measure(address, frames) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const nodes = () => document.querySelectorAll(".react-flow__node");
  location.hash = "#/gallery";
  while (nodes().length > 0 || document.querySelector("h1") === null) await frame();
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begun = performance.now();
  location.hash = address;
  while (nodes().length === 0) await frame();
  await frame();
  await frame();
  const first = performance.now() - begun;
  while (document.querySelectorAll(".react-flow__edge").length === 0) await frame();
  await frame();
  const edges = performance.now() - begun;
  await new Promise((resolve) => setTimeout(resolve, 800));
  const pane = document.querySelector(".react-flow__pane");
  const drawn = nodes().length;
  const mouse = (type, target, x, y) => target.dispatchEvent(new MouseEvent(type, { bubbles: true, cancelable: true, composed: true, clientX: x, clientY: y, button: 0, buttons: type === "mouseup" ? 0 : 1, view: window }));
  const times = async (target, move) => {
    const box = target.getBoundingClientRect();
    let [x, y] = [box.x + Math.min(box.width / 2, 300), box.y + Math.min(box.height / 2, 200)];
    mouse("mousedown", target, x, y);
    const taken = [];
    let before = await frame();
    for (let at = 0; at < frames; at += 1) {
      [x, y] = move(x, y, at);
      mouse("mousemove", window.document, x, y);
      const now = await frame();
      taken.push(now - before);
      before = now;
    }
    mouse("mouseup", window.document, x, y);
    taken.sort((one, other) => one - other);
    return { p50: taken[Math.floor(taken.length / 2)], p95: taken[Math.floor(taken.length * 0.95)] };
  };
  const pan = await times(pane, (x, y, at) => [x + (at % 20 < 10 ? -12 : 12), y + (at % 20 < 10 ? -6 : 6)]);
  const one = [...nodes()].find((node) => node.classList.contains("react-flow__node-step") || node.classList.contains("react-flow__node-default"));
  const drag = await times(one, (x, y, at) => [x + (at % 20 < 10 ? 5 : -5), y + (at % 20 < 10 ? 3 : -3)]);
  const fit = document.querySelector('[aria-label^="Fit everything"]');
  if (fit === null) return { first, edges, drawn, pan, drag, whole: null };
  // A click in the same task as the end of a drag is not taken for one.
  await new Promise((resolve) => setTimeout(resolve, 50));
  fit.click();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const whole = { drawn: nodes().length, pan: await times(pane, (x, y, at) => [x + (at % 20 < 10 ? -6 : 6), y + (at % 20 < 10 ? -3 : 3)]) };
  return { first, edges, drawn, pan, drag, whole };
}`;

/** Chromium, driven by Playwright. */
async function inChromium() {
  const sandbox = new Sandbox("bench-canvas");
  const { chromium } = createRequire(path.join(root, "ui/package.json"))("playwright-core");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const { base, token } = await sandbox.serve();
    const rpc = async (name, request) => (await fetch(`${base}/rpc/${name}`, { method: "POST", headers: { "Content-Type": "application/json", "X-Slipway-Token": token }, body: JSON.stringify(request) })).json();
    const open = async (address, nodes) => {
      await rpc("project_open", { path: repositoryOf(sandbox, nodes) });
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      try {
        await page.goto(`${base}/?token=${token}#/gallery`);
        await page.waitForSelector("h1");
        return await page.evaluate(`(async () => {${MEASURE}\nreturn measure(${JSON.stringify(address)}, ${FRAMES}); })()`);
      } finally {
        await page.close();
      }
    };
    return await rounds(open);
  } finally {
    await browser.close();
    await sandbox.close();
  }
}

/** The real window; a new one for each number, so that none finds the other's code warm. */
async function inWindow() {
  return rounds(async (address, nodes) => {
    const window = await Window.open("bench-canvas", AS_FOR_USERS);
    try {
      await window.rpc("project_open", { path: repositoryOf(window.sandbox, nodes) });
      await window.script("location.hash = '#/gallery'; location.reload()");
      await window.find("the gallery", "//h1");
      return await window.later(`${MEASURE}\nreturn measure(arguments[0], arguments[1])`, address, FRAMES);
    } finally {
      await window.close();
    }
  });
}

const made = new Map();
function repositoryOf(sandbox, nodes) {
  const key = `${sandbox.dir} ${nodes}`;
  if (!made.has(key)) made.set(key, repository(sandbox, nodes));
  return made.get(key);
}

const median = (numbers) => numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)];

/** Both in turn, round after round; the medians. */
async function rounds(open) {
  const found = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const nodes of [200, 1000]) {
      for (const [name, address] of [["ours", "#/pipeline"], ["bare", `#/gallery/flow/${nodes}`]]) {
        (found[`${name} ${nodes}`] ??= []).push(await open(address, nodes));
      }
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([name, all]) => [name, { first: median(all.map((one) => one.first)), edges: median(all.map((one) => one.edges)), drawn: all[0].drawn, pan: median(all.map((one) => one.pan.p50)), panWorst: median(all.map((one) => one.pan.p95)), drag: median(all.map((one) => one.drag.p50)), whole: all[0].whole === null ? null : { drawn: all[0].whole.drawn, pan: median(all.map((one) => one.whole.pan.p50)) } }]),
  );
}

function report(title, found) {
  console.log(`\n${title}: medians of ${ROUNDS} rounds, ms`);
  console.log("| | nodes drawn | first node | first edge | pan, frame p50 (p95) | drag a node, frame p50 | all in sight: drawn, pan p50 |");
  console.log("|---|---|---|---|---|---|---|");
  for (const [name, one] of Object.entries(found)) console.log(`| ${name} | ${one.drawn} | ${one.first.toFixed(0)} | ${one.edges.toFixed(0)} | ${one.pan.toFixed(1)} (${one.panWorst.toFixed(1)}) | ${one.drag.toFixed(1)} | ${one.whole === null ? "" : `${one.whole.drawn}, ${one.whole.pan.toFixed(1)}`} |`);
  for (const nodes of [200, 1000]) {
    const [ours, bare] = [found[`ours ${nodes}`], found[`bare ${nodes}`]];
    const ratio = (key) => (ours[key] / bare[key]).toFixed(2);
    console.log(`ours to bare at ${nodes}: first node ${ratio("first")}, pan ${ratio("pan")}, drag ${ratio("drag")}`);
  }
}

if (ONLY !== "window") report("Chromium", await inChromium());
if (ONLY !== "chromium") report("The real window (WebKitGTK, painted in software)", await inWindow());
