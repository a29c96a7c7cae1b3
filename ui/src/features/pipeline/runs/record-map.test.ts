import { describe, expect, it } from "vitest";
import type { BoardNodeView, BoardView, PipelineHistoryView, PlanView, RecordView } from "#ui/ipc";
import { mapRecords } from "./record-map";
import { pointsOf } from "./Sparkline";

const node = (kind: BoardNodeView["kind"], path: string, name: string, line: number, children: BoardNodeView[] = []): BoardNodeView => ({ kind, path, name, displayName: "", detail: "", keyword: "", condition: "", dependsOn: null, legs: [], isEnabled: true, start: 0, end: 0, line, file: null, children });
const step = (reference: string, displayName: string, line: number) => ({ reference, displayName, task: "Bash@3", line, file: null as string | null });
const job = (name: string, steps: PlanView["stages"][number]["jobs"][number]["steps"]) => ({ name, displayName: name, dependsOn: [], condition: null, environment: null, steps });
const record = (kind: RecordView["kind"], id: string, parentId: string | null, name: string, extra: Partial<RecordView> = {}): RecordView => ({ id, parentId, kind, name, displayName: name, task: kind === "step" ? "Bash@3" : null, order: 0, state: "completed", result: "succeeded", startedAt: 1000, finishedAt: 3000, logLines: 0, errorCount: 0, warningCount: 0, issue: null, keptFrom: null, ...extra });

const BOARD: BoardView = {
  level: "stages",
  nodes: [
    node("stage", "/stages/0", "Build", 2, [
      node("job", "/stages/0/jobs/0", "Make", 4, [node("step", "/stages/0/jobs/0/steps/0", "", 6), node("directive", "/stages/0/jobs/0/steps/1", "if", 7, [node("step", "/stages/0/jobs/0/steps/1/x/0", "", 8)])]),
      node("job", "/stages/0/jobs/1", "", 10, [node("step", "/stages/0/jobs/1/steps/0", "", 11)]),
    ]),
    node("template", "/stages/1", "more.yml", 14),
  ],
};
const PLAN: PlanView = {
  stages: [{ name: "build", displayName: "Build", dependsOn: [], condition: null, jobs: [job("Make.x", [step("Bash", "one", 6), step("Bash1", "two", 8)]), job("Make.y", [step("Bash", "one", 6), step("Bash1", "two", 8)]), job("Job2", [step("Bash", "other", 11)])] }],
};

describe("records of the newest run on the board", () => {
  it("belong to a node by name, by line where nothing is named, and legs are one", () => {
    const records = [
      record("stage", "s", null, "Build"),
      record("job", "jx", "s", "Make.x", { startedAt: 1000, finishedAt: 9000 }),
      record("job", "jy", "s", "Make.y", { result: "failed", startedAt: 500, finishedAt: 3000 }),
      record("step", "x1", "jx", "Bash", { displayName: "one" }),
      record("step", "y1", "jy", "Bash", { displayName: "one" }),
      // The run's commit had a step more: its name has moved on, its display name has not.
      record("step", "x2", "jx", "Bash2", { displayName: "two", keptFrom: "old" }),
      record("job", "j2", "s", "Job2", { state: "inProgress", result: null, finishedAt: null }),
    ];
    const mapped = mapRecords(BOARD, PLAN, { records }, null);
    const of = (path: string) => mapped.get(path);
    expect(of("/stages/0")).toMatchObject({ recordId: "s", target: "build", kind: "stage" });
    expect(of("/stages/0/jobs/0"), "the worst leg, from the first start to the last end").toMatchObject({ result: "failed", startedAt: 500, finishedAt: 9000, target: "build/Make" });
    expect(of("/stages/0/jobs/1"), "a job without a name, by the lines of its steps").toMatchObject({ recordId: "j2", state: "inProgress", target: "build/Job2" });
    expect(of("/stages/0/jobs/0/steps/0")).toMatchObject({ recordId: "x1", target: "build/Make/Bash", label: "one" });
    expect(of("/stages/0/jobs/0/steps/1/x/0"), "below a directive, by its display name").toMatchObject({ recordId: "x2", isKept: true });
    expect(of("/stages/1"), "a template that put nothing in is no record").toBeUndefined();
  });

  it("of a template's steps are those of its call, where the calls can be told apart", () => {
    const call = (path: string, name: string, line: number) => node("template", path, name, line);
    const board: BoardView = {
      level: "steps",
      nodes: [call("/steps/0", "a.yml", 2), node("step", "/steps/1", "", 3), node("directive", "/steps/2/x", "if", 4, [call("/steps/2/x/0", "b.yml", 5), call("/steps/2/x/1", "./c/d.yml", 6)]), node("step", "/steps/3", "", 7), call("/steps/4", "a.yml", 8), call("/steps/5", "a.yml", 9)],
    };
    const from = (file: string, reference: string, line: number) => ({ ...step(reference, reference, line), file });
    // A step of a template may stand in a line that this file has, too; and a template may read another.
    const steps = [from("a.yml", "a1", 3), from("inner.yml", "a2", 7), step("own", "own", 3), from("b.yml", "b1", 1), from("c/d.yml", "d1", 1), from("inner.yml", "i1", 1), step("last", "last", 7), from("a.yml", "a3", 1), from("a.yml", "a4", 1)];
    const plan: PlanView = { stages: [{ name: "__default", displayName: "", dependsOn: [], condition: null, jobs: [job("__default", steps)] }] };
    const records = [record("stage", "s", null, "__default"), record("job", "j", "s", "__default"), record("step", "r1", "j", "a1", { startedAt: 100, finishedAt: 200 }), record("step", "r2", "j", "a2", { result: "failed", startedAt: 200, finishedAt: 900 }), record("step", "r3", "j", "own"), record("step", "r4", "j", "d1", { result: "skipped" })];
    const of = mapRecords(board, plan, { records }, null);
    expect(of.get("/steps/0"), "all between the steps around it, from the first start to the last end").toMatchObject({ kind: "template", label: "a.yml", result: "failed", startedAt: 100, finishedAt: 900 });
    expect(of.get("/steps/1"), "its own, not the one in the same line of the template").toMatchObject({ kind: "step", recordId: "r3" });
    expect(of.get("/steps/2/x/0"), "two beside each other by their files").toMatchObject({ kind: "template", recordId: null });
    expect(of.get("/steps/2/x/1")).toMatchObject({ kind: "template", recordId: "r4" });
    expect(of.get("/steps/4"), "two of one file cannot be told apart").toBeUndefined();
  });

  it("of a template's jobs and stages are those of its call, where the calls stand alone", () => {
    const call = (path: string, name: string) => node("template", path, name, 9);
    const from = (file: string) => [{ ...step("Bash", "it", 1), file }];
    const board: BoardView = {
      level: "stages",
      nodes: [
        node("stage", "/stages/0", "Build", 2, [call("/stages/0/jobs/0", "lint.yml"), node("job", "/stages/0/jobs/1", "Make", 4, [node("step", "/stages/0/jobs/1/steps/0", "", 6)]), node("directive", "/stages/0/jobs/2", "if", 7, [call("/stages/0/jobs/2/x/0", "test.yml")])]),
        call("/stages/1", "deploy.yml"),
        node("stage", "/stages/2", "Tell", 30, []),
        call("/stages/3", "one.yml"),
        call("/stages/4", "other.yml"),
      ],
    };
    const stage = (name: string, jobs: PlanView["stages"][number]["jobs"]) => ({ name, displayName: name, dependsOn: [], condition: null, jobs });
    const plan: PlanView = { stages: [stage("Build", [job("Lint", from("lint.yml")), job("Make", [step("Bash", "make", 6)]), job("Unit.a", from("test.yml")), job("Unit.b", from("test.yml")), job("Whole", from("test.yml"))]), stage("Dev", []), stage("Production", []), stage("Tell", []), stage("One", []), stage("Other", [])] };
    const records = [
      record("stage", "s", null, "Build"),
      record("job", "l", "s", "Lint", { result: "succeededWithIssues" }),
      record("job", "ua", "s", "Unit.a", { startedAt: 10 }),
      record("job", "ub", "s", "Unit.b", { result: "failed" }),
      record("job", "w", "s", "Whole", { finishedAt: 9000 }),
      record("stage", "d", null, "Dev"),
      record("stage", "p", null, "Production", { state: "inProgress", result: null, finishedAt: null }),
    ];
    const of = mapRecords(board, plan, { records }, null);
    expect(of.get("/stages/0/jobs/0"), "the jobs before the first that is written here").toMatchObject({ kind: "template", label: "lint.yml", result: "succeededWithIssues" });
    expect(of.get("/stages/0/jobs/1")).toMatchObject({ kind: "job", target: "Build/Make" });
    expect(of.get("/stages/0/jobs/2/x/0"), "below an if; all of its jobs and their legs").toMatchObject({ kind: "template", result: "failed", startedAt: 10, finishedAt: 9000 });
    expect(of.get("/stages/1"), "two stages, of which one goes on").toMatchObject({ kind: "template", state: "inProgress" });
    expect(of.get("/stages/3"), "two calls beside each other").toBeUndefined();
    expect(of.get("/stages/4")).toBeUndefined();
  });

  it("of the expanded pipeline belong to its nodes in their order", () => {
    const at = (kind: BoardNodeView["kind"], name: string, line: number, file: string | null, children: BoardNodeView[] = []) => ({ ...node(kind, "", name, line, children), file });
    const board: BoardView = { level: "stages", nodes: [at("stage", "Build", 1, null, [at("job", "Make", 2, null, [at("step", "", 5, null), at("step", "", 5, null), at("step", "", 1, "a.yml")])])] };
    const plan: PlanView = { stages: [{ name: "Build", displayName: "", dependsOn: [], condition: null, jobs: [job("Make", [step("x1", "loop", 5), step("x2", "loop", 5), { ...step("t", "there", 1), file: "a.yml" }])] }] };
    const records = [record("stage", "s", null, "Build"), record("job", "j", "s", "Make"), record("step", "r1", "j", "x1", { displayName: "loop" }), record("step", "r2", "j", "x2", { displayName: "loop" }), record("step", "r3", "j", "t", { displayName: "there" })];
    const of = mapRecords(board, plan, { records }, null);
    expect(["#0", "#0#0", "#0#0#0", "#0#0#1", "#0#0#2"].map((id) => of.get(id)?.recordId)).toEqual(["s", "j", "r1", "r2", "r3"]);
    const flat = mapRecords({ level: "steps", nodes: [at("step", "", 5, null)] }, { stages: [{ ...plan.stages[0]!, name: "__default", jobs: [job("__default", [step("x1", "loop", 5)])] }] }, null, null);
    expect([...flat.keys()], "the job that nobody wrote is there, too").toEqual(["#job", "#job#0"]);
  });

  it("are none before the first run, and history comes along", () => {
    const known = { stage: "Build", job: "Make", step: "Bash", displayName: "one", task: "Bash@3", order: 0, durations: [5, 7], medianMs: 7, failureRate: 0.5, runs: 2, lastResult: null, lastRunId: null };
    const history: PipelineHistoryView = { runs: 2, nodes: [known, { ...known, step: null, medianMs: 9 }], cost: { last: null, next: null, stages: [] } };
    const mapped = mapRecords(BOARD, PLAN, null, history);
    expect(mapped.get("/stages/0/jobs/0")).toMatchObject({ state: null, estimateMs: 9 });
    expect(mapped.get("/stages/0/jobs/0/steps/0")).toMatchObject({ durations: [5, 7], failureRate: 0.5, estimateMs: 7 });
    expect(mapped.get("/stages/0")?.durations, "nothing is known of the stage").toEqual([]);
    expect(mapRecords(BOARD, null, null, history).size, "a text with errors has no plan").toBe(0);
  });

  it("of a file without stages and jobs belong to the ones that nobody wrote", () => {
    const board: BoardView = { level: "steps", nodes: [node("step", "/steps/0", "", 2)] };
    const plan: PlanView = { stages: [{ name: "__default", displayName: "", dependsOn: [], condition: null, jobs: [job("__default", [step("Bash", "one", 2)])] }] };
    const mapped = mapRecords(board, plan, null, null);
    expect(mapped.get("/steps/0")?.target).toBe("__default/__default/Bash");
    expect(mapped.get("#job"), "the file is the job").toMatchObject({ kind: "job", target: "__default/__default" });
  });

  it("of a thousand nodes are all found", () => {
    const jobs = Array.from({ length: 50 }, (_, at) => job(`J${at}`, Array.from({ length: 20 }, (_one, place) => step(`s${place}`, `step ${place}`, at * 30 + place + 1))));
    const board: BoardView = { level: "jobs", nodes: jobs.map((one, at) => node("job", `/jobs/${at}`, one.name, at * 30, one.steps.map((own, place) => node("step", `/jobs/${at}/steps/${place}`, "", own.line)))) };
    const records = [record("stage", "s", null, "__default"), ...jobs.flatMap((one) => [record("job", one.name, "s", one.name), ...one.steps.map((own) => record("step", `${one.name}.${own.reference}`, one.name, own.reference, { displayName: own.displayName }))])];
    const mapped = mapRecords(board, { stages: [{ name: "__default", displayName: "", dependsOn: [], condition: null, jobs }] }, { records }, null);
    expect(mapped.get("/jobs/49/steps/19")?.recordId).toBe("J49.s19");
    expect(mapped.size, "each has its record").toBe(1050);
  });

  it("make a line that ends at the right", () => {
    expect(pointsOf([10, 20])).toBe("0.0,5.0 36.0,1.0");
  });
});
