// Groups and comparisons as rows. Each change prints the whole expression again and sends it.
import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Field, IconButton, Select } from "#ui/components";
import type { Suggestion } from "../fields/SuggestInput";
import { TextField } from "../fields/TextField";
import styles from "../inspector.module.css";
import { comparisonOf, COMPARISONS, isMany, operand, statusOf, STATUSES, type Expr } from "./expression";

export interface BuilderProps {
  expr: Expr;
  /** Which part it is, for readers: `1`, `1.2`. */
  place: string;
  /** States such as `failed()` are known in conditions only. */
  hasStatuses: boolean;
  suggestions: readonly Suggestion[];
  onChange: (expr: Expr) => Promise<string | null>;
  /** Shows why a change was refused that has no field of its own. */
  act: (change: Promise<string | null>) => void;
  onRemove?: (() => void) | undefined;
}

const GROUP_WORDS = [
  { value: "and", label: "all of these" },
  { value: "or", label: "any of these" },
  { value: "not", label: "not this" },
];

const NEW_COMPARISON: Expr = { kind: "compare", fn: "eq", args: ["variables['Build.SourceBranch']", "'refs/heads/main'"] };

const NO_PULL_REQUEST: Expr = { kind: "compare", fn: "ne", args: ["variables['Build.Reason']", "'PullRequest'"] };

function Group({ expr, place, hasStatuses, suggestions, onChange, act, onRemove }: BuilderProps & { expr: Extract<Expr, { kind: "group" }> }): ReactNode {
  const word = expr.fn.toLowerCase();
  // `and` and `or` take two parts or more: what is left of them stands alone.
  const change = (items: Expr[]): Promise<string | null> => onChange(items.length === 1 && items[0] !== undefined && word !== "not" ? items[0] : { ...expr, items });
  const name = place === "" ? "the condition" : `part ${place}`;
  const rename = (fn: string): Promise<string | null> => {
    if (fn === "not") return onChange({ kind: "group", fn, items: [expr.items.length > 1 ? expr : (expr.items[0] ?? NEW_COMPARISON)] });
    const [inner] = expr.items;
    if (word === "not" && inner?.kind === "group") return onChange({ ...inner, fn });
    return onChange({ ...expr, fn, items: expr.items.length > 1 ? expr.items : [...expr.items, NEW_COMPARISON] });
  };
  return (
    <fieldset className={styles.card} aria-label={place === "" ? "Parts of the condition" : `Part ${place}`}>
      <div className={styles.rowWide}>
        <Field label={`How the parts of ${name} count`} isLabelHidden>
          <Select options={GROUP_WORDS} value={word} onChange={(event) => act(rename(event.currentTarget.value))} />
        </Field>
        {onRemove !== undefined && <IconButton icon={Trash2} label={`Remove part ${place}`} onClick={onRemove} />}
      </div>
      {expr.items.map((item, at) => {
        const own = place === "" ? String(at + 1) : `${place}.${at + 1}`;
        return (
          // Parts have no identity but their place.
          // oxlint-disable-next-line no-array-index-key
          <Builder key={at} expr={item} place={own} hasStatuses={hasStatuses} suggestions={suggestions} act={act} onChange={(next) => change(expr.items.with(at, next))} onRemove={expr.items.length > 1 ? () => act(change(expr.items.toSpliced(at, 1))) : undefined} />
        );
      })}
      {word !== "not" && (
        <div className={styles.buttons}>
          <Button size="small" icon={Plus} aria-label={`Add a comparison to ${name}`} onClick={() => act(change([...expr.items, NEW_COMPARISON]))}>
            Comparison
          </Button>
          {hasStatuses && (
            <Button size="small" icon={Plus} aria-label={`Add a state to ${name}`} onClick={() => act(change([...expr.items, { kind: "status", fn: "succeeded", args: [] }]))}>
              State
            </Button>
          )}
          <Button size="small" icon={Plus} aria-label={`Add a group to ${name}`} onClick={() => act(change([...expr.items, { kind: "group", fn: word === "and" ? "or" : "and", items: [NEW_COMPARISON, NO_PULL_REQUEST] }]))}>
            Group
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Comparison({ expr, place, suggestions, onChange, act }: BuilderProps & { expr: Extract<Expr, { kind: "compare" }> }): ReactNode {
  const name = place === "" ? "" : ` of part ${place}`;
  const [left = "", ...right] = expr.args;
  const rename = (fn: string): Promise<string | null> => onChange({ ...expr, fn, args: isMany(fn) ? expr.args : expr.args.slice(0, 2) });
  return (
    <div className={styles.list}>
      <TextField label={`Left side${name}`} isLabelHidden isMono isRequired suggestions={suggestions} value={left} check={needed} save={(draft) => onChange({ ...expr, args: [operand(draft), ...right] })} />
      <Field label={`Comparison${name}`} isLabelHidden>
        <Select options={COMPARISONS.map(({ fn, words }) => ({ value: fn, label: words }))} value={comparisonOf(expr.fn)?.fn} onChange={(event) => act(rename(event.currentTarget.value))} />
      </Field>
      {right.map((value, at) => {
        const which = right.length > 1 ? ` ${at + 1}` : "";
        return (
          // oxlint-disable-next-line no-array-index-key
          <div key={at} className={right.length > 1 ? styles.rowWide : undefined}>
            <TextField label={`Right side${which}${name}`} isLabelHidden isMono isRequired suggestions={suggestions} value={value} check={needed} save={(draft) => onChange({ ...expr, args: expr.args.with(at + 1, operand(draft)) })} />
            {right.length > 1 && <IconButton icon={Trash2} label={`Remove right side${which}${name}`} onClick={() => act(onChange({ ...expr, args: expr.args.toSpliced(at + 1, 1) }))} />}
          </div>
        );
      })}
      {isMany(expr.fn) && (
        <div>
          <Button size="small" icon={Plus} aria-label={`Add a right side${name}`} onClick={() => act(onChange({ ...expr, args: [...expr.args, "''"] }))}>
            Value
          </Button>
        </div>
      )}
    </div>
  );
}

const needed = (draft: string): string | undefined => (draft.trim() === "" ? "It has to be given." : undefined);

/** One part of an expression, and all below it. */
export function Builder(props: BuilderProps): ReactNode {
  const { expr, place, onChange, act, onRemove } = props;
  if (expr.kind === "group") return <Group {...props} expr={expr} />;
  const name = place === "" ? "the condition" : `part ${place}`;
  return (
    <div className={onRemove === undefined ? undefined : styles.rowWide}>
      {expr.kind === "compare" && <Comparison {...props} expr={expr} />}
      {expr.kind === "status" && (
        <div className={styles.list}>
          <Field label={`State of ${name}`} isLabelHidden>
            <Select options={STATUSES.map(({ fn, words }) => ({ value: fn, label: words }))} value={statusOf(expr.fn)?.fn} onChange={(event) => act(onChange({ ...expr, fn: event.currentTarget.value, args: event.currentTarget.value === "always" || event.currentTarget.value === "canceled" ? [] : expr.args }))} />
          </Field>
          {expr.args.length > 0 && <p className={styles.mono}>of {expr.args.join(", ")}</p>}
        </div>
      )}
      {expr.kind === "raw" && <TextField label={`Text of ${name}`} isLabelHidden isMono isRequired value={expr.text} check={needed} save={(draft) => onChange({ kind: "raw", text: draft.trim() })} />}
      {onRemove !== undefined && <IconButton icon={Trash2} label={`Remove part ${place}`} onClick={onRemove} />}
    </div>
  );
}
