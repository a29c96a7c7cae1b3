// The choice of how the new version comes beside what runs, in the plan dialog.
import type { ReactNode } from "react";
import { Checkbox, Field, Select, TextInput } from "#ui/components";
import { percentageOf, STRATEGY_WORDS, type StrategyDraft, type StrategyWord } from "../strategy";
import styles from "./plan.module.css";

export interface StrategyFieldsProps {
  draft: StrategyDraft;
  onChange: (draft: StrategyDraft) => void;
}

const WORDS: readonly StrategyWord[] = ["rolling", "canary", "blueGreen"];

/** Rolling, canary or blue-green. */
export function StrategyFields({ draft, onChange }: StrategyFieldsProps): ReactNode {
  return (
    <div className={styles.strategy}>
      <Field label="Strategy">
        <Select value={draft.word} onChange={(event) => onChange({ ...draft, word: WORDS.find((word) => word === event.currentTarget.value) ?? "rolling" })} options={WORDS.map((value) => ({ value, label: STRATEGY_WORDS[value] }))} />
      </Field>
      {draft.word === "canary" && (
        <Field label="Share of the pods in percent" error={percentageOf(draft) === undefined ? "A number from 1 to 100." : undefined}>
          <TextInput inputMode="numeric" value={draft.percentage} onChange={(event) => onChange({ ...draft, percentage: event.currentTarget.value })} />
        </Field>
      )}
      {draft.word !== "rolling" && <Checkbox label="Let the verdict decide: healthy promotes, unhealthy rejects" isChecked={draft.isAutomatic} onChange={(isAutomatic) => onChange({ ...draft, isAutomatic })} />}
    </div>
  );
}
