import { Background, ReactFlow, useReactFlow, ViewportPortal, type Viewport } from "@xyflow/react";
import { memo, useCallback, useEffect, type ReactNode, type RefObject } from "react";
import type { Gesture } from "#ui/ipc";
import styles from "./canvas.module.css";
import { CanvasMap } from "./CanvasMap";
import type { Dress, FlowNode } from "./flow";
import type { Layout } from "./model/layout";
import type { Scene } from "./model/scene";
import { leastZoom } from "./model/sight";
import { NODE_TYPES, NodeActionsContext, type NodeActions } from "./nodes";
import { useFlow } from "./use-flow";

/** Below this zoom the small print is left out. */
const FAR = 0.5;
/** With fewer nodes a map shows what is in sight anyway. */
const MAP_FROM = 12;

export interface FlowFieldProps {
  scene: Scene;
  layout: Layout;
  dress: Dress;
  start: Viewport;
  actions: NodeActions;
  onSelect: (ids: readonly string[]) => void;
  perform: (gesture: Gesture) => Promise<boolean>;
  onFar: (isFar: boolean) => void;
  /** A node was double clicked. */
  onOpen: (id: string) => void;
  /** Holds the line that is selected, for the keys. */
  edge: RefObject<string | null>;
}

/** The nodes and lines. Only this is drawn again while something is dragged. */
export const FlowField = memo(function FlowField({ scene, layout, dress, start, actions, onSelect, perform, onFar, onOpen, edge }: FlowFieldProps): ReactNode {
  const flow = useReactFlow<FlowNode>();
  const { nodes, edges, aim, selectedEdge, ...handlers } = useFlow({ scene, layout, dress, onSelect, perform, toFlow: flow.screenToFlowPosition });
  useEffect(() => {
    edge.current = selectedEdge;
  }, [edge, selectedEdge]);
  // A handler that is another one in every frame would be put into the flow's store in every frame.
  const onMove = useCallback((_event: unknown, { zoom }: Viewport) => onFar(zoom < FAR), [onFar]);
  const onPaneClick = useCallback(() => onSelect([]), [onSelect]);
  const onNodeDoubleClick = useCallback((_event: unknown, node: FlowNode) => onOpen(node.id), [onOpen]);
  return (
    <NodeActionsContext value={actions}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        {...handlers}
        defaultViewport={start}
        minZoom={leastZoom(layout)}
        maxZoom={1.6}
        onMove={onMove}
        onPaneClick={onPaneClick}
        onlyRenderVisibleElements
        elevateNodesOnSelect={false}
        nodesFocusable={false}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        nodeDragThreshold={4}
        connectionRadius={28}
        onNodeDoubleClick={onNodeDoubleClick}
      >
        <Background gap={24} size={1.2} color="var(--line-strong)" />
        {aim !== null && (
          <ViewportPortal>
            <div className={styles.aim} style={{ transform: `translate(${aim.mark.x}px, ${aim.mark.y}px)`, width: aim.mark.width, height: aim.mark.height, zIndex: 1001 }} />
          </ViewportPortal>
        )}
      </ReactFlow>
      {scene.nodes.length > MAP_FROM && <CanvasMap scene={scene} layout={layout} selected={dress.selected} />}
    </NodeActionsContext>
  );
});
