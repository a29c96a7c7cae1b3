// What a stage or job waits for: the others in reach, a box each. Each box is one connection.
import type { ReactNode } from "react";
import { Checkbox, Fieldset, Segmented } from "#ui/components";
import { useDesk } from "../desk";
import styles from "../inspector.module.css";
import type { BoardNodeView } from "../wire";
import { besides, find, isExpression, textsOf } from "../written";
import { Elsewhere } from "./Elsewhere";
import { Refusal } from "./Refusal";
import { useSent } from "./use-typed";

type Way = "unsaid" | "nothing" | "these";

export function NamesField({ node, word }: { node: BoardNodeView; word: "stage" | "job" }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const written = find(desk.written, "dependsOn");
  const names = textsOf(written);
  const others = besides(desk.board, node.path);
  if (written !== undefined && (names === undefined || names.some(isExpression))) return <Elsewhere label="dependsOn" written={written} />;
  const now = names ?? [];
  const way: Way = written === undefined ? "unsaid" : now.length === 0 ? "nothing" : "these";
  const isMeant = (name: string): boolean => now.some((own) => own.toLowerCase() === name.toLowerCase());
  const unknown = now.filter((name) => !others.some((other) => other.name.toLowerCase() === name.toLowerCase()));
  const before = others.findLast((other) => other.start < node.start);
  const choose = (next: Way): void => {
    if (next === "unsaid") sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["dependsOn"], value: null }));
    else if (next === "nothing") sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["dependsOn"], value: [] }));
    // What a stage waits for without saying so is said.
    else if (word === "stage" && before !== undefined && way === "unsaid") sent.run(desk.send({ gesture: "set", node: desk.path, keys: ["dependsOn"], value: before.name }));
    else if (others[0] !== undefined) sent.run(desk.send({ gesture: "connect", from: others[0].path, to: desk.path }));
  };
  // A job that says nothing waits for nothing; a stage that says nothing waits for the one before.
  const options: { value: Way; label: string }[] = [
    { value: "unsaid", label: word === "stage" ? "The one before" : "Nothing" },
    ...(word === "stage" || way === "nothing" ? [{ value: "nothing" as const, label: word === "stage" ? "Nothing" : "Nothing ([])" }] : []),
    { value: "these", label: "These" },
  ];
  return (
    <Fieldset legend={<span className={styles.label}>Waits for</span>}>
      {others.length === 0 && way === "unsaid" ? <p className={styles.note}>{`There is no other ${word} to wait for.`}</p> : <Segmented label="Waits for" options={others.length === 0 ? options.filter((one) => one.value !== "these" || way === "these") : options} value={way} onChange={choose} />}
      {(way === "these" || word === "job") && others.length > 0 && (
        <ul className={styles.list} aria-label="What it waits for">
          {others.map((other) => (
            <li key={other.path}>
              <Checkbox
                label={other.displayName === "" ? other.name : `${other.name} – ${other.displayName}`}
                isChecked={isMeant(other.name)}
                onChange={(isChecked) => sent.run(desk.send({ gesture: isChecked ? "connect" : "disconnect", from: other.path, to: desk.path }))}
              />
            </li>
          ))}
        </ul>
      )}
      {unknown.length > 0 && <p className={styles.problem}>{`There is no ${word} ${unknown.join(", ")} beside this one.`}</p>}
      <Refusal why={sent.problem} />
    </Fieldset>
  );
}
