// The conditions that most people mean, as sentences. Pure.
import { literal, quoted, read, type Expr } from "./expression";

export type ChoiceWord = "default" | "always" | "failed" | "notCanceled" | "canceled" | "branch" | "noPullRequest" | "failedOf" | "custom";

export interface Choice {
  word: ChoiceWord;
  /** The branch, or what failed. */
  of: string;
}

export const SENTENCES: readonly { value: ChoiceWord; label: string }[] = [
  { value: "default", label: "When everything before succeeded" },
  { value: "notCanceled", label: "When something before failed, too, but not when canceled" },
  { value: "always", label: "Always, even when canceled" },
  { value: "failed", label: "When something before failed" },
  { value: "canceled", label: "When the run was canceled" },
  { value: "branch", label: "Only on a branch" },
  { value: "noPullRequest", label: "Not for pull requests" },
  { value: "failedOf", label: "When … failed" },
  { value: "custom", label: "A condition of its own" },
];

const SIMPLE: Record<string, ChoiceWord> = { always: "always", failed: "failed", succeededorfailed: "notCanceled", canceled: "canceled", succeeded: "default" };
const BRANCH = "variables['Build.SourceBranch']";
const REASON = "variables['Build.Reason']";
const HEADS = "refs/heads/";

const isBranch = (text: string | undefined): boolean => text !== undefined && /^variables(?:\['Build\.SourceBranch'\]|\.Build\.SourceBranch)$/i.test(text);
const isReason = (text: string | undefined): boolean => text !== undefined && /^variables(?:\['Build\.Reason'\]|\.Build\.Reason)$/i.test(text);

/** The one comparison beside `succeeded()`. */
function beside(expr: Expr): { fn: string; args: string[] } | undefined {
  if (expr.kind !== "group" || expr.fn.toLowerCase() !== "and" || expr.items.length !== 2) return undefined;
  const [status, compare] = expr.items;
  return status?.kind === "status" && status.fn.toLowerCase() === "succeeded" && status.args.length === 0 && compare?.kind === "compare" ? compare : undefined;
}

/** Which sentence a condition is. */
export function choiceOf(text: string): Choice {
  if (text.trim() === "") return { word: "default", of: "" };
  const expr = read(text.trim())?.expr;
  if (expr?.kind === "status") {
    const word = SIMPLE[expr.fn.toLowerCase()];
    if (word !== undefined && expr.args.length === 0) return { word, of: "" };
    const of = expr.args.length === 1 ? literal(expr.args[0] ?? "") : undefined;
    if (expr.fn.toLowerCase() === "failed" && of !== undefined) return { word: "failedOf", of };
  }
  const compare = expr === undefined ? undefined : beside(expr);
  const right = compare === undefined ? undefined : literal(compare.args[1] ?? "");
  if (compare !== undefined && right !== undefined) {
    if (compare.fn.toLowerCase() === "eq" && isBranch(compare.args[0]) && right.startsWith(HEADS)) return { word: "branch", of: right.slice(HEADS.length) };
    if (compare.fn.toLowerCase() === "ne" && isReason(compare.args[0]) && right.toLowerCase() === "pullrequest") return { word: "noPullRequest", of: "" };
  }
  return { word: "custom", of: "" };
}

/** The condition that a sentence stands for; null for none at all. */
export function conditionOf({ word, of }: Choice): string | null {
  switch (word) {
    case "always":
      return "always()";
    case "failed":
      return "failed()";
    case "notCanceled":
      return "succeededOrFailed()";
    case "canceled":
      return "canceled()";
    case "branch":
      return `and(succeeded(), eq(${BRANCH}, ${quoted(HEADS + of.replace(HEADS, ""))}))`;
    case "noPullRequest":
      return `and(succeeded(), ne(${REASON}, 'PullRequest'))`;
    case "failedOf":
      return `failed(${quoted(of)})`;
    default:
      return null;
  }
}
