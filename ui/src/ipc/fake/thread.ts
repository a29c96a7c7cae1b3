// The golden thread of the fake project: ids and the objects that hang on them. Everything else is built from these.
import type {
  CommitView,
  DeploymentView,
  HealthWindow,
  ImageView,
  PodView,
  ProjectView,
  RecordView,
  RunBadge,
  RunSummary,
  RunView,
} from "../generated/contract";

/** The fixtures' now; fixed when the page loads, so that one page tells one story. */
export const NOW = Date.now();
export const MINUTE = 60_000;
/** So many minutes before now. */
export const ago = (minutes: number): number => NOW - minutes * MINUTE;

export const PROJECT: ProjectView = { id: "p-tidewater", name: "tidewater-api", path: "/home/mara/src/tidewater-api", isSample: false, branch: "main", isMissing: false, openedAt: ago(300) };
export const OTHER_PROJECT: ProjectView = { id: "p-sample", name: "Sample", path: "/home/mara/.local/share/slipway/sample", isSample: true, branch: "main", isMissing: false, openedAt: ago(3000) };

const hex = (seed: string, length: number): string => {
  let state = 2166136261;
  for (const char of seed) state = Math.imul(state ^ char.charCodeAt(0), 16777619) >>> 0;
  let out = "";
  while (out.length < length) {
    state = Math.imul(state ^ (state >>> 13), 1540483477) >>> 0;
    out += (state ^ (state >>> 15)).toString(16).slice(-4).padStart(4, "0");
    state = (state + 2654435769) >>> 0;
  }
  return out.slice(0, length);
};

export const SHAS = ["a", "b", "c", "d", "e"].map((seed) => hex(`commit ${seed}`, 40));
export const DIGESTS = ["a", "b", "c"].map((seed) => `sha256:${hex(`image ${seed}`, 64)}`);
const sha = (index: number): string => SHAS[index] ?? hex(`commit ${index}`, 40);
const digest = (index: number): string => DIGESTS[index] ?? `sha256:${hex(`image ${index}`, 64)}`;

export const RUN_IDS = ["run-7", "run-6", "run-5", "run-4"] as const;
const badge = (index: number, number: number, result: RunBadge["result"]): RunBadge => ({ runId: RUN_IDS[index] ?? "run-0", number: `20261122.${number}`, state: "completed", result });

const commit = (index: number, summary: string, minutes: number, workItems: number[], runs: RunBadge[], body = ""): CommitView => ({
  sha: sha(index),
  shortSha: sha(index).slice(0, 7),
  summary,
  body,
  authorName: index === 2 ? "Jonas Weber" : "Mara Lindqvist",
  authorEmail: "mara@tidewater.example",
  committedAt: ago(minutes),
  workItems,
  runs,
});

export const COMMITS: CommitView[] = [
  commit(0, "Return 503 with Retry-After while the tide table loads AB#42", 14, [42], [badge(0, 7, "succeeded")]),
  commit(1, "Cache the harbour list for one minute AB#41", 95, [41], [badge(1, 6, "failed")]),
  commit(2, "Pin the base image by digest", 190, [], [badge(2, 5, "succeeded")]),
  commit(3, "Read the port from PORT AB#38", 60 * 26, [38], [badge(3, 4, "interrupted")]),
  commit(4, "Serve /healthz", 60 * 50, [36], []),
];

const run = (index: number, number: number, result: RunSummary["result"], minutes: number, seconds: number, extra: Partial<RunSummary> = {}): RunSummary => ({
  id: RUN_IDS[index] ?? "run-0",
  projectId: PROJECT.id,
  number: `20261122.${number}`,
  buildId: number,
  state: "completed",
  result,
  reason: index === 2 ? "manual" : index === 1 ? "rerun" : "individualCi",
  commit: sha(index),
  commitSummary: COMMITS[index]?.summary ?? "",
  branch: "refs/heads/main",
  queuedAt: ago(minutes),
  startedAt: ago(minutes) + 400,
  finishedAt: ago(minutes) + seconds * 1000,
  tests: { total: 12, passed: 12, failed: 0, skipped: 0, durationMs: 1840 },
  issue: null,
  workItems: COMMITS[index]?.workItems ?? [],
  choice: null,
  attempt: 1,
  earlier: null,
  later: null,
  ...extra,
});

export const RUNS: RunSummary[] = [
  run(0, 7, "succeeded", 13, 74),
  run(1, 6, "failed", 94, 31, { tests: { total: 12, passed: 10, failed: 2, skipped: 0, durationMs: 2210 }, issue: "Two tests failed in harbours.test; the image was not pushed." }),
  run(2, 5, "succeeded", 188, 69, { choice: "only stage Build" }),
  run(3, 4, "interrupted", 60 * 26, 22, { tests: { total: 0, passed: 0, failed: 0, skipped: 0, durationMs: 0 }, issue: "Slipway was closed while this run was going on." }),
];

const records = (runIndex: number): RecordView[] => {
  const summary = RUNS[runIndex];
  const start = summary?.startedAt ?? NOW;
  let clock = start;
  const id = (name: string): string => `${summary?.id ?? "run"}/${name}`;
  const make = (kind: RecordView["kind"], name: string, parent: string | null, seconds: number, extra: Partial<RecordView> = {}): RecordView => {
    const startedAt = clock;
    if (kind === "step") clock += seconds * 1000;
    return { id: id(name), parentId: parent === null ? null : id(parent), kind, name, displayName: name, task: null, order: 0, state: "completed", result: "succeeded", startedAt, finishedAt: startedAt + seconds * 1000, logLines: 0, errorCount: 0, warningCount: 0, issue: null, keptFrom: null, ...extra };
  };
  const isFailed = summary?.result === "failed";
  const skipped = { state: "completed", result: "skipped", startedAt: null, finishedAt: null, issue: "Skipped: the stage Build failed." } as const;
  const list = [
    make("stage", "Build", null, isFailed ? 30 : 41, { displayName: "Build and test", ...(isFailed && { result: "failed" as const }) }),
    make("job", "image", "Build", isFailed ? 30 : 41, { displayName: "Build the image", ...(isFailed && { result: "failed" as const, issue: "The step Test ended with exit code 1." }) }),
    make("step", "checkout", "image", 1.2, { displayName: "Check out tidewater-api", task: "Checkout@1", logLines: 14 }),
    make("step", "test", "image", isFailed ? 28 : 12.4, { displayName: "Test", task: "Bash@3", logLines: 640, ...(isFailed && { result: "failed" as const, errorCount: 2, issue: "Bash exited with code 1." }) }),
    make("step", "publish", "image", 0.4, { displayName: "Publish test results", task: "PublishTestResults@2", logLines: 9 }),
    make("step", "build", "image", 21.7, { displayName: "Build the image", task: "Docker@2", logLines: 5200, warningCount: 1, ...(isFailed && skipped) }),
    make("step", "push", "image", 4.1, { displayName: "Push to the local registry", task: "Docker@2", logLines: 31, ...(isFailed && skipped) }),
    make("stage", "Deploy", null, 31, { displayName: "Deploy to dev", ...(isFailed && skipped) }),
    make("job", "dev", "Deploy", 31, { displayName: "Deploy dev", ...(isFailed && skipped) }),
    make("step", "apply", "dev", 9.3, { displayName: "Apply manifests", task: "KubernetesManifest@1", logLines: 48, ...(isFailed && skipped) }),
    make("step", "rollout", "dev", 18.2, { displayName: "Wait for the rollout", task: "KubernetesManifest@1", logLines: 22, ...(isFailed && skipped) }),
    make("step", "prove", "dev", 2.1, { displayName: "Compare the running digest", task: "Slipway", logLines: 6, ...(isFailed && skipped) }),
  ];
  return list.map((record, order) => ({ ...record, order }));
};

export const POD: PodView = { name: "tidewater-api-7c9d4f6b8-x2lqp", workload: "tidewater-api", containerId: hex("container", 64), image: `127.0.0.1:5000/tidewater-api@${digest(0)}`, digest: digest(0), phase: "Running", isReady: true, restarts: 0, startedAt: ago(11), message: null };

export const HEALTH: HealthWindow = { from: ago(11), to: ago(6), requests: 1284, failedRequests: 2, exceptions: 1, probes: 30, failedProbes: 0, p95Ms: 41.8, verdict: "healthy", reason: "2 of 1,284 requests failed (0.16 %, limit 2 %), p95 41.8 ms (limit 500 ms), 30 of 30 probes answered." };

export const IMAGES: ImageView[] = [0, 1, 2].map((index) => ({
  digest: digest(index),
  registry: "127.0.0.1:5000",
  repository: "tidewater-api",
  tags: index === 0 ? ["20261122.7", "latest"] : [`20261122.${index === 1 ? 5 : 3}`],
  configDigest: `sha256:${hex(`config ${index}`, 64)}`,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  sizeBytes: 14_812_034 - index * 318_221,
  pushedAt: ago(12 + index * 170),
  runs: index === 0 ? [badge(0, 7, "succeeded")] : [badge(2, 5, "succeeded")],
  commit: sha(index === 0 ? 0 : 2),
  runningIn: index === 0 ? ["dev"] : index === 1 ? ["staging"] : [],
}));

const deployment = (index: number, environment: string, minutes: number, extra: Partial<DeploymentView> = {}): DeploymentView => ({
  id: `dep-${index}`,
  projectId: PROJECT.id,
  environment,
  runId: RUN_IDS[0],
  runNumber: "20261122.7",
  commit: sha(0),
  digest: digest(0),
  image: `127.0.0.1:5000/tidewater-api@${digest(0)}`,
  workload: "tidewater-api",
  state: "completed",
  result: "succeeded",
  startedAt: ago(minutes),
  finishedAt: ago(minutes) + 29_600,
  url: "http://127.0.0.1:18080/",
  issue: null,
  proof: {
    pod: POD.name,
    containerId: POD.containerId,
    pushedDigest: digest(0),
    runningDigest: digest(0),
    runningImageId: `sha256:${hex("config 0", 64)}`,
    isProven: true,
    statement: "The manifest digest in the registry equals the digest the running container reports.",
    checkedAt: ago(minutes - 1),
  },
  health: HEALTH,
  isCurrent: true,
  reason: "run",
  fromDeploymentId: null,
  rollbackOf: null,
  rolledBackBy: null,
  signal: null,
  phase: "done",
  strategy: null,
  applied: [
    { apiVersion: "v1", kind: "ConfigMap", name: "tidewater-feature-flags", namespace: "tidewater" },
    { apiVersion: "apps/v1", kind: "Deployment", name: "tidewater-api", namespace: "tidewater" },
    { apiVersion: "v1", kind: "Service", name: "tidewater-api", namespace: "tidewater" },
  ],
  ...extra,
});

export const DEPLOYMENTS: DeploymentView[] = [
  deployment(3, "dev", 12),
  deployment(2, "staging", 187, { runId: RUN_IDS[2], runNumber: "20261122.5", commit: sha(2), digest: digest(1), health: { ...HEALTH, verdict: "healthy" } }),
  deployment(1, "dev", 60 * 25, { result: "failed", isCurrent: false, issue: "The container ended with exit code 1 before it was ready: “listen tcp :8080: address already in use”.", proof: null, health: null, url: null, runId: RUN_IDS[3], runNumber: "20261122.4", commit: sha(3), digest: digest(2) }),
];

/** A run with everything it made. */
export function runView(runId: string): RunView | undefined {
  const index = RUNS.findIndex((candidate) => candidate.id === runId);
  const summary = RUNS[index];
  if (summary === undefined) return undefined;
  const isGood = summary.result === "succeeded";
  const all = records(index);
  return {
    run: summary,
    records: summary.result === "interrupted" ? all.slice(0, 4).map((record, at) => (at === 2 ? record : { ...record, result: "interrupted", finishedAt: record.startedAt })) : all,
    tags: isGood ? ["nightly"] : [],
    coverage: isGood ? { files: 3, linesCovered: 296, linesTotal: 370, branchesCovered: 51, branchesTotal: 70 } : null,
    artifacts: isGood ? [{ name: "drop", path: "/home/mara/.local/share/slipway/artifacts/7/drop", sizeBytes: 48_213, fileCount: 6 }] : [],
    images: isGood ? IMAGES.slice(0, 1) : [],
    deployments: isGood ? DEPLOYMENTS.filter((candidate) => candidate.runId === runId) : [],
    notes: { progress: [], attachments: isGood ? [{ recordId: all[2]?.id ?? "", isSummary: true, kind: "Distributedtask.Core.Summary", name: "summary.md", path: "/home/mara/.local/share/slipway/summary.md" }] : [], details: [], links: [] },
  };
}
