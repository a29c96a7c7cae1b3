// Which record of a run, and which history, belongs to which node of the board. Pure.
import { IMPLICIT_JOB } from "../canvas/model/scene";
import type { BoardNodeView, BoardView, HistoryNodeView, PipelineHistoryView, PlanJobView, PlanStageView, PlanStepView, PlanView, RecordView, RunResult, RunState } from "#ui/ipc";

/** A part of the pipeline; all but a template's steps can be run alone. */
export interface RunTarget {
  kind: "stage" | "job" | "step" | "template";
  /** As `run_start` takes it: `Build`, `Build/Test`, `Build/Test/CmdLine1`. */
  target: string;
  /** As a person reads it. */
  label: string;
}

/** What runs tell of a node. */
export interface NodeRun extends RunTarget {
  /** Of the newest run; null if it has no such record. */
  state: RunState | null;
  result: RunResult | null;
  startedAt: number | null;
  finishedAt: number | null;
  recordId: string | null;
  /** It stands as an earlier attempt left it. */
  isKept: boolean;
  /** Why it failed or was skipped. */
  issue: string | null;
  /** Milliseconds of its last runs, newest last. */
  durations: readonly number[];
  /** From 0 to 1, over `runs` runs. */
  failureRate: number;
  runs: number;
  estimateMs: number | null;
}

/** The newest run, as far as nodes need it. */
export interface RunRecords {
  records: readonly RecordView[];
}

interface Names {
  stage: string;
  job: string | null;
  step: { reference: string; displayName: string; task: string } | null;
}

/** What a node stands for: one part of the plan, or the parts that its template has put in. */
type Meant = Names | { template: string; parts: readonly Names[] };

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const baseOf = (job: string): string => job.split(".")[0] ?? job;

function linesOf(node: BoardNodeView): Set<number> {
  const lines = new Set<number>();
  const walk = (one: BoardNodeView): void => {
    if (one.kind === "step" && one.file === null) lines.add(one.line);
    one.children.forEach(walk);
  };
  walk(node);
  return lines;
}

const hasLine = (job: PlanJobView, lines: ReadonlySet<number>): boolean => job.steps.some((step) => step.file === null && lines.has(step.line));

function stageOf(node: BoardNodeView, plan: PlanView): PlanStageView | undefined {
  const named = plan.stages.find((stage) => same(stage.name, node.name));
  if (named !== undefined) return named;
  const lines = linesOf(node);
  return plan.stages.find((stage) => stage.jobs.some((job) => hasLine(job, lines)));
}

function jobOf(node: BoardNodeView, stage: PlanStageView): PlanJobView | undefined {
  const named = node.name === "" ? undefined : stage.jobs.find((job) => same(baseOf(job.name), node.name));
  if (named !== undefined) return named;
  const lines = linesOf(node);
  return stage.jobs.find((job) => hasLine(job, lines));
}

/** The step of a plan that a node is. One of the expanded canvas is the next that is written there. */
function stepOf(node: BoardNodeView, steps: readonly PlanStepView[], taken: Set<PlanStepView>): PlanStepView | undefined {
  const isIt = (one: PlanStepView): boolean => one.line === node.line && one.file === node.file;
  if (node.path !== "") return steps.find(isIt);
  const found = steps.find((one) => isIt(one) && !taken.has(one));
  if (found !== undefined) taken.add(found);
  return found;
}

/** Each template call among some nodes with the steps of the job that it put in; what cannot be told apart is left out. */
function calledSteps(nodes: readonly BoardNodeView[], job: PlanJobView): Map<BoardNodeView, PlanStepView[]> {
  const calls: BoardNodeView[] = [];
  const walk = (one: BoardNodeView): void => {
    if (one.kind === "template" && one.file === null) calls.push(one);
    one.children.forEach(walk);
  };
  nodes.forEach(walk);
  const found = new Map<BoardNodeView, PlanStepView[]>();
  for (let at = 0; calls.length > 0 && at < job.steps.length; at += 1) {
    if (job.steps[at]?.file === null) continue;
    // Between two steps of this file stands what was called between their lines.
    const after = job.steps[at - 1]?.line ?? 0;
    const steps: PlanStepView[] = [];
    for (let step = job.steps[at]; step !== undefined && step.file !== null; step = job.steps[(at += 1)]) steps.push(step);
    const before = job.steps[at]?.line ?? Infinity;
    const within = calls.filter((call) => call.line > after && (before <= after || call.line < before));
    for (const call of within) {
      const own = within.length === 1 ? steps : within.filter((other) => other.name === call.name).length === 1 ? steps.filter((step) => step.file === call.name.replace(/^(?:\.?\/)+/, "")) : [];
      if (own.length > 0) found.set(call, [...(found.get(call) ?? []), ...own]);
    }
  }
  return found;
}

/**
 * Each template call among stages, or among the jobs of one, with the parts of the plan that it put in: those between the
 * parts around it that the file writes itself. Calls beside each other cannot be told apart, and neither can those that
 * an `each` repeats.
 */
function calledParts<T>(nodes: readonly BoardNodeView[], parts: readonly T[], partsOf: (node: BoardNodeView) => readonly T[]): Map<BoardNodeView, readonly T[]> {
  const found = new Map<BoardNodeView, readonly T[]>();
  const row: { call: BoardNodeView | null; first: number; last: number }[] = [];
  const walk = (one: BoardNodeView): void => {
    if (one.kind === "directive" && one.keyword !== "each") one.children.forEach(walk);
    else if (one.kind === "template" && one.file === null) row.push({ call: one, first: -1, last: -1 });
    else {
      const at = partsOf(one).map((part) => parts.indexOf(part));
      if (at.length > 0) row.push({ call: null, first: Math.min(...at), last: Math.max(...at) });
      // What the plan does not have, or has more than once, is a border that nobody knows.
      else row.push({ call: null, first: Number.NaN, last: Number.NaN });
    }
  };
  nodes.forEach(walk);
  for (const [index, { call }] of row.entries()) {
    const [before, after] = [row[index - 1], row[index + 1]];
    if (call === null || (before !== undefined && before.call !== null) || (after !== undefined && after.call !== null)) continue;
    const [from, to] = [before === undefined ? 0 : before.last + 1, after === undefined ? parts.length : after.first];
    if (from < to) found.set(call, parts.slice(from, to));
  }
  return found;
}

/** What each node stands for, by its id on the canvas. What a plan does not have is left out. */
function namesOf(board: BoardView, plan: PlanView): Map<string, Meant> {
  const found = new Map<string, Meant>();
  const taken = new Set<PlanStepView>();
  const put = (nodes: readonly BoardNodeView[], parent: string, stage: PlanStageView | undefined, job: PlanJobView | undefined): void => {
    for (const [index, node] of nodes.entries()) walk(node, node.path === "" ? `${parent}#${index}` : node.path, stage, job);
  };
  const called = (nodes: readonly BoardNodeView[], stage: PlanStageView, job: PlanJobView): void => {
    for (const [call, steps] of calledSteps(nodes, job)) found.set(call.path, { template: call.name, parts: steps.map((step) => ({ stage: stage.name, job: baseOf(job.name), step })) });
  };
  const calledJobs = (nodes: readonly BoardNodeView[], stage: PlanStageView): void => {
    const legsOf = (node: BoardNodeView): PlanJobView[] => {
      const one = node.kind === "job" || node.kind === "deployment" ? jobOf(node, stage) : undefined;
      return one === undefined ? [] : stage.jobs.filter((other) => baseOf(other.name) === baseOf(one.name));
    };
    for (const [call, jobs] of calledParts(nodes, stage.jobs, legsOf)) {
      const names = [...new Set(jobs.map((one) => baseOf(one.name)))];
      found.set(call.path, { template: call.name, parts: names.map((name) => ({ stage: stage.name, job: name, step: null })) });
    }
  };
  const walk = (node: BoardNodeView, id: string, stage: PlanStageView | undefined, job: PlanJobView | undefined): void => {
    let [inStage, inJob] = [stage, job];
    if (node.kind === "stage") {
      inStage = stageOf(node, plan);
      inJob = undefined;
      if (inStage !== undefined) {
        found.set(id, { stage: inStage.name, job: null, step: null });
        calledJobs(node.children, inStage);
      }
    } else if ((node.kind === "job" || node.kind === "deployment") && stage !== undefined) {
      inJob = jobOf(node, stage);
      if (inJob !== undefined) {
        found.set(id, { stage: stage.name, job: baseOf(inJob.name), step: null });
        called(node.children, stage, inJob);
      }
    } else if (node.kind === "step" && stage !== undefined && job !== undefined) {
      const step = stepOf(node, job.steps, taken);
      if (step !== undefined) found.set(id, { stage: stage.name, job: baseOf(job.name), step });
    }
    put(node.children, id, inStage, inJob);
  };
  // What the file does not write, its plan has once.
  const stage = board.level === "stages" ? undefined : plan.stages[0];
  const job = board.level === "steps" ? stage?.jobs[0] : undefined;
  if (board.level === "jobs" && stage !== undefined) calledJobs(board.nodes, stage);
  else if (board.level === "stages") {
    const ownOf = (node: BoardNodeView): PlanStageView[] => (node.kind === "stage" ? [stageOf(node, plan)] : []).filter((one) => one !== undefined);
    for (const [call, stages] of calledParts(board.nodes, plan.stages, ownOf)) found.set(call.path, { template: call.name, parts: stages.map((one) => ({ stage: one.name, job: null, step: null })) });
  }
  // A file of steps is a job itself.
  if (stage !== undefined && job !== undefined) {
    found.set(IMPLICIT_JOB, { stage: stage.name, job: job.name, step: null });
    called(board.nodes, stage, job);
  }
  put(board.nodes, job === undefined ? "" : IMPLICIT_JOB, stage, job);
  return found;
}

const RANK: Record<string, number> = { skipped: 0, succeeded: 1, succeededWithIssues: 2, failed: 3, canceled: 4, interrupted: 4 };

/** Legs of one job as one record: whoever still goes on decides, then the worst. */
function joined(records: readonly RecordView[]): RecordView | undefined {
  const [first, ...rest] = records;
  if (first === undefined) return undefined;
  return rest.reduce((whole, one) => {
    const going = [whole, one].find((it) => it.state === "inProgress") ?? [whole, one].find((it) => it.state !== "completed");
    const worse = (RANK[one.result ?? ""] ?? 0) > (RANK[whole.result ?? ""] ?? 0) ? one : whole;
    const starts = [whole.startedAt, one.startedAt].filter((at) => at !== null);
    const ends = [whole.finishedAt, one.finishedAt].filter((at) => at !== null);
    return {
      ...(going ?? worse),
      startedAt: starts.length === 0 ? null : Math.min(...starts),
      finishedAt: going !== undefined || ends.length === 0 ? null : Math.max(...ends),
    };
  }, first);
}

interface Named {
  name: string;
  displayName: string;
  task: string | null;
}

/** The one that is meant: by both names, by the one that a person wrote, or by its place among those alike. */
function pick<T extends Named>(all: readonly T[], step: NonNullable<Names["step"]>): T | undefined {
  const byName = all.filter((one) => same(one.name, step.reference));
  const byDisplay = all.filter((one) => one.displayName === step.displayName);
  return byName.find((one) => one.displayName === step.displayName) ?? (byDisplay.length === 1 ? byDisplay[0] : undefined) ?? byName.find((one) => (one.task ?? "").toLowerCase() === step.task.toLowerCase());
}

/** Lists by a key, so that a board of a thousand nodes is not a million comparisons. */
function grouped<T>(all: readonly T[], keyOf: (one: T) => string): (key: string) => readonly T[] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOf(one);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [one]);
    else known.push(one);
  }
  return (key) => groups.get(key) ?? [];
}

/** Finds the record of the run that a node's names mean. */
function finderOf(records: readonly RecordView[]): (names: Names) => RecordView | undefined {
  const below = grouped(records, (one) => one.parentId ?? "");
  return ({ stage: stageName, job, step }) => {
    const stage = below("").find((one) => one.kind === "stage" && same(one.name, stageName));
    if (stage === undefined || job === null) return stage;
    const jobs = below(stage.id).filter((one) => same(baseOf(one.name), job));
    // A job whose legs came late has a record beside theirs.
    const legs = jobs.filter((one) => one.name.includes("."));
    const ran = legs.length > 0 ? legs : jobs;
    if (step === null) return joined(ran);
    return joined(ran.map((one) => pick(below(one.id), step)).filter((one) => one !== undefined));
  };
}

interface Known extends Named {
  node: HistoryNodeView;
}

/** Finds the history that a node's names mean. */
function historyFinderOf(nodes: readonly HistoryNodeView[]): (names: Names) => HistoryNodeView | undefined {
  const keyOf = (stage: string, job: string | null): string => `${stage}/${job ?? ""}`.toLowerCase();
  const known = nodes.map((node): Known => ({ node, name: node.step ?? "", displayName: node.displayName, task: node.task }));
  const of = grouped(known, ({ node }) => keyOf(node.stage, node.job));
  return ({ stage, job, step }) => {
    const all = of(keyOf(stage, job));
    if (step === null) return all.find((one) => one.node.step === null)?.node;
    const steps = all.filter((one) => one.node.step !== null);
    return pick(steps, step)?.node;
  };
}

const wordOf = (names: Names): RunTarget => {
  if (names.step !== null) return { kind: "step", target: `${names.stage}/${names.job ?? ""}/${names.step.reference}`, label: names.step.displayName };
  if (names.job !== null) return { kind: "job", target: `${names.stage}/${names.job}`, label: names.job === "__default" ? "of the file" : names.job };
  return { kind: "stage", target: names.stage, label: names.stage };
};

const ofRecord = (record: RecordView | undefined): Pick<NodeRun, "state" | "result" | "startedAt" | "finishedAt" | "recordId" | "isKept" | "issue"> => ({
  state: record?.state ?? null,
  result: record?.result ?? null,
  startedAt: record?.startedAt ?? null,
  finishedAt: record?.finishedAt ?? null,
  recordId: record?.id ?? null,
  isKept: (record?.keptFrom ?? null) !== null,
  issue: record?.issue ?? null,
});

/** What the newest run and the ones before it tell of each node, by its id on the canvas. */
export function mapRecords(board: BoardView, plan: PlanView | null, run: RunRecords | null, history: PipelineHistoryView | null): Map<string, NodeRun> {
  const mapped = new Map<string, NodeRun>();
  if (plan === null) return mapped;
  const recordOf = finderOf(run?.records ?? []);
  const historyOf = historyFinderOf(history?.nodes ?? []);
  for (const [id, names] of namesOf(board, plan)) {
    if ("template" in names) {
      const record = joined(names.parts.map(recordOf).filter((one) => one !== undefined));
      const medians = names.parts.map((one) => historyOf(one)?.medianMs ?? null);
      const estimateMs = medians.some((one) => one === null) ? null : medians.reduce<number>((all, one) => all + (one ?? 0), 0);
      mapped.set(id, { kind: "template", target: names.template, label: names.template, ...ofRecord(record), durations: [], failureRate: 0, runs: 0, estimateMs });
      continue;
    }
    const known = historyOf(names);
    mapped.set(id, { ...wordOf(names), ...ofRecord(recordOf(names)), durations: known?.durations ?? [], failureRate: known?.failureRate ?? 0, runs: known?.runs ?? 0, estimateMs: known?.medianMs ?? null });
  }
  return mapped;
}
