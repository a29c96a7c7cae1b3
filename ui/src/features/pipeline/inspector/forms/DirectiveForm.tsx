// `${{ if }}` and `${{ each }}`: their expression. What they hold are nodes of their own.
import { Ungroup } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "#ui/components";
import { ExpressionField } from "../condition/ExpressionField";
import { useDesk } from "../desk";
import { Refusal } from "../fields/Refusal";
import { Section } from "../fields/Section";
import { TextField } from "../fields/TextField";
import { useOperands } from "../fields/use-operands";
import { useSent } from "../fields/use-typed";
import styles from "../inspector.module.css";
import type { BoardNodeView } from "../wire";

const TITLES: Record<string, string> = { if: "Only if", elseif: "Else, if", else: "Else", each: "For each", insert: "Insert" };

/** `item in parameters.list` in its two parts. */
export function eachParts(detail: string): { name: string; of: string } | undefined {
  const found = /^(\w+)\s+in\s+(.+)$/s.exec(detail);
  return found?.[1] === undefined || found[2] === undefined ? undefined : { name: found[1], of: found[2] };
}

export function DirectiveForm({ node }: { node: BoardNodeView }): ReactNode {
  const desk = useDesk();
  const sent = useSent();
  const suggestions = useOperands("template");
  const rename = (detail: string): Promise<string | null> => desk.send({ gesture: "rename", node: desk.path, to: `${node.name} ${detail.trim()}` });
  const needed = (draft: string): string | undefined => (draft.trim() === "" ? "It has to be given." : undefined);
  const each = node.name === "each" ? eachParts(node.detail) : undefined;
  return (
    <Section title={TITLES[node.name] ?? node.name} isOpen>
      {(node.name === "if" || node.name === "elseif") && (
        <ExpressionField label="Expression" value={node.detail} hasStatuses={false} isRequired suggestions={suggestions} save={(text) => (text.trim() === "" ? Promise.resolve("It has to be given.") : rename(text))} help="It is decided when the templates are expanded, before anything runs: only variables and parameters are known." />
      )}
      {each !== undefined && (
        <>
          <TextField label="Each one is called" isMono isRequired value={each.name} check={(draft) => (/^[A-Za-z_]\w*$/.test(draft.trim()) ? undefined : "A name has letters, digits and _.")} save={(draft) => rename(`${draft.trim()} in ${each.of}`)} help={<>Used as {`\${{ ${each.name} }}`} below; what uses it follows.</>} />
          <TextField label="Out of" isMono isRequired value={each.of} suggestions={suggestions} check={needed} save={(draft) => rename(`${each.name} in ${draft.trim()}`)} />
        </>
      )}
      {node.name === "each" && each === undefined && <TextField label="Expression" isMono isRequired value={node.detail} check={needed} save={rename} />}
      {(node.name === "else" || node.name === "insert") && <p className={styles.note}>It has no expression of its own.</p>}
      <Refusal why={sent.problem} />
      <div>
        <Button size="small" icon={Ungroup} onClick={() => sent.run(desk.send({ gesture: "unwrap", node: desk.path }))}>
          Unwrap: keep what it holds
        </Button>
      </div>
    </Section>
  );
}
