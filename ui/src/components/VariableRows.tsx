// Names and values, a row each, as three dialogs ask for them. Drafts stay with the features; what is wrong is said by them.
import { Lock, LockOpen, Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Button, IconButton } from "./Button";
import { Field, Fieldset, TextInput } from "./Fields";
import styles from "./VariableRows.module.css";

/** A variable while it is typed. `key` keeps its row while the name changes. */
export interface VariableRow {
  key: number;
  name: string;
  value: string;
  /** Left out where a variable cannot be secret. */
  isSecret?: boolean;
  /** A secret has a value already; left empty, it stays. */
  isSet?: boolean;
}

export interface VariableRowsProps<R extends VariableRow> {
  rows: readonly R[];
  /** Makes the row that “Add variable” adds; without it, names stay and only secrets get values. */
  newRow?: (() => R) | undefined;
  error?: string | undefined;
  /** Said below the rows. */
  help?: ReactNode;
  /** Rows that always stand above. */
  children?: ReactNode;
  onChange: (rows: R[]) => void;
}

/** A fieldset of variables. */
export function VariableRows<R extends VariableRow>({ rows, newRow, error, help, children, onChange }: VariableRowsProps<R>): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const isAdded = useRef(false);
  const isRead = newRow === undefined;
  const change = (key: number, part: Partial<VariableRow>): void => onChange(rows.map((one) => (one.key === key ? { ...one, ...part } : one)));
  // Whoever adds a row wants to write into it.
  useEffect(() => {
    if (!isAdded.current) return;
    isAdded.current = false;
    list.current?.querySelector<HTMLInputElement>("li:last-child input")?.focus();
  }, [rows.length]);
  return (
    <Fieldset legend="Variables">
      {children}
      {rows.length > 0 && (
        <ul className={styles.rows} ref={list}>
          {rows.map((one, index) => {
            const word = one.name.trim() === "" ? String(index + 1) : one.name;
            const isSecret = one.isSecret === true;
            return (
              <li key={one.key}>
                <Field label={`Variable ${index + 1} name`} isLabelHidden>
                  <TextInput isMono placeholder="Name" value={one.name} readOnly={isRead} title={isRead ? one.name : undefined} onChange={(event) => change(one.key, { name: event.currentTarget.value })} />
                </Field>
                <Field label={`Variable ${index + 1} value`} isLabelHidden>
                  <TextInput
                    isMono
                    type={isSecret ? "password" : "text"}
                    autoComplete={isSecret ? "new-password" : "off"}
                    placeholder={!isSecret || one.isSet === undefined ? "Value" : one.isSet ? "Set; type to replace" : "No value yet"}
                    value={one.value}
                    readOnly={isRead && !isSecret}
                    onChange={(event) => change(one.key, { value: event.currentTarget.value })}
                  />
                </Field>
                {isRead ? (
                  isSecret && <Lock size={16} aria-label="Secret" />
                ) : (
                  <span className={styles.buttons}>
                    {one.isSecret !== undefined && <IconButton label={isSecret ? `${word} is secret; make it plain` : `Make ${word} secret`} icon={isSecret ? Lock : LockOpen} isPressed={isSecret} onClick={() => change(one.key, { isSecret: !isSecret })} />}
                    <IconButton label={`Remove variable ${word}`} icon={Trash2} onClick={() => onChange(rows.filter(({ key }) => key !== one.key))} />
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {error !== undefined && (
        <p className={styles.problem} role="alert">
          {error}
        </p>
      )}
      {newRow !== undefined && (
        <div>
          <Button
            size="small"
            icon={Plus}
            onClick={() => {
              isAdded.current = true;
              onChange([...rows, newRow()]);
            }}
          >
            Add variable
          </Button>
        </div>
      )}
      {help !== undefined && <p className={styles.help}>{help}</p>}
    </Fieldset>
  );
}
