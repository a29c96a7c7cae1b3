// When runs start by the clock: a card each, with its cron in words and the next moments.
import { Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, IconButton, useNow } from "#ui/components";
import { useDesk } from "../desk";
import { Card } from "../fields/Card";
import { AlsoWritten, Elsewhere } from "../fields/Elsewhere";
import { KeyFields } from "../fields/KeyField";
import { Refusal } from "../fields/Refusal";
import { restOf } from "../fields/rest-of";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { useSent } from "../fields/use-typed";
import { Within } from "../fields/Within";
import styles from "../inspector.module.css";
import { cronInWords, nextTimes, utc } from "../schedule/cron";
import type { KeySpec } from "../spec/spec";
import type { Json, WrittenView } from "../wire";
import { find, isDirective, isExpression, textOf } from "../written";

const SPECS: KeySpec[] = [
  { keys: ["branches", "include"], label: "Branches that are run", kind: "list", help: "One a line." },
  { keys: ["branches", "exclude"], label: "Branches that are not", kind: "list", help: "One a line." },
  { keys: ["always"], label: "Always", kind: "flag", help: "Even when nothing has changed.", fallback: "false" },
  { keys: ["batch"], label: "Batch", kind: "flag", help: "Not while the run before goes on.", fallback: "false" },
];
const KNOWN = new Set(["cron", "displayName", "branches", "always", "batch"]);
const NEW = ['cron: "0 3 * * *"', "displayName: Nightly", "branches:", "  include:", "    - main"];
const NEW_ITEM: Json = { $yaml: `${NEW.join("\n")}\n` };
const NEW_LIST: Json = { $yaml: `- ${NEW.join("\n  ")}\n` };

function Cron(): ReactNode {
  const desk = useDesk();
  const now = useNow();
  const cron = textOf(desk.written, "cron");
  const words = cronInWords(cron);
  const next = nextTimes(cron, now, 3);
  const help = words === undefined ? (isExpression(cron) ? "Only the expansion knows it." : "Minute, hour, day, month, day of the week, in UTC, such as 0 3 * * Mon-Fri.") : `Runs ${words}.`;
  return (
    <>
      <TextField label="Cron" isMono isRequired value={cron} help={help} save={(draft) => desk.send({ gesture: "set", node: desk.path, keys: ["cron"], value: draft })} />
      {words !== undefined && (
        <p className={styles.note}>{next.length === 0 ? "It never comes." : `Next: ${next.map(utc).join(" · ")}`}</p>
      )}
    </>
  );
}

function Schedule({ item, number, isOnly }: { item: WrittenView; number: number; isOnly: boolean }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const name = textOf(item, "displayName");
  const title = name === "" ? `Schedule ${number}` : name;
  const branches = find(item, "branches");
  return (
    <Card
      label={title}
      title={title}
      note={textOf(item, "cron")}
      isOpen={isOnly}
      problem={sent.problem}
      actions={<IconButton size="small" icon={Trash2} label={`Remove the schedule ${title}`} onClick={() => sent.run(desk.send({ gesture: "edit", edit: { edit: "remove", path: item.path } }))} />}
    >
      <Within item={item}>
        <Cron />
        <KeyFields specs={[{ keys: ["displayName"], label: "Display name", kind: "text" }, ...(branches?.form === "list" ? [{ keys: ["branches"], label: "Branches that are run", kind: "list", help: "One a line." } satisfies KeySpec, ...SPECS.slice(2)] : SPECS)]} />
        <AlsoWritten entries={restOf(item, KNOWN)} />
      </Within>
    </Card>
  );
}

export function SchedulesSection(): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const written = find(desk.written, "schedules");
  const items = written?.form === "list" ? written.entries : [];
  const isOdd = written !== undefined && written.form !== "list" && written.form !== "nothing";
  // Whoever adds one wants to fill it in.
  const [fresh, setFresh] = useState<number>();
  const add = (): void => {
    setFresh(items.length);
    sent.run(written?.form === "list" && items.length > 0 ? desk.send({ gesture: "edit", edit: { edit: "insertItem", path: written.path, value: NEW_ITEM } }) : desk.send({ gesture: "set", node: "", keys: ["schedules"], value: NEW_LIST }));
  };
  return (
    <Section title="Schedules" isOpen={items.length > 0} note={items.length === 0 ? undefined : String(items.length)}>
      {isOdd && <Elsewhere label="schedules" written={written} />}
      <ul className={styles.list}>
        {items.map(({ value }, at) => (isDirective(value.entries[0]?.key ?? null) || value.form !== "map" ? <li key={value.path}><Elsewhere label={value.entries[0]?.key ?? "item"} written={value} /></li> : <Schedule key={value.path} item={value} number={at + 1} isOnly={items.length === 1 || at === fresh} />))}
      </ul>
      <Refusal why={sent.problem} />
      {!isOdd && (
        <div>
          <Button size="small" icon={Plus} onClick={add}>
            Add schedule
          </Button>
        </div>
      )}
    </Section>
  );
}
