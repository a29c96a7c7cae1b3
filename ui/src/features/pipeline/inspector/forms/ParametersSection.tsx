// What is asked for before a run, or what a template takes: a card each.
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { Button, IconButton } from "#ui/components";
import { useDesk } from "../desk";
import { Card } from "../fields/Card";
import { FlagField, NumberField, PickField } from "../fields/ChoiceField";
import { AlsoWritten, Elsewhere } from "../fields/Elsewhere";
import { KeyFields } from "../fields/KeyField";
import { Refusal } from "../fields/Refusal";
import { restOf } from "../fields/rest-of";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { useSent } from "../fields/use-typed";
import { Within } from "../fields/Within";
import styles from "../inspector.module.css";
import type { KeySpec } from "../spec/spec";
import type { Edit, Json, WrittenView } from "../wire";
import { find, isDirective, textOf, textsOf, yamlOf } from "../written";

const TYPES = ["string", "stringList", "number", "boolean", "object", "step", "stepList", "job", "jobList", "deployment", "deploymentList", "stage", "stageList", "container", "containerList", "environment", "filePath", "pool", "secureFile", "serviceConnection"];
const SPECS: KeySpec[] = [
  { keys: ["displayName"], label: "Display name", kind: "text" },
  { keys: ["type"], label: "Type", kind: "pick", options: TYPES, fallback: "string" },
];
const VALUES: KeySpec = { keys: ["values"], label: "Allowed values", kind: "list", help: "One a line; any value if left out." };
const KNOWN = new Set(["name", "displayName", "type", "default", "values"]);

function Default({ item, set }: { item: WrittenView; set: (value: Json) => Promise<string | null> }): ReactNode {
  const written = find(item, "default");
  const type = textOf(item, "type") || "string";
  const values = textsOf(find(item, "values")) ?? [];
  if (written !== undefined && (written.form === "map" || written.form === "list")) return <Elsewhere label="default" written={written} />;
  const value = written?.text ?? "";
  const help = written === undefined ? "Without one, a value must be given." : undefined;
  if (type === "boolean") return <FlagField label="Default" help={help} value={value} save={set} />;
  if (type === "number" && values.length === 0) return <NumberField label="Default" help={help} value={value} save={set} />;
  if (values.length > 0) return <PickField label="Default" help={help} value={value} options={values} save={set} />;
  return <TextField label="Default" isMono help={help} value={value} save={(draft) => set(draft === "" ? null : draft)} />;
}

function Parameter({ item, index, count, isOpen, isTaken }: { item: WrittenView; index: number; count: number; isOpen: boolean; isTaken: (name: string) => boolean }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const name = textOf(item, "name");
  const edit = (one: Edit): Promise<string | null> => desk.send({ gesture: "edit", edit: one });
  const setEdit = useCallback((keys: readonly string[], value: Json): Edit | undefined => (keys.length === 1 && name !== "" ? { edit: "setParameter", name, key: keys[0] ?? "", value } : undefined), [name]);
  const move = (to: number): void => sent.run(edit({ edit: "move", path: item.path, index: to }));
  return (
    <Card
      label={`Parameter ${name}`}
      title={name}
      note={textOf(item, "type") || "string"}
      isOpen={isOpen}
      problem={sent.problem}
      actions={
        <>
          {index > 0 && <IconButton size="small" icon={ArrowUp} label={`Move ${name} up`} onClick={() => move(index - 1)} />}
          {index < count - 1 && <IconButton size="small" icon={ArrowDown} label={`Move ${name} down`} onClick={() => move(index + 1)} />}
          <IconButton size="small" icon={Trash2} label={`Remove the parameter ${name}`} onClick={() => sent.run(edit({ edit: "removeParameter", name }))} />
        </>
      }
    >
      <TextField label="Name" isMono isRequired value={name} help="Expressions that use it follow." check={(draft) => (draft.trim() === "" ? "A name is needed." : isTaken(draft.trim()) ? `${draft.trim()} is there already.` : undefined)} save={(draft) => edit({ edit: "renameParameter", name, to: draft.trim() })} />
      <Within item={item} edit={setEdit}>
        <KeyFields specs={SPECS} />
        <Default item={item} set={(value) => edit({ edit: "setParameter", name, key: "default", value })} />
        <KeyFields specs={[VALUES]} />
        <AlsoWritten entries={restOf(item, KNOWN)} />
      </Within>
    </Card>
  );
}

export function ParametersSection(): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const written = find(desk.written, "parameters");
  const items = written?.form === "list" ? written.entries.map(({ value }) => value) : [];
  const names = items.map((item) => textOf(item, "name"));
  const isOdd = written !== undefined && written.form !== "list" && written.form !== "nothing";
  const fresh = (): string => {
    let number = 1;
    while (names.includes(`parameter${number}`)) number += 1;
    return `parameter${number}`;
  };
  // Whoever adds one wants to fill it in.
  const [opened, setOpened] = useState<number>();
  const add = (): void => {
    setOpened(items.length);
    const entries = [["name", fresh()], ["type", "string"], ["default", ""]] as const;
    sent.run(written?.form === "list" && items.length > 0 ? desk.send({ gesture: "edit", edit: { edit: "insertItem", path: written.path, value: yamlOf(entries) } }) : desk.send({ gesture: "set", node: "", keys: ["parameters"], value: yamlOf(entries, "list") }));
  };
  return (
    <Section title="Parameters" isOpen={items.length > 0} note={items.length === 0 ? undefined : String(items.length)}>
      {isOdd && <Elsewhere label="parameters" written={written} />}
      <ul className={styles.list}>
        {items.map((item, at) =>
          isDirective(item.entries[0]?.key ?? null) || textOf(item, "name") === "" ? (
            <li key={item.path}>
              <Elsewhere label={item.entries[0]?.key ?? "item"} written={item} />
            </li>
          ) : (
            <Parameter key={item.path} item={item} index={at} count={items.length} isOpen={items.length === 1 || at === opened} isTaken={(name) => names.some((other, index) => index !== at && other.toLowerCase() === name.toLowerCase())} />
          ),
        )}
      </ul>
      <Refusal why={sent.problem} />
      {!isOdd && (
        <div>
          <Button size="small" icon={Plus} onClick={add}>
            Add parameter
          </Button>
        </div>
      )}
    </Section>
  );
}
