// A list of texts: a line each in one field, or chips that come and go one by one.
import { Plus, X } from "lucide-react";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { Field, IconButton, TextInput } from "#ui/components";
import { useDesk } from "../desk";
import styles from "../inspector.module.css";
import { find, listEdits, textsOf } from "../written";
import { Elsewhere } from "./Elsewhere";
import { TextField } from "./TextField";
import { useSent } from "./use-typed";

/** What is on the lines of a draft. */
export const linesOf = (draft: string): string[] =>
  draft
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** A list below the node, a line for each item; only what differs is touched. */
export function LinesField({ label, keys, help, placeholder }: { label: string; keys: string[]; help?: ReactNode; placeholder?: string | undefined }): ReactNode {
  const desk = useDesk();
  const written = find(desk.written, ...keys);
  const texts = textsOf(written);
  if (texts === undefined && written !== undefined) return <Elsewhere label={label} written={written} />;
  const before = texts ?? [];
  const save = (draft: string): Promise<string | null> => {
    const after = linesOf(draft);
    if (after.length === 0) return desk.send({ gesture: "set", node: desk.path, keys, value: null });
    if (written?.form !== "list" || before.length === 0) return desk.send({ gesture: "set", node: desk.path, keys, value: after });
    const edits = listEdits(written.path, before, after);
    const [only] = edits;
    if (only === undefined) return Promise.resolve(null);
    return desk.send({ gesture: "edit", edit: edits.length === 1 ? only : { edit: "all", edits } });
  };
  return <TextField label={label} isMono isLines rows={2} help={help ?? "One a line."} placeholder={placeholder} value={before.join("\n")} save={save} />;
}

export interface ChipsProps {
  label: string;
  items: readonly string[];
  placeholder?: string;
  /** Said when there are none. */
  empty?: string;
  /** Somebody just asked for it. */
  isFocused?: boolean;
  onAdd: (item: string) => Promise<string | null>;
  onRemove: (item: string, index: number) => Promise<string | null>;
}

/** Texts that are added and removed one by one. */
export function Chips({ label, items, placeholder, empty, isFocused = false, onAdd, onRemove }: ChipsProps): ReactNode {
  const [draft, setDraft] = useState("");
  const sent = useSent();
  const field = useRef<HTMLDivElement>(null);
  const wants = useRef(isFocused);
  useEffect(() => {
    if (wants.current) field.current?.querySelector("input")?.focus();
  }, []);
  const add = (): void => {
    const item = draft.trim();
    if (item === "") return;
    setDraft("");
    sent.run(
      onAdd(item).then((refusal) => {
        if (refusal !== null) setDraft(item);
        return refusal;
      }),
    );
  };
  return (
    <div className={styles.list} ref={field}>
      <div className={styles.rowWide}>
        <Field label={label} error={sent.problem} help={items.length === 0 ? empty : undefined}>
          <TextInput
            isMono
            value={draft}
            placeholder={placeholder}
            onChange={(event) => setDraft(event.currentTarget.value)}
            onBlur={add}
            onKeyDown={(event) => {
              if (event.key === "Enter") add();
              if (event.key === "Escape") setDraft("");
            }}
          />
        </Field>
        <span className={styles.besideAction}>
          <IconButton icon={Plus} label={`Add to ${label}`} onClick={add} />
        </span>
      </div>
      {items.length > 0 && (
        <ul className={styles.chips} aria-label={`${label}: written`}>
          {items.map((item, index) => (
            <li key={`${index} ${item}`} className={styles.chip}>
              <span>{item}</span>
              <IconButton size="small" icon={X} label={`Remove ${item} from ${label}`} onClick={() => sent.run(onRemove(item, index))} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
