import "@xyflow/react/dist/style.css";
import { ReactFlow, type Edge, type Node } from "@xyflow/react";
import { useMemo, type ReactNode } from "react";

const COLUMNS = 25;

/** React Flow and nothing else: the yardstick of the canvas. One edge for every eight nodes, as pipelines have. */
export function BareFlow({ count }: { count: number }): ReactNode {
  const { nodes, edges } = useMemo(() => {
    const all = Array.from({ length: count }, (_, at): Node => ({ id: String(at), position: { x: (at % COLUMNS) * 290, y: Math.floor(at / COLUMNS) * 60 }, data: { label: `Node ${at}` } }));
    const links = Array.from({ length: Math.floor(count / 8) }, (_, at): Edge => ({ id: `e${at}`, source: String(at * 8), target: String(at * 8 + 1), type: "smoothstep" }));
    return { nodes: all, edges: links };
  }, [count]);
  return (
    <div style={{ height: "80vh" }}>
      <ReactFlow defaultNodes={nodes} defaultEdges={edges} minZoom={0.05} />
    </div>
  );
}
