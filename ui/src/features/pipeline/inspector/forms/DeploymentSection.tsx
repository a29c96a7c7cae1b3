// What a deployment job deploys to, and how: its strategy, the numbers of it, and which of its hooks there are.
import { Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Field, IconButton, plural, Select } from "#ui/components";
import { useDesk } from "../desk";
import { Elsewhere } from "../fields/Elsewhere";
import { KeyField, ShortFields } from "../fields/KeyField";
import { Section } from "../fields/Section";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import { ENVIRONMENT, type KeySpec } from "../spec/spec";
import type { Edit } from "../wire";
import { find, has, textOf } from "../written";

const WAYS = [
  { value: "runOnce", label: "Run once: each part once" },
  { value: "rolling", label: "Rolling: machine by machine" },
  { value: "canary", label: "Canary: in growing shares" },
];
const HOOKS: readonly { keys: string[]; word: string; help: string }[] = [
  { keys: ["preDeploy"], word: "preDeploy", help: "before the deployment" },
  { keys: ["deploy"], word: "deploy", help: "the deployment itself" },
  { keys: ["routeTraffic"], word: "routeTraffic", help: "leads traffic to the new version" },
  { keys: ["postRouteTraffic"], word: "postRouteTraffic", help: "after it, such as watching its health" },
  { keys: ["on", "success"], word: "on.success", help: "when all parts succeeded" },
  { keys: ["on", "failure"], word: "on.failure", help: "when a part failed" },
];

const numbers: Record<string, KeySpec> = {
  rolling: { keys: ["strategy", "rolling", "maxParallel"], label: "Machines at once", kind: "mono", help: "A number or a percentage, such as 25%." },
  canary: { keys: ["strategy", "canary", "increments"], label: "Shares in percent", kind: "list", help: "One a line, such as 10, then 20; 100 follows by itself." },
};

/** The edits that make one strategy out of another and keep its hooks. */
export function strategyEdits(path: string, from: string, to: string, hasNumber: boolean): Edit {
  const edits: Edit[] = [];
  if (hasNumber) edits.push({ edit: "remove", path: `${path}/strategy/${from}/${from === "canary" ? "increments" : "maxParallel"}` });
  edits.push({ edit: "renameKey", path: `${path}/strategy/${from}`, to });
  // A canary without shares would be none.
  if (to === "canary") edits.push({ edit: "insertEntry", path: `${path}/strategy/canary`, index: 0, key: "increments", value: [10, 20] });
  return edits.length === 1 && edits[0] !== undefined ? edits[0] : { edit: "all", edits };
}

export function DeploymentSection(): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const strategy = find(desk.written, "strategy");
  const way = WAYS.find(({ value }) => has(strategy, value))?.value;
  const parts = way === undefined ? undefined : find(strategy, way);
  const number = way === undefined ? undefined : numbers[way];
  const choose = (next: string): void => {
    if (way !== undefined) sent.run(desk.send({ gesture: "edit", edit: strategyEdits(desk.path, way, next, number !== undefined && has(desk.written, ...number.keys)) }));
    else sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["strategy", next, "deploy", "steps"], value: [] }));
  };
  // Hooks stand in the order in which they run.
  const add = (hook: (typeof HOOKS)[number]): void => {
    const [key = "", inner] = hook.keys;
    if (parts === undefined || has(parts, key)) {
      sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["strategy", way ?? "", ...hook.keys, "steps"], value: [] }));
      return;
    }
    const before = HOOKS.slice(0, HOOKS.indexOf(hook)).map(({ keys }) => keys[0]);
    const index = parts.entries.filter((entry) => !HOOKS.some(({ keys }) => keys[0] === entry.key) || before.includes(entry.key ?? "")).length;
    sent.run(desk.send({ gesture: "edit", edit: { edit: "insertEntry", path: parts.path, index, key, value: inner === undefined ? { steps: [] } : { [inner]: { steps: [] } } } }));
  };
  const environment = find(desk.written, "environment");
  return (
    <>
      <Section title="Environment" isOpen note={environment?.text || textOf(environment, "name") || undefined}>
        <ShortFields of={ENVIRONMENT} />
      </Section>
      <Section title="Strategy" isOpen note={way}>
        {strategy !== undefined && way === undefined && strategy.form !== "nothing" ? (
          <Elsewhere label="strategy" written={strategy} />
        ) : (
          <Field label="How it is deployed" error={sent.problem}>
            <Select options={way === undefined ? [{ value: "", label: "Nothing" }, ...WAYS] : WAYS} value={way ?? ""} onChange={(event) => event.currentTarget.value !== "" && choose(event.currentTarget.value)} />
          </Field>
        )}
        {number !== undefined && <KeyField spec={number} />}
        {way !== undefined && (
          <ul className={styles.rows} aria-label="Hooks">
            {HOOKS.map((hook) => {
              const found = find(parts, ...hook.keys);
              const keys = ["strategy", way, ...hook.keys];
              const steps = find(found, "steps");
              return (
                <li key={hook.word} className={styles.rowWide}>
                  <span>
                    <span className={styles.mono}>{hook.word}</span> <span className={styles.note}>{found === undefined ? hook.help : plural(steps?.entries.length ?? 0, "step")}</span>
                  </span>
                  {found === undefined ? (
                    <Button size="small" icon={Plus} aria-label={`Add the hook ${hook.word}`} onClick={() => add(hook)}>
                      Add
                    </Button>
                  ) : (
                    hook.word !== "deploy" && <IconButton size="small" icon={Trash2} label={`Remove the hook ${hook.word} and its steps`} onClick={() => sent.run(desk.send({ gesture: "set", node: desk.path, keys, value: null }))} />
                  )}
                </li>
              );
            })}
          </ul>
        )}
      </Section>
    </>
  );
}
