// Fields of forms. A Field gives its control an id, a label, help and an error.
import clsx from "clsx";
import { createContext, useContext, useId, type ComponentProps, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from "react";
import styles from "./Fields.module.css";

interface FieldIds {
  id: string;
  describedBy: string | undefined;
  isInvalid: boolean;
}
const FieldContext = createContext<FieldIds | undefined>(undefined);

export interface FieldProps {
  label: string;
  /** The label is read aloud but not drawn. */
  isLabelHidden?: boolean;
  help?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
}

/** A label, one control (TextInput, TextArea or Select), help and error. */
export function Field({ label, isLabelHidden = false, help, error, children }: FieldProps): ReactNode {
  const id = useId();
  const hasNote = help !== undefined || error !== undefined;
  return (
    <FieldContext.Provider value={{ id, describedBy: hasNote ? `${id}-note` : undefined, isInvalid: error !== undefined }}>
      <div className={styles.field}>
        <label htmlFor={id} className={clsx(styles.label, isLabelHidden && "visuallyHidden")}>
          {label}
        </label>
        {children}
        {hasNote && (
          <div id={`${id}-note`} className={error === undefined ? styles.help : styles.error}>
            {error ?? help}
          </div>
        )}
      </div>
    </FieldContext.Provider>
  );
}

/** Controls that belong together, under one legend. */
export function Fieldset({ legend, children }: { legend: ReactNode; children: ReactNode }): ReactNode {
  return (
    <fieldset className={styles.fieldset}>
      <legend>{legend}</legend>
      {children}
    </fieldset>
  );
}

/** A box to tick, with its label beside it. */
export function Checkbox({ label, isChecked, onChange }: { label: ReactNode; isChecked: boolean; onChange: (isChecked: boolean) => void }): ReactNode {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={isChecked} onChange={(event) => onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}

function useField(): { id?: string; "aria-describedby"?: string | undefined; "aria-invalid"?: boolean | undefined } {
  const ids = useContext(FieldContext);
  return ids === undefined ? {} : { id: ids.id, "aria-describedby": ids.describedBy, "aria-invalid": ids.isInvalid || undefined };
}

/** One line of text. */
export function TextInput({ className, isMono = false, ...rest }: ComponentProps<"input"> & { isMono?: boolean }): ReactNode {
  return <input type="text" autoComplete="off" spellCheck={false} {...useField()} {...rest} className={clsx(styles.control, isMono && styles.mono, className)} />;
}

/** Several lines of text. */
export function TextArea({ className, isMono = false, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & { isMono?: boolean }): ReactNode {
  return <textarea rows={4} {...useField()} {...rest} className={clsx(styles.control, styles.area, isMono && styles.mono, className)} />;
}

export interface SelectOption {
  value: string;
  label: string;
}

/** One of a few. */
export function Select({ options, className, ...rest }: SelectHTMLAttributes<HTMLSelectElement> & { options: readonly SelectOption[] }): ReactNode {
  return (
    <select {...useField()} {...rest} className={clsx(styles.control, styles.select, className)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export interface SegmentedProps<V extends string> {
  /** What is chosen; read aloud. */
  label: string;
  options: readonly { value: V; label: string }[];
  value: V;
  onChange: (value: V) => void;
}

/** One of two to five, all in sight. */
export function Segmented<V extends string>({ label, options, value, onChange }: SegmentedProps<V>): ReactNode {
  const name = useId();
  return (
    <div className={styles.segmented} role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.value} className={styles.segment}>
          <input type="radio" className="visuallyHidden" name={name} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
