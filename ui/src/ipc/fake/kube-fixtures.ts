// Objects of the fake clusters: kinds, rows, one object's YAML, events, the map.
import type { KubeColumn, KubeEventView, KubeKindView, KubeMap, KubeObjectView, KubeRow, KubeHealth, KubeSection } from "../generated/contract";
import { ago, DIGESTS, MINUTE } from "./thread";

const VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"];

const kind = (section: KubeSection, group: string, name: string, plural: string, shortNames: string[] = [], isNamespaced = true): KubeKindView => ({ group, version: group === "" || group === "apps" || group === "batch" ? "v1" : "v1", kind: name, plural, isNamespaced, verbs: VERBS, subresources: ["deployments", "replicasets", "statefulsets"].includes(plural) ? ["scale", "status"] : ["status"], shortNames, isCustom: section === "custom", section });

export const KINDS: KubeKindView[] = [
  kind("workloads", "", "Pod", "pods", ["po"]),
  kind("workloads", "apps", "Deployment", "deployments", ["deploy"]),
  kind("workloads", "apps", "ReplicaSet", "replicasets", ["rs"]),
  kind("workloads", "apps", "StatefulSet", "statefulsets", ["sts"]),
  kind("workloads", "apps", "DaemonSet", "daemonsets", ["ds"]),
  kind("workloads", "batch", "Job", "jobs"),
  kind("workloads", "batch", "CronJob", "cronjobs", ["cj"]),
  kind("network", "", "Service", "services", ["svc"]),
  kind("network", "networking.k8s.io", "Ingress", "ingresses", ["ing"]),
  kind("network", "discovery.k8s.io", "EndpointSlice", "endpointslices"),
  kind("config", "", "ConfigMap", "configmaps", ["cm"]),
  kind("config", "", "Secret", "secrets"),
  kind("storage", "", "PersistentVolumeClaim", "persistentvolumeclaims", ["pvc"]),
  kind("access", "", "ServiceAccount", "serviceaccounts", ["sa"]),
  kind("access", "rbac.authorization.k8s.io", "RoleBinding", "rolebindings"),
  kind("cluster", "", "Node", "nodes", ["no"], false),
  kind("cluster", "", "Namespace", "namespaces", ["ns"], false),
  kind("custom", "tidewater.example", "TideGauge", "tidegauges", ["tg"]),
];

const POD_COLUMNS: KubeColumn[] = [
  { name: "Ready", isNumber: false, isTime: false },
  { name: "Status", isNumber: false, isTime: false },
  { name: "Restarts", isNumber: true, isTime: false },
  { name: "Node", isNumber: false, isTime: false },
  { name: "Age", isNumber: false, isTime: true },
];
const WORKLOAD_COLUMNS: KubeColumn[] = [
  { name: "Ready", isNumber: false, isTime: false },
  { name: "Up-to-date", isNumber: true, isTime: false },
  { name: "Available", isNumber: true, isTime: false },
  { name: "Age", isNumber: false, isTime: true },
];
const PLAIN_COLUMNS: KubeColumn[] = [
  { name: "Age", isNumber: false, isTime: true },
];

/** The columns of a kind. */
export function columnsOf(plural: string): KubeColumn[] {
  if (plural === "pods") return POD_COLUMNS;
  return ["deployments", "statefulsets", "replicasets", "daemonsets"].includes(plural) ? WORKLOAD_COLUMNS : PLAIN_COLUMNS;
}

const PODS: readonly [string, string, string, number, KubeHealth, number][] = [
  ["tidewater-api-5f6c8d9b7-kq2zd", "2/2", "Running", 0, "good", 186],
  ["tidewater-api-5f6c8d9b7-w8rtn", "2/2", "Running", 1, "good", 186],
  ["tidewater-worker-7d9f8c6b5-hz4lm", "0/1", "CrashLoopBackOff", 14, "bad", 61],
  ["tidewater-worker-7d9f8c6b5-p2nxq", "1/1", "Running", 0, "good", 412],
  ["tide-cache-0", "1/1", "Running", 0, "good", 3_012],
  ["tide-cache-1", "0/1", "Pending", 0, "waiting", 4],
  ["harbour-import-28841520-9fk2d", "0/1", "Completed", 0, "done", 58],
  ["gauge-exporter-fx8kq", "1/1", "Running", 0, "good", 9_120],
];

const WORDS: Record<string, readonly [string, string[], KubeHealth, number][]> = {
  deployments: [
    ["tidewater-api", ["2/2", "2", "2"], "good", 9_400],
    ["tidewater-worker", ["1/2", "2", "1"], "waiting", 9_400],
  ],
  statefulsets: [["tide-cache", ["1/2", "2", "1"], "waiting", 3_020]],
  daemonsets: [["gauge-exporter", ["1/1", "1", "1"], "good", 9_130]],
  replicasets: [
    ["tidewater-api-5f6c8d9b7", ["2/2", "2", "2"], "good", 187],
    ["tidewater-worker-7d9f8c6b5", ["1/2", "2", "1"], "waiting", 412],
  ],
  services: [
    ["tidewater-api", [], "plain", 9_400],
    ["tide-cache", [], "plain", 3_020],
  ],
  configmaps: [
    ["tidewater-feature-flags", [], "plain", 186],
    ["kube-root-ca.crt", [], "plain", 20_000],
  ],
  secrets: [["tidewater-keys", [], "plain", 9_400]],
  nodes: [["kind-worker", [], "good", 20_000]],
};

/** How many pods the crowded cluster has. */
export const CROWD = 50_000;

/** Row `index` of the crowded cluster; always the same. */
function crowdRow(index: number): KubeRow {
  const isBad = index % 97 === 13;
  const name = `web-${String(index % 500).padStart(3, "0")}-${(index * 7919).toString(36).padStart(5, "0")}`;
  const createdAt = ago(index % 4_000);
  return { uid: `u${index}`, name, namespace: `team-${index % 40}`, cells: [isBad ? "0/1" : "1/1", isBad ? "CrashLoopBackOff" : "Running", isBad ? "21" : "0", `node-${index % 500}`, String(createdAt)], state: isBad ? "bad" : "good", createdAt };
}

/** All rows of a kind in a fake cluster. */
export function rowsOf(context: string, plural: string): KubeRow[] {
  if (context === "crowd" && plural === "pods") return Array.from({ length: CROWD }, (_, index) => crowdRow(index));
  if (plural === "pods") return PODS.map(([name, ready, status, restarts, state, minutes], index) => ({ uid: `pod-${index}`, name, namespace: "tidewater", cells: [ready, status, String(restarts), index === 5 ? "" : "kind-worker", String(ago(minutes))], state, createdAt: ago(minutes) }));
  return (WORDS[plural] ?? []).map(([name, cells, state, minutes], index) => ({ uid: `${plural}-${index}`, name, namespace: plural === "nodes" ? "" : "tidewater", cells: [...cells, String(ago(minutes))], state, createdAt: ago(minutes) }));
}

export const EVENTS: KubeEventView[] = [
  { at: ago(0.6), type: "Warning", reason: "BackOff", message: "Back-off restarting failed container worker in pod tidewater-worker-7d9f8c6b5-hz4lm", object: { apiVersion: "v1", kind: "Pod", name: "tidewater-worker-7d9f8c6b5-hz4lm", namespace: "tidewater" }, count: 61, source: "kubelet" },
  { at: ago(3.2), type: "Warning", reason: "FailedScheduling", message: "0/1 nodes are available: 1 Insufficient memory. preemption: 0/1 nodes are available.", object: { apiVersion: "v1", kind: "Pod", name: "tide-cache-1", namespace: "tidewater" }, count: 4, source: "default-scheduler" },
  { at: ago(4), type: "Normal", reason: "SuccessfulCreate", message: "create Pod tide-cache-1 in StatefulSet tide-cache successful", object: { apiVersion: "apps/v1", kind: "StatefulSet", name: "tide-cache", namespace: "tidewater" }, count: 1, source: "statefulset-controller" },
  { at: ago(57), type: "Normal", reason: "Completed", message: "Job completed", object: { apiVersion: "batch/v1", kind: "Job", name: "harbour-import-28841520", namespace: "tidewater" }, count: 1, source: "job-controller" },
  { at: ago(186), type: "Normal", reason: "Pulled", message: "Container image already present on machine", object: { apiVersion: "v1", kind: "Pod", name: "tidewater-api-5f6c8d9b7-kq2zd", namespace: "tidewater" }, count: 2, source: "kubelet" },
  { at: ago(186), type: "Normal", reason: "ScalingReplicaSet", message: "Scaled up replica set tidewater-api-5f6c8d9b7 from 0 to 2", object: { apiVersion: "apps/v1", kind: "Deployment", name: "tidewater-api", namespace: "tidewater" }, count: 1, source: "deployment-controller" },
];

/** One object; a pod has containers, a Deployment a selector. */
export function objectOf(plural: string, kindName: string, name: string): KubeObjectView {
  const isPod = plural === "pods";
  const isBad = name.includes("hz4lm");
  const app = name.split("-").slice(0, 2).join("-");
  const spec = isPod
    ? `spec:\n  nodeName: kind-worker\n  containers:\n  - name: web\n    image: 127.0.0.1:5000/tidewater-api@${DIGESTS[1] ?? ""}\n    ports:\n    - containerPort: 8080\n  - name: gauge\n    image: busybox:1.36`
    : plural === "secrets"
      ? 'data:\n  signing-key: "***"\n  upstream-token: "***"\ntype: Opaque'
      : `spec:\n  replicas: 2\n  selector:\n    matchLabels:\n      app: ${app}\n  template:\n    metadata:\n      labels:\n        app: ${app}\n    spec:\n      containers:\n      - name: web\n        image: 127.0.0.1:5000/tidewater-api@${DIGESTS[1] ?? ""}\n        env:\n        - name: LOG_LEVEL\n          value: info`;
  return {
    yaml: `apiVersion: ${isPod || plural === "secrets" || plural === "services" ? "v1" : "apps/v1"}\nkind: ${kindName}\nmetadata:\n  name: ${name}\n  namespace: tidewater\n  labels:\n    app: ${app}\n${spec}\n`,
    resourceVersion: "81422",
    summary: isPod
      ? [
          { label: "Phase", value: isBad ? "Running (container worker waits: CrashLoopBackOff)" : "Running" },
          { label: "Node", value: "kind-worker" },
          { label: "Pod IP", value: "10.244.0.17" },
          { label: "Image", value: `127.0.0.1:5000/tidewater-api@${DIGESTS[1] ?? ""}` },
          { label: "Restarts", value: isBad ? "14" : "0" },
          { label: "Created", value: "22 Nov 2026, 18:41" },
        ]
      : [
          { label: "Replicas", value: "2 wanted, 2 ready" },
          { label: "Strategy", value: "RollingUpdate, 25 % surge" },
          { label: "Selector", value: `app=${app}` },
        ],
    conditions: [
      { type: isPod ? "Ready" : "Available", status: isBad ? "False" : "True", reason: isBad ? "ContainersNotReady" : "MinimumReplicasAvailable", message: isBad ? "containers with unready status: [worker]" : "Deployment has minimum availability.", at: ago(62) },
      { type: isPod ? "PodScheduled" : "Progressing", status: "True", reason: "", message: "", at: ago(186) },
    ],
    owners: isPod ? [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: name.split("-").slice(0, -1).join("-"), namespace: "tidewater" }] : [],
    events: EVENTS.filter((event) => event.object.name === name),
    containers: isPod ? ["web", "gauge"] : [],
  };
}

export const MAP: KubeMap = {
  nodes: [
    { id: "ing", kind: "Ingress", name: "tidewater-api", state: "plain", detail: "tides.example" },
    { id: "svc", kind: "Service", name: "tidewater-api", state: "good", detail: "2 endpoints" },
    { id: "dep", kind: "Deployment", name: "tidewater-api", state: "good", detail: "2 of 2" },
    { id: "rs", kind: "ReplicaSet", name: "tidewater-api-5f6c8d9b7", state: "good", detail: "2 of 2" },
    { id: "p1", kind: "Pod", name: "tidewater-api-5f6c8d9b7-kq2zd", state: "good", detail: "Running" },
    { id: "p2", kind: "Pod", name: "tidewater-api-5f6c8d9b7-w8rtn", state: "good", detail: "Running" },
    { id: "cm", kind: "ConfigMap", name: "tidewater-feature-flags", state: "plain", detail: "2 keys" },
    { id: "sec", kind: "Secret", name: "tidewater-keys", state: "plain", detail: "2 keys" },
    { id: "wd", kind: "Deployment", name: "tidewater-worker", state: "waiting", detail: "1 of 2" },
    { id: "wrs", kind: "ReplicaSet", name: "tidewater-worker-7d9f8c6b5", state: "waiting", detail: "1 of 2" },
    { id: "w1", kind: "Pod", name: "tidewater-worker-7d9f8c6b5-hz4lm", state: "bad", detail: "CrashLoopBackOff" },
    { id: "w2", kind: "Pod", name: "tidewater-worker-7d9f8c6b5-p2nxq", state: "good", detail: "Running" },
  ],
  edges: [
    { from: "ing", to: "svc", kind: "routes" },
    { from: "svc", to: "p1", kind: "selects" },
    { from: "svc", to: "p2", kind: "selects" },
    { from: "dep", to: "rs", kind: "owns" },
    { from: "rs", to: "p1", kind: "owns" },
    { from: "rs", to: "p2", kind: "owns" },
    { from: "p1", to: "cm", kind: "mounts" },
    { from: "p2", to: "cm", kind: "mounts" },
    { from: "p1", to: "sec", kind: "mounts" },
    { from: "wd", to: "wrs", kind: "owns" },
    { from: "wrs", to: "w1", kind: "owns" },
    { from: "wrs", to: "w2", kind: "owns" },
    { from: "w1", to: "sec", kind: "mounts" },
  ],
};

export const LOG_WORDS = ["GET /tides/cuxhaven 200 4 ms", "GET /harbours 200 2 ms", "tide table refreshed, 14 harbours", "GET /healthz 200 0 ms", "upstream answered 503, try 1 of 3", "GET /tides/husum 404 1 ms"];
export const LOG_GAP = MINUTE / 40;
