// The ten steps as the fake host plays them.
import type { LoopStepKey, LoopStepView, LoopView, ObjectRef, StepOutcome } from "../generated/contract";
import { ago, DEPLOYMENTS, DIGESTS, NOW, POD, PROJECT, RUN_IDS, SHAS } from "./thread";

const short = (digest: string | undefined): string => (digest ?? "").replace("sha256:", "").slice(0, 12);

interface Station {
  key: LoopStepKey;
  title: string;
  headline: string;
  detail: string;
  going: string;
  target: ObjectRef | null;
  /** Seconds it took. */
  took: number;
}

const STATIONS: Station[] = [
  { key: "change", title: "Change", headline: "3 files changed", detail: "src/tides.rs, src/http.rs and azure-pipelines.yml differ from the newest commit.", going: "Reading the working tree", target: { kind: "change", id: "working-tree" }, took: 0 },
  { key: "commit", title: "Commit", headline: (SHAS[0] ?? "").slice(0, 7), detail: "Return 503 with Retry-After while the tide table loads AB#42", going: "Committing", target: { kind: "commit", id: SHAS[0] ?? "" }, took: 0.1 },
  { key: "ci", title: "CI", headline: "12 of 12 tests", detail: "Run 20261122.7 built the image and passed 12 of 12 tests.", going: "Building the image", target: { kind: "run", id: RUN_IDS[0] }, took: 37.2 },
  { key: "push", title: "Push", headline: short(DIGESTS[0]), detail: "127.0.0.1:5000/tidewater-api holds the digest under the tags 20261122.7 and latest.", going: "Pushing layers", target: { kind: "image", id: DIGESTS[0] ?? "" }, took: 4.1 },
  { key: "trigger", title: "Trigger", headline: "stage Deploy", detail: "Stage Deploy started: its condition succeeded() holds and it depends on Build.", going: "Evaluating conditions", target: { kind: "run", id: RUN_IDS[0] }, took: 0.2 },
  { key: "deploy", title: "Deploy", headline: "dev, by digest", detail: "The manifest was applied to dev with the image pinned by digest.", going: "Rolling out to dev", target: { kind: "deployment", id: "dep-3" }, took: 29.6 },
  { key: "launch", title: "Launch", headline: "digest proven", detail: `Pod ${POD.name} runs the digest that was pushed.`, going: "Comparing digests", target: { kind: "pod", id: POD.name }, took: 2.1 },
  { key: "observe", title: "Observe", headline: "1,284 requests", detail: "Requests, exceptions and probes arrive on the telemetry endpoint; the last one 2 s ago.", going: "Waiting for requests", target: { kind: "telemetry", id: "dev" }, took: 60 },
  { key: "review", title: "Review", headline: "healthy, p95 42 ms", detail: "2 of 1,284 requests failed (0.16 %, limit 2 %), p95 41.8 ms (limit 500 ms).", going: "Watching the health window", target: { kind: "deployment", id: "dep-3" }, took: 240 },
  { key: "backlog", title: "Backlog", headline: "AB#42 done", detail: "AB#42 moved to Done: its commit runs in dev and is healthy.", going: "Moving work items", target: { kind: "workItem", id: "42" }, took: 0.1 },
];

/** How far the played run is: 0 = nothing yet, 1..10 = that step goes, 11 = all done. */
export type Progress = number;

const outcomeAt = (index: number, progress: Progress, failedAt: number): StepOutcome => {
  if (failedAt === index + 1) return "failed";
  if (failedAt > 0 && index + 1 > failedAt) return "skipped";
  if (progress > index + 1) return "succeeded";
  return progress === index + 1 ? "running" : "idle";
};

/** The loop with a step going on, with one failed, empty or done. */
export function loopView(progress: Progress, failedAt = 0, isBlocked = false): LoopView {
  let clock = ago(13);
  const steps = STATIONS.map((station, index): LoopStepView => {
    const outcome = outcomeAt(index, progress, failedAt);
    const startedAt = clock;
    clock += station.took * 1000;
    const isKnown = outcome === "succeeded" || outcome === "failed";
    const idle = failedAt > 0 && index + 1 > failedAt ? "not reached" : "not yet";
    return {
      number: index + 1,
      key: station.key,
      title: station.title,
      outcome: index === 0 && progress >= 11 ? "ready" : outcome,
      headline: outcome === "failed" ? "2 of 12 tests failed" : isKnown ? station.headline : outcome === "running" ? station.going : idle,
      detail: outcome === "failed" ? "Two tests failed in harbours.test; the image was not pushed." : isKnown ? station.detail : outcome === "running" ? `${station.going}…` : "This step starts when the one before it has succeeded.",
      startedAt: isKnown ? startedAt : outcome === "running" ? NOW - 6400 : null,
      finishedAt: isKnown ? startedAt + station.took * 1000 : null,
      target: isKnown || outcome === "running" ? station.target : null,
    };
  });
  const isRunning = progress > 0 && progress < 11 && failedAt === 0;
  const proposed = "Answer HEAD on /tides AB#43";
  return {
    project: PROJECT,
    steps,
    runId: progress === 0 ? null : failedAt > 0 ? RUN_IDS[1] : RUN_IDS[0],
    runNumber: progress === 0 ? null : failedAt > 0 ? "20261122.6" : "20261122.7",
    isRunning,
    next: isBlocked
      ? { kind: "blocked", label: "Run", hint: "No container engine answers. Start Docker, then press Run.", proposedMessage: null }
      : isRunning
        ? { kind: "cancel", label: "Cancel run", hint: "Run 20261122.7 is on its way to dev.", proposedMessage: null }
        : progress === 0
          ? { kind: "run", label: "Run", hint: "Runs the newest commit through all ten steps.", proposedMessage: null }
          : { kind: "commitAndRun", label: "Commit and run", hint: "3 files changed. Commits them as “Answer HEAD on /tides AB#43” and takes them round the loop.", proposedMessage: proposed },
  };
}

/** The deployment the loop's last steps speak of. */
export const LOOP_DEPLOYMENT = DEPLOYMENTS[0];
