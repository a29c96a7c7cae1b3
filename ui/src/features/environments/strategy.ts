// How a new version comes beside the one that runs, in words. Pure.
import type { DeploymentView, RolloutStrategy, StrategyChoice, StrategyOutcome } from "#ui/ipc";

export type StrategyWord = "rolling" | "canary" | "blueGreen";

export const STRATEGY_WORDS: Record<StrategyWord, string> = { rolling: "Rolling: new pods for old ones", canary: "Canary: some new pods beside the old", blueGreen: "Blue-green: all new pods beside the old" };

const OUTCOMES: Record<StrategyOutcome, string> = { promoted: "promoted", rejected: "rejected", replaced: "replaced by another" };

/** What the plan dialog is set to. */
export interface StrategyDraft {
  word: StrategyWord;
  percentage: string;
  isAutomatic: boolean;
}

export const ROLLING: StrategyDraft = { word: "rolling", percentage: "20", isAutomatic: false };

/** A share that makes a canary. */
export function percentageOf({ percentage }: StrategyDraft): number | undefined {
  const share = /^\d{1,3}$/.test(percentage.trim()) ? Number(percentage) : Number.NaN;
  return share >= 1 && share <= 100 ? share : undefined;
}

/** As the app is asked; null rolls the pods, undefined is no choice yet. */
export function choiceOf(draft: StrategyDraft): StrategyChoice | null | undefined {
  if (draft.word === "rolling") return null;
  if (draft.word === "blueGreen") return { kind: "blueGreen", percentage: null, isAutomatic: draft.isAutomatic };
  const percentage = percentageOf(draft);
  return percentage === undefined ? undefined : { kind: "canary", percentage, isAutomatic: draft.isAutomatic };
}

/** Such as `Canary of 20 %`. */
export function shownStrategy(strategy: RolloutStrategy): string {
  return strategy.kind === "canary" ? `Canary of ${strategy.percentage} %` : "Blue-green";
}

/** True for a deployment that left what ran as it was. */
export function isBeside({ strategy }: DeploymentView): boolean {
  return strategy?.step === "deploy";
}

/** What became of a deployment that ran beside another; undefined for any other. */
export function besideWord(deployment: DeploymentView): string | undefined {
  const { strategy, phase } = deployment;
  if (strategy === null || !isBeside(deployment)) return undefined;
  if (phase === "waiting") return "Waits beside what runs";
  return strategy.outcome === null ? undefined : `Ran beside, ${OUTCOMES[strategy.outcome]}`;
}
