// A stage, and a hook of a deployment, which has a pool only.
import type { ReactNode } from "react";
import { useDesk } from "../desk";
import { AlsoWritten } from "../fields/Elsewhere";
import { KeyFields } from "../fields/KeyField";
import { NamesField } from "../fields/NamesField";
import { restOf } from "../fields/rest-of";
import { Section } from "../fields/Section";
import { STAGE_MORE } from "../spec/spec";
import type { BoardNodeView } from "../wire";
import { has } from "../written";
import { Condition } from "./Condition";
import { Names } from "./Names";
import { PoolSection } from "./PoolSection";
import { setNote } from "./StepForm";
import { VariablesSection } from "./VariablesSection";

const STAGE_KEYS = new Set(["stage", "displayName", "dependsOn", "condition", "variables", "pool", "jobs", "phases", ...STAGE_MORE.map((spec) => spec.keys[0] ?? "")]);

export function StageForm({ node }: { node: BoardNodeView }): ReactNode {
  const { written } = useDesk();
  return (
    <>
      <Section title="Stage" isOpen>
        <Names keyword="stage" />
        <NamesField node={node} word="stage" />
      </Section>
      <Condition />
      <VariablesSection />
      <PoolSection />
      <Section title="Start and locks" isOpen={STAGE_MORE.some((spec) => has(written, ...spec.keys))} note={setNote(written, STAGE_MORE)}>
        <KeyFields specs={STAGE_MORE} />
      </Section>
      <AlsoWritten entries={restOf(written, STAGE_KEYS)} />
    </>
  );
}

export function HookForm(): ReactNode {
  const { written } = useDesk();
  return (
    <>
      <PoolSection />
      <AlsoWritten entries={restOf(written, new Set(["pool", "steps"]))} />
    </>
  );
}
