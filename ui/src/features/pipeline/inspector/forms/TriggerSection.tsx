// What starts the pipeline: pushes and pull requests, with their filters. Each pattern is one edit.
import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button, Segmented } from "#ui/components";
import { useDesk } from "../desk";
import { FlagField } from "../fields/ChoiceField";
import { Elsewhere } from "../fields/Elsewhere";
import { Chips } from "../fields/ListField";
import { Refusal } from "../fields/Refusal";
import { Section } from "../fields/Section";
import { useChosen } from "../fields/use-typed";
import styles from "../inspector.module.css";
import type { FilterList, FilterOn, Json, TriggerKey, WrittenView } from "../wire";
import { find, has, textOf, textsOf } from "../written";

type Way = "all" | "none" | "some";

/** In which way a trigger is written; undefined when only the text can show it. */
export function wayOf(written: WrittenView | undefined): Way | undefined {
  if (written === undefined || written.form === "nothing") return "all";
  if (written.form === "text") return written.text.toLowerCase() === "none" ? "none" : undefined;
  return "some";
}

/** The patterns of a filter, in whichever form it is written. */
export function patternsOf(written: WrittenView | undefined, on: FilterOn, list: FilterList): string[] | undefined {
  const isShort = list === "include";
  if (written?.form === "list") return on === "branches" && isShort ? textsOf(written) : [];
  const filter = find(written, on);
  if (filter?.form === "list") return isShort ? textsOf(filter) : [];
  return textsOf(find(filter, list));
}

const WORDS: Record<FilterOn, string> = { branches: "Branches", paths: "Paths", tags: "Tags" };
const FLAGS: Record<TriggerKey, readonly { key: string; label: string; help: string; fallback: string }[]> = {
  trigger: [
    { key: "batch", label: "Batch", help: "While a run goes on, gather further pushes into one.", fallback: "false" },
    { key: "enabled", label: "On", help: "Whether this trigger is on.", fallback: "true" },
  ],
  pr: [
    { key: "autoCancel", label: "Cancel the run before", help: "When another push comes.", fallback: "true" },
    { key: "drafts", label: "Drafts", help: "Whether drafts start a run.", fallback: "true" },
  ],
};

const LISTS: readonly { on: FilterOn; list: FilterList }[] = (["branches", "paths", "tags"] as const).flatMap((on) => [{ on, list: "include" as const }, { on, list: "exclude" as const }]);

/** Branches that count, what else is written, and what else was asked for. */
function Filters({ word, written }: { word: TriggerKey; written: WrittenView | undefined }): ReactNode {
  const desk = useDesk();
  const [asked, setAsked] = useState<string[]>([]);
  const all = LISTS.filter(({ on }) => word === "trigger" || on !== "tags").map(({ on, list }) => ({ on, list, id: `${on} ${list}`, label: `${WORDS[on]} that ${list === "include" ? "count" : "do not count"}`, patterns: patternsOf(written, on, list) }));
  const isShown = ({ id, patterns }: (typeof all)[number]): boolean => id === "branches include" || patterns === undefined || patterns.length > 0 || asked.includes(id);
  return (
    <>
      {all.filter(isShown).map(({ on, list, id, label, patterns }) => {
        if (patterns === undefined) return <Elsewhere key={id} label={label} written={find(written, on) ?? desk.written} />;
        const edit = (verb: "addFilter" | "removeFilter", pattern: string): Promise<string | null> => desk.send({ gesture: "edit", edit: { edit: verb, trigger: word, on, list, pattern } });
        return <Chips key={id} label={label} items={patterns} isFocused={asked.includes(id)} placeholder={on === "paths" ? "src/*" : on === "tags" ? "v*" : "release/*"} onAdd={(pattern) => edit("addFilter", pattern)} onRemove={(pattern) => edit("removeFilter", pattern)} />;
      })}
      <div className={styles.buttons}>
        {all.filter((one) => !isShown(one)).map(({ id, label }) => (
          <Button key={id} size="small" icon={Plus} onClick={() => setAsked((now) => [...now, id])}>
            {label}
          </Button>
        ))}
      </div>
    </>
  );
}

export function TriggerSection({ word }: { word: TriggerKey }): ReactNode {
  const desk = useDesk();
  const written = find(desk.written, word);
  const way = wayOf(written);
  const set = (value: Json): Promise<string | null> => desk.send({ gesture: "edit", edit: { edit: "setTrigger", trigger: word, value } });
  const values: Record<Way, Json> = { all: null, none: "none", some: ["main"] };
  const chosen = useChosen<Way>(way ?? "all", (next) => set(values[next]));
  const flag = (key: string, value: Json): Promise<string | null> => desk.send({ gesture: "set", node: "", keys: [word, key], value });
  const title = word === "trigger" ? "Pushes" : "Pull requests";
  return (
    <Section title={title} isOpen={word === "trigger" || written !== undefined} note={way === "all" ? "every branch" : way === "none" ? "none" : undefined}>
      {way === undefined && written !== undefined ? (
        <Elsewhere label={word} written={written} />
      ) : (
        <>
          <Segmented
            label={word === "trigger" ? "Pushes that start a run" : "Pull requests that start a run"}
            options={[
              { value: "all", label: "All" },
              { value: "none", label: "None" },
              { value: "some", label: "Some" },
            ]}
            value={chosen.shown}
            onChange={chosen.choose}
          />
          <Refusal why={chosen.problem} />
          {word === "pr" && way !== "none" && <p className={styles.note}>Pull requests of GitHub and Bitbucket; those of Azure Repos are set by its branch policies.</p>}
          {way === "some" && (
            <>
              <Filters word={word} written={written} />
              {FLAGS[word].filter(({ key }) => key !== "enabled" || has(written, key)).map(({ key, label, help, fallback }) => (
                <FlagField key={key} label={label} help={help} fallback={fallback} value={textOf(written, key)} save={(value) => flag(key, value)} />
              ))}
            </>
          )}
        </>
      )}
    </Section>
  );
}
