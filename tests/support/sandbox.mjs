// What the browser and the window suites share: a folder of a test's own, the engine asked directly, and the cleaning
// up behind it. The Rust suites have the same in support/*.rs.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** Where the binaries are. */
export const binDir = process.env.SLIPWAY_BIN_DIR || path.join(root, "target/debug");
/** Where the engine answers. */
export const engineAddress = process.env.SLIPWAY_ENGINE || "unix:///var/run/docker.sock";
/** Where suites write: their runner removes it. */
export const testDir = process.env.SLIPWAY_TEST_DIR || tmpdir();
/** What children may leave in their home: Go's counters and module cache, and what GTK and WebKit keep of themselves. */
const KNOWN_IN_HOME = [".config/go", "go/pkg/mod/cache", ".cache/", ".local/share/", ".config/dconf"];

/** Asks the engine over its socket. */
export function engine(method, where) {
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath: engineAddress.replace(/^unix:\/\//, ""), method, path: where, headers: { Host: "engine" } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part) => (text += part));
      answer.on("end", () => {
        let body = null;
        try {
          body = JSON.parse(text);
        } catch {
          // Some answers have no body.
        }
        resolve({ status: answer.statusCode, body });
      });
    });
    request.on("error", (error) => reject(new Error(`No container engine answers at ${engineAddress}: ${error.message}`)));
    request.end();
  });
}

/** Waits for a condition, never for a time. */
export async function eventually(what, limitMs, ask) {
  const until = Date.now() + limitMs;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`waited ${limitMs / 1000} s in vain for: ${what}${last === undefined ? "" : ` (${last.message})`}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A folder with everything that children could write to pointing into it. */
export class Sandbox {
  constructor(name) {
    mkdirSync(testDir, { recursive: true });
    this.dir = mkdtempSync(path.join(testDir, `${name}-`));
    this.data = path.join(this.dir, "data");
    this.home = path.join(this.dir, "home");
    for (const part of ["home", "xdg", "tmp"]) mkdirSync(path.join(this.dir, part));
    this.children = [];
    this.real = new Map([realDataDir()].map((folder) => [folder, names(folder)]));
  }

  /** Surroundings of a child: nothing outside of the folder can be its own. */
  env(more = {}) {
    const env = { ...process.env };
    for (const name of ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "SLIPWAY_REGISTRY_PORT", "DBUS_SESSION_BUS_ADDRESS"]) delete env[name];
    return {
      ...env,
      HOME: this.home,
      XDG_DATA_HOME: path.join(this.dir, "xdg"),
      TMPDIR: path.join(this.dir, "tmp"),
      GOCACHE: process.env.GOCACHE || path.join(this.dir, "go-cache"),
      GIT_CONFIG_NOSYSTEM: "1",
      SLIPWAY_ENGINE: engineAddress,
      SLIPWAY_DATA_DIR: this.data,
      SLIPWAY_LOG: "info",
      ...more,
    };
  }

  /** Starts a child that is ended with the folder. */
  start(program, words, more = {}) {
    const child = spawn(program, words, { env: this.env(more), stdio: ["ignore", "pipe", "pipe"], cwd: this.dir });
    child.said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => (child.said += text));
    }
    child.ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    child.once("error", (error) => (child.said += `\n${error.message}`));
    this.children.push(child);
    return child;
  }

  /** Starts `slipway serve`; answers the printed address in parts. */
  async serve(words = [], more = {}) {
    const child = this.start(path.join(binDir, "slipway"), ["serve", ...words], more);
    const found = await eventually("the address of the page", 60_000, () => {
      if (child.exitCode !== null) throw new Error(child.said);
      return /(http:\/\/127\.0\.0\.1:(\d+))\/\?token=([0-9a-f]+)/.exec(child.said);
    });
    const [address, base, port, token] = found;
    return { address, base, port: Number(port), token, child };
  }

  /** Asks a child to end, and ends it. */
  async stop(child, limitMs = 30_000) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGTERM");
      const late = new Promise((resolve) => setTimeout(resolve, limitMs, "late").unref());
      if ((await Promise.race([child.ended, late])) === "late") child.kill("SIGKILL");
    }
    return child.ended;
  }

  /** Ends what was started, removes what it made in the engine, and lists what was left outside of the folder. */
  async close() {
    for (const child of this.children.reverse()) await this.stop(child);
    const left = [];
    const portFile = path.join(this.data, "registry/registry.port");
    if (existsSync(portFile)) {
      const registry = `127.0.0.1:${readFileSync(portFile, "utf8").trim()}/`;
      const all = (await engine("GET", "/containers/json?all=1")).body;
      const projects = new Set(all.filter((one) => one.Image.startsWith(registry)).map((one) => one.Labels["dev.slipway.project"]));
      for (const project of projects) {
        const filters = encodeURIComponent(JSON.stringify({ label: [`dev.slipway.project=${project}`] }));
        for (const one of (await engine("GET", `/containers/json?all=1&filters=${filters}`)).body) await engine("DELETE", `/containers/${one.Id}?force=1&v=1`);
        for (const one of (await engine("GET", `/networks?filters=${filters}`)).body) await engine("DELETE", `/networks/${one.Id}`);
        for (const one of (await engine("GET", `/containers/json?all=1&filters=${filters}`)).body) left.push(`container ${one.Id}`);
        for (const one of (await engine("GET", `/networks?filters=${filters}`)).body) left.push(`network ${one.Id}`);
      }
      for (const image of (await engine("GET", "/images/json?digests=1")).body) {
        for (const name of [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])]) {
          if (name.startsWith(registry)) await engine("DELETE", `/images/${name}?force=1`);
        }
      }
    }
    for (const [folder, before] of this.real) {
      for (const name of names(folder)) if (!before.has(name)) left.push(`file ${path.join(folder, name)}`);
    }
    for (const file of below(this.home)) {
      if (!KNOWN_IN_HOME.some((known) => file.startsWith(known))) left.push(`file ~/${file}`);
    }
    // A browser's helpers end a moment after the browser; what is still there then was left behind.
    const mine = () => [...processes()].filter(([, words]) => words.includes(this.dir));
    await eventually("the end of every process", 15_000, () => mine().length === 0).catch(() => undefined);
    for (const [pid, words] of mine()) {
      left.push(`process ${pid} ${words}`);
      process.kill(pid, "SIGKILL");
    }
    rmSync(this.dir, { recursive: true, force: true, maxRetries: 5 });
    return left;
  }
}

function realDataDir() {
  const base = process.env.XDG_DATA_HOME || path.join(process.env.HOME || "/", ".local/share");
  return path.join(base, "slipway");
}

function names(folder) {
  return new Set(existsSync(folder) ? readdirSync(folder) : []);
}

function below(folder, prefix = "") {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? below(path.join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}

/** Every other process of this machine with its command line and home. */
export function processes() {
  const found = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      readlinkSync(`/proc/${pid}/exe`);
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      const home = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").find((pair) => pair.startsWith("HOME="));
      found.push([pid, `${words}${home ?? ""}`]);
    } catch {
      // A kernel thread, or it has ended.
    }
  }
  return found;
}

/** The process and everything below it. */
export function tree(pid) {
  const children = new Map();
  for (const name of readdirSync("/proc")) {
    try {
      const parent = Number(/\) \S+ (\d+)/.exec(readFileSync(`/proc/${Number(name)}/stat`, "utf8"))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // Not a process, or it has ended.
    }
  }
  const all = [pid];
  for (let index = 0; index < all.length; index += 1) all.push(...(children.get(all[index]) ?? []));
  return all;
}
