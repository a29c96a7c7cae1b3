// A step that is no task: scripts, checkout, artifacts. And what every step has.
import type { ReactNode } from "react";
import { useDesk, useKey } from "../desk";
import { AlsoWritten } from "../fields/Elsewhere";
import { KeyField, KeyFields, ShortFields } from "../fields/KeyField";
import { RowsField } from "../fields/RowsField";
import { restOf } from "../fields/rest-of";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { STEP_CONTROL, STEPS, TARGET, type KeySpec } from "../spec/spec";
import type { WrittenView } from "../wire";
import { find, has, textOf } from "../written";
import { Condition } from "./Condition";
import { nameProblem } from "./Names";

const COMMON_KEYS = ["displayName", "name", "condition", "env", "target", ...STEP_CONTROL.map((spec) => spec.keys[0] ?? "")];

const writtenOf = (written: WrittenView, specs: readonly KeySpec[]): number => specs.filter((spec) => has(written, ...spec.keys)).length;

/** `2 set`, or nothing. */
export const setNote = (written: WrittenView, specs: readonly KeySpec[]): string | undefined => {
  const count = writtenOf(written, specs);
  return count === 0 ? undefined : `${count} set`;
};

export function DisplayName(): ReactNode {
  const desk = useDesk();
  const displayName = useKey("displayName");
  return <TextField label="Display name" value={textOf(desk.written, "displayName")} save={(draft) => displayName.set(draft === "" ? null : draft)} />;
}

function StepName(): ReactNode {
  const desk = useDesk();
  const key = useKey("name");
  const name = textOf(desk.written, "name");
  const save = (draft: string): Promise<string | null> => {
    const to = draft.trim();
    // Renaming carries along whatever reads its outputs; a first name and no name have nothing to carry.
    return name === "" || to === "" ? key.set(to === "" ? null : to) : desk.send({ gesture: "rename", node: desk.path, to });
  };
  return <TextField label="Name" isMono value={name} help="Its output variables are found by it; what reads them follows." check={(draft) => (draft.trim() === "" ? undefined : nameProblem(draft.trim()))} save={save} />;
}

/** The sections that every step has. */
export function StepCommon(): ReactNode {
  const { written } = useDesk();
  const env = find(written, "env");
  return (
    <>
      <Condition />
      <Section title="Control" isOpen={writtenOf(written, STEP_CONTROL) > 0 || has(written, "name")} note={setNote(written, STEP_CONTROL)}>
        <StepName />
        <KeyFields specs={STEP_CONTROL} />
      </Section>
      <Section title="Environment variables" isOpen={env !== undefined} note={env === undefined ? undefined : String(env.entries.length)}>
        <RowsField legend="Environment" word="variable" keys={["env"]} help="A secret reaches the step only when it is named here: $(secret)." />
      </Section>
      <Section title="Target" isOpen={has(written, "target")}>
        <ShortFields of={TARGET} />
      </Section>
    </>
  );
}

/** Keys that the form of a step shows. */
export const stepKeys = (own: readonly string[]): ReadonlySet<string> => new Set([...COMMON_KEYS, ...own]);

export function StepForm({ keyword }: { keyword: string }): ReactNode {
  const { written } = useDesk();
  const spec = STEPS[keyword];
  if (spec === undefined) return null;
  const first = spec.own.slice(0, 3);
  const more = spec.own.slice(3);
  return (
    <>
      <Section title={spec.title} isOpen>
        <DisplayName />
        <KeyField spec={spec.main} />
        <KeyFields specs={first} />
      </Section>
      {more.length > 0 && (
        <Section title="More" isOpen={writtenOf(written, more) > 0} note={setNote(written, more)}>
          <KeyFields specs={more} />
        </Section>
      )}
      <StepCommon />
      <AlsoWritten entries={restOf(written, stepKeys([keyword, ...spec.own.map((own) => own.keys[0] ?? "")]))} />
    </>
  );
}

