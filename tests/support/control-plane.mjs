// A Kubernetes control plane for benches and pictures: the program of tests/cluster that SLIPWAY_CLUSTER_BIN names, with
// simulated nodes, asked as its administrator over one connection.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http2 from "node:http2";
import path from "node:path";

/** Starts one below a folder. */
export async function startControlPlane(folder, nodes) {
  const kubeconfig = path.join(folder, "kubeconfig");
  // It ends when its standard input does.
  const child = spawn(process.env.SLIPWAY_CLUSTER_BIN, ["--kubeconfig", kubeconfig, "--data", folder, "--nodes", String(nodes)], { stdio: ["pipe", "pipe", "ignore"] });
  const ready = await new Promise((resolve, reject) => {
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (said.includes("\n")) resolve(JSON.parse(said.slice(0, said.indexOf("\n"))));
    });
    child.once("exit", () => reject(new Error(`the control plane ended before it was ready: ${said}`)));
    child.once("error", reject);
  });
  const text = readFileSync(kubeconfig, "utf8");
  const part = (name) => Buffer.from(new RegExp(`${name}: "?([A-Za-z0-9+/=]+)`).exec(text)[1], "base64");
  const keys = { ca: part("certificate-authority-data"), cert: part("client-certificate-data"), key: part("client-key-data") };
  const session = http2.connect(ready.server, keys);
  const ask = (method, where, body) =>
    new Promise((resolve, reject) => {
      const request = session.request({ ":method": method, ":path": where, "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" });
      let status = 0;
      let said = "";
      request.on("response", (headers) => (status = headers[":status"]));
      request.setEncoding("utf8").on("data", (piece) => (said += piece));
      request.on("end", () => (status < 300 ? resolve(said) : reject(new Error(`${method} ${where}: ${status} ${said}`))));
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  /** Counts what is told of the pods from now on; a watch that the server ends is taken up where it ended. */
  const count = async () => {
    let told = 0;
    let isOver = false;
    let { resourceVersion } = JSON.parse(await ask("GET", "/api/v1/namespaces/busy/pods?limit=1")).metadata;
    const own = http2.connect(ready.server, keys);
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
  };
  return {
    kubeconfig,
    context: ready.contexts[0],
    ask,
    count,
    stop: async () => {
      session.destroy();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}
