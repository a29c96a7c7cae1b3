// Checks of an environment while they are typed. Pure; Rust checks again and has the last word.
import type { Check, EnvironmentTargetView, Weekday } from "#ui/ipc";

export type CheckType = Check["type"];

export const CHECK_TITLES: Record<CheckType, string> = { approval: "Approvals", exclusiveLock: "Exclusive lock", businessHours: "Business hours", branchControl: "Branch control" };

export const WEEK: readonly { day: Weekday; short: string }[] = [
  { day: "monday", short: "Mon" },
  { day: "tuesday", short: "Tue" },
  { day: "wednesday", short: "Wed" },
  { day: "thursday", short: "Thu" },
  { day: "friday", short: "Fri" },
  { day: "saturday", short: "Sat" },
  { day: "sunday", short: "Sun" },
];

const THIRTY_DAYS = 43_200;

/** A check as it begins. */
export function newCheck(type: CheckType): Check {
  switch (type) {
    case "approval":
      return { type, approvers: [], minimumApprovers: 1, instructions: "", requesterMayApprove: true, inOrder: false, timeoutMinutes: THIRTY_DAYS };
    case "exclusiveLock":
      return { type, timeoutMinutes: 7 * 24 * 60 };
    case "businessHours":
      return { type, days: ["monday", "tuesday", "wednesday", "thursday", "friday"], from: "09:00", to: "17:00", timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, timeoutMinutes: 7 * 24 * 60 };
    case "branchControl":
      return { type, branches: ["refs/heads/main"] };
  }
}

/** A check in a line. */
export function summaryOf(check: Check): string {
  switch (check.type) {
    case "approval":
      return check.approvers.length === 0 ? "somebody approves" : check.inOrder ? `approved by ${check.approvers.join(", then ")}` : `approved by ${check.minimumApprovers === 0 ? "all" : check.minimumApprovers} of ${check.approvers.join(", ")}`;
    case "exclusiveLock":
      return "one stage at a time";
    case "businessHours":
      return `${check.days.map((day) => WEEK.find((one) => one.day === day)?.short ?? day).join(" ")} ${check.from}–${check.to} ${check.timeZone}`;
    case "branchControl":
      return `only ${check.branches.join(", ")}`;
  }
}

/** Minutes as a person says them. */
export function spanOf(minutes: number): string {
  const units = [
    ["day", 1440],
    ["hour", 60],
    ["minute", 1],
  ] as const;
  const [unit, size] = units.find(([, length]) => minutes >= length && minutes % length === 0) ?? ["minute", 1];
  const count = minutes / size;
  return `${count.toLocaleString("en-GB")} ${unit}${count === 1 ? "" : "s"}`;
}

/** Names between commas or line ends. */
export function namesOf(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** One target a line: its name, then its tags. */
export function targetsOf(text: string): EnvironmentTargetView[] {
  return text
    .split("\n")
    .map((line) => line.split(/[\s,]+/).filter((word) => word !== ""))
    .flatMap(([name, ...tags]) => (name === undefined ? [] : [{ name, tags }]));
}

/** The other way round. */
export function targetText(targets: readonly EnvironmentTargetView[]): string {
  return targets.map((target) => [target.name, ...target.tags].join(" ")).join("\n");
}
