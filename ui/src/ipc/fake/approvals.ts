// Fixtures of questions and checks.
import type { ApprovalView, Check } from "../generated/contract";
import { ago, PROJECT, RUN_IDS } from "./thread";

export const CHECKS: Check[] = [
  { type: "approval", approvers: ["Mara", "Ole"], minimumApprovers: 1, instructions: "Look at the tide tables first.", requesterMayApprove: true, inOrder: false, timeoutMinutes: 43_200 },
  { type: "businessHours", days: ["monday", "tuesday", "wednesday", "thursday", "friday"], from: "09:00", to: "17:00", timeZone: "Europe/Berlin", timeoutMinutes: 10_080 },
  { type: "exclusiveLock", timeoutMinutes: 10_080 },
  { type: "branchControl", branches: ["refs/heads/main", "refs/heads/releases/*"] },
];

const base: ApprovalView = {
  id: "approval-1",
  projectId: PROJECT.id,
  runId: RUN_IDS[0],
  runNumber: "20261122.7",
  recordId: `${RUN_IDS[0]}/Deploy`,
  kind: "approval",
  stage: "Deploy",
  subject: "staging",
  instructions: "Look at the tide tables first.",
  approvers: ["Mara", "Ole"],
  minimumApprovers: 1,
  requesterMayApprove: true,
  inOrder: false,
  askedNow: ["Mara", "Ole"],
  isSkippable: false,
  requestedBy: "mara",
  requestedAt: ago(12),
  expiresAt: ago(-43_000),
  state: "pending",
  decidedAt: null,
  answers: [],
};

export const APPROVALS: ApprovalView[] = [
  { ...base, id: "approval-0", kind: "manualValidation", subject: "Check the harbour", stage: "Check", instructions: "", approvers: [], askedNow: [], expiresAt: null, state: "approved", decidedAt: ago(14), answers: [{ approver: "mara", isApproved: true, comment: "Looks calm.", at: ago(14) }] },
  base,
  { ...base, id: "approval-2", kind: "stage", subject: "Publish", stage: "Publish", instructions: "", approvers: [], askedNow: [], isSkippable: true, expiresAt: null },
];

/** A question as it is after an answer. */
export function answered(id: string, isApproved: boolean, comment: string, approver: string | null): ApprovalView {
  const found = APPROVALS.find((approval) => approval.id === id) ?? base;
  return { ...found, state: isApproved ? "approved" : "rejected", decidedAt: ago(0), answers: [...found.answers, { approver: approver ?? "mara", isApproved, comment, at: ago(0) }] };
}
