// Names and values, a row each: environment variables, arguments, services. A row is one entry of the mapping.
import { Plus, Trash2 } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Button, Fieldset, IconButton, TextInput } from "#ui/components";
import { useDesk } from "../desk";
import styles from "../inspector.module.css";
import type { Json } from "../wire";
import { find, isDirective, plain } from "../written";
import { Elsewhere } from "./Elsewhere";
import { Refusal } from "./Refusal";
import { TextField } from "./TextField";
import { useSent } from "./use-typed";

export interface RowsFieldProps {
  legend: string;
  /** Of one row, such as `variable`. */
  word: string;
  /** Where the mapping is, below the node. */
  keys: string[];
  help?: ReactNode;
  /** Always written as a text, even if it looks like a number. */
  isText?: boolean;
  /** Entries that have a field of their own. */
  without?: ((key: string) => boolean) | undefined;
}

/** A mapping of texts. */
export function RowsField({ legend, word, keys, help, isText = false, without }: RowsFieldProps): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const [isAdding, setAdding] = useState(false);
  const written = find(desk.written, ...keys);
  if (written !== undefined && written.form !== "map" && written.form !== "nothing") return <Elsewhere label={legend} written={written} />;
  const entries = (written?.entries ?? []).filter((entry) => entry.key === null || without?.(entry.key) !== true);
  const value = (text: string): Json => (isText ? text : plain(text));
  const taken = entries.map((entry) => entry.key ?? "");
  const isTaken = (name: string): string | undefined => (taken.includes(name) ? `${name} is there already.` : undefined);
  return (
    <Fieldset legend={<span className={styles.label}>{legend}</span>}>
      {entries.length > 0 && (
        <ul className={styles.rows}>
          {entries.map((entry) => {
            const name = entry.key ?? "";
            if (isDirective(entry.key) || entry.value.form === "map" || entry.value.form === "list") {
              return (
                <li key={entry.value.path}>
                  <Elsewhere label={name} written={entry.value} />
                </li>
              );
            }
            return (
              <li key={entry.value.path} className={styles.row}>
                <TextField
                  label={`Name of ${word} ${name}`}
                  isLabelHidden
                  isMono
                  value={name}
                  check={(draft) => (draft.trim() === "" ? "A name is needed; the button beside removes it." : isTaken(draft.trim()))}
                  save={(draft) => desk.send({ gesture: "edit", edit: { edit: "renameKey", path: entry.value.path, to: draft.trim() } })}
                />
                <TextField label={`Value of ${word} ${name}`} isLabelHidden isMono isLines={entry.value.text.includes("\n")} value={entry.value.text} save={(draft) => desk.send({ gesture: "set", node: desk.path, keys: [...keys, name], value: value(draft) })} />
                <IconButton size="small" icon={Trash2} label={`Remove ${word} ${name}`} onClick={() => sent.run(desk.send({ gesture: "set", node: desk.path, keys: [...keys, name], value: null }))} />
              </li>
            );
          })}
        </ul>
      )}
      {isAdding && (
        <NewRow
          word={word}
          isTaken={isTaken}
          onLeave={() => setAdding(false)}
          save={(name, text) => desk.send({ gesture: "set", node: desk.path, keys: [...keys, name], value: value(text) })}
        />
      )}
      <Refusal why={sent.problem} />
      {!isAdding && (
        <div>
          <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
            Add {word}
          </Button>
        </div>
      )}
      {help !== undefined && <p className={styles.note}>{help}</p>}
    </Fieldset>
  );
}

export interface NewRowProps {
  word: string;
  isTaken: (name: string) => string | undefined;
  onLeave: () => void;
  save: (name: string, value: string) => Promise<string | null>;
}

/** A row that is not written yet: it is sent when it is left with a name, or by Enter. */
export function NewRow({ word, isTaken, onLeave, save }: NewRowProps): ReactNode {
  const row = useRef<HTMLDivElement>(null);
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  const [problem, setProblem] = useState<string>();
  const isSending = useRef(false);
  // Whoever adds a row wants to write into it.
  useEffect(() => row.current?.querySelector("input")?.focus(), []);
  const leave = (): void => {
    if (isSending.current) return;
    if (name.trim() === "") {
      onLeave();
      return;
    }
    const taken = isTaken(name.trim());
    if (taken !== undefined) {
      setProblem(taken);
      return;
    }
    isSending.current = true;
    void save(name.trim(), value).then((refusal) => {
      isSending.current = false;
      if (refusal === null) onLeave();
      else setProblem(refusal);
    });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter") leave();
    if (event.key === "Escape") onLeave();
  };
  return (
    <div
      ref={row}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) leave();
      }}
    >
      <div className={styles.row}>
        <TextInput isMono aria-label={`Name of the ${word} to add`} placeholder="Name" value={name} onKeyDown={onKey} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput isMono aria-label={`Value of the ${word} to add`} placeholder="Value" value={value} onKeyDown={onKey} onChange={(event) => setValue(event.currentTarget.value)} />
        <IconButton size="small" icon={Trash2} label={`Do not add a ${word}`} onClick={onLeave} />
      </div>
      <Refusal why={problem} />
    </div>
  );
}
