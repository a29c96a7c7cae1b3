// The lists of the Cluster room against a real API server: 50,000 rows scrolled, and a thousand changes of pods a second.
//
// `cargo xtask bench cluster-page` runs it after the release builds; a report, never a test. Chromium and the real window
// both paint in software here. SLIPWAY_CLUSTER_BIN is the control plane, SLIPWAY_BENCH_DIR another folder than
// target/release, SLIPWAY_BENCH_ROWS and SLIPWAY_BENCH_SECONDS other numbers, SLIPWAY_BENCH_ONLY=chromium or =window
// leaves the other out.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
process.env.SLIPWAY_BIN_DIR = process.env.SLIPWAY_BENCH_DIR || path.join(process.env.CARGO_TARGET_DIR || path.join(root, "target"), "release");
const { Sandbox, eventually } = await import("../support/sandbox.mjs");
const { startControlPlane } = await import("../support/control-plane.mjs");
const { Window } = await import("../desktop/webdriver.mjs");
const ROWS = Number(process.env.SLIPWAY_BENCH_ROWS || 50_000);
const SECONDS = Number(process.env.SLIPWAY_BENCH_SECONDS || 60);
const ONLY = process.env.SLIPWAY_BENCH_ONLY;
const PODS = 500;
const CHANGES = 500;
const AT_ONCE = 64;
/** A window that is driven keeps WebKit's other renderer, for its pictures; users have this one. */
const AS_FOR_USERS = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };

/** All of it, some at once. */
async function each(count, one) {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const at = next;
      next += 1;
      // One after the other in each of the workers.
      // oxlint-disable-next-line no-await-in-loop
      await one(at);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

const name = (number) => String(number).padStart(5, "0");

async function fill({ ask }) {
  const begun = Date.now();
  for (const namespace of ["many", "busy"]) await ask("POST", "/api/v1/namespaces", { metadata: { name: namespace } });
  await each(ROWS, (at) => ask("POST", "/api/v1/namespaces/many/configmaps", { metadata: { name: `settings-${name(at)}-of-a-service`, labels: { app: `app-${at % 40}` } }, data: { value: String(at) } }));
  // The namespace's service account may come a moment later than the namespace.
  await eventually("a service account", 30_000, () => ask("GET", "/api/v1/namespaces/busy/serviceaccounts/default").then(() => true));
  await each(PODS, (at) => ask("POST", "/api/v1/namespaces/busy/pods", { metadata: { name: `web-${name(at)}`, labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "registry.example/web:1" }] } }));
  console.log(`${ROWS} ConfigMaps and ${PODS} pods made in ${((Date.now() - begun) / 1000).toFixed(0)} s`);
}

/** Counts what is told of the pods from now on; a watch that the server ends is taken up where it ended. */
async function count({ ask, connect }) {
  let told = 0;
  let isOver = false;
  let { resourceVersion } = (await ask("GET", "/api/v1/namespaces/busy/pods?limit=1")).metadata;
  const own = connect();
  const watch = () => {
    const request = own.request({ ":method": "GET", ":path": `/api/v1/namespaces/busy/pods?watch=true&resourceVersion=${resourceVersion}` });
    let left = "";
    request.setEncoding("utf8").on("data", (piece) => {
      const lines = (left + piece).split("\n");
      left = lines.pop();
      told += lines.length;
      resourceVersion = /"resourceVersion":"(\d+)"/.exec(lines.at(-1) ?? "")?.[1] ?? resourceVersion;
    });
    request.on("error", () => undefined);
    request.on("end", () => isOver || watch());
  };
  watch();
  return () => {
    isOver = true;
    own.destroy();
    return told;
  };
}

/**
 * Changes pods at an even pace until it is told to stop; answers how many events a second came of it. The simulated
 * nodes answer each change of a status with one of their own, as a kubelet would: two events for each change.
 */
async function change(cluster) {
  let isOver = false;
  let [done, failed, going] = [0, 0, 0];
  const counted = await count(cluster);
  const begun = performance.now();
  const pace = async () => {
    while (!isOver) {
      const due = ((performance.now() - begun) / 1000) * CHANGES;
      while (done + failed + going < due && going < AT_ONCE) {
        const at = (done + failed + going) % PODS;
        going += 1;
        cluster
          .ask("PATCH", `/api/v1/namespaces/busy/pods/web-${name(at)}/status`, { status: { message: `change ${done}`, containerStatuses: [{ name: "web", image: "registry.example/web:1", imageID: "", ready: true, restartCount: done % 1000, state: { running: { startedAt: new Date().toISOString() } } }] } })
          .then(() => (done += 1), () => (failed += 1))
          .finally(() => (going -= 1));
      }
      // oxlint-disable-next-line no-await-in-loop
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
  };
  const pacing = pace();
  return async () => {
    isOver = true;
    await pacing;
    while (going > 0) await new Promise((resolve) => setTimeout(resolve, 10));
    return { rate: counted() / ((performance.now() - begun) / 1000), failed };
  };
}

const OPEN = `
async function opened(address, total) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const begun = performance.now();
  location.hash = address;
  const rows = () => document.querySelectorAll('[role=grid] [role=row]').length;
  while (rows() < 10) await frame();
  const first = performance.now() - begun;
  const count = () => Number(document.querySelector('[role=grid]')?.getAttribute("aria-rowcount") ?? 0) - 1;
  while (count() < total) await frame();
  return { first, all: performance.now() - begun };
}
async function scrolled(step, frames) {
  const grid = document.querySelector('[role=grid]');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  grid.scrollTop = 0;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const taken = [];
  let empty = 0;
  let last = await frame();
  for (let at = 0; at < frames; at += 1) {
    grid.scrollTop += step;
    const now = await frame();
    taken.push(now - last);
    last = now;
    if (grid.querySelectorAll('[role=row][aria-label], [role=row] [title]').length === 0) empty += 1;
  }
  taken.sort((one, other) => one - other);
  return { p50: taken[Math.floor(frames / 2)], p95: taken[Math.floor(frames * 0.95)], most: taken[frames - 1], empty };
}
async function watched(seconds) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const cells = () => document.querySelector('[role=grid] [role=row][aria-rowindex="3"]')?.textContent;
  const begun = performance.now();
  const taken = [];
  let last = await frame();
  let changes = 0;
  let words = cells();
  while (performance.now() - begun < seconds * 1000) {
    const now = await frame();
    taken.push(now - last);
    last = now;
    const next = cells();
    if (next !== words) changes += 1;
    words = next;
  }
  taken.sort((one, other) => one - other);
  const heap = performance.memory === undefined ? null : performance.memory.usedJSHeapSize / 1048576;
  return { frames: taken.length / seconds, p95: taken[Math.floor(taken.length * 0.95)], most: taken.at(-1), changes, heap };
}`;

/** Memory of a process that is held now, in MB. */
function resident(pid) {
  const text = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(text)[1]) / 1024;
}

/** All of it in one page. */
async function measure(title, cluster, run, pid) {
  console.log(`\n${title}`);
  const place = (namespace, kind) => `#/cluster?context=${cluster.context}&namespace=${namespace}&kind=${kind}`;
  const list = await run(`${OPEN}\nreturn opened(${JSON.stringify(place("many", "configmaps"))}, ${ROWS})`);
  console.log(`${ROWS} rows: first painted ${list.first.toFixed(0)} ms, all known ${list.all.toFixed(0)} ms`);
  for (const [what, step] of [["wheel, 120 px a frame", 120], ["fast, 900 px a frame", 900], ["thrown, 30,000 px a frame", 30_000]]) {
    const one = await run(`${OPEN}\nreturn scrolled(${step}, 300)`);
    console.log(`scroll (${what}): frame p50 ${one.p50.toFixed(1)} ms, p95 ${one.p95.toFixed(1)} ms, most ${one.most.toFixed(1)} ms, frames without a row ${one.empty}`);
  }
  await run(`${OPEN}\nreturn opened(${JSON.stringify(place("busy", "pods"))}, ${PODS})`);
  const stop = await change(cluster);
  try {
    const part = Math.max(5, Math.round(SECONDS / 6));
    for (let gone = 0; gone < SECONDS; gone += part) {
      // The six parts show whether memory grows.
      // oxlint-disable-next-line no-await-in-loop
      const one = await run(`${OPEN}\nreturn watched(${part})`);
      console.log(`changes, second ${gone} to ${gone + part}: ${one.frames.toFixed(0)} frames/s, p95 ${one.p95.toFixed(1)} ms, most ${one.most.toFixed(0)} ms, the first row drawn anew ${one.changes} times, app ${resident(pid()).toFixed(0)} MB${one.heap === null ? "" : `, page's heap ${one.heap.toFixed(0)} MB`}`);
    }
  } finally {
    const { rate, failed } = await stop();
    console.log(`${rate.toFixed(0)} events of pods a second, ${failed} changes refused`);
  }
}

async function inChromium(cluster) {
  const sandbox = new Sandbox("bench-cluster");
  const { chromium } = createRequire(path.join(root, "ui/package.json"))("playwright-core");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info"] });
  try {
    const { base, token, child } = await sandbox.serve([], { KUBECONFIG: cluster.kubeconfig });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${base}/?token=${token}#/gallery`);
    await page.waitForSelector("h1");
    await measure("Chromium (painted in software)", cluster, (text) => page.evaluate(`(async () => {${text}})()`), () => child.pid);
  } finally {
    await browser.close();
    await sandbox.close();
  }
}

async function inWindow(cluster) {
  const window = await Window.open("bench-cluster", { KUBECONFIG: cluster.kubeconfig, ...AS_FOR_USERS });
  try {
    await window.script("location.hash = '#/gallery'");
    await window.find("the gallery", "//h1");
    await measure("The real window (WebKitGTK, painted in software)", cluster, (text) => window.later(text), () => appOf(window.driver.pid));
  } finally {
    await window.close();
  }
}

/** The app that a driver started. */
function appOf(driver) {
  const children = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  const found = children(driver).find((pid) => readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("slipway"));
  if (found === undefined) throw new Error("the driver has started no app");
  return found;
}

if ((process.env.SLIPWAY_CLUSTER_BIN ?? "") === "") throw new Error("SLIPWAY_CLUSTER_BIN names no control plane: `cargo xtask bench cluster-page` builds one");
const house = new Sandbox("bench-cluster-plane");
const cluster = await startControlPlane(house.dir, 20);
try {
  await fill(cluster);
  if (ONLY !== "window") await inChromium(cluster);
  if (ONLY !== "chromium") await inWindow(cluster);
} finally {
  await cluster.stop();
  await house.close();
}
