// A host that lives in the page: `npm run dev`, the gallery's screenshots and tests. `?fake=<mode>` picks the story.
import type { ApiError, AppEvent, CommandName, Commands, PipelineView, PoolMappingView, RepositoryMappingView, RunView, Tag } from "../generated/contract";
import { ApiFailure, type Host } from "../host";
import type { Answers } from "./answers";
import { fakeBoard, fakeNode } from "./board";
import { FakeAzure } from "./azure";
import { FakeCluster } from "./cluster";
import { FakePromotion } from "./promotion";
import { HISTORY } from "./history";
import { fakeLanguage } from "./language";
import { AZURE_DEVOPS, GROUPS, PIPELINE_VARIABLES, runForm, SECRETS, SECURE_FILES } from "./library";
import { loopView } from "./loop";
import { answered, APPROVALS, CHECKS } from "./approvals";
import { appView, CHANGES, chart, COVERAGE, ENVIRONMENTS, fileDiff, logLine, PIPELINE, POOLS, REGISTRY, telemetry, TESTS, thread, WORK_ITEMS, workItem } from "./rooms";
import { proposal } from "./proposal";
import { OBSTACLES, TASK_FOLDERS, TASKS_OF_FOLDERS } from "./tasks";
import { COMMITS, DEPLOYMENTS, IMAGES, OTHER_PROJECT, PROJECT, RUN_IDS, RUNS, runView } from "./thread";

/** The stories the fake host can tell; each screen's six states are among them. */
export const FAKE_MODES = ["ready", "running", "redrun", "partial", "empty", "welcome", "refused", "failed", "loading", "blocked", "canary", "sick-canary"] as const;
export type FakeMode = (typeof FAKE_MODES)[number];

type Request<N extends CommandName> = Commands[N]["request"];
type Response<N extends CommandName> = Commands[N]["response"];

const REFUSED: ApiError = { kind: "refused", code: "project_busy", message: "The project is being opened by another Slipway.", hint: "Close the other window, then retry.", corr: "c-refused" };
const UNAVAILABLE: ApiError = { kind: "unavailable", code: "store_unavailable", message: "The database in /home/mara/.local/share/slipway does not answer.", hint: "Check that the disk is not full, then retry.", corr: "c-failed" };

function missing(what: string, id: string): ApiFailure {
  return new ApiFailure({ kind: "refused", code: "not_found", message: `There is no ${what} ${id} in this project.`, hint: "It may belong to another project; search for it in the thread.", corr: "" });
}

/** Answers from fixtures, plays a run when one is started, and says what changed. */
export class FakeHost implements Host {
  readonly kind = "fake";
  readonly mode: FakeMode;
  readonly calls: { name: CommandName; request: unknown }[] = [];
  readonly #listeners = new Set<(event: AppEvent) => void>();
  readonly #staged = new Set(CHANGES.files.filter((file) => file.isStaged).map((file) => file.path));
  #pipelineText = PIPELINE.text;
  /** The pipeline that was missing has been made. */
  #isMade = false;
  /** What the pipeline names beside its own repository. */
  repositories: RepositoryMappingView[] = [];
  #pools: PoolMappingView[] = POOLS;
  #progress: number;
  #logLines = 180;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #overrides: Partial<Answers>;
  readonly #promotion: FakePromotion;
  readonly #azure: FakeAzure;
  readonly #cluster: FakeCluster;
  readonly #answers: Answers;

  constructor(mode: string, overrides: Partial<Answers> = {}) {
    this.mode = (FAKE_MODES as readonly string[]).includes(mode) ? (mode as FakeMode) : "ready";
    this.#progress = this.mode === "empty" || this.mode === "welcome" ? 0 : this.mode === "running" ? 6 : 11;
    this.#overrides = overrides;
    this.#promotion = new FakePromotion(this.mode, (...tags) => this.#changed(...tags));
    this.#azure = new FakeAzure(this.mode, (event) => this.emit(event));
    this.#cluster = new FakeCluster(this.mode, (event) => this.emit(event));
    this.#answers = { ...this.#own, ...this.#promotion.answers, ...this.#cluster.answers, ...this.#azure.answers };
    if (this.mode === "running") this.#growLog();
  }

  listen(onEvent: (event: AppEvent) => void): () => void {
    this.#listeners.add(onEvent);
    return () => {
      this.#listeners.delete(onEvent);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  }

  /** Says an event, as the real hosts do. */
  emit(event: AppEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  async send<N extends CommandName>(name: N, request: Request<N>): Promise<Response<N>> {
    this.calls.push({ name, request });
    // Never in the same tick: screens must be able to show that they wait.
    await new Promise((resolve) => setTimeout(resolve, 0));
    const override = this.#overrides[name];
    if (override !== undefined) return override(request);
    const isShell = name === "app_get" || name === "project_list";
    if (!isShell) {
      if (this.mode === "loading") return new Promise(() => undefined);
      if (this.mode === "refused") throw new ApiFailure(REFUSED);
      if (this.mode === "failed") throw new ApiFailure(UNAVAILABLE);
    }
    return this.#answers[name](request);
  }

  #changed(...tags: Tag[]): void {
    this.emit({ type: "changed", tags });
  }

  #growLog(): void {
    this.#timer = setInterval(() => {
      this.#logLines += 3;
      this.emit({ type: "logGrew", runId: RUN_IDS[0], recordId: `${RUN_IDS[0]}/rollout`, lines: this.#logLines });
    }, 400);
  }

  #play(): void {
    clearInterval(this.#timer);
    this.#progress = 1;
    this.#timer = setInterval(() => {
      this.#progress += 1;
      if (this.#progress >= 11) clearInterval(this.#timer);
      this.#changed("run", "change", "commit", "image", "deployment", "telemetry", "workItem");
    }, 1600);
  }

  #run(runId: string): RunView {
    const found = runView(runId);
    if (found === undefined) throw missing("run", runId);
    if (runId !== RUN_IDS[0] || this.mode !== "running") return found;
    // The deploy stage goes on.
    const state = (name: string): "done" | "going" | "waiting" => (["Deploy", "dev", "rollout"].includes(name) ? "going" : name === "prove" ? "waiting" : "done");
    return {
      ...found,
      run: { ...found.run, state: "inProgress", result: null, finishedAt: null, startedAt: Date.now() - 52_000 },
      records: found.records.map((record) => {
        const where = state(record.name);
        if (where === "done") return record;
        if (where === "waiting") return { ...record, state: "pending", result: null, startedAt: null, finishedAt: null, logLines: 0 };
        return { ...record, state: "inProgress", result: null, startedAt: Date.now() - 8000, finishedAt: null, logLines: record.kind === "step" ? this.#logLines : 0 };
      }),
      deployments: [],
    };
  }

  #logTotal(runId: string, recordId: string): number {
    if (this.mode === "running" && recordId === `${RUN_IDS[0]}/rollout`) return this.#logLines;
    return runView(runId)?.records.find((record) => record.id === recordId)?.logLines ?? 0;
  }

  #save(text: string, baseText: string): PipelineView {
    if (baseText !== this.#pipelineText) throw new ApiFailure({ kind: "refused", code: "file_changed", message: "The file has changed on disk since it was read.", hint: "Copy your text, reload, and put it in again.", corr: "" });
    this.#pipelineText = text;
    this.#changed("pipeline", "change");
    return { ...PIPELINE, ...fakeLanguage.check(text), board: fakeBoard(text), text };
  }

  #list<T>(items: T[]): T[] {
    return this.mode === "empty" || this.mode === "welcome" ? [] : items;
  }


  readonly #own: Omit<Answers, keyof FakePromotion["answers"] | keyof FakeCluster["answers"] | keyof FakeAzure["answers"]> = {
    app_get: () => appView(this.mode !== "partial" && this.mode !== "welcome"),
    project_list: () => (this.mode === "welcome" ? [] : [PROJECT, OTHER_PROJECT]),
    project_open: ({ path }) => {
      if (!path.startsWith("/")) throw new ApiFailure({ kind: "userInput", code: "not_a_repository", message: `${path} is not inside a git repository.`, hint: "Name a folder that holds a .git folder, or run git init in it.", corr: "" });
      return PROJECT;
    },
    project_sample: () => OTHER_PROJECT,
    loop_get: () => {
      if (this.mode === "redrun") return loopView(11, 3);
      return loopView(this.#progress, 0, this.mode === "partial");
    },
    loop_run: () => {
      this.#play();
      return { runId: RUN_IDS[0], number: "20261122.7", commit: COMMITS[0]?.sha ?? "" };
    },
    change_list: () => {
      const files = this.#list(CHANGES.files).map((file) => ({ ...file, isStaged: this.#staged.has(file.path), isPartlyStaged: file.isPartlyStaged && this.#staged.has(file.path) }));
      return { ...CHANGES, files, proposedMessage: files.length === 0 ? "" : CHANGES.proposedMessage };
    },
    change_diff: ({ path }) => fileDiff(path),
    change_stage: ({ paths }) => {
      for (const path of paths) this.#staged.add(path);
      return {};
    },
    change_unstage: ({ paths }) => {
      for (const path of paths) this.#staged.delete(path);
      return {};
    },
    commit_create: ({ message }) => {
      const head = COMMITS[0];
      if (head === undefined) throw missing("commit", "HEAD");
      return { commit: { ...head, summary: message }, runId: RUN_IDS[0], triggerReason: "The trigger includes main." };
    },
    commit_list: ({ limit }) => this.#list(COMMITS).slice(0, limit),
    pipeline_get: () => {
      if (this.mode === "empty" && !this.#isMade) throw new ApiFailure({ kind: "refused", code: "pipeline_missing", message: "The repository has no azure-pipelines.yml.", hint: "Add one at the top of the repository.", corr: "" });
      if (this.mode === "partial") return { ...PIPELINE, plan: null, diagnostics: [{ severity: "error", code: "syntax", message: "A mapping value is not allowed here.", hint: "Indent the line like its neighbours.", line: 11, column: 5, endLine: 11, endColumn: 17 }] };
      return { ...PIPELINE, ...fakeLanguage.check(this.#pipelineText), board: fakeBoard(this.#pipelineText), text: this.#pipelineText };
    },
    pipeline_complete: ({ text, offset }) => fakeLanguage.complete(text, offset),
    pipeline_hover: ({ text, offset }) => fakeLanguage.hover(text, offset),
    pipeline_definition: ({ text, offset }) => fakeLanguage.define(text, offset),
    pipeline_board: ({ text }) => fakeBoard(text),
    pipeline_node: ({ text, path }) => fakeNode(text, path),
    // Gestures are the language's; the fake host leaves the text as it is.
    pipeline_gesture: ({ text }) => ({ changes: [], select: [], board: fakeBoard(text) }),
    pipeline_copy: () => ({ yaml: "" }),
    pipeline_expand: ({ text }) => ({ board: fakeBoard(text), plan: fakeLanguage.check(text).plan, parameters: [], diagnostics: [] }),
    pipeline_trigger: ({ branch }) => ({ starts: true, reason: `The branch ${branch} matches the trigger.` }),
    pipeline_message: () => ({ summary: "pipeline: add job Test to stage Build", body: "" }),
    pipeline_check: ({ text }) => fakeLanguage.check(text),
    pipeline_save: ({ text, baseText }) => this.#save(text, baseText),
    pipeline_committed: () => ({ text: this.mode === "empty" ? null : PIPELINE.text }),
    pipeline_propose: ({ options }) => proposal(options),
    pipeline_propose_apply: ({ files, branch, message }) => {
      const there = files.find((file) => file.path === ".dockerignore");
      if (there !== undefined) throw new ApiFailure({ kind: "refused", code: "file_exists", message: ".dockerignore is there already.", hint: "Leave it out, or move yours away first: nothing is written over.", corr: "" });
      this.#isMade = true;
      this.#pipelineText = files.find((file) => file.path === "azure-pipelines.yml")?.text ?? this.#pipelineText;
      this.#changed("pipeline", "change");
      const isCommitted = branch !== null || message !== null;
      return { paths: files.map((file) => file.path), commit: isCommitted ? (COMMITS[0] ?? null) : null, branch, runId: null, triggerReason: isCommitted ? "The trigger does not include the branch." : null };
    },
    pipeline_commit: ({ text, baseText, message, branch }) => {
      const head = COMMITS[0];
      if (head === undefined) throw missing("commit", "HEAD");
      if (message.trim() === "") throw new ApiFailure({ kind: "userInput", code: "empty_message", message: "The commit message is empty.", hint: "Say in a line what the commit does.", corr: "" });
      if (branch === "main") throw new ApiFailure({ kind: "refused", code: "branch_exists", message: "/home/mara/src/tidewater already has a branch main.", hint: "Give another name, or switch to that branch with git first.", corr: "" });
      const [summary = "", ...body] = message.split("\n");
      return { pipeline: this.#save(text, baseText), commit: { ...head, summary, body: body.join("\n").trim() }, branch: branch ?? "main", runId: RUN_IDS[0], triggerReason: "The trigger includes main." };
    },
    secrets_get: () => (this.mode === "partial" ? { place: "fileWithKey", statement: "No keychain is in use: secrets are kept encrypted in /home/mara/.local/share/slipway/secrets, and their key lies beside them, readable by you alone. Whoever may read the whole folder can read them. A passphrase protects the key: slipway secret passphrase." } : SECRETS),
    secrets_passphrase: () => SECRETS,
    secret_set: () => ({}),
    variable_group_list: () => this.#list(GROUPS),
    variable_group_get: ({ name }) => {
      const found = GROUPS.find((group) => group.name === name);
      if (found === undefined) throw missing("variable group", name);
      return found;
    },
    variable_group_save: ({ name, description, variables }) => ({ name, description, origin: null, changedAt: Date.now(), variables: variables.map((one) => ({ name: one.name, value: one.isSecret ? null : (one.value ?? ""), isSecret: one.isSecret, setAt: one.isSecret ? Date.now() : null })) }),
    variable_group_remove: () => ({}),
    azure_devops_get: () => (this.mode === "empty" ? { organization: "", project: "", signIn: "personalAccessToken", hasToken: false } : AZURE_DEVOPS),
    variable_group_read: () => ({ read: ["release", "vault"], kept: ["harbour"], unset: ["release/signingPassword", "vault/storage-key"] }),
    pipeline_variable_list: () => this.#list(PIPELINE_VARIABLES),
    pipeline_variable_save: ({ name, value, isSecret, isSettable }) => ({ name, value: isSecret ? null : (value ?? ""), isSecret, isSettable, changedAt: Date.now() }),
    pipeline_variable_remove: () => ({}),
    secure_file_list: () => this.#list(SECURE_FILES),
    secure_file_add: ({ name, content }) => ({ name, sizeBytes: content.length, addedAt: Date.now() }),
    secure_file_remove: () => ({}),
    run_form_get: ({ branch }) => runForm(branch),
    pipeline_history: () => (this.mode === "empty" || this.mode === "welcome" ? { runs: 0, nodes: [], cost: { last: null, next: null, stages: [] } } : HISTORY),
    run_list: ({ limit }) => this.#list(RUNS).slice(0, limit).map((summary) => (this.mode === "running" && summary.id === RUN_IDS[0] ? this.#run(summary.id).run : summary)),
    run_get: ({ runId }) => this.#run(runId),
    run_attachment: () => ({ text: "# Harbours\n\nAll 14 harbours answered.\n", isCut: false }),
    run_start: () => ({ runId: RUN_IDS[0], number: "20261122.7", commit: COMMITS[0]?.sha ?? "" }),
    run_check: () => ({ obstacles: this.mode === "blocked" ? OBSTACLES : [] }),
    task_list: () => TASKS_OF_FOLDERS,
    task_replace: () => ({}),
    task_folder_list: () => this.#list(TASK_FOLDERS),
    task_folder_add: ({ path }) => {
      if (!path.startsWith("/")) throw new ApiFailure({ kind: "userInput", code: "path_relative", message: `The path '${path}' is not absolute.`, hint: "Write the whole path of the folder.", corr: "" });
      return { path, tasks: ["Greet@1"], problems: [] };
    },
    task_folder_remove: () => ({}),
    run_cancel: () => ({}),
    run_rerun: () => ({ runId: RUN_IDS[0], number: "20261122.8", commit: COMMITS[0]?.sha ?? "" }),
    log_get: ({ runId, recordId, from, limit }) => {
      const total = this.#logTotal(runId, recordId);
      const first = Math.min(total, from < 0 ? Math.max(0, total + from) : from);
      const count = Math.max(0, Math.min(limit, total - first));
      return { total, from: first, lines: Array.from({ length: count }, (_, index) => logLine(recordId, first + index)) };
    },
    log_search: ({ runId, recordId, pattern, isRegex, isCaseSensitive }) => {
      const total = this.#logTotal(runId, recordId);
      let expression: RegExp;
      try {
        expression = new RegExp(isRegex ? pattern : pattern.replaceAll(/[$()*+./?[\\\]^{|}-]/g, String.raw`\$&`), isCaseSensitive ? "u" : "i");
      } catch {
        throw new ApiFailure({ kind: "userInput", code: "pattern_invalid", message: "This expression cannot be searched for: unclosed group.", hint: "Correct the regular expression, or search for the plain word.", corr: "" });
      }
      const lines = Array.from({ length: total }, (_, index) => index).filter((index) => expression.test(logLine(recordId, index).text));
      return { total, count: lines.length, lines: lines.slice(0, 10_000) };
    },
    test_list: ({ runId }) => (runId === RUN_IDS[1] ? TESTS.map((test, index) => (index === 7 || index === 8 ? { ...test, outcome: "failed", message: "assertion failed: expected 1 upstream request, saw 2", stack: "at harbours.test:31\nat cache.rs:118", output: "GET /harbours 200\nGET /harbours 200" } : test)) : runId === RUN_IDS[3] ? [] : TESTS),
    coverage_list: ({ runId }) => (runId === RUN_IDS[3] ? [] : COVERAGE),
    cache_list: () => [],
    cache_remove: () => ({ count: 0 }),
    registry_get: () => (this.mode === "partial" ? { address: null, isReady: false, detail: "The local registry does not answer; it needs the container engine.", repositories: [] } : { ...REGISTRY, repositories: this.#list(REGISTRY.repositories) }),
    image_list: () => this.#list(IMAGES),
    image_get: ({ digest }) => {
      const image = IMAGES.find((candidate) => candidate.digest === digest);
      if (image === undefined) throw missing("image", digest);
      return { image, isConfirmed: this.mode !== "partial", layers: this.mode === "partial" ? [] : [3, 1, 2].map((part, index) => ({ digest: image.digest.replace(/.$/, String(index)), mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", sizeBytes: 4_812_034 * part })), deployments: DEPLOYMENTS.filter((deployment) => deployment.digest === digest) };
    },
    pool_mapping_list: () => this.#list(this.#pools),
    pool_mapping_set: ({ label, image }) => {
      const known = this.#pools.find((pool) => pool.label.toLowerCase() === label.toLowerCase());
      const pool = { label, image, isChosen: true, foreignSystem: null, jobs: known?.jobs ?? [] };
      this.#pools = [...this.#pools.filter((other) => other !== known), pool].toSorted((a, b) => a.label.localeCompare(b.label));
      this.#changed("pipeline");
      return pool;
    },
    pool_mapping_remove: ({ label }) => {
      this.#pools = this.#pools.filter((pool) => pool.label !== label);
      this.#changed("pipeline");
      return {};
    },
    repository_mapping_list: () => this.repositories,
    repository_mapping_set: ({ name, path }) => {
      const mapped = { name, path, isNamed: true };
      this.repositories = [...this.repositories.filter((known) => known.name !== name), mapped];
      return mapped;
    },
    repository_mapping_remove: ({ name }) => {
      this.repositories = this.repositories.map((known) => (known.name === name ? { ...known, path: null } : known));
      return {};
    },
    environment_list: () => (this.mode === "partial" ? ENVIRONMENTS.map((environment) => ({ ...environment, pods: [], services: [], problem: "No container engine answers on /var/run/docker.sock." })) : this.#list(ENVIRONMENTS)),
    environment_save: (request) => ({ ...request, current: null, pods: [], services: [], problem: null }),
    check_list: ({ environment }) => (environment === "staging" && this.mode !== "empty" ? { environment, checks: CHECKS, targets: [{ name: "web1", tags: ["frontend"] }, { name: "web2", tags: ["frontend"] }] } : { environment, checks: [], targets: [] }),
    check_save: ({ environment, checks, targets }) => ({ environment, checks, targets }),
    approval_list: ({ runId }) => (this.mode === "running" ? APPROVALS.filter((approval) => (runId === null ? approval.state === "pending" : approval.runId === runId)) : []),
    approval_answer: ({ approvalId, isApproved, comment, approver }) => answered(approvalId, isApproved, comment, approver),
    stage_start: ({ isSkipped }) => answered("approval-2", !isSkipped, "", null),
    deployment_list: ({ environment, limit }) => this.#list(DEPLOYMENTS).filter((deployment) => environment === null || deployment.environment === environment).slice(0, limit),
    deployment_get: ({ deploymentId }) => {
      const found = DEPLOYMENTS.find((candidate) => candidate.id === deploymentId) ?? this.#promotion.underWay(deploymentId);
      if (found === undefined) throw missing("deployment", deploymentId);
      return this.mode === "partial" ? { ...found, proof: null, health: null } : found;
    },
    pod_log_get: ({ tail }) => ({ lines: Array.from({ length: Math.min(tail, 40) }, (_, index) => `2026-11-22T21:${String(index).padStart(2, "0")}:07Z INFO GET /tides/cuxhaven 200 ${4 + (index % 9)} ms`) }),
    telemetry_get: ({ minutes }) => {
      const full = telemetry(minutes);
      if (this.mode === "empty" || this.mode === "welcome") return { ...full, requests: 0, failedRequests: 0, failureRate: null, p50Ms: null, p95Ms: null, p99Ms: null, exceptions: 0, probes: 0, availability: null, operations: [], exceptionGroups: [], intake: { ...full.intake, accepted: 0, lastAcceptedAt: null, lastError: null, rejectedMalformed: 0 } };
      if (this.mode === "partial") return { ...full, probes: 0, availability: null, exceptionGroups: [] };
      return full;
    },
    chart_get: ({ key, minutes, theme }) => chart(key, minutes, theme === "dark"),
    report_write: () => ({ html: "/home/mara/.local/share/slipway/reports/tidewater-dev.html", charts: ["requests.png", "failureRate.png"] }),
    work_item_list: () => this.#list(WORK_ITEMS),
    work_item_get: ({ id }) => {
      const found = workItem(id);
      if (found === undefined) throw missing("work item", `AB#${id}`);
      return found;
    },
    work_item_create: ({ itemType, title, description }) => ({ ...(WORK_ITEMS[1] ?? { id: 45, projectId: PROJECT.id, createdAt: 0, changedAt: 0, stateReason: "", threadSummary: "", problemId: null }), id: 45, itemType, title, description, state: "toDo" }),
    work_item_update: ({ id, title, description, state }) => {
      const found = WORK_ITEMS.find((candidate) => candidate.id === id);
      if (found === undefined) throw missing("work item", `AB#${id}`);
      return { ...found, title: title ?? found.title, description: description ?? found.description, state: state ?? found.state };
    },
    work_item_from_exception: ({ problemId }) => {
      const bug = WORK_ITEMS[0];
      if (bug === undefined) throw missing("exception", problemId);
      return { ...bug, problemId };
    },
    thread_get: ({ key }) => {
      if (this.mode === "empty" || key === "nothing") throw missing("object", key);
      return thread(key);
    },
  };
}
