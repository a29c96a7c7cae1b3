// Variables of the pipeline, a stage or a job, in whichever of their two forms the file has, and their groups.
import { List, Lock, LockOpen, Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Fieldset, IconButton } from "#ui/components";
import { useDesk } from "../desk";
import { Elsewhere } from "../fields/Elsewhere";
import { Chips } from "../fields/ListField";
import { Refusal } from "../fields/Refusal";
import { NewRow } from "../fields/RowsField";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { useSource } from "../fields/use-sources";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import type { Edit, EditAt, Json, WrittenView } from "../wire";
import { find, isDirective, plain } from "../written";
import { variablesAsList } from "./variables-list";

interface VariableRow {
  name: string;
  value: WrittenView | undefined;
  /** The item of the list form. */
  item: WrittenView | undefined;
}

/** Rows, groups, and what is left to the text. */
export function variablesOf(written: WrittenView | undefined): { rows: VariableRow[]; groups: { name: string; path: string }[]; rest: WrittenView["entries"] } {
  const rows: VariableRow[] = [];
  const groups: { name: string; path: string }[] = [];
  const rest: WrittenView["entries"] = [];
  for (const entry of written?.entries ?? []) {
    const { key, value } = entry;
    const isScalar = (of: WrittenView | undefined): boolean => of === undefined || of.form === "text" || of.form === "nothing";
    const name = find(value, "name");
    const group = find(value, "group");
    if (written?.form === "map" && key !== null && !isDirective(key) && isScalar(value)) rows.push({ name: key, value, item: undefined });
    else if (written?.form === "list" && name?.form === "text" && isScalar(find(value, "value"))) rows.push({ name: name.text, value: find(value, "value"), item: value });
    else if (written?.form === "list" && group?.form === "text") groups.push({ name: group.text, path: value.path });
    else rest.push({ key: key ?? find(value, "template")?.text ?? value.entries[0]?.key ?? "item", value });
  }
  return { rows, groups, rest };
}

function Groups({ written, groups }: { written: WrittenView | undefined; groups: { name: string; path: string }[] }): ReactNode {
  const desk = useDesk();
  const known = useSource("groups");
  const sent = useSent();
  const isMap = written?.form === "map" && written.entries.length > 0;
  const path = written?.path ?? `${desk.path}/variables`;
  const add = (name: string): Promise<string | null> =>
    written === undefined || written.form === "nothing" || written.entries.length === 0
      ? desk.send({ gesture: "set", node: desk.path, keys: ["variables"], value: [{ group: name }] })
      : desk.send({ gesture: "edit", edit: { edit: "insertItem", path, value: { group: name } } });
  if (isMap) {
    const list = variablesAsList(desk.text(), written);
    return (
      <>
        <p className={styles.note}>A group needs the list form of variables. These are written as a mapping{list === undefined ? "; rewrite them in the text to take a group." : "."}</p>
        {list !== undefined && (
          <div>
            <Button size="small" icon={List} onClick={() => sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["variables"], value: list }))}>
              Rewrite as a list
            </Button>
          </div>
        )}
        <Refusal why={sent.problem} />
      </>
    );
  }
  const offered = known.filter(({ value }) => !groups.some((group) => group.name === value));
  return (
    <>
      <Chips label="Variable groups" items={groups.map(({ name }) => name)} placeholder="Name of a group" onAdd={add} onRemove={(_name, index) => desk.send({ gesture: "edit", edit: { edit: "remove", path: groups[index]?.path ?? "" } })} />
      {offered.length > 0 && (
        <div className={styles.buttons}>
          {offered.slice(0, 8).map(({ value }) => (
            <Button key={value} size="small" icon={Plus} aria-label={`Add the group ${value}`} onClick={() => sent.run(add(value))}>
              {value}
            </Button>
          ))}
        </div>
      )}
      <Refusal why={sent.problem} />
    </>
  );
}

function ReadOnly({ name, item, onChange }: { name: string; item: WrittenView; onChange: (isOn: boolean) => void }): ReactNode {
  const isOn = find(item, "readonly")?.text.toLowerCase() === "true";
  return <IconButton size="small" icon={isOn ? Lock : LockOpen} label={`${name} is read-only`} isPressed={isOn} onClick={() => onChange(!isOn)} />;
}

export function VariablesSection(): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const [isAdding, setAdding] = useState(false);
  const written = find(desk.written, "variables");
  const { rows, groups, rest } = variablesOf(written);
  const at: EditAt = desk.path === "" ? {} : { path: desk.path };
  const edit = (one: Edit): Promise<string | null> => desk.send({ gesture: "edit", edit: one });
  const set = (name: string, value: Json): Promise<string | null> => edit({ edit: "setVariable", at, name, value });
  const isTaken = (name: string): string | undefined => (rows.some((row) => row.name.toLowerCase() === name.toLowerCase()) ? `${name} is there already.` : undefined);
  const readonly = (item: WrittenView, isReadonly: boolean): Promise<string | null> => {
    const path = `${item.path}/readonly`;
    if (!isReadonly) return edit({ edit: "remove", path });
    return find(item, "readonly") === undefined ? edit({ edit: "insertEntry", path: item.path, key: "readonly", value: true }) : edit({ edit: "set", path, value: true });
  };
  const count = rows.length + groups.length + rest.length;
  return (
    <Section title="Variables" isOpen={count > 0} note={count === 0 ? undefined : String(count)}>
      {written?.form === "text" ? (
        <Elsewhere label="variables" written={written} />
      ) : (
        <>
          <Fieldset legend={<span className={styles.label}>Variables</span>}>
            {rows.length > 0 && (
              <ul className={styles.rows}>
                {rows.map((row) => (
                  <li key={row.item?.path ?? row.value?.path ?? row.name}>
                    <div className={styles.row}>
                      <TextField
                        label={`Name of variable ${row.name}`}
                        isLabelHidden
                        isMono
                        value={row.name}
                        check={(draft) => (draft.trim() === "" ? "A name is needed; the button beside removes it." : isTaken(draft.trim()))}
                        save={(draft) => edit({ edit: "renameVariable", at, name: row.name, to: draft.trim() })}
                      />
                      <TextField label={`Value of variable ${row.name}`} isLabelHidden isMono isLines={row.value?.text.includes("\n") ?? false} value={row.value?.text ?? ""} save={(draft) => set(row.name, plain(draft))} />
                      <span className={styles.rowButtons}>
                        {row.item !== undefined && <ReadOnly name={row.name} item={row.item} onChange={(isOn) => sent.run(readonly(row.item ?? desk.written, isOn))} />}
                        <IconButton size="small" icon={Trash2} label={`Remove variable ${row.name}`} onClick={() => sent.run(edit({ edit: "removeVariable", at, name: row.name }))} />
                      </span>
                    </div>
                  </li>
                ))}
              </ul>
            )}
            {isAdding ? (
              <NewRow word="variable" isTaken={isTaken} onLeave={() => setAdding(false)} save={(name, value) => set(name, plain(value))} />
            ) : (
              <div>
                <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
                  Add variable
                </Button>
              </div>
            )}
          </Fieldset>
          <Refusal why={sent.problem} />
          <Groups written={written} groups={groups} />
          {rest.map(({ key, value }) => (
            <Elsewhere key={value.path} label={key ?? "item"} written={value} />
          ))}
        </>
      )}
    </Section>
  );
}
