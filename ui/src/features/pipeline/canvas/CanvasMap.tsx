import { useReactFlow, useStore, type ReactFlowState } from "@xyflow/react";
import { memo, type PointerEvent, type ReactNode } from "react";
import styles from "./canvas.module.css";
import type { Layout } from "./model/layout";
import type { Scene } from "./model/scene";

const SIZE = { width: 148, height: 92 };
const MARGIN = 80;

/** Stages and jobs; steps would be dust. Drawn once for a layout, whatever is dragged or panned. */
const Shapes = memo(function Shapes({ scene, layout, selected }: { scene: Scene; layout: Layout; selected: ReadonlySet<string> }): ReactNode {
  return scene.nodes.map((one) => {
    const box = one.level === "steps" || one.level === "hooks" ? undefined : layout.places.get(one.id);
    if (box === undefined) return null;
    return <rect key={one.id} x={box.x} y={box.y} width={box.width} height={box.height} rx={8} className={selected.has(one.id) ? styles.mapChosen : one.node.kind === "stage" ? styles.mapStage : styles.mapJob} />;
  });
});

// One text for what is in sight, so that it is only drawn again when that changes.
const sight = ({ transform: [x, y, zoom], width, height }: ReactFlowState): string => `${-x / zoom} ${-y / zoom} ${width / zoom} ${height / zoom}`;

/** The whole pipeline, small, with the part that is in sight; a place on it is gone to by mouse. */
export function CanvasMap({ scene, layout, selected }: { scene: Scene; layout: Layout; selected: ReadonlySet<string> }): ReactNode {
  const flow = useReactFlow();
  const [x = 0, y = 0, width = 0, height = 0] = useStore(sight).split(" ").map(Number);
  const whole = { width: layout.width + 2 * MARGIN, height: layout.height + 2 * MARGIN };
  const scale = Math.max(whole.width / SIZE.width, whole.height / SIZE.height);
  const left = (layout.width - SIZE.width * scale) / 2;
  const top = (layout.height - SIZE.height * scale) / 2;
  const goTo = (event: PointerEvent<SVGSVGElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const box = event.currentTarget.getBoundingClientRect();
    void flow.setCenter(left + (event.clientX - box.x) * scale, top + (event.clientY - box.y) * scale, { zoom: flow.getZoom() });
  };
  return (
    // Keys go from node to node instead; for them the map says nothing.
    <svg aria-hidden="true" className={styles.map} width={SIZE.width} height={SIZE.height} viewBox={`${left} ${top} ${SIZE.width * scale} ${SIZE.height * scale}`} onPointerDown={goTo} onPointerMove={goTo}>
      <Shapes scene={scene} layout={layout} selected={selected} />
      <rect x={x} y={y} width={width} height={height} className={styles.mapSight} style={{ strokeWidth: 2 * scale }} />
    </svg>
  );
}
