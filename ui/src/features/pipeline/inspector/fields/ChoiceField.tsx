// Booleans, pick lists and numbers. An expression in their place is shown as text, with a switch between the two.
import { Braces } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Field, IconButton, Segmented, Select } from "#ui/components";
import styles from "../inspector.module.css";
import type { Json } from "../wire";
import { isExpression } from "../written";
import { TextField } from "./TextField";
import { useChosen, useSent } from "./use-typed";

export interface ChoiceFieldProps {
  label: string;
  help?: ReactNode;
  value: string;
  /** What it is when nothing is written. */
  fallback?: string | undefined;
  isRequired?: boolean;
  save: (value: Json) => Promise<string | null>;
}

/** Draws the choice, or the expression that is written or wanted in its place. */
function OrExpression({ of, isOdd = false, isTop = false, children }: { of: ChoiceFieldProps; isOdd?: boolean; isTop?: boolean; children: ReactNode }): ReactNode {
  const isWritten = isExpression(of.value) || isOdd;
  const [wanted, setWanted] = useState<{ of: string; isText: boolean }>();
  const isText = wanted !== undefined && wanted.of === of.value ? wanted.isText : isWritten;
  return (
    <div className={styles.beside}>
      {isText ? (
        <TextField
          label={of.label}
          isMono
          help={
            <span className={styles.mark}>
              <Braces size={12} /> Expression{of.help === undefined ? "" : ":"} {of.help}
            </span>
          }
          placeholder="${{ parameters.name }}"
          value={isWritten ? of.value : ""}
          save={(draft) => of.save(draft === "" ? null : draft)}
        />
      ) : (
        children
      )}
      <span className={isTop && !isText ? styles.besideTop : styles.besideAction}>
        <IconButton size="small" icon={Braces} label={`${of.label} as an expression`} isPressed={isText} onClick={() => setWanted({ of: of.value, isText: !isText })} />
      </span>
    </div>
  );
}

type Flag = "" | "true" | "false";

/** True, false, or nothing written. */
export function FlagField(props: ChoiceFieldProps): ReactNode {
  const word = props.value.toLowerCase();
  const isFlag = word === "" || word === "true" || word === "false";
  const fallback = props.fallback === undefined || props.fallback === "" ? undefined : props.fallback.toLowerCase();
  const sent = useChosen<Flag>(isFlag ? (word as Flag) : "", (flag) => props.save(flag === "" ? null : flag === "true"));
  const options: { value: Flag; label: string }[] = [
    { value: "", label: fallback === undefined ? "Unset" : `Unset (${fallback})` },
    { value: "true", label: "True" },
    { value: "false", label: "False" },
  ];
  return (
    <OrExpression of={props} isOdd={!isFlag} isTop>
      <div className={styles.flag}>
        <span className={styles.line}>
        <span className={styles.label} aria-hidden>
          {props.label}
        </span>
        <Segmented label={props.label} options={options} value={sent.shown} onChange={sent.choose} />
        </span>
        {sent.problem !== undefined ? (
          <p className={styles.problem} role="alert">
            {sent.problem}
          </p>
        ) : (
          props.help !== undefined && <p className={styles.note}>{props.help}</p>
        )}
      </div>
    </OrExpression>
  );
}

/** One of some words. */
export function PickField({ options, ...props }: ChoiceFieldProps & { options: readonly string[] }): ReactNode {
  const sent = useSent();
  const known = options.find((word) => word.toLowerCase() === props.value.toLowerCase());
  const isOdd = props.value !== "" && known === undefined;
  const nothing = props.fallback === undefined || props.fallback === "" ? "Nothing" : `Nothing (${props.fallback})`;
  const missing = props.isRequired === true && props.value === "" ? "It has to be given." : undefined;
  return (
    <OrExpression of={props} isOdd={isOdd}>
      <Field label={props.label} help={props.help} error={sent.problem ?? missing}>
        <Select
          value={known ?? ""}
          aria-required={props.isRequired === true || undefined}
          options={[{ value: "", label: nothing }, ...options.map((word) => ({ value: word, label: word }))]}
          onChange={(event) => sent.run(props.save(event.currentTarget.value === "" ? null : event.currentTarget.value))}
        />
      </Field>
    </OrExpression>
  );
}

/** A whole number. */
export function NumberField(props: ChoiceFieldProps): ReactNode {
  const isOdd = props.value !== "" && !/^-?\d+$/.test(props.value);
  return (
    <OrExpression of={props} isOdd={isOdd}>
      <TextField
        label={props.label}
        help={props.help}
        isRequired={props.isRequired === true}
        placeholder={props.fallback}
        value={isOdd ? "" : props.value}
        check={(draft) => (/^(?:-?\d+)?$/.test(draft.trim()) ? undefined : "It is a whole number. Use the switch beside it for an expression.")}
        save={(draft) => props.save(draft.trim() === "" ? null : Number(draft.trim()))}
      />
    </OrExpression>
  );
}
