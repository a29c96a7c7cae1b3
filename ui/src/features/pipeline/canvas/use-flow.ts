// React Flow's side of the canvas: its nodes and edges, what is dragged, and where it would go.
import type { Connection, Edge, EdgeChange, NodeChange, XYPosition } from "@xyflow/react";
import { useCallback, useMemo, useState, type MouseEvent as ReactMouseEvent, type TouchEvent as ReactTouchEvent } from "react";
import type { Gesture } from "#ui/ipc";
import { makeEdges, NodeMaker, type Dress, type FlowNode } from "./flow";
import { dropAim, type DropAim } from "./model/aim";
import type { Layout } from "./model/layout";
import { outermost, pathOf, siblingsOf, type Scene } from "./model/scene";

const NOTHING: ReadonlyMap<string, XYPosition> = new Map();

export interface FlowRequest {
  scene: Scene;
  layout: Layout;
  dress: Dress;
  onSelect: (ids: readonly string[]) => void;
  perform: (gesture: Gesture) => Promise<boolean>;
  toFlow: (point: XYPosition) => XYPosition;
}

export interface Flow {
  nodes: FlowNode[];
  edges: Edge[];
  aim: DropAim | null;
  selectedEdge: string | null;
  onNodesChange: (changes: NodeChange<FlowNode>[]) => void;
  onEdgesChange: (changes: EdgeChange[]) => void;
  onNodeDrag: (event: ReactMouseEvent | ReactTouchEvent | MouseEvent | TouchEvent, node: FlowNode, nodes: FlowNode[]) => void;
  onNodeDragStop: (event: ReactMouseEvent | ReactTouchEvent | MouseEvent | TouchEvent, node: FlowNode, nodes: FlowNode[]) => void;
  onConnect: (connection: Connection) => void;
  isValidConnection: (connection: Connection | Edge) => boolean;
}

/** True if the second may wait for the first: two stages, or two jobs of one stage. */
export function canConnect(scene: Scene, from: string, to: string): boolean {
  const [one, other] = [scene.byId.get(from), scene.byId.get(to)];
  if (one === undefined || other === undefined || from === to || one.level !== other.level) return false;
  const home = (id: string | null): string | null => {
    const above = id === null ? undefined : scene.byId.get(id);
    return above?.node.kind === "directive" ? home(above.parent) : id;
  };
  return home(one.parent) === home(other.parent);
}

function isWhereItIs(scene: Scene, ids: readonly string[], aim: DropAim): boolean {
  const [first] = ids;
  if (ids.length !== 1 || first === undefined) return false;
  const one = scene.byId.get(first);
  const siblings = siblingsOf(scene, first);
  return pathOf(scene, one?.parent ?? null) === aim.into && (siblings[siblings.indexOf(first) + 1] ?? null) === aim.before;
}

/** Nodes, edges and the handlers of dragging, selecting and connecting. */
export function useFlow({ scene, layout, dress, onSelect, perform, toFlow }: FlowRequest): Flow {
  const [dragged, setDragged] = useState(NOTHING);
  const [aim, setAim] = useState<DropAim | null>(null);
  const [selectedEdge, setSelectedEdge] = useState<string | null>(null);
  const [maker] = useState(() => new NodeMaker());
  const made = useMemo(() => maker.make(scene, layout, dress), [maker, scene, layout, dress]);
  const nodes = useMemo(() => {
    const all = [...made.values()];
    if (dragged.size === 0) return all;
    return all.map((node) => {
      const position = dragged.get(node.id);
      return position === undefined ? node : { ...node, position };
    });
  }, [made, dragged]);
  const edges = useMemo(() => makeEdges(scene, selectedEdge, made), [scene, selectedEdge, made]);

  const { selected } = dress;
  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      let moved: Map<string, XYPosition> | undefined;
      let chosen: Set<string> | undefined;
      for (const change of changes) {
        if (change.type === "position" && change.dragging === true && change.position !== undefined) (moved ??= new Map()).set(change.id, change.position);
        else if (change.type === "select") {
          chosen ??= new Set(selected);
          if (change.selected) chosen.add(change.id);
          else chosen.delete(change.id);
        }
      }
      if (moved !== undefined) setDragged(moved);
      if (chosen !== undefined) {
        setSelectedEdge(null);
        onSelect(scene.nodes.filter((one) => chosen.has(one.id)).map((one) => one.id));
      }
    },
    [selected, onSelect, scene],
  );
  const onEdgesChange = useCallback((changes: EdgeChange[]) => {
    for (const change of changes) if (change.type === "select") setSelectedEdge((now) => (change.selected ? change.id : now === change.id ? null : now));
  }, []);

  const aimOf = useCallback(
    (event: ReactMouseEvent | ReactTouchEvent | MouseEvent | TouchEvent, carried: readonly string[]): DropAim | null => {
      const at = "clientX" in event ? event : event.changedTouches[0];
      const first = scene.byId.get(carried[0] ?? "");
      if (at === undefined || first === undefined || carried.some((id) => scene.byId.get(id)?.level !== first.level)) return null;
      const { x, y } = toFlow({ x: at.clientX, y: at.clientY });
      const found = dropAim(scene, layout, first.level, carried, x, y);
      return found === null || isWhereItIs(scene, carried, found) ? null : found;
    },
    [scene, layout, toFlow],
  );
  const onNodeDrag: Flow["onNodeDrag"] = useCallback(
    (event, _node, carried) => {
      const found = aimOf(event, outermost(scene, carried.map((node) => node.id)));
      setAim((now) => (now?.into === found?.into && now?.before === found?.before ? now : found));
    },
    [aimOf, scene],
  );
  const onNodeDragStop: Flow["onNodeDragStop"] = useCallback(
    (event, _node, carried) => {
      const ids = outermost(scene, carried.map((node) => node.id));
      const found = aimOf(event, ids);
      setAim(null);
      if (found === null) setDragged(NOTHING);
      else void perform({ gesture: "move", nodes: ids, into: found.into, before: found.before }).finally(() => setDragged(NOTHING));
    },
    [aimOf, scene, perform],
  );
  const onConnect = useCallback(({ source, target }: Connection) => void perform({ gesture: "connect", from: source, to: target }), [perform]);
  const isValidConnection = useCallback(({ source, target }: Connection | Edge) => canConnect(scene, source, target), [scene]);
  return { nodes, edges, aim, selectedEdge, onNodesChange, onEdgesChange, onNodeDrag, onNodeDragStop, onConnect, isValidConnection };
}
