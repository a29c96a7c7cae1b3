// What a run waits for people with: the questions that are open, with their buttons, and those that were answered.
import { Check, CircleHelp, Play, SkipForward, X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Field, formatDateTime, plural, RelativeTime, Select, TextInput } from "#ui/components";
import { useMutationCommand, useQueryCommand, type ApprovalState, type ApprovalView, type RunId } from "#ui/ipc";
import styles from "./Approvals.module.css";

/** What is asked, in a line. */
export function titleOf(approval: ApprovalView): string {
  if (approval.kind === "approval") return `Approval for environment ${approval.subject}`;
  if (approval.kind === "manualValidation") return `Manual validation: ${approval.subject}`;
  return `Stage ${approval.subject} waits to be started`;
}

function askedOf(approval: ApprovalView): string {
  if (approval.approvers.length === 0) return "anyone at this machine";
  const needed = approval.minimumApprovers === 0 ? approval.approvers.length : approval.minimumApprovers;
  const people = approval.approvers.join(", ");
  if (approval.approvers.length === 1) return people;
  if (approval.inOrder) return approval.approvers.join(", then ");
  return needed === approval.approvers.length ? `all of ${people}` : `${needed} of ${people}`;
}

const WORDS = {
  approval: { yes: "Approve", no: "Reject", icon: Check, noIcon: X },
  manualValidation: { yes: "Resume", no: "Reject", icon: Check, noIcon: X },
  stage: { yes: "Start stage", no: "Leave out", icon: Play, noIcon: SkipForward },
} as const;

const ENDINGS: Record<ApprovalState, string> = { pending: "waits", approved: "approved", rejected: "rejected", skipped: "left out", timedOut: "not answered in time", canceled: "withdrawn: the run ended first" };

function Question({ approval }: { approval: ApprovalView }): ReactNode {
  const left = approval.askedNow;
  const [comment, setComment] = useState("");
  const [approver, setApprover] = useState(left[0] ?? "");
  const answer = useMutationCommand("approval_answer", { failureTitle: "The answer was not taken" });
  const words = WORDS[approval.kind];
  const send = (isApproved: boolean): void => answer.mutate({ approvalId: approval.id, isApproved, comment: comment.trim(), approver: left.includes(approver) ? approver : (left[0] ?? null) }, { onSuccess: () => setComment("") });
  const title = titleOf(approval);
  return (
    <section className={styles.question} aria-label={title}>
      <CircleHelp size={20} className={styles.mark} />
      <div className={styles.what}>
        <h2 className={styles.title}>{title}</h2>
        {approval.instructions !== "" && <p className={styles.instructions}>{approval.instructions}</p>}
        <p className={styles.facts}>
          <span>{approval.kind === "stage" ? "by anyone at this machine" : `asked of ${askedOf(approval)}`}</span>
          <span>
            since <RelativeTime at={approval.requestedAt} />
          </span>
          {approval.expiresAt !== null && (
            <span>
              until {formatDateTime(approval.expiresAt)}
            </span>
          )}
          {approval.inOrder && approval.askedNow[0] !== undefined && <span>it is the turn of {approval.askedNow[0]}</span>}
          {!approval.requesterMayApprove && <span>not by {approval.requestedBy}, who started the run</span>}
        </p>
        <Answers approval={approval} />
      </div>
      <div className={styles.form}>
        {left.length > 1 && (
          <div className={styles.as}>
            <Field label="Answer as">
              <Select options={left.map((name) => ({ value: name, label: name }))} value={approver} onChange={(event) => setApprover(event.currentTarget.value)} />
            </Field>
          </div>
        )}
        {approval.kind !== "stage" && (
          <div className={styles.comment}>
            <Field label="Comment">
              <TextInput value={comment} placeholder="Kept with the answer" onChange={(event) => setComment(event.currentTarget.value)} />
            </Field>
          </div>
        )}
        <div className={styles.buttons}>
          {(approval.kind !== "stage" || approval.isSkippable) && (
            <Button icon={words.noIcon} variant={approval.kind === "stage" ? "secondary" : "danger"} disabled={answer.isPending} onClick={() => send(false)}>
              {words.no}
            </Button>
          )}
          <Button icon={words.icon} variant="primary" isBusy={answer.isPending} onClick={() => send(true)}>
            {words.yes}
          </Button>
        </div>
      </div>
    </section>
  );
}

function Answers({ approval }: { approval: ApprovalView }): ReactNode {
  if (approval.answers.length === 0) return null;
  return (
    <ul className={styles.answers}>
      {approval.answers.map((answer) => (
        <li key={answer.approver}>
          {answer.isApproved ? "yes" : "no"} from <strong>{answer.approver}</strong> <RelativeTime at={answer.at} />
          {answer.comment !== "" && <>: “{answer.comment}”</>}
        </li>
      ))}
    </ul>
  );
}

/** The questions of a run. Nothing at all when it never asked. */
export function Approvals({ runId }: { runId: RunId }): ReactNode {
  const asked = useQueryCommand("approval_list", { projectId: null, runId });
  const all = asked.data ?? [];
  // A stage that waits for a hand may wait for ever; what stops the run comes first.
  const waiting = all.filter((approval) => approval.state === "pending");
  const open = [...waiting.filter((approval) => approval.kind !== "stage"), ...waiting.filter((approval) => approval.kind === "stage")];
  const over = all.filter((approval) => approval.state !== "pending");
  if (all.length === 0) return null;
  return (
    <div className={styles.approvals}>
      {/* oxlint-disable-next-line prefer-tag-over-role -- an <output> belongs to a form */}
      <div role="status" className="visuallyHidden">
        {open.length > 0 ? `${plural(open.length, "question")} of this run ${open.length === 1 ? "waits" : "wait"} for an answer` : ""}
      </div>
      {open.map((approval) => (
        <Question key={approval.id} approval={approval} />
      ))}
      {over.length > 0 && (
        <details className={styles.over} open={open.length === 0 && over.some((approval) => approval.state === "rejected")}>
          <summary>{plural(over.length, "question")} answered</summary>
          <ul className={styles.overList}>
            {over.map((approval) => (
              <li key={approval.id}>
                {titleOf(approval)}: <strong>{ENDINGS[approval.state]}</strong>
                <Answers approval={approval} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
