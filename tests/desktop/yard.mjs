// What stands in the cluster of the pictures: workloads that are well, that crash and that cannot be pulled, and what
// belongs to them.
import { eventually } from "../support/sandbox.mjs";

const IMAGE = `sha256:${"5e".repeat(32)}`;

/** How the simulated nodes let the pods of each Deployment behave. */
const WORKLOADS = {
  web: { replicas: 3, says: { log: "listening on :8080\nGET / 200 3 ms\nGET /tides 200 11 ms\nGET /tides?port=north 404 2 ms\n" } },
  tides: { replicas: 2, says: { log: "tables of 14 ports read\n" } },
  worker: { replicas: 2, says: { behaviour: "crash", log: "panic: no database at db:5432\n" } },
  report: { replicas: 1, says: { behaviour: "image-pull" } },
};

function deployment(name, { replicas, says }) {
  const labels = { app: name };
  const annotations = Object.fromEntries(Object.entries(says).map(([what, how]) => [`sim.slipway.dev/${what}`, how]));
  const container = { name, image: `registry.example/shop/${name}@${IMAGE}`, ports: [{ name: "http", containerPort: 8080 }], envFrom: [{ configMapRef: { name: "settings" } }], resources: { requests: { cpu: "50m", memory: "64Mi" } } };
  return { metadata: { name, labels }, spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec: { containers: [container] } } } };
}

/** Fills the namespace `shop`; answers the name of one pod of each Deployment once all are what they will be. */
export async function fillCluster({ ask }) {
  await ask("POST", "/api/v1/namespaces", { metadata: { name: "shop" } });
  const inShop = (group, kind, object) => ask("POST", `${group}/namespaces/shop/${kind}`, object);
  await inShop("/api/v1", "configmaps", { metadata: { name: "settings" }, data: { LEVEL: "info", PORTS: "north,south" } });
  await inShop("/api/v1", "secrets", { metadata: { name: "database" }, stringData: { USER: "shop", PASSWORD: "never-in-a-picture" } });
  await Promise.all(Object.entries(WORKLOADS).map(([name, how]) => inShop("/apis/apps/v1", "deployments", deployment(name, how))));
  await inShop("/api/v1", "services", { metadata: { name: "web" }, spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] } });
  await inShop("/apis/networking.k8s.io/v1", "ingresses", { metadata: { name: "shop" }, spec: { rules: [{ host: "shop.example", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } }] } }] } });
  return eventually("the pods of the shop", 90_000, async () => {
    const { items } = await ask("GET", "/api/v1/namespaces/shop/pods");
    const wanted = Object.values(WORKLOADS).reduce((sum, { replicas }) => sum + replicas, 0);
    const isSettled = items.length === wanted && items.every(({ status }) => (status.containerStatuses ?? []).some(({ ready, restartCount, state }) => ready || restartCount > 0 || state.waiting !== undefined));
    return isSettled && Object.fromEntries(items.map(({ metadata }) => [metadata.labels.app, metadata.name]));
  });
}
