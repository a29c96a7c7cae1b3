// Which record of a run, and which history, belongs to which node of the board. Pure.
import type { BoardNodeView, BoardView, HistoryNodeView, PipelineHistoryView, PlanJobView, PlanStageView, PlanView, RecordView, RunResult, RunState } from "#ui/ipc";

/** A part of the pipeline that can be run alone. */
export interface RunTarget {
  kind: "stage" | "job" | "step";
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

const hasLine = (job: PlanJobView, lines: ReadonlySet<number>): boolean => job.steps.some((step) => lines.has(step.line));

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

/** The names that a run gives to each node, by its path. What a plan does not have is left out. */
function namesOf(board: BoardView, plan: PlanView): Map<string, Names> {
  const found = new Map<string, Names>();
  const walk = (node: BoardNodeView, stage: PlanStageView | undefined, job: PlanJobView | undefined): void => {
    let [inStage, inJob] = [stage, job];
    if (node.kind === "stage") {
      inStage = stageOf(node, plan);
      inJob = undefined;
      if (inStage !== undefined) found.set(node.path, { stage: inStage.name, job: null, step: null });
    } else if ((node.kind === "job" || node.kind === "deployment") && stage !== undefined) {
      inJob = jobOf(node, stage);
      if (inJob !== undefined) found.set(node.path, { stage: stage.name, job: baseOf(inJob.name), step: null });
    } else if (node.kind === "step" && stage !== undefined && job !== undefined) {
      const step = job.steps.find((one) => one.line === node.line && node.file === null);
      if (step !== undefined) found.set(node.path, { stage: stage.name, job: baseOf(job.name), step });
    }
    for (const child of node.children) walk(child, inStage, inJob);
  };
  // What the file does not write, its plan has once.
  const stage = board.level === "stages" ? undefined : plan.stages[0];
  const job = board.level === "steps" ? stage?.jobs[0] : undefined;
  // A file of steps is a job itself.
  if (stage !== undefined && job !== undefined) found.set("", { stage: stage.name, job: job.name, step: null });
  for (const node of board.nodes) walk(node, stage, job);
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

function recordOf(names: Names, records: readonly RecordView[]): RecordView | undefined {
  const stage = records.find((one) => one.kind === "stage" && same(one.name, names.stage));
  const { job, step } = names;
  if (stage === undefined || job === null) return stage;
  const jobs = records.filter((one) => one.kind === "job" && one.parentId === stage.id && same(baseOf(one.name), job));
  // A job whose legs came late has a record beside theirs.
  const legs = jobs.filter((one) => one.name.includes("."));
  const ran = legs.length > 0 ? legs : jobs;
  if (step === null) return joined(ran);
  const steps = ran.map((one) => pick(records.filter((below) => below.parentId === one.id), step)).filter((one) => one !== undefined);
  return joined(steps);
}

function historyOf(names: Names, nodes: readonly HistoryNodeView[]): HistoryNodeView | undefined {
  const of = nodes.filter((one) => same(one.stage, names.stage) && same(one.job ?? "", names.job ?? ""));
  const { step } = names;
  if (step === null) return of.find((one) => one.step === null);
  const steps = of.filter((one) => one.step !== null).map((one) => ({ one, name: one.step ?? "", displayName: one.displayName, task: one.task }));
  return pick(steps, step)?.one;
}

const wordOf = (names: Names): RunTarget => {
  if (names.step !== null) return { kind: "step", target: `${names.stage}/${names.job ?? ""}/${names.step.reference}`, label: names.step.displayName };
  if (names.job !== null) return { kind: "job", target: `${names.stage}/${names.job}`, label: names.job === "__default" ? "of the file" : names.job };
  return { kind: "stage", target: names.stage, label: names.stage };
};

/** What the newest run and the ones before it tell of each node, by its path. */
export function mapRecords(board: BoardView, plan: PlanView | null, run: RunRecords | null, history: PipelineHistoryView | null): Map<string, NodeRun> {
  const mapped = new Map<string, NodeRun>();
  if (plan === null) return mapped;
  for (const [path, names] of namesOf(board, plan)) {
    const record = run === null ? undefined : recordOf(names, run.records);
    const known = history === null ? undefined : historyOf(names, history.nodes);
    mapped.set(path, {
      ...wordOf(names),
      state: record?.state ?? null,
      result: record?.result ?? null,
      startedAt: record?.startedAt ?? null,
      finishedAt: record?.finishedAt ?? null,
      recordId: record?.id ?? null,
      isKept: (record?.keptFrom ?? null) !== null,
      issue: record?.issue ?? null,
      durations: known?.durations ?? [],
      failureRate: known?.failureRate ?? 0,
      runs: known?.runs ?? 0,
      estimateMs: known?.medianMs ?? null,
    });
  }
  return mapped;
}
