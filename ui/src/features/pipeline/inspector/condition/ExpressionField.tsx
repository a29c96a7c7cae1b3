// A condition: as a sentence, as groups of comparisons, and always as its text, which is never altered unasked.
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Field, Select } from "#ui/components";
import { Refusal } from "../fields/Refusal";
import type { Suggestion } from "../fields/SuggestInput";
import { TextField } from "../fields/TextField";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import { Builder } from "./Builder";
import { choiceOf, conditionOf, SENTENCES, type ChoiceWord } from "./choices";
import { print, read, type Expr } from "./expression";

export interface ExpressionFieldProps {
  label: string;
  help?: ReactNode;
  value: string;
  hasStatuses: boolean;
  suggestions: readonly Suggestion[];
  isRequired?: boolean;
  save: (text: string) => Promise<string | null>;
}

/** The rows, if the text can be read as such, and the text. */
export function ExpressionField({ label, help, value, hasStatuses, suggestions, isRequired = false, save }: ExpressionFieldProps): ReactNode {
  const sent = useSent();
  const found = read(value.trim());
  const change = (expr: Expr): Promise<string | null> => save(print(expr, found?.separator));
  const rows = found?.expr;
  return (
    <div className={styles.list}>
      {rows !== undefined && <Builder expr={rows} place="" hasStatuses={hasStatuses} suggestions={suggestions} act={sent.run} onChange={change} />}
      {rows !== undefined && rows.kind !== "group" && (
        <p className={styles.note}>
          <button type="button" className={styles.link} onClick={() => sent.run(change({ kind: "group", fn: "and", items: [rows, { kind: "compare", fn: "eq", args: ["variables['Build.Reason']", "'Manual'"] }] }))}>
            And something else
          </button>{" "}
          ·{" "}
          <button type="button" className={styles.link} onClick={() => sent.run(change({ kind: "group", fn: "or", items: [rows, { kind: "compare", fn: "eq", args: ["variables['Build.Reason']", "'Manual'"] }] }))}>
            Or something else
          </button>
        </p>
      )}
      {value === "" && (
        <div>
          <Button size="small" icon={Plus} onClick={() => sent.run(save(hasStatuses ? "and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))" : "eq(variables['Build.SourceBranch'], 'refs/heads/main')"))}>
            Comparison
          </Button>
        </div>
      )}
      <Refusal why={sent.problem} />
      <TextField label={label} rows={2} help={help ?? (value !== "" && found === undefined ? "This text has no rows; it is kept as it is written." : undefined)} isMono isLines isRequired={isRequired} value={value} save={save} />
    </div>
  );
}

export interface ConditionFieldProps {
  value: string;
  suggestions: readonly Suggestion[];
  /** Stages or jobs that `failed('…')` may name; left out where it takes none. */
  names?: readonly string[] | undefined;
  save: (text: string | null) => Promise<string | null>;
}

/** When a stage, job or step runs. */
export function ConditionField({ value, suggestions, names, save }: ConditionFieldProps): ReactNode {
  const sent = useSent();
  const written = choiceOf(value);
  const [wanted, setWanted] = useState<{ for: string; word: ChoiceWord }>();
  const word = wanted !== undefined && wanted.for === value ? wanted.word : written.word;
  const of = word === written.word ? written.of : "";
  const options = SENTENCES.filter((one) => one.value !== "failedOf" || names !== undefined || written.word === "failedOf");
  const choose = (next: ChoiceWord): void => {
    setWanted({ for: value, word: next });
    if (next === "custom" || next === "failedOf") return;
    if (next === "branch") sent.run(save(conditionOf({ word: next, of: "main" })));
    else sent.run(save(conditionOf({ word: next, of: "" })));
  };
  return (
    <div className={styles.list}>
      <Field label="Runs" error={sent.problem}>
        <Select options={options} value={word} onChange={(event) => choose(event.currentTarget.value as ChoiceWord)} />
      </Field>
      {word === "branch" && <TextField label="Branch" isMono isRequired value={of} check={(draft) => (draft.trim() === "" ? "A branch is needed." : undefined)} save={(draft) => save(conditionOf({ word, of: draft.trim() }))} />}
      {word === "failedOf" && <TextField label="What failed" isMono isRequired suggestions={(names ?? []).map((name) => ({ value: name }))} value={of} check={(draft) => (draft.trim() === "" ? "A name is needed." : undefined)} save={(draft) => save(conditionOf({ word, of: draft.trim() }))} />}
      {word === "custom" ? (
        <ExpressionField label="Condition" value={value} hasStatuses suggestions={suggestions} save={(text) => save(text.trim() === "" ? null : text)} />
      ) : (
        <TextField label="Condition" isMono isLines rows={2} value={value} placeholder="succeeded()" save={(text) => save(text.trim() === "" ? null : text)} />
      )}
    </div>
  );
}
