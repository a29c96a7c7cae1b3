// When the node runs.
import type { ReactNode } from "react";
import { ConditionField } from "../condition/ExpressionField";
import { useDesk, useKey } from "../desk";
import { Elsewhere } from "../fields/Elsewhere";
import { Section } from "../fields/Section";
import { useOperands } from "../fields/use-operands";
import { besides } from "../written";

export function Condition(): ReactNode {
  const { node, board } = useDesk();
  const condition = useKey("condition");
  const isStep = node === undefined || node.kind === "step";
  const suggestions = useOperands(isStep ? "step" : "graph");
  const names = isStep ? undefined : besides(board, node.path).map(({ name }) => name);
  const { written } = condition;
  return (
    <Section title="Condition" isOpen={written !== undefined} note={written === undefined ? "succeeded" : undefined}>
      {written !== undefined && written.form !== "text" && written.form !== "nothing" ? <Elsewhere label="condition" written={written} /> : <ConditionField value={written?.text ?? ""} suggestions={suggestions} names={names} save={condition.set} />}
    </Section>
  );
}
