// Fields of an object that differ, each with what is there, what comes, and who owns it. Used wherever a diff of manifests is shown.
import clsx from "clsx";
import { TriangleAlert } from "lucide-react";
import { Fragment, type ReactNode } from "react";
import type { FieldChange } from "../ipc/generated/contract";
import styles from "./FieldChanges.module.css";

/** How a secret is drawn: its length would tell something. */
const MASK = "•••";

/** What the two values are called; read aloud. */
export interface FieldWords {
  before: string;
  after: string;
}

export interface FieldChangesProps {
  /** Of which object; read aloud. */
  label: string;
  fields: readonly FieldChange[];
  words?: FieldWords;
}

function Value({ text, isSecret, word, sign, className }: { text: string | null; isSecret: boolean; word: string; sign: string; className: string | undefined }): ReactNode {
  if (text === null) return null;
  return (
    <div className={clsx(styles.value, className)}>
      <span aria-hidden="true" className={styles.sign}>
        {sign}
      </span>
      <span className="visuallyHidden">{word}: </span>
      {isSecret ? (
        <span title="A secret: kept out of the page">
          {MASK}
          <span className="visuallyHidden"> a secret</span>
        </span>
      ) : (
        <code>{text === "" ? '""' : text}</code>
      )}
    </div>
  );
}

/** May break before a dot or a bracket, not in a word. */
function Path({ path }: { path: string }): ReactNode {
  return path.split(/(?=[.[])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** Field by field: before above after. */
export function FieldChanges({ label, fields, words = { before: "before", after: "after" } }: FieldChangesProps): ReactNode {
  return (
    <ul className={styles.fields} aria-label={label}>
      {fields.map((field) => (
        <li key={field.path} className={clsx(styles.field, field.isConflict && styles.conflict)}>
          <div className={styles.head}>
            <code className={styles.path}>
              <Path path={field.path} />
            </code>
            {field.isConflict && (
              <span className={styles.clash}>
                <TriangleAlert size={12} aria-hidden="true" /> conflict
              </span>
            )}
            {field.owner !== null && (
              <span className={styles.owner}>
                owned by <code>{field.owner}</code>
              </span>
            )}
          </div>
          <div className={styles.values}>
            <Value text={field.before} isSecret={field.isSecret} word={words.before} sign="−" className={styles.before} />
            <Value text={field.after} isSecret={field.isSecret} word={words.after} sign="+" className={styles.after} />
          </div>
        </li>
      ))}
    </ul>
  );
}
