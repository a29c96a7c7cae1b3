// What the picture says of a step: icon, words, and the evidence that leaves it for the next one.
import { BellRing, FileDiff, GitCommitHorizontal, HeartPulse, Package, Radar, Rocket, Ship, SquareKanban, Workflow, type LucideIcon } from "lucide-react";
import { objectHref, shortDigest, shortSha, stateLook } from "#ui/components";
import type { LoopStepKey, LoopStepView, LoopView } from "#ui/ipc";

export const STEP_ICONS: Record<LoopStepKey, LucideIcon> = {
  change: FileDiff,
  commit: GitCommitHorizontal,
  ci: Workflow,
  push: Package,
  trigger: BellRing,
  deploy: Rocket,
  launch: Ship,
  observe: Radar,
  review: HeartPulse,
  backlog: SquareKanban,
};

/** What each step is, for someone who sees the loop for the first time. */
export const STEP_MEANINGS: Record<LoopStepKey, string> = {
  change: "Files that differ from the newest commit.",
  commit: "A commit, with the work items its message mentions.",
  ci: "The pipeline builds the image and runs the tests on this machine.",
  push: "The image goes to the registry; from here on its digest is its name.",
  trigger: "Conditions and dependencies decide whether the deploy stage starts.",
  deploy: "The manifest is applied to the environment, with the image pinned by digest.",
  launch: "The digest that runs is compared with the digest that was pushed.",
  observe: "Requests, exceptions and probes arrive from what was launched.",
  review: "A health window over the deployment gives a verdict, with its numbers.",
  backlog: "Work items move; a new exception becomes a bug.",
};

/** A name for the station that a screen reader can say whole. */
export function stationName(step: LoopStepView): string {
  return `Step ${step.number} of 10, ${step.title}: ${stateLook(step.outcome).label.toLowerCase()}. ${step.headline}`;
}

/** Evidence that leaves a step for the next one. */
export interface Evidence {
  /** 0-based index of the step it leaves. */
  from: number;
  kind: string;
  text: string;
  href: string;
}

function evidenceText(step: LoopStepView, loop: LoopView): [kind: string, text: string] | undefined {
  const target = step.target;
  if (target === null) return undefined;
  if (step.key === "commit" && target.kind === "commit") return ["Commit", shortSha(target.id)];
  if (step.key === "ci" && target.kind === "run") return ["Run", loop.runNumber ?? target.id];
  if (step.key === "push" && target.kind === "image") return ["Image", shortDigest(target.id)];
  if (step.key === "launch" && target.kind === "pod") return ["Pod", target.id.length > 14 ? `…${target.id.slice(-11)}` : target.id];
  if (step.key === "review") return ["Health", step.outcome === "succeeded" ? "healthy" : "unhealthy"];
  if (step.key === "backlog" && target.kind === "workItem") return ["Work item", `AB#${target.id.replace(/^(AB)?#/i, "")}`];
  return undefined;
}

/** The evidence of all finished steps, in order: what rides the track. */
export function evidenceOf(loop: LoopView): Evidence[] {
  return loop.steps.flatMap((step, from): Evidence[] => {
    if (step.outcome !== "succeeded" && step.outcome !== "warning") return [];
    const words = evidenceText(step, loop);
    if (words === undefined || step.target === null) return [];
    return [{ from, kind: words[0], text: words[1], href: objectHref(step.target) }];
  });
}

/** The step to speak of when nobody has chosen one: the going one, else the failed one, else the last that is known. */
export function stepInFocus(loop: LoopView): LoopStepKey {
  const by = (outcome: LoopStepView["outcome"]): LoopStepView | undefined => loop.steps.find((step) => step.outcome === outcome);
  const found = by("running") ?? by("failed") ?? loop.steps.findLast((step) => step.outcome === "warning") ?? loop.steps.findLast((step) => step.outcome === "succeeded") ?? by("ready");
  return found?.key ?? "change";
}
