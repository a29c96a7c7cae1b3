// The product as the benches use it: the release binary with a data folder and a repository of its own, called over
// its page. Costs are read from /proc of the process and of the children that it has waited for.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const TICKS_PER_SECOND = 100;

/** A repository with one commit. */
export function repository(folder, files) {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const git = (...words) => execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.invalid", ...words], { cwd: folder, stdio: "ignore" });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "bench");
  return folder;
}

export class Slipway {
  static async start(binary, folder, project) {
    mkdirSync(folder, { recursive: true });
    const words = ["--data-dir", path.join(folder, "data"), "serve", "--project", project];
    const child = spawn(binary, words, { env: { ...process.env, HOME: folder }, stdio: ["ignore", "pipe", "inherit"] });
    const address = await new Promise((resolve, reject) => {
      let said = "";
      child.on("exit", (code) => reject(new Error(`slipway serve ended with ${code}: ${said}`)));
      child.stdout.on("data", (part) => {
        said += part;
        const found = /(http:\/\/\S+)\/\?token=(\w+)/.exec(said);
        if (found !== null) resolve({ base: found[1], token: found[2] });
      });
    });
    return new Slipway(child, address);
  }

  constructor(child, { base, token }) {
    Object.assign(this, { child, base, token });
  }

  async call(name, request = {}) {
    const headers = { "Content-Type": "application/json", "X-Slipway-Token": this.token };
    const answer = await fetch(`${this.base}/rpc/${name}`, { method: "POST", headers, body: JSON.stringify(request) });
    const body = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(body)}`);
    return body;
  }

  /** CPU milliseconds of the process and of its children that have ended. */
  cpuMs() {
    const fields = readFileSync(`/proc/${this.child.pid}/stat`, "utf8").split(") ")[1].split(" ");
    return (fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * 1000) / TICKS_PER_SECOND;
  }

  /** Memory in MiB: what it has now, or the most since `forgetPeak`. */
  memoryMib(kind = "VmRSS") {
    return Number(new RegExp(`${kind}:\\s+(\\d+)`).exec(readFileSync(`/proc/${this.child.pid}/status`, "utf8"))[1]) / 1024;
  }

  forgetPeak() {
    writeFileSync(`/proc/${this.child.pid}/clear_refs`, "5");
  }

  /** Runs the project's newest commit to its end; answers its view and what it cost. */
  async run() {
    const [project] = await this.call("project_list");
    const cpuBefore = this.cpuMs();
    const askedAt = Date.now();
    const { runId } = await this.call("run_start", { projectId: project.id });
    for (;;) {
      const [newest] = await this.call("run_list", { projectId: project.id, limit: 1 });
      if (newest.id === runId && newest.state === "completed") break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const cpuMs = this.cpuMs() - cpuBefore;
    const view = await this.call("run_get", { runId });
    if (view.run.result !== "succeeded") throw new Error(`The run ended with ${view.run.result}: ${view.run.issue}`);
    return { view, askedAt, cpuMs, wallMs: view.run.finishedAt - askedAt };
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.on("exit", resolve));
    this.child.kill("SIGTERM");
    await ended;
  }
}
