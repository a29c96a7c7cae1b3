// What starts the pipeline: pushes and pull requests, with their filters. Each pattern is one edit.
import type { ReactNode } from "react";
import { Segmented } from "#ui/components";
import { useDesk } from "../desk";
import { FlagField } from "../fields/ChoiceField";
import { Elsewhere } from "../fields/Elsewhere";
import { Chips } from "../fields/ListField";
import { Section } from "../fields/Section";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import type { FilterList, FilterOn, Json, TriggerKey, WrittenView } from "../wire";
import { find, textOf, textsOf } from "../written";

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

function Filters({ word, written }: { word: TriggerKey; written: WrittenView | undefined }): ReactNode {
  const desk = useDesk();
  const kinds: FilterOn[] = word === "pr" ? ["branches", "paths"] : ["branches", "paths", "tags"];
  return kinds.flatMap((on) =>
    (["include", "exclude"] as const).map((list) => {
      const patterns = patternsOf(written, on, list);
      const label = `${WORDS[on]} that ${list === "include" ? "count" : "do not count"}`;
      if (patterns === undefined) return <Elsewhere key={`${on} ${list}`} label={label} written={find(written, on) ?? desk.written} />;
      const edit = (verb: "addFilter" | "removeFilter", pattern: string): Promise<string | null> => desk.send({ gesture: "edit", edit: { edit: verb, trigger: word, on, list, pattern } });
      return <Chips key={`${on} ${list}`} label={label} items={patterns} placeholder={on === "paths" ? "src/*" : on === "tags" ? "v*" : "release/*"} onAdd={(pattern) => edit("addFilter", pattern)} onRemove={(pattern) => edit("removeFilter", pattern)} />;
    }),
  );
}

export function TriggerSection({ word }: { word: TriggerKey }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const written = find(desk.written, word);
  const way = wayOf(written);
  const set = (value: Json): Promise<string | null> => desk.send({ gesture: "edit", edit: { edit: "setTrigger", trigger: word, value } });
  const values: Record<Way, Json> = { all: null, none: "none", some: ["main"] };
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
            value={way ?? "all"}
            onChange={(next) => sent.run(set(values[next]))}
          />
          {sent.problem !== undefined && (
            <p className={styles.problem} role="alert">
              {sent.problem}
            </p>
          )}
          {word === "pr" && way !== "none" && <p className={styles.note}>Pull requests of GitHub and Bitbucket; those of Azure Repos are set by its branch policies.</p>}
          {way === "some" && (
            <>
              <Filters word={word} written={written} />
              {FLAGS[word].map(({ key, label, help, fallback }) => (
                <FlagField key={key} label={label} help={help} fallback={fallback} value={textOf(written, key)} save={(value) => flag(key, value)} />
              ))}
            </>
          )}
        </>
      )}
    </Section>
  );
}
