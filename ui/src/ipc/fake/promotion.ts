// The promotion board of the fake host: three environments, a plan, and a deployment that goes through its phases.
import type { DeploymentPhase, DeploymentPlanView, DeploymentView, DriftView, EnvironmentView, FieldChange, ObjectPlan, PodView, PromotionColumn, Tag } from "../generated/contract";
import type { Answers } from "./answers";
import { ENVIRONMENTS } from "./rooms";
import { ago, COMMITS, DEPLOYMENTS, DIGESTS, IMAGES, POD } from "./thread";

const field = (path: string, before: string | null, after: string | null, extra: Partial<FieldChange> = {}): FieldChange => ({ path, before, after, isSecret: false, owner: "slipway", isConflict: false, ...extra });

const object = (apiVersion: string, kind: string, name: string, action: ObjectPlan["action"], extra: Partial<ObjectPlan> = {}): ObjectPlan => ({ apiVersion, kind, name, namespace: "tidewater", place: `deploy/${kind.toLowerCase()}.yml:1`, action, fields: [], problem: null, hint: null, ...extra });

const [FRESH = "", OLD = ""] = DIGESTS;

const OBJECTS: ObjectPlan[] = [
  object("apps/v1", "Deployment", "tidewater-api", "change", {
    place: "deploy/web.yml:14",
    fields: [
      field("spec.template.spec.containers[name=web].image", `127.0.0.1:5000/tidewater-api@${OLD}`, `127.0.0.1:5000/tidewater-api@${FRESH}`),
      field("spec.template.spec.containers[name=web].env[name=LOG_LEVEL].value", "info", "warning"),
      field("spec.replicas", "2", "3", { owner: "horizontal-pod-autoscaler" }),
    ],
  }),
  object("v1", "Secret", "tidewater-keys", "change", { place: "deploy/secret.yml:1", fields: [field("data.upstream-token", "***", "***", { isSecret: true }), field("data.signing-key", null, "***", { isSecret: true })] }),
  object("v1", "ConfigMap", "tidewater-feature-flags", "create", { place: "deploy/flags.yml:1", fields: [field("data.retry-after", null, "true"), field("data.harbours", null, "cuxhaven\nhusum\nbüsum")] }),
  object("v1", "ConfigMap", "tidewater-old-flags", "delete", { place: null }),
  object("v1", "Service", "tidewater-api", "same"),
  object("networking.k8s.io/v1", "Ingress", "tidewater-api", "same"),
];

const BLOCKED: ObjectPlan[] = [
  object("apps/v1", "StatefulSet", "tide-cache", "refused", { place: "deploy/cache.yml:31", problem: "spec.template.spec.containers[0].resources.limits.memory: quantities must match the regular expression; '1Gig' does not.", hint: "Write 1Gi in deploy/cache.yml, line 31." }),
  object("apps/v1", "Deployment", "tidewater-api", "conflict", {
    place: "deploy/web.yml:22",
    problem: "kubectl-edit has changed a field that this deployment sets too.",
    hint: "Take the value over into deploy/web.yml, or leave the field out of it.",
    fields: [field("spec.template.spec.containers[name=web].resources.limits.cpu", "2", "500m", { owner: "kubectl-edit", isConflict: true })],
  }),
];

const DRIFTED: DriftView = {
  state: "drifted",
  checkedAt: ago(0),
  problem: null,
  objects: [object("apps/v1", "Deployment", "tidewater-api", "change", { fields: [field("spec.replicas", "5", "2", { owner: "kubectl-scale" }), field("spec.template.spec.containers[name=web].env[name=LOG_LEVEL].value", "debug", "info", { owner: "kubectl-edit" })] })],
};
const LEVEL: DriftView = { state: "none", checkedAt: ago(0), objects: [], problem: null };

const pod = (name: string, at: number): PodView => ({ ...POD, name: `tidewater-api-${name}`, digest: OLD, startedAt: ago(at) });

const STAGING: EnvironmentView = {
  name: "staging",
  target: "kubernetes",
  context: "kind-tidewater",
  namespace: "tidewater",
  variables: [{ name: "LOG_LEVEL", value: "info" }],
  current: DEPLOYMENTS[1] ?? null,
  pods: [pod("5f6c8d9b7-kq2zd", 186), pod("5f6c8d9b7-w8rtn", 186)],
  services: [{ name: "tidewater-api", port: 8080, url: null, endpoints: 2 }],
  problem: null,
};
const PRODUCTION: EnvironmentView = {
  ...STAGING,
  name: "production",
  context: "aks-tidewater-weu",
  namespace: "tidewater",
  variables: [{ name: "LOG_LEVEL", value: "warning" }],
  current: DEPLOYMENTS[1] === undefined ? null : { ...DEPLOYMENTS[1], id: "dep-5", environment: "production", reason: "rollback", rollbackOf: "dep-4", startedAt: ago(60 * 27), finishedAt: ago(60 * 27) + 41_000, health: null },
  pods: [pod("6b7f9c4d5-2hxvq", 1600), pod("6b7f9c4d5-m4l8s", 1600), pod("6b7f9c4d5-zz7pc", 1600)],
};

const PHASES: readonly { phase: DeploymentPhase; says: string }[] = [
  { phase: "planning", says: "Plan: 2 to change, 1 to create, 2 unchanged" },
  { phase: "applying", says: "Applied ConfigMap tidewater-feature-flags" },
  { phase: "applying", says: "Applied Deployment tidewater-api" },
  { phase: "watching", says: "Deployment tidewater-api: 1 of 3 pods are new" },
  { phase: "watching", says: "Deployment tidewater-api: 3 of 3 pods are new, 3 ready" },
  { phase: "proving", says: "3 of 3 pods run the digest that was deployed" },
];

/** A story of the board. */
export class FakePromotion {
  #order = ["dev", "staging", "production"];
  #isHeld = true;
  #waiting: DeploymentView | null = null;
  readonly #under = new Map<string, { deployment: DeploymentView; step: number }>();
  readonly #mode: string;
  readonly #changed: (...tags: Tag[]) => void;

  constructor(mode: string, changed: (...tags: Tag[]) => void) {
    this.#mode = mode;
    this.#changed = changed;
    if (mode === "running") this.#begin("staging", 3);
    if (mode === "canary" || mode === "sick-canary") this.#waiting = this.#canary(mode === "canary" ? "healthy" : "unhealthy");
  }

  #begin(environment: string, step: number): DeploymentView {
    const base = DEPLOYMENTS[0];
    if (base === undefined) throw new Error("BUG: the fixtures have a deployment");
    const deployment: DeploymentView = { ...base, id: "dep-9", environment, state: "inProgress", result: null, phase: PHASES[step]?.phase ?? "planning", startedAt: Date.now() - step * 4_000, finishedAt: null, isCurrent: false, proof: null, health: null, reason: "promote", fromDeploymentId: "dep-3" };
    this.#under.set(environment, { deployment, step });
    return deployment;
  }

  #canary(verdict: "healthy" | "unhealthy"): DeploymentView {
    const base = DEPLOYMENTS[0];
    if (base?.health == null) throw new Error("BUG: the fixtures have a healthy deployment");
    const numbers = verdict === "healthy" ? { requests: 412, failedRequests: 1, reason: "411 of 412 requests succeeded and the 95th percentile of response time is 41 ms." } : { requests: 412, failedRequests: 96, reason: "23.3 % of requests failed, above 5 %: 96 of 412 since the deployment." };
    return { ...base, id: "dep-7", environment: "production", phase: "waiting", isCurrent: false, reason: "deploy", fromDeploymentId: "dep-3", startedAt: ago(14), finishedAt: ago(13), health: { ...base.health, ...numbers, verdict }, strategy: { kind: "canary", step: "deploy", percentage: 20, split: "pod", replicas: 1, isAutomatic: false, outcome: null } };
  }

  /** The deployment under way with this id. */
  underWay(id: string): DeploymentView | undefined {
    return [...this.#under.values()].find(({ deployment }) => deployment.id === id)?.deployment;
  }

  #column(environment: EnvironmentView, index: number, all: readonly EnvironmentView[]): PromotionColumn {
    const isProduction = environment.name === "production";
    return {
      environment: this.#mode === "partial" ? { ...environment, pods: [], services: [], problem: "No container engine answers on /var/run/docker.sock." } : environment,
      promoteTo: all[index + 1]?.name ?? null,
      behind: index === 0 ? null : environment.name === "staging" ? 2 : 0,
      hold: isProduction && this.#isHeld ? { deploymentId: "dep-5", since: ago(60 * 27), reason: "Rolled back by hand from 4be1c02f9a71: p95 was 812 ms (limit 500 ms)." } : null,
      drift: this.#mode === "partial" ? { state: "unknown", checkedAt: null, objects: [], problem: "the target does not answer" } : environment.name === "staging" ? DRIFTED : LEVEL,
      underWay: this.#under.get(environment.name)?.deployment ?? null,
      waiting: isProduction ? this.#waiting : null,
      isInterrupted: false,
    };
  }

  #columns(): PromotionColumn[] {
    if (this.#mode === "empty" || this.#mode === "welcome") return [];
    const known = [...ENVIRONMENTS.slice(0, 1), STAGING, PRODUCTION];
    const all = this.#order.flatMap((name) => known.find((one) => one.name === name) ?? []);
    return all.map((environment, index) => this.#column(environment, index, all));
  }

  #plan(environment: string, digest: string): DeploymentPlanView {
    const target = this.#columns().find((column) => column.environment.name === environment)?.environment;
    const isBlocked = this.#mode === "blocked";
    return {
      environment,
      target: target?.target ?? "kubernetes",
      context: target?.context ?? "",
      namespace: target?.namespace ?? "",
      digest,
      image: `127.0.0.1:5000/tidewater-api@${digest}`,
      commit: COMMITS[0]?.sha ?? "",
      objects: isBlocked ? [...BLOCKED, ...OBJECTS.slice(4)] : OBJECTS,
      parameters: [
        { name: "LOG_LEVEL", before: "info", after: "warning" },
        { name: "REPLICAS", before: null, after: "3" },
      ],
      notes: [],
      hash: "plan-1",
      isBlocked,
    };
  }

  #advance(environment: string): void {
    const going = this.#under.get(environment);
    if (going === undefined) return;
    going.step += 1;
    const next = PHASES[going.step];
    if (next === undefined) this.#under.delete(environment);
    else {
      going.deployment = { ...going.deployment, phase: next.phase };
      setTimeout(() => this.#advance(environment), 2_500);
    }
    this.#changed("deployment", "environment");
  }

  readonly answers = {
    promotion_board: () => ({ columns: this.#columns() }),
    environment_order: ({ names }) => {
      this.#order = names;
      this.#changed("environment");
      return {};
    },
    environment_release: () => {
      this.#isHeld = false;
      this.#changed("environment");
      return {};
    },
    environment_remove: ({ environment }) => {
      this.#order = this.#order.filter((name) => name !== environment);
      this.#changed("environment");
      return {};
    },
    deployment_plan: ({ environment, source }) => this.#plan(environment, source.from === "image" ? source.digest : (DEPLOYMENTS.find(({ id }) => id === source.deploymentId)?.digest ?? IMAGES[0]?.digest ?? "")),
    deployment_start: ({ environment }) => {
      const { id } = this.#begin(environment, 0);
      setTimeout(() => this.#advance(environment), 1_500);
      this.#changed("deployment", "environment");
      return { deploymentId: id };
    },
    strategy_finish: ({ action }) => {
      this.#waiting = null;
      this.#changed("deployment", "environment");
      if (action === "reject") return { deploymentId: null };
      const { id } = this.#begin("production", 0);
      setTimeout(() => this.#advance("production"), 1_500);
      return { deploymentId: id };
    },
    deployment_cancel: ({ deploymentId }) => {
      for (const [environment, going] of this.#under) if (going.deployment.id === deploymentId) this.#under.delete(environment);
      this.#changed("deployment", "environment");
      return {};
    },
    deployment_log: ({ deploymentId }) => {
      const going = [...this.#under.values()].find(({ deployment }) => deployment.id === deploymentId);
      const steps = PHASES.slice(0, going === undefined ? PHASES.length : going.step + 1);
      return { lines: steps.map(({ says }, index) => ({ at: (going?.deployment.startedAt ?? ago(12)) + index * 4_000, text: says })) };
    },
    drift_check: ({ environment }) => (environment === "staging" ? { ...DRIFTED, checkedAt: Date.now() } : { ...LEVEL, checkedAt: Date.now() }),
  } satisfies Partial<Answers>;
}
