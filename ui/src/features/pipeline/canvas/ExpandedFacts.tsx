import { FileCode2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button, KeyValue, Note } from "#ui/components";
import styles from "./canvas.module.css";
import type { SceneNode } from "./model/scene";
import { subtitleOf, titleOf } from "./model/words";

/** What there is to know of a node of the expanded pipeline; it is changed where it is written. */
export function ExpandedFacts({ one, onGo, onWritten }: { one: SceneNode | undefined; onGo: (line: number) => void; onWritten: () => void }): ReactNode {
  const node = one?.node;
  const items = [
    { name: "What it is", value: node?.kind ?? "" },
    { name: "Name", value: node?.name ?? "" },
    { name: "Runs", value: one === undefined ? "" : subtitleOf(one.node) },
    { name: "After", value: node?.dependsOn?.join(", ") ?? "" },
    { name: "Condition", value: node?.condition ?? "" },
    { name: "Legs", value: node?.legs.join(", ") ?? "" },
    { name: "Written in", value: node === undefined ? "" : `${node.file ?? "this file"}, line ${node.line}` },
  ].filter((item) => item.value !== "");
  return (
    <div className={styles.facts}>
      <Note tone="info" title="This is what the text comes to">
        Templates are read, loops gone through and conditions decided. It is changed where it is written.
      </Note>
      <div>
        <Button size="small" onClick={onWritten}>
          As written
        </Button>
      </div>
      {one !== undefined && <h3>{titleOf(one.node)}</h3>}
      {one !== undefined && <KeyValue items={items} />}
      {node !== undefined && node.file === null && (
        <Button size="small" icon={FileCode2} onClick={() => onGo(node.line)}>
          Show in the text
        </Button>
      )}
    </div>
  );
}
