// A Kubernetes control plane for journeys, benches and pictures: the program of tests/cluster that SLIPWAY_CLUSTER_BIN
// names, with simulated nodes, asked as its administrator over one connection.
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
  /** Asks the API server. */
  const ask = (method, where, body) =>
    new Promise((resolve, reject) => {
      const request = session.request({ ":method": method, ":path": where, "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" });
      let status = 0;
      let said = "";
      request.on("response", (headers) => (status = headers[":status"]));
      request.setEncoding("utf8").on("data", (piece) => (said += piece));
      request.on("end", () => {
        try {
          if (status >= 300) throw new Error(`${method} ${where}: ${status} ${said}`);
          // An answer that was cut off is none.
          resolve(JSON.parse(said));
        } catch (error) {
          reject(error);
        }
      });
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    kubeconfig,
    context: ready.contexts[0],
    ask,
    /** A connection of one's own, for what does not end. */
    connect: () => http2.connect(ready.server, keys),
    stop: async () => {
      session.destroy();
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.stdin.end();
      await ended;
    },
  };
}
