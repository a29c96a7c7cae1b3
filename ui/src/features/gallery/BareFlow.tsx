import "@xyflow/react/dist/base.css";
import { ReactFlow, type Edge, type Node } from "@xyflow/react";
import { useMemo, type ReactNode } from "react";

const COLUMNS = 25;
/** As React Flow's own sheet draws a plain node. */
const PLAIN = { width: 150, padding: 10, border: "1px solid var(--line-strong)", borderRadius: 3, background: "var(--surface-raised)", fontSize: 12, textAlign: "center" } as const;

/** React Flow and nothing else: the yardstick of the canvas. One edge for every eight nodes, as pipelines have. */
export function BareFlow({ count }: { count: number }): ReactNode {
  const { nodes, edges } = useMemo(() => {
    const all = Array.from({ length: count }, (_, at): Node => ({ id: String(at), position: { x: (at % COLUMNS) * 290, y: Math.floor(at / COLUMNS) * 60 }, data: { label: `Node ${at}` }, style: PLAIN }));
    const links = Array.from({ length: Math.floor(count / 8) }, (_, at): Edge => ({ id: `e${at}`, source: String(at * 8), target: String(at * 8 + 1), type: "smoothstep" }));
    return { nodes: all, edges: links };
  }, [count]);
  return (
    <div style={{ height: "80vh" }}>
      <ReactFlow defaultNodes={nodes} defaultEdges={edges} minZoom={0.05} />
    </div>
  );
}
