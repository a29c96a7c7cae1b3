// Start-up time and memory of the window beside an empty Tauri window, measured in turn in one run.
//
// `cargo xtask bench` runs it after the release builds; a report, never a test. Nothing drives the windows: the virtual
// screen keeps its picture in a file (Xvfb -fbdir), and a window is usable from the first moment on which it looks as it
// looks at the end. One unmeasured start under WebDriver makes sure that what is painted then are the ten stations.
//
// SLIPWAY_BENCH_DIR names another folder than target/release, SLIPWAY_BENCH_ROUNDS another number than five.
import { closeSync, mkdirSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Window, screen } from "../desktop/webdriver.mjs";
import { eventually, Sandbox, tree } from "../support/sandbox.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const binDir = process.env.SLIPWAY_BENCH_DIR || path.join(process.env.CARGO_TARGET_DIR || path.join(root, "target"), "release");
const ROUNDS = Number(process.env.SLIPWAY_BENCH_ROUNDS || 5);
const WINDOWS = { slipway: path.join(binDir, "slipway-desktop"), empty: path.join(binDir, "examples/empty_window") };

/** A window that looks the same for so long is finished. */
const CALM_MS = 2_500;
const LIMIT_MS = 60_000;
/** Every so many rows of the screen are looked at. */
const ROW_STEP = 8;
/** GTK's scroll bar fades at the right edge for seconds after everything else is there. */
const EDGE_BYTES = 12 * 4;
/** A blinking caret must not count: such a part of the sampled pixels may differ. */
const SLACK = 0.002;

/** Reads the picture of a virtual screen from its file, which has the format of xwd. */
class Picture {
  constructor(file) {
    this.fd = openSync(file, "r");
    const head = Buffer.alloc(100);
    readSync(this.fd, head, 0, 100, 0);
    const word = (index) => head.readUInt32BE(index * 4);
    this.height = word(5);
    this.bytesPerLine = word(12);
    // Header, then one XWDColor of 12 bytes for each colour of the map.
    this.start = word(0) + word(19) * 12;
  }

  /** Some rows of it. */
  rows() {
    const count = Math.floor(this.height / ROW_STEP);
    const length = this.bytesPerLine - EDGE_BYTES;
    const out = Buffer.allocUnsafe(count * length);
    for (let row = 0; row < count; row += 1) {
      readSync(this.fd, out, row * length, length, this.start + row * ROW_STEP * this.bytesPerLine);
    }
    return out;
  }

  close() {
    closeSync(this.fd);
  }
}

function difference(one, other) {
  let differ = 0;
  for (let at = 0; at < one.length; at += 4) if (one.readUInt32LE(at) !== other.readUInt32LE(at)) differ += 1;
  return differ / (one.length / 4);
}

/** Proportional memory of a process and all below it, in MiB, whole and by program. */
function memory(pid) {
  const by = {};
  for (const one of tree(pid)) {
    try {
      const kib = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, "utf8"))[1]);
      const name = readFileSync(`/proc/${one}/comm`, "utf8").trim();
      by[name] = (by[name] ?? 0) + kib / 1024;
    } catch {
      // It has ended meanwhile.
    }
  }
  return { total: Object.values(by).reduce((sum, value) => sum + value, 0), by };
}

/** Starts a window once; answers when it was usable and what it took. */
async function start(sandbox, display, picture, binary) {
  const blank = picture.rows();
  const frames = [];
  const began = process.hrtime.bigint();
  const ms = () => Number(process.hrtime.bigint() - began) / 1e6;
  const child = sandbox.start(binary, [], { DISPLAY: display, NO_AT_BRIDGE: "1", GDK_BACKEND: "x11", DBUS_SESSION_BUS_ADDRESS: "disabled:" });
  for (;;) {
    const rows = picture.rows();
    const last = frames.at(-1);
    if (last === undefined || difference(rows, last.rows) > 0) frames.push({ at: ms(), rows });
    if (child.exitCode !== null) throw new Error(`${binary} ended: ${child.said}`);
    const shows = difference(frames.at(-1).rows, blank) > 0.2;
    if (shows && ms() - frames.at(-1).at > CALM_MS) break;
    if (ms() > LIMIT_MS) throw new Error(`${binary} was not calm within ${LIMIT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const end = frames.at(-1).rows;
  // The last frame that still looked different was followed by the first that looks as at the end.
  let index = frames.length - 1;
  while (index > 0 && difference(frames[index - 1].rows, end) <= SLACK) index -= 1;
  const firstPaint = frames.find((frame) => difference(frame.rows, blank) > 0.2)?.at ?? frames[index].at;
  const { total, by } = memory(child.pid);
  await sandbox.stop(child);
  await eventually("the empty screen", 10_000, () => difference(picture.rows(), blank) < 0.01);
  return { firstPaintMs: firstPaint, usableMs: frames[index].at, pssMiB: total, withoutRegistryMiB: total - (by["docker-registry"] ?? 0), by };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const rounded = (value) => Math.round(value * 10) / 10;
const say = (line) => console.log(JSON.stringify(line, (_key, value) => (typeof value === "number" ? rounded(value) : value)));

/** Makes sure that the window, left alone, comes to show the ten stations. */
async function check() {
  const window = await Window.open("bench-check", {}, WINDOWS.slipway);
  try {
    await eventually("the ten stations", LIMIT_MS, async () => (await window.stations()).length === 10);
  } finally {
    await window.close();
  }
}

await check();
const sandbox = new Sandbox("bench");
try {
  const pictures = path.join(sandbox.dir, "fb");
  mkdirSync(pictures);
  const display = await screen(sandbox, ["-fbdir", pictures]);
  const picture = new Picture(path.join(pictures, "Xvfb_screen0"));
  // The first start makes the data folder and fills caches: said, but not counted.
  say({ what: "first start", ...(await start(sandbox, display, picture, WINDOWS.slipway)) });
  await start(sandbox, display, picture, WINDOWS.empty);
  const all = { slipway: [], empty: [] };
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const name of round % 2 === 1 ? ["slipway", "empty"] : ["empty", "slipway"]) {
      const seen = await start(sandbox, display, picture, WINDOWS[name]);
      all[name].push(seen);
      say({ what: "round", round, window: name, ...seen });
    }
  }
  picture.close();
  const medians = {};
  for (const [name, seen] of Object.entries(all)) {
    medians[name] = Object.fromEntries(["firstPaintMs", "usableMs", "pssMiB", "withoutRegistryMiB"].map((key) => [key, median(seen.map((one) => one[key]))]));
    say({ what: "median", window: name, rounds: ROUNDS, ...medians[name] });
  }
  const ratio = (key) => Math.round((medians.slipway[key] / medians.empty[key]) * 100) / 100;
  console.log(JSON.stringify({ what: "ratio", usable: ratio("usableMs"), firstPaint: ratio("firstPaintMs"), pss: ratio("pssMiB"), pssWithoutRegistry: ratio("withoutRegistryMiB") }));
} finally {
  const left = await sandbox.close();
  if (left.length > 0) console.error(`left behind:\n${left.join("\n")}`);
}
