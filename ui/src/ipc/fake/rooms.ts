// Fixtures of the rooms: changes, pipeline, logs, environments, telemetry, backlog, thread.
import type {
  AppView,
  CapabilityView,
  ChangesView,
  ChartView,
  EnvironmentView,
  ExceptionGroup,
  FileDiff,
  LogLine,
  PipelineView,
  PoolMappingView,
  RegistryView,
  TelemetryOverview,
  FileCoverageView, TestCaseView,
  ThreadView,
  WorkItemDetail,
  WorkItemView,
} from "../generated/contract";
import { ago, COMMITS, DEPLOYMENTS, DIGESTS, IMAGES, MINUTE, NOW, POD, PROJECT, RUN_IDS, SHAS } from "./thread";
import { fakeBoard } from "./board";

/** Capabilities, ready or with the engine missing. */
export function appView(hasEngine: boolean): AppView {
  const capability = (key: string, title: string, detail: string): CapabilityView => ({ key, title, state: "ready", detail, hint: null });
  return {
    version: "0.2.0",
    host: "fake",
    dataDir: "/home/mara/.local/share/slipway",
    capabilities: [
      hasEngine ? capability("engine", "Container engine", "Docker 20.10.24") : { key: "engine", title: "Container engine", state: "missing", detail: "Nothing answers on /var/run/docker.sock", hint: "Start Docker or Podman, or name its socket in SLIPWAY_DOCKER_HOST." },
      hasEngine ? capability("registry", "Local registry", "127.0.0.1:5000") : { key: "registry", title: "Local registry", state: "failed", detail: "The registry needs the container engine.", hint: "Start the container engine first." },
      capability("ingest", "Telemetry endpoint", "http://127.0.0.1:4318"),
      capability("git", "Git", "libgit2 1.9.1"),
    ],
    ingestEndpoint: "http://127.0.0.1:4318",
    registryAddress: hasEngine ? "127.0.0.1:5000" : null,
  };
}

export const CHANGES: ChangesView = {
  branch: "main",
  head: COMMITS[0] ?? null,
  files: [
    { path: "src/tides.rs", oldPath: null, status: "modified", isStaged: true, isPartlyStaged: false, additions: 18, deletions: 4, isBinary: false },
    { path: "src/http.rs", oldPath: null, status: "modified", isStaged: true, isPartlyStaged: true, additions: 6, deletions: 1, isBinary: false },
    { path: "azure-pipelines.yml", oldPath: null, status: "modified", isStaged: false, isPartlyStaged: false, additions: 2, deletions: 2, isBinary: false },
    { path: "docs/tides-of-the-north-sea.md", oldPath: "docs/tides.md", status: "renamed", isStaged: false, isPartlyStaged: false, additions: 0, deletions: 0, isBinary: false },
    { path: "assets/harbour.png", oldPath: null, status: "added", isStaged: false, isPartlyStaged: false, additions: 0, deletions: 0, isBinary: true },
  ],
  proposedMessage: "Answer HEAD on /tides AB#43",
};

/** The difference of one of the changed files. */
export function fileDiff(path: string): FileDiff {
  if (path.endsWith(".png")) return { path, isBinary: true, isTruncated: false, hunks: [] };
  return {
    path,
    isBinary: false,
    isTruncated: path.endsWith("http.rs"),
    hunks: [
      {
        header: "@@ -41,7 +41,11 @@ fn tides(request: &Request) -> Response",
        lines: [
          { kind: "context", oldLine: 41, newLine: 41, text: "    let harbour = request.harbour()?;" },
          { kind: "context", oldLine: 42, newLine: 42, text: "" },
          { kind: "removed", oldLine: 43, newLine: null, text: '    if request.method() != "GET" {' },
          { kind: "added", oldLine: null, newLine: 43, text: "    // HEAD answers with the headers of GET and no body." },
          { kind: "added", oldLine: null, newLine: 44, text: '    let wants_body = request.method() == "GET";' },
          { kind: "added", oldLine: null, newLine: 45, text: '    if !wants_body && request.method() != "HEAD" {' },
          { kind: "context", oldLine: 44, newLine: 46, text: "        return Response::method_not_allowed();" },
          { kind: "context", oldLine: 45, newLine: 47, text: "    }" },
        ],
      },
      {
        header: "@@ -88,4 +92,5 @@ impl Response",
        lines: [
          { kind: "context", oldLine: 88, newLine: 92, text: "    fn retry_after(self, seconds: u32) -> Self {" },
          { kind: "removed", oldLine: 89, newLine: null, text: '        self.header("Retry-After", "5")' },
          { kind: "added", oldLine: null, newLine: 93, text: '        self.header("Retry-After", &seconds.to_string())' },
          { kind: "context", oldLine: 90, newLine: 94, text: "    }" },
        ],
      },
    ],
  };
}

const WRITTEN: Omit<PipelineView, "board"> = {
  path: "azure-pipelines.yml",
  text: `# Builds, tests and ships tidewater-api.
trigger:
  branches:
    include: [main]

variables:
  image: tidewater-api
  tag: $(Build.BuildNumber)

stages:
  - stage: Build
    displayName: Build and test
    jobs:
      - job: image
        displayName: Build the image
        pool: { vmImage: ubuntu-latest }
        steps:
          - checkout: self
          - bash: ./ci/test.sh
            displayName: Test
          - task: PublishTestResults@2
            inputs:
              testResultsFiles: "**/TEST-*.xml"
          - task: Docker@2
            displayName: Build the image
            inputs:
              command: build
              repository: $(image)
              tags: |
                $(tag)
                latest
          - task: Docker@2
            displayName: Push to the local registry
            inputs:
              command: push
              repository: $(image)
              tag: $(tag)

  - stage: Deploy
    displayName: Deploy to dev
    dependsOn: Build
    condition: \${{ eq(variables['Build.SourceBranch'], 'refs/heads/main') }}
    jobs:
      - deployment: dev
        environment: dev
        strategy:
          runOnce:
            deploy:
              steps:
                - task: KubernetesManifest@1
                  displayName: Apply manifests
                  inputs:
                    manifests: deploy/*.yml
`,
  diagnostics: [
    { severity: "warning", code: "unknown_input", message: "The task Docker@2 has no input 'tag'; it is passed over.", hint: "Did you mean 'tags'?", line: 37, column: 15, endLine: 37, endColumn: 18 },
    { severity: "information", code: "pool_ignored", message: "The pool is not used: every job runs on this machine.", hint: null, line: 16, column: 9, endLine: 16, endColumn: 42 },
  ],
  plan: {
    stages: [
      {
        name: "Build",
        displayName: "Build and test",
        dependsOn: [],
        condition: null,
        jobs: [
          {
            name: "image",
            displayName: "Build the image",
            dependsOn: [],
            condition: null,
            environment: null,
            steps: [
              { reference: "checkout", displayName: "Check out tidewater-api", task: "Checkout@1", line: 18, file: null },
              { reference: "test", displayName: "Test", task: "Bash@3", line: 19, file: null },
              { reference: "publish", displayName: "Publish test results", task: "PublishTestResults@2", line: 21, file: null },
              { reference: "build", displayName: "Build the image", task: "Docker@2", line: 24, file: null },
              { reference: "push", displayName: "Push to the local registry", task: "Docker@2", line: 32, file: null },
            ],
          },
        ],
      },
      { name: "Deploy", displayName: "Deploy to dev", dependsOn: ["Build"], condition: "eq(variables['Build.SourceBranch'], 'refs/heads/main')", jobs: [{ name: "dev", displayName: "Deploy dev", dependsOn: [], condition: null, environment: "dev", steps: [{ reference: "apply", displayName: "Apply manifests", task: "KubernetesManifest@1", line: 50, file: null }] }] },
    ],
  },
  triggerStatement: "The newest commit on main would start this pipeline: the trigger includes main.",
};

export const PIPELINE: PipelineView = { ...WRITTEN, board: fakeBoard(WRITTEN.text) };

const WORDS = ["Compiling tidewater v0.4.2", "test tides::answers_head ... ok", "Downloaded rustls v0.23.46", "#12 [stage-1 3/5] COPY --from=build /out/tidewater /tidewater", "warning: unused variable: `harbour`", "test http::retry_after_is_seconds ... ok", "#14 exporting layers 0.4s done", "Layer already exists"];

/** One line of a made-up log, always the same for the same place. */
export function logLine(recordId: string, index: number): LogLine {
  const at = ago(13) + index * 37;
  if (index === 0) return { at, stream: "system", text: `##[section]Starting: ${recordId}` };
  if (index === 3) return { at, stream: "system", text: "##[command]/usr/bin/bash ./ci/test.sh" };
  if (recordId.endsWith("/build") && index === 12) return { at, stream: "stdout", text: "##[group]Restore packages" };
  if (recordId.endsWith("/build") && index === 24) return { at, stream: "stdout", text: "##[endgroup]" };
  // The step that failed says so in its last lines.
  if (recordId === `${RUN_IDS[1]}/test` && (index === 630 || index === 638)) return { at, stream: "system", text: index === 630 ? "##[error]harbours.test: 2 of 12 tests failed" : "##[error]Bash exited with code '1'." };
  if (recordId === `${RUN_IDS[0]}/build` && index === 4100) return { at, stream: "stdout", text: "##[warning]The base image is 41 days old." };
  const text = WORDS[(index * 7 + recordId.length) % WORDS.length] ?? "";
  const colour = text.startsWith("warning") ? 33 : index % 9 === 4 ? 32 : 0;
  return { at, stream: text.startsWith("warning") ? "stderr" : "stdout", text: colour === 0 ? `${text} (${index})` : `\u001b[${colour}m${text}\u001b[0m (${index})` };
}

export const TESTS: TestCaseView[] = Array.from({ length: 12 }, (_, index) => ({
  suite: index < 7 ? "tides.test" : "harbours.test",
  name: ["answers_head", "answers_get", "refuses_post", "retry_after_is_seconds", "tide_table_is_sorted", "unknown_harbour_is_404", "reads_port", "list_is_cached", "cache_ends_after_a_minute", "empty_list_is_ok", "names_are_unique", "healthz_answers"][index] ?? `case_${index}`,
  outcome: "passed",
  durationMs: 12 + ((index * 53) % 240),
  message: null,
  stack: null,
  output: null,
  testRun: "JUnit_TestResults_7",
}));

export const COVERAGE: FileCoverageView[] = [
  { path: "src/harbours.rs", linesCovered: 61, linesTotal: 118, branchesCovered: 11, branchesTotal: 24 },
  { path: "src/tides.rs", linesCovered: 204, linesTotal: 221, branchesCovered: 40, branchesTotal: 46 },
  { path: "src/main.rs", linesCovered: 31, linesTotal: 31, branchesCovered: 0, branchesTotal: 0 },
];

export const REGISTRY: RegistryView = { address: "127.0.0.1:5000", isReady: true, detail: "The local registry answers on 127.0.0.1:5000.", repositories: [{ name: "tidewater-api", tags: ["20261122.7", "20261122.5", "20261122.3", "latest"] }] };

export const ENVIRONMENTS: EnvironmentView[] = [
  { name: "dev", target: "local", context: "", namespace: "tidewater-dev", variables: [{ name: "LOG_LEVEL", value: "debug" }, { name: "PORT", value: "8080" }], current: DEPLOYMENTS[0] ?? null, pods: [POD], services: [{ name: "tidewater-api", port: 8080, url: "http://127.0.0.1:18080/", endpoints: 1 }], problem: null },
  { name: "staging", target: "kubernetes", context: "kind-tidewater", namespace: "tidewater", variables: [{ name: "LOG_LEVEL", value: "info" }], current: DEPLOYMENTS[1] ?? null, pods: [], services: [], problem: "The cluster behind the context kind-tidewater does not answer." },
];

export const EXCEPTIONS: ExceptionGroup[] = [
  { problemId: "TideTableMissing at tides::load", typeName: "TideTableMissing", message: "No tide table for harbour “Husum”", count: 14, firstSeen: ago(180), lastSeen: ago(9), operation: "GET /tides/{harbour}", deploymentId: "dep-3", stack: ["tides::load at src/tides.rs:88", "http::tides at src/http.rs:47", "http::route at src/http.rs:19"], workItem: 44 },
  { problemId: "Timeout at harbours::fetch", typeName: "Timeout", message: "The upstream did not answer within 2 s", count: 2, firstSeen: ago(40), lastSeen: ago(31), operation: "GET /harbours", deploymentId: "dep-3", stack: ["harbours::fetch at src/harbours.rs:31"], workItem: null },
];

/** The overview of the last minutes. */
export function telemetry(minutes: number): TelemetryOverview {
  return {
    from: NOW - minutes * MINUTE,
    to: NOW,
    requests: 1284,
    failedRequests: 16,
    failureRate: 1.25,
    p50Ms: 8.4,
    p95Ms: 41.8,
    p99Ms: 118.2,
    exceptions: 16,
    probes: 60,
    availability: 98.3,
    operations: [
      { name: "GET /tides/{harbour}", requests: 802, failedRequests: 14, p50Ms: 9.1, p95Ms: 46.3, p99Ms: 131 },
      { name: "GET /harbours", requests: 412, failedRequests: 2, p50Ms: 6.2, p95Ms: 22.9, p99Ms: 88.4 },
      { name: "GET /healthz", requests: 70, failedRequests: 0, p50Ms: 0.4, p95Ms: 0.9, p99Ms: 1.6 },
    ],
    exceptionGroups: EXCEPTIONS,
    intake: { accepted: 4213, rejectedMalformed: 1, rejectedTooLarge: 0, rejectedUnauthorized: 0, lastError: "A span without a trace id was refused.", lastAcceptedAt: NOW - 2000 },
    charts: ["requests", "failureRate", "responseTime", "availability"],
  };
}

/** A chart as plotters would draw it, roughly. */
export function chart(key: ChartView["key"], minutes: number, isDark: boolean): ChartView {
  const [width, height, left, top, right, bottom] = [720, 240, 56, 16, 704, 208];
  const from = NOW - minutes * MINUTE;
  const shape = { requests: [40, 18], failureRate: [1.2, 1.1], responseTime: [42, 16], availability: [97, 3] }[key];
  const [base = 1, swing = 1] = shape;
  const points = Array.from({ length: 61 }, (_, index) => ({ at: from + (index * minutes * MINUTE) / 60, value: Math.max(0, base + swing * Math.sin(index / 4) + swing * 0.4 * Math.sin(index * 1.7)) }));
  const max = Math.max(...points.map((point) => point.value)) * 1.1;
  const x = (at: number): number => left + ((at - from) / (NOW - from)) * (right - left);
  const y = (value: number): number => bottom - (value / max) * (bottom - top);
  const line = points.map((point) => `${x(point.at).toFixed(1)},${y(point.value).toFixed(1)}`).join(" ");
  const [ink, grid, stroke] = isDark ? ["#97abbc", "#1a2f43", "#2cbdb1"] : ["#516478", "#e8e1d4", "#0a7872"];
  const rows = [0, 0.25, 0.5, 0.75, 1].map((part) => `<line x1="${left}" x2="${right}" y1="${y(part * max)}" y2="${y(part * max)}" stroke="${grid}"/><text x="${left - 8}" y="${y(part * max) + 4}" fill="${ink}" font-size="11" text-anchor="end">${(part * max).toFixed(1)}</text>`).join("");
  const title = { requests: "Requests", failureRate: "Failure rate", responseTime: "Response time p95", availability: "Availability" }[key];
  return {
    key,
    title,
    unit: { requests: "per minute", failureRate: "%", responseTime: "ms", availability: "%" }[key],
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${rows}<polyline points="${line}" fill="none" stroke="${stroke}" stroke-width="2"/></svg>`,
    width,
    height,
    plotLeft: left,
    plotTop: top,
    plotRight: right,
    plotBottom: bottom,
    yMax: max,
    from,
    to: NOW,
    series: [{ name: title, color: stroke ?? "", points }],
    markers: [{ at: NOW - Math.min(12, minutes / 2) * MINUTE, label: "20261122.7", deploymentId: "dep-3" }],
  };
}

const item = (id: number, itemType: WorkItemView["itemType"], title: string, state: WorkItemView["state"], threadSummary: string, extra: Partial<WorkItemView> = {}): WorkItemView => ({ id, projectId: PROJECT.id, itemType, title, description: "", state, createdAt: ago(60 * 24 * (50 - id)), changedAt: ago(10 * (50 - id)), stateReason: state === "done" ? "Its commit runs in dev and is healthy." : "Made by hand.", threadSummary, problemId: null, ...extra });

export const WORK_ITEMS: WorkItemView[] = [
  item(44, "bug", "TideTableMissing in GET /tides/{harbour}", "toDo", "14 exceptions in dev", { problemId: "TideTableMissing at tides::load", stateReason: "Made from an exception." }),
  item(43, "task", "Answer HEAD on /tides", "doing", "mentioned in the pending change"),
  item(42, "issue", "Say when to come back while the tide table loads", "done", "in dev, healthy, not in staging", { description: "A 500 while loading makes clients give up. Answer 503 with Retry-After." }),
  item(41, "task", "Cache the harbour list", "doing", "run 20261122.6 failed"),
  item(38, "task", "Read the port from PORT", "done", "in dev and staging"),
  item(36, "epic", "Run on Kubernetes", "doing", "4 commits"),
];

/** A work item with what hangs on it. */
export function workItem(id: number): WorkItemDetail | undefined {
  const found = WORK_ITEMS.find((candidate) => candidate.id === id);
  if (found === undefined) return undefined;
  const commits = COMMITS.filter((commit) => commit.workItems.includes(id));
  return { item: found, commits, runs: commits.flatMap((commit) => commit.runs), deployments: id === 42 ? DEPLOYMENTS.slice(0, 1) : [], exception: EXCEPTIONS.find((group) => group.workItem === id) ?? null, history: [{ at: found.createdAt, text: "Created" }, { at: ago(14), text: "To Do → Doing: commit mentions AB#42" }, { at: found.changedAt, text: found.stateReason }] };
}

/** The whole thread; the same for every key, with another subject. */
export function thread(key: string): ThreadView {
  const image = IMAGES[0];
  const nodes: ThreadView["nodes"] = [
    { object: { kind: "commit", id: SHAS[0] ?? "" }, title: (SHAS[0] ?? "").slice(0, 7), subtitle: COMMITS[0]?.summary ?? "", state: "succeeded", at: ago(14), facts: [{ name: "Author", value: "Mara Lindqvist" }], isSubject: false },
    { object: { kind: "run", id: RUN_IDS[0] }, title: "20261122.7", subtitle: "12 of 12 tests", state: "succeeded", at: ago(13), facts: [{ name: "Reason", value: "individualCi" }], isSubject: false },
    { object: { kind: "image", id: DIGESTS[0] ?? "" }, title: (DIGESTS[0] ?? "").slice(7, 19), subtitle: `${image?.repository ?? ""}:20261122.7`, state: "succeeded", at: ago(12), facts: [{ name: "Size", value: "14.1 MiB" }], isSubject: false },
    { object: { kind: "environment", id: "dev" }, title: "dev", subtitle: "local", state: "healthy", at: null, facts: [], isSubject: false },
    { object: { kind: "deployment", id: "dep-3" }, title: "dev ← 20261122.7", subtitle: "by digest", state: "succeeded", at: ago(12), facts: [], isSubject: false },
    { object: { kind: "pod", id: POD.name }, title: POD.name, subtitle: "Running, 0 restarts", state: "proven", at: ago(11), facts: [], isSubject: false },
    { object: { kind: "telemetry", id: "dev" }, title: "1,284 requests", subtitle: "p95 41.8 ms", state: "healthy", at: ago(6), facts: [], isSubject: false },
    { object: { kind: "exception", id: "TideTableMissing at tides::load" }, title: "TideTableMissing", subtitle: "14 times", state: "failed", at: ago(9), facts: [], isSubject: false },
    { object: { kind: "workItem", id: "42" }, title: "AB#42", subtitle: "Say when to come back while the tide table loads", state: "done", at: ago(5), facts: [], isSubject: false },
  ];
  const subject = nodes.find((node) => node.object.id.startsWith(key.replace(/^(AB)?#/i, ""))) ?? nodes[0];
  const at = (index: number): ThreadView["subject"] => nodes[index]?.object ?? { kind: "commit", id: "" };
  const labels = ["started", "pushed", "runs in", "deployed by", "runs as", "reports", "raised", "mentions"];
  return {
    subject: subject?.object ?? at(0),
    projectId: PROJECT.id,
    nodes: nodes.map((node) => ({ ...node, isSubject: node === subject })),
    edges: [...labels.slice(0, 7).map((label, index) => ({ from: at(index), to: at(index + 1), label })), { from: at(0), to: at(8), label: "mentions" }],
  };
}

/** Pools of the pipeline: one that was chosen, one as it is, one that promises another system. */
export const POOLS: PoolMappingView[] = [
  { label: "macOS-14", image: null, isChosen: false, foreignSystem: "macOS", jobs: ["App for macOS"] },
  { label: "ubuntu-22.04", image: "debian:12", isChosen: true, foreignSystem: null, jobs: [] },
  { label: "ubuntu-latest", image: null, isChosen: false, foreignSystem: null, jobs: ["Build", "Deploy to dev"] },
];
