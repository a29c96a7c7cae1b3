// A Kubernetes control plane for journeys: the binary of tests/cluster, with simulated nodes, ended with its house.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import https from "node:https";
import path from "node:path";

/** The binary, as `cargo xtask test cluster` builds it. */
export const clusterBin = process.env.SLIPWAY_CLUSTER_BIN ?? "";

export interface Cluster {
  kubeconfig: string;
  context: string;
  /** Asks the API server as its administrator. */
  ask: (method: string, where: string, body?: object) => Promise<any>;
  stop: () => Promise<void>;
}

/** Starts one; undefined where no binary is given. */
export async function startCluster(folder: string): Promise<Cluster | undefined> {
  if (clusterBin === "") return undefined;
  const kubeconfig = path.join(folder, "kubeconfig");
  // It ends when its standard input does.
  const child = spawn(clusterBin, ["--kubeconfig", kubeconfig, "--data", folder], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const ready = await new Promise<{ server: string; contexts: string[] }>((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8");
    child.stdout.on("data", (text: string) => {
      said += text;
      if (said.includes("\n")) resolve(JSON.parse(said.slice(0, said.indexOf("\n"))));
    });
    void ended.then(() => reject(new Error(`${clusterBin} ended before it was ready: ${said}`)));
  });
  const text = readFileSync(kubeconfig, "utf8");
  const part = (name: string): Buffer => Buffer.from(new RegExp(`${name}: "?([A-Za-z0-9+/=]+)`).exec(text)?.[1] ?? "", "base64");
  const agent = new https.Agent({ ca: part("certificate-authority-data"), cert: part("client-certificate-data"), key: part("client-key-data") });
  const ask = (method: string, where: string, body?: object): Promise<any> =>
    new Promise((resolve, reject) => {
      const request = https.request(`${ready.server}${where}`, { method, agent, headers: { "Content-Type": method === "PATCH" ? "application/merge-patch+json" : "application/json" } }, (answer) => {
        let said = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece: string) => (said += piece));
        answer.on("end", () => ((answer.statusCode ?? 500) < 300 ? resolve(JSON.parse(said)) : reject(new Error(`${method} ${where}: ${answer.statusCode} ${said}`))));
      });
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    kubeconfig,
    context: ready.contexts[0] ?? "",
    ask,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
