// How a job is multiplied: legs with their variables in a table, or slices. Each cell is one value of the file.
import { Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Field, IconButton, Segmented, TextInput } from "#ui/components";
import { useDesk } from "../desk";
import { Elsewhere } from "../fields/Elsewhere";
import { KeyField } from "../fields/KeyField";
import { Refusal } from "../fields/Refusal";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { useChosen, useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import type { KeySpec } from "../spec/spec";
import type { Json, WrittenView } from "../wire";
import { find, isDirective, plain, yamlOf } from "../written";
import { nameProblem } from "./Names";

const PARALLEL: KeySpec = { keys: ["strategy", "parallel"], label: "Slices", kind: "number", help: "How many agents run the same job." };
const MOST: KeySpec = { keys: ["strategy", "maxParallel"], label: "At once", kind: "number", help: "How many run at the same time; all of them if left out." };

type Way = "none" | "matrix" | "parallel";

/** Adds a leg or a variable by its name. */
function Add({ word, taken, save }: { word: string; taken: readonly string[]; save: (name: string) => Promise<string | null> }): ReactNode {
  const [draft, setDraft] = useState("");
  const [problem, setProblem] = useState<string>();
  const add = (): void => {
    const name = draft.trim();
    if (name === "") return;
    const wrong = taken.includes(name) ? `${name} is there already.` : nameProblem(name);
    setProblem(wrong);
    if (wrong !== undefined) return;
    void save(name).then((refusal) => {
      if (refusal === null) setDraft("");
      else setProblem(refusal);
    });
  };
  return (
    <div className={styles.rowWide}>
      <Field label={`Name of the ${word} to add`} isLabelHidden error={problem}>
        <TextInput isMono placeholder={`Add a ${word}`} value={draft} onChange={(event) => setDraft(event.currentTarget.value)} onKeyDown={(event) => event.key === "Enter" && add()} />
      </Field>
      <IconButton icon={Plus} label={`Add the ${word}`} onClick={add} />
    </div>
  );
}

function Matrix({ matrix }: { matrix: WrittenView }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const legs = matrix.entries.filter((entry) => !isDirective(entry.key) && entry.value.form === "map");
  const rest = matrix.entries.filter((entry) => !legs.includes(entry));
  const names = [...new Set(legs.flatMap((leg) => leg.value.entries.map(({ key }) => key ?? "")))].filter((name) => name !== "" && !isDirective(name));
  const [fresh, setFresh] = useState<string[]>([]);
  const columns = [...names, ...fresh.filter((name) => !names.includes(name))];
  const set = (leg: string, name: string, value: Json): Promise<string | null> => desk.send({ gesture: "set", node: desk.path, keys: ["strategy", "matrix", leg, name], value });
  return (
    <>
      <div className={styles.matrix}>
        <table>
          <thead>
            <tr>
              <th scope="col">Leg</th>
              {columns.map((name) => (
                <th key={name} scope="col" className={styles.mono}>
                  {name}
                </th>
              ))}
              <th scope="col">
                <span className="visuallyHidden">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {legs.map((leg) => {
              const of = leg.key ?? "";
              return (
                <tr key={leg.value.path}>
                  <th scope="row">
                    <TextField label={`Name of leg ${of}`} isLabelHidden isMono value={of} check={(draft) => (legs.some((other) => other.key === draft.trim()) ? `${draft.trim()} is there already.` : nameProblem(draft.trim()))} save={(draft) => desk.send({ gesture: "edit", edit: { edit: "renameKey", path: leg.value.path, to: draft.trim() } })} />
                  </th>
                  {columns.map((name) => {
                    const value = find(leg.value, name);
                    return (
                      <td key={name}>
                        {value?.form === "map" || value?.form === "list" ? <Elsewhere label={name} written={value} /> : <TextField label={`${name} of leg ${of}`} isLabelHidden isMono value={value?.text ?? ""} save={(draft) => set(of, name, draft === "" ? null : plain(draft))} />}
                      </td>
                    );
                  })}
                  <td>
                    <IconButton icon={Trash2} label={`Remove leg ${of}`} onClick={() => sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["strategy", "matrix", of], value: null }))} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <Refusal why={sent.problem} />
      <Add word="leg" taken={legs.map(({ key }) => key ?? "")} save={(name) => desk.send({ gesture: "set", node: desk.path, keys: ["strategy", "matrix", name], value: yamlOf((columns.length === 0 ? ["variable"] : columns).map((column) => [column, ""])) })} />
      <Add
        word="variable"
        taken={columns}
        save={(name) => {
          // It is written once a leg has a value for it.
          setFresh((now) => [...now, name]);
          return Promise.resolve(null);
        }}
      />
      {rest.map(({ key, value }) => (
        <Elsewhere key={value.path} label={key ?? "leg"} written={value} />
      ))}
    </>
  );
}

/** Of a job, or of the one job that a file with steps only is. */
export function StrategySection(): ReactNode {
  const desk = useDesk();
  const strategy = find(desk.written, "strategy");
  const matrix = find(strategy, "matrix");
  const way: Way = matrix !== undefined ? "matrix" : find(strategy, "parallel") !== undefined ? "parallel" : "none";
  const values: Record<Way, Json> = { none: null, matrix: { matrix: { Linux: { image: "ubuntu-latest" }, Windows: { image: "windows-latest" } } }, parallel: { parallel: 2 } };
  const chosen = useChosen<Way>(way, (next) => desk.send({ gesture: "set", node: desk.path, keys: ["strategy"], value: values[next] }));
  const isOdd = strategy !== undefined && strategy.form !== "map" && strategy.form !== "nothing";
  if (isOdd) return <Section title="Strategy" isOpen><Elsewhere label="strategy" written={strategy} /></Section>;
  return (
    <Section title="Strategy" isOpen={way !== "none"} note={way === "none" ? undefined : way}>
      <Segmented
        label="Strategy"
        options={[
          { value: "none", label: "Once" },
          { value: "matrix", label: "Matrix" },
          { value: "parallel", label: "Slices" },
        ]}
        value={chosen.shown}
        onChange={chosen.choose}
      />
      <Refusal why={chosen.problem} />
      {way === "matrix" && matrix !== undefined && (matrix.form === "map" ? <Matrix matrix={matrix} /> : <TextField label="Legs as an expression" isMono value={matrix.text} help="A $[ ] that gives the legs as JSON." save={(draft) => desk.send({ gesture: "set", node: desk.path, keys: ["strategy", "matrix"], value: draft === "" ? null : draft })} />)}
      {way === "parallel" && <KeyField spec={PARALLEL} />}
      {way !== "none" && <KeyField spec={MOST} />}
      {way === "none" && (
        <p className={styles.note}>
          A matrix runs the job once for each leg, with the leg’s variables. <span className={styles.mono}>$(image)</span> in the pool makes it run on each.
        </p>
      )}
    </Section>
  );
}

