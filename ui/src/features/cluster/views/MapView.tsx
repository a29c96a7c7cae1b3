// What hangs together in a namespace: what routes, selects, owns and mounts what. A press opens the object.
import "@xyflow/react/dist/base.css";
import { Background, Controls, Handle, Position, ReactFlow, type Edge, type Node, type NodeProps } from "@xyflow/react";
import clsx from "clsx";
import { useMemo, type ReactNode } from "react";
import { Answer, EmptyState, href, Note, openHref } from "#ui/components";
import { useQueryCommand, type KubeMapNode, type KubeMap } from "#ui/ipc";
import { STATE_WORDS } from "../model/states";
import { placesOf } from "../model/map-layout";
import { ALL } from "../model/place";
import styles from "./views.module.css";

const refreshMs = 5_000;
/** More would be a fog; the lists show them all. */
const MOST = 400;

type MapFlowNode = Node<{ node: KubeMapNode; open: (node: KubeMapNode) => void }, "object">;

function ObjectNode({ data }: NodeProps<MapFlowNode>): ReactNode {
  const { node, open } = data;
  return (
    <button type="button" className={clsx(styles.node, styles[node.state])} onClick={() => open(node)}>
      <Handle type="target" position={Position.Left} className={styles.pin} isConnectable={false} />
      <span>
        {node.kind}
        {node.detail !== "" && ` · ${node.detail}`}
        {STATE_WORDS[node.state] !== "" && <span className="visuallyHidden"> {STATE_WORDS[node.state]}</span>}
      </span>
      <strong title={node.name}>{node.name}</strong>
      <Handle type="source" position={Position.Right} className={styles.pin} isConnectable={false} />
    </button>
  );
}
const NODE_TYPES = { object: ObjectNode };

function Field({ map, context, namespace }: { map: KubeMap; context: string; namespace: string }): ReactNode {
  const { nodes, edges } = useMemo(() => {
    const kept = map.nodes.slice(0, MOST);
    const ids = new Set(kept.map(({ id }) => id));
    const shown = { nodes: kept, edges: map.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) };
    const places = placesOf(shown);
    const open = (node: KubeMapNode): void => openHref(href.cluster({ context, namespace: namespace === "" ? ALL : namespace, kind: node.kind, object: node.name, within: namespace === "" ? undefined : namespace }));
    return {
      nodes: kept.map((node): MapFlowNode => ({ id: node.id, type: "object", position: places.get(node.id) ?? { x: 0, y: 0 }, data: { node, open } })),
      edges: shown.edges.map(({ from, to, kind }): Edge => ({ id: `${from} ${to} ${kind}`, source: from, target: to, className: kind })),
    };
  }, [map, context, namespace]);
  return (
    <>
      {map.nodes.length > MOST && (
        <Note tone="neutral">
          The first {MOST} of {map.nodes.length.toLocaleString("en-GB")} objects. The lists show them all.
        </Note>
      )}
      <div className={styles.map}>
        <ReactFlow nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} fitView fitViewOptions={{ maxZoom: 1, padding: 0.1 }} minZoom={0.1} maxZoom={1.4} nodesDraggable={false} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} onlyRenderVisibleElements deleteKeyCode={null} proOptions={{ hideAttribution: true }}>
          <Background />
          <Controls showInteractive={false} orientation="horizontal" />
        </ReactFlow>
      </div>
    </>
  );
}

/** The map of a namespace. */
export function MapView({ context, namespace }: { context: string; namespace: string }): ReactNode {
  const map = useQueryCommand("kube_map", { context, namespace }, { pollMs: refreshMs, isFresh: true });
  return (
    <section className={styles.view} aria-label="Map">
      <Answer of={map}>{(data) => (data.nodes.length === 0 ? <EmptyState title="Nothing to draw" body={namespace === "" ? "The cluster has no workloads." : `The namespace ${namespace} has no workloads.`} /> : <Field map={data} context={context} namespace={namespace} />)}</Answer>
    </section>
  );
}
