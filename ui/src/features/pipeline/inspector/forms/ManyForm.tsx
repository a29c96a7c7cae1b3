// Several nodes at once: what can be done with all of them.
import { Copy, Group, Trash2 } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, Field, TextInput } from "#ui/components";
import type { Send } from "../desk";
import { Refusal } from "../fields/Refusal";
import { Section } from "../fields/Section";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import type { BoardNodeView } from "../wire";

export function ManyForm({ nodes, send }: { nodes: readonly BoardNodeView[]; send: Send }): ReactNode {
  const sent = useSent();
  const [expression, setExpression] = useState("eq(variables['Build.SourceBranch'], 'refs/heads/main')");
  const paths = nodes.map(({ path }) => path);
  const wrap = (event: FormEvent): void => {
    event.preventDefault();
    if (expression.trim() !== "") sent.run(send({ gesture: "wrap", nodes: paths, directive: `if ${expression.trim()}` }));
  };
  return (
    <>
      <Section title="Selected" isOpen>
        <ul className={styles.list}>
          {nodes.map((node) => (
            <li key={node.path} className={styles.note}>
              {node.kind} <span className={styles.mono}>{node.displayName || node.name || node.detail}</span>
            </li>
          ))}
        </ul>
        <Refusal why={sent.problem} />
        <div className={styles.buttons}>
          <Button size="small" icon={Copy} onClick={() => sent.run(send({ gesture: "duplicate", nodes: paths }))}>
            Duplicate
          </Button>
          <Button size="small" variant="danger" icon={Trash2} onClick={() => sent.run(send({ gesture: "remove", nodes: paths }))}>
            Remove
          </Button>
        </div>
      </Section>
      <Section title="Wrap in if" isOpen>
        <form className={styles.fieldsBare} onSubmit={wrap} aria-label="Wrap in if">
          <Field label="Expression" help="They are there only if it holds when the templates are expanded.">
            <TextInput isMono value={expression} onChange={(event) => setExpression(event.currentTarget.value)} />
          </Field>
          <div>
            <Button type="submit" size="small" icon={Group} disabled={expression.trim() === ""}>
              Wrap
            </Button>
          </div>
        </form>
      </Section>
    </>
  );
}
