// Changes what an environment asks of stages: approvals, exclusive lock, business hours, branch control; and its targets.
import { Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useMutationCommand, type Check, type EnvironmentChecks, type ProjectId } from "#ui/ipc";
import { Button, Checkbox, Field, FormDialog, IconButton, TextArea, TextInput } from "#ui/components";
import { CHECK_TITLES, namesOf, newCheck, spanOf, targetsOf, targetText, WEEK, type CheckType } from "./check-draft";
import styles from "./environments.module.css";

interface Row {
  key: number;
  check: Check;
}

let nextKey = 0;
function row(check: Check): Row {
  nextKey += 1;
  return { key: nextKey, check };
}

const TYPES: readonly CheckType[] = ["approval", "exclusiveLock", "businessHours", "branchControl"];

export interface ChecksDialogProps {
  projectId: ProjectId;
  kept: EnvironmentChecks;
  onClose: () => void;
}

/** The form of an environment's checks. */
export function ChecksDialog({ projectId, kept, onClose }: ChecksDialogProps): ReactNode {
  const [rows, setRows] = useState<Row[]>(() => kept.checks.map(row));
  const [targets, setTargets] = useState(() => targetText(kept.targets));
  const save = useMutationCommand("check_save", { quiet: true });
  const submit = (): void => {
    save.mutate({ projectId, environment: kept.environment, checks: rows.map((one) => one.check), targets: targetsOf(targets) }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      size="wide"
      onClose={onClose}
      title={`Checks of ${kept.environment}`}
      description="A stage that deploys here starts once all of these hold. Stages that wait already keep what they were told."
      of={save}
      action="Save"
      onSubmit={submit}
    >
      {rows.map((one, index) => (
        <section key={one.key} className={styles.check} aria-label={`${CHECK_TITLES[one.check.type]} (${index + 1})`}>
          <h3 className={styles.checkHead}>
            {CHECK_TITLES[one.check.type]}
            <IconButton label={`Remove ${CHECK_TITLES[one.check.type]} (${index + 1})`} icon={Trash2} size="small" onClick={() => setRows(rows.filter((other) => other.key !== one.key))} />
          </h3>
          <div className={styles.form}>
            <CheckFields check={one.check} onChange={(check) => setRows(rows.map((other) => (other.key === one.key ? { ...other, check } : other)))} />
          </div>
        </section>
      ))}
      <div className={styles.adders}>
        {TYPES.map((type) => (
          <Button key={type} size="small" icon={Plus} onClick={() => setRows([...rows, row(newCheck(type))])}>
            Add {CHECK_TITLES[type].toLowerCase()}
          </Button>
        ))}
      </div>
      <Field label="Targets" help="One a line, with its tags, such as web1 frontend. A rolling deployment goes through them; with none, this machine is the only one.">
        <TextArea isMono rows={3} value={targets} onChange={(event) => setTargets(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}

interface CheckFieldsProps {
  check: Check;
  onChange: (check: Check) => void;
}

function CheckFields({ check, onChange }: CheckFieldsProps): ReactNode {
  switch (check.type) {
    case "approval":
      return <ApprovalFields check={check} onChange={onChange} />;
    case "businessHours":
      return <HoursFields check={check} onChange={onChange} />;
    case "branchControl":
      return (
        <Field label="Allowed branches" help="Between commas; * stands for anything, as in refs/heads/releases/*.">
          <NamesInput names={check.branches} onChange={(branches) => onChange({ ...check, branches })} />
        </Field>
      );
    case "exclusiveLock":
      return (
        <>
          <p className={styles.muted}>One stage at a time, over all runs. The pipeline&apos;s lockBehavior says whether runs queue (sequential) or only the newest one goes on (runLatest).</p>
          <Timeout minutes={check.timeoutMinutes} onChange={(timeoutMinutes) => onChange({ ...check, timeoutMinutes })} />
        </>
      );
  }
}

function ApprovalFields({ check, onChange }: { check: Extract<Check, { type: "approval" }>; onChange: (check: Check) => void }): ReactNode {
  return (
    <>
      <Field label="Approvers" help="Names between commas; anyone at this machine if left empty.">
        <NamesInput names={check.approvers} onChange={(approvers) => onChange({ ...check, approvers })} />
      </Field>
      <Field label="Instructions">
        <TextArea rows={2} value={check.instructions} onChange={(event) => onChange({ ...check, instructions: event.currentTarget.value })} />
      </Field>
      <div className={styles.twoColumns}>
        <Field label="Minimum number of approvers" help="0 asks for all of them.">
          <TextInput inputMode="numeric" value={String(check.minimumApprovers)} onChange={(event) => onChange({ ...check, minimumApprovers: numberOf(event.currentTarget.value) })} />
        </Field>
        <Timeout minutes={check.timeoutMinutes} onChange={(timeoutMinutes) => onChange({ ...check, timeoutMinutes })} />
      </div>
      <Checkbox label="Ask the approvers in this order, one after the other" isChecked={check.inOrder} onChange={(inOrder) => onChange({ ...check, inOrder, minimumApprovers: inOrder ? 0 : check.minimumApprovers })} />
      <Checkbox label="Whoever starts a run may approve it" isChecked={check.requesterMayApprove} onChange={(requesterMayApprove) => onChange({ ...check, requesterMayApprove })} />
    </>
  );
}

function HoursFields({ check, onChange }: { check: Extract<Check, { type: "businessHours" }>; onChange: (check: Check) => void }): ReactNode {
  return (
    <>
      <fieldset className={styles.days}>
        <legend className="visuallyHidden">Days</legend>
        {WEEK.map(({ day, short }) => (
          <Checkbox key={day} label={short} isChecked={check.days.includes(day)} onChange={(isChecked) => onChange({ ...check, days: WEEK.map((one) => one.day).filter((one) => (one === day ? isChecked : check.days.includes(one))) })} />
        ))}
      </fieldset>
      <div className={styles.twoColumns}>
        <Field label="From">
          <TextInput isMono value={check.from} onChange={(event) => onChange({ ...check, from: event.currentTarget.value })} />
        </Field>
        <Field label="To">
          <TextInput isMono value={check.to} onChange={(event) => onChange({ ...check, to: event.currentTarget.value })} />
        </Field>
        <Field label="Time zone" help="Such as Europe/Berlin.">
          <TextInput isMono value={check.timeZone} onChange={(event) => onChange({ ...check, timeZone: event.currentTarget.value })} />
        </Field>
        <Timeout minutes={check.timeoutMinutes} onChange={(timeoutMinutes) => onChange({ ...check, timeoutMinutes })} />
      </div>
    </>
  );
}

function numberOf(text: string): number {
  return Number(text.replace(/\D/g, "").slice(0, 6));
}

function Timeout({ minutes, onChange }: { minutes: number; onChange: (minutes: number) => void }): ReactNode {
  return (
    <Field label="Timeout in minutes" help={`Then the stage is skipped: after ${spanOf(minutes)}.`}>
      <TextInput inputMode="numeric" value={String(minutes)} onChange={(event) => onChange(numberOf(event.currentTarget.value))} />
    </Field>
  );
}

/** Keeps what is typed, commas and all, while the names go up. */
function NamesInput({ names, onChange }: { names: readonly string[]; onChange: (names: string[]) => void }): ReactNode {
  const [text, setText] = useState(() => names.join(", "));
  const change = (next: string): void => {
    setText(next);
    onChange(namesOf(next));
  };
  return <TextInput value={text} onChange={(event) => change(event.currentTarget.value)} />;
}
