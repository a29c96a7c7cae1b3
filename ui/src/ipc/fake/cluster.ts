// The clusters of the fake host: watches, logs, a shell and forwards, all in the page.
import type { AppEvent, KubeForwardView, KubeLogLine, KubeLogStart, KubeRow, KubeWatchStart } from "../generated/contract";
import { ApiFailure } from "../host";
import type { Answers } from "./answers";
import { columnsOf, EVENTS, KINDS, LOG_GAP, LOG_WORDS, MAP, objectOf, rowsOf } from "./kube-fixtures";
import { NOW } from "./thread";

const CONTEXTS = [
  { name: "kind-tidewater", cluster: "kind-tidewater", user: "kind-tidewater", namespace: "tidewater", server: "https://127.0.0.1:39417", signIn: "certificate", isCurrent: false },
  { name: "aks-tidewater-weu", cluster: "aks-tidewater-weu", user: "clusterUser_rg-tidewater_aks-tidewater-weu", namespace: "", server: "https://tidewater-dns-4b1f.hcp.westeurope.azmk8s.io:443", signIn: "exec", isCurrent: true },
  { name: "crowd", cluster: "crowd", user: "load", namespace: "", server: "https://127.0.0.1:40001", signIn: "token", isCurrent: false },
] as const;

const utf8 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const plain = (base64: string): string => new TextDecoder().decode(Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)));

interface Shell {
  out: string;
  line: string;
  hasEnded: boolean;
}

/** A story of clusters. */
export class FakeCluster {
  readonly #mode: string;
  readonly #emit: (event: AppEvent) => void;
  readonly #watches = new Map<string, { wish: KubeWatchStart; rows: KubeRow[] }>();
  readonly #logs = new Map<string, { wish: KubeLogStart; lines: KubeLogLine[]; timer: ReturnType<typeof setInterval> | undefined }>();
  readonly #shells = new Map<string, Shell>();
  #forwards: KubeForwardView[] = [];
  #next = 0;

  constructor(mode: string, emit: (event: AppEvent) => void) {
    this.#mode = mode;
    this.#emit = emit;
  }

  #id(word: string): string {
    this.#next += 1;
    return `${word}-${this.#next}`;
  }

  #logLine(wish: KubeLogStart, number: number): KubeLogLine {
    const pods = wish.pods.length > 0 ? wish.pods : ["tidewater-api-5f6c8d9b7-kq2zd", "tidewater-api-5f6c8d9b7-w8rtn"];
    return { number, pod: pods[(number * 5) % pods.length] ?? "", container: wish.container ?? "web", at: NOW + (number - 240) * LOG_GAP, text: number % 31 === 7 ? `ERROR upstream https://pegel.example answered 503 to /tides/${number}` : (LOG_WORDS[(number * 7) % LOG_WORDS.length] ?? "") };
  }

  #say(id: string, shell: Shell, text: string): void {
    shell.out += text;
    this.#emit({ type: "kubeChanged", id, version: shell.out.length });
  }

  #type(id: string, shell: Shell, typed: string): void {
    for (const letter of typed) {
      if (letter === "\r") {
        const command = shell.line.trim();
        shell.line = "";
        if (command === "exit") {
          shell.hasEnded = true;
          this.#say(id, shell, "\r\n");
          return;
        }
        this.#say(id, shell, `\r\n${command === "" ? "" : command === "ls" ? "\u001b[1;34mapp\u001b[0m  etc  proc  tmp\r\n" : `sh: ${command}: not found\r\n`}/app $ `);
      } else if (letter === "\u007f") {
        if (shell.line === "") continue;
        shell.line = shell.line.slice(0, -1);
        this.#say(id, shell, "\b \b");
      } else {
        shell.line += letter;
        this.#say(id, shell, letter);
      }
    }
  }

  readonly answers = {
    kube_context_list: () => (this.#mode === "empty" ? { kubeconfig: "/home/mara/.kube/config", contexts: [], problem: null } : { kubeconfig: "/home/mara/.kube/config", contexts: [...CONTEXTS], problem: null }),
    kube_overview: ({ context }) => {
      if (this.#mode === "partial") throw new ApiFailure({ kind: "unavailable", code: "cluster_unreachable", message: `The cluster behind the context ${context} does not answer: connection refused.`, hint: "Check that it runs and that this machine may reach it.", corr: "" });
      return { version: "v1.36.1", namespaces: ["default", "kube-system", "tidewater"].map((name) => ({ name, phase: "Active" })), canListNamespaces: true, kinds: KINDS, nodes: [{ name: "kind-worker", version: "v1.36.1", isReady: true, status: "Ready", roles: [], createdAt: NOW }], problem: null };
    },
    kube_rights: () => ({ rules: [{ verbs: ["*"], groups: ["*"], resources: ["*"], names: [] }], isIncomplete: false }),
    kube_watch_start: (wish) => {
      const watchId = this.#id("watch");
      const rows = rowsOf(wish.context, wish.plural).filter((row) => wish.namespace === "" || row.namespace === "" || row.namespace === wish.namespace);
      this.#watches.set(watchId, { wish, rows });
      return { watchId };
    },
    kube_rows: ({ watchId, filter, sort, offset, limit }) => {
      const watch = this.#watches.get(watchId);
      if (watch === undefined) throw new ApiFailure({ kind: "refused", code: "watch_gone", message: "This list is no longer watched.", hint: "Open it again.", corr: "" });
      const columns = columnsOf(watch.wish.plural);
      const wanted = filter.toLowerCase();
      const found = wanted === "" ? watch.rows : watch.rows.filter((row) => row.name.includes(wanted) || row.cells.some((cell) => cell.toLowerCase().includes(wanted)));
      const at = columns.findIndex(({ name }) => name === sort?.column);
      const sorted = sort === null || at < 0 ? found : found.toSorted((a, b) => (sort.isDescending ? -1 : 1) * (a.cells[at] ?? "").localeCompare(b.cells[at] ?? "", "en", { numeric: true }));
      return { state: "live", problem: null, version: 1, total: watch.rows.length, matching: found.length, columns, rows: sorted.slice(offset, offset + limit) };
    },
    kube_watch_stop: ({ watchId }) => {
      this.#watches.delete(watchId);
      return {};
    },
    kube_object: ({ plural, name }) => objectOf(plural, KINDS.find((kind) => kind.plural === plural)?.kind ?? "Pod", name),
    kube_events: ({ limit }) => (this.#mode === "empty" ? [] : EVENTS.slice(0, limit)),
    kube_object_diff: ({ plural, name, namespace, yaml }) => {
      const isSame = yaml === objectOf(plural, KINDS.find((kind) => kind.plural === plural)?.kind ?? "Pod", name).yaml;
      return { apiVersion: "apps/v1", kind: "Deployment", name, namespace, place: null, action: isSame ? "same" : "change", fields: isSame ? [] : [{ path: "spec.template.spec.containers[name=web].env[name=LOG_LEVEL].value", before: "info", after: "debug", isSecret: false, owner: "slipway", isConflict: false }], problem: null, hint: null };
    },
    kube_object_apply: ({ plural, name, yaml }) => ({ ...objectOf(plural, "Deployment", name), yaml, resourceVersion: "81423" }),
    kube_scale: () => ({}),
    kube_restart: () => ({}),
    kube_delete: () => ({}),
    kube_map: () => (this.#mode === "empty" ? { nodes: [], edges: [] } : MAP),
    kube_usage: () => ({ isServed: true, pods: rowsOf("", "pods").slice(0, 5).map((row, index) => ({ name: row.name, namespace: row.namespace, cpuMilli: [12, 9, 211, 4, 38][index] ?? 0, memoryBytes: ([48, 51, 312, 22, 96][index] ?? 0) * 1_048_576 })), nodes: [{ name: "kind-worker", cpuMilli: 512, memoryBytes: 2_411_724_800 }] }),
    kube_log_start: (wish) => {
      const streamId = this.#id("log");
      const log = { wish, lines: Array.from({ length: 240 }, (_, number) => this.#logLine(wish, number + 1)), timer: undefined as ReturnType<typeof setInterval> | undefined };
      if (wish.isFollowing) {
        log.timer = setInterval(() => {
          log.lines.push(this.#logLine(wish, log.lines.length + 1));
          this.#emit({ type: "kubeChanged", id: streamId, version: log.lines.length });
        }, 900);
      }
      this.#logs.set(streamId, log);
      return { streamId };
    },
    kube_log_page: ({ streamId, after, limit, search }) => {
      const lines = this.#logs.get(streamId)?.lines ?? [];
      const fresh = lines.filter(({ number, text }) => number > after && (search === null || text.toLowerCase().includes(search.toLowerCase()))).slice(0, limit);
      return { state: "live", next: fresh.at(-1)?.number ?? lines.length, first: 1, sources: [], lines: fresh, problem: null };
    },
    kube_log_stop: ({ streamId }) => {
      clearInterval(this.#logs.get(streamId)?.timer);
      this.#logs.delete(streamId);
      return {};
    },
    kube_exec_start: () => {
      const sessionId = this.#id("shell");
      this.#shells.set(sessionId, { out: "/app $ ", line: "", hasEnded: false });
      return { sessionId };
    },
    kube_exec_send: ({ sessionId, base64 }) => {
      const shell = this.#shells.get(sessionId);
      if (shell !== undefined) this.#type(sessionId, shell, plain(base64));
      return {};
    },
    kube_exec_resize: () => ({}),
    kube_exec_stop: ({ sessionId }) => {
      this.#shells.delete(sessionId);
      return {};
    },
    kube_exec_page: ({ sessionId, after }) => {
      const shell = this.#shells.get(sessionId) ?? { out: "", line: "", hasEnded: true };
      return { base64: utf8(shell.out.slice(after)), next: shell.out.length, state: shell.hasEnded ? "ended" : "live", exitCode: shell.hasEnded ? 0 : null, problem: null };
    },
    kube_forward_start: ({ context, namespace, target, port, localPort }) => {
      const local = localPort ?? 41_000 + this.#forwards.length;
      const forward: KubeForwardView = { id: this.#id("forward"), context, namespace, target, port, localPort: local, url: `http://127.0.0.1:${local}/`, state: "live", problem: null, connections: 0, pod: null };
      this.#forwards = [...this.#forwards, forward];
      return forward;
    },
    kube_forward_list: () => this.#forwards,
    kube_forward_stop: ({ id }) => {
      this.#forwards = this.#forwards.filter((forward) => forward.id !== id);
      return {};
    },
  } satisfies Partial<Answers>;
}
