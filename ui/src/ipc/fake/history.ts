// What the fake host's runs have taken.
import type { HistoryNodeView, PipelineHistoryView } from "../generated/contract";
import { RUN_IDS } from "./thread";

interface Known {
  stage: string;
  job?: string;
  step?: string;
  displayName: string;
  order?: number;
  durations: number[];
  failed?: number;
}

function node({ stage, job, step, displayName, order = 0, durations, failed = 0 }: Known): HistoryNodeView {
  const sorted = durations.toSorted((one, other) => one - other);
  return { stage, job: job ?? null, step: step ?? null, displayName, task: null, order, durations, medianMs: sorted[Math.floor(sorted.length / 2)] ?? null, failureRate: failed / durations.length, runs: durations.length, lastResult: "succeeded", lastRunId: RUN_IDS[0] };
}

export const HISTORY: PipelineHistoryView = {
  runs: 8,
  nodes: [
    node({ stage: "Build", displayName: "Build and test", durations: [52_000, 47_000, 30_000, 44_000, 39_000, 43_000, 40_000, 41_000], failed: 2 }),
    node({ stage: "Build", job: "image", displayName: "Build the image", durations: [51_000, 46_000, 29_000, 43_000, 38_000, 42_000, 39_000, 41_000], failed: 2 }),
    node({ stage: "Build", job: "image", step: "checkout", displayName: "Check out tidewater-api", durations: [1300, 1200, 1250, 1200, 1190, 1210, 1220, 1200] }),
    node({ stage: "Build", job: "image", step: "test", displayName: "Test", order: 1, durations: [14_000, 13_200, 28_000, 12_900, 12_100, 12_700, 12_500, 12_400], failed: 2 }),
    node({ stage: "Build", job: "image", step: "build", displayName: "Build the image", order: 3, durations: [30_000, 26_000, 22_400, 21_900, 22_000, 21_700] }),
    node({ stage: "Deploy", displayName: "Deploy to dev", durations: [33_000, 30_500, 31_200, 30_800, 32_100, 31_000] }),
    node({ stage: "Deploy", job: "dev", displayName: "Deploy dev", durations: [33_000, 30_500, 31_200, 30_800, 32_100, 31_000] }),
  ],
  cost: {
    last: { runId: RUN_IDS[0], number: "20261122.7", billedMinutes: 2, wallMs: 74_000 },
    next: { billedMinutes: 2, wallMs: 72_200, way: ["Build/image", "Deploy/dev"], unknownJobs: 0 },
    stages: [
      { stage: "Build", billedMinutes: 1, wallMs: 41_000, unknownJobs: 0 },
      { stage: "Deploy", billedMinutes: 1, wallMs: 31_200, unknownJobs: 0 },
    ],
  },
};
