// Draws a thread: rows of nodes in the loop's order, and the edges between them with their words.
import clsx from "clsx";
import { useMemo, type ReactNode } from "react";
import type { ThreadView } from "#ui/ipc";
import { EmptyState } from "#ui/components";
import { keyOf, kindWords, layoutBraid, type Braid } from "./braid";
import { ThreadNodeCard } from "./ThreadNodeCard";
import { useWidth } from "./use-width";
import styles from "./thread.module.css";

/** The braid of a thread. */
export function ThreadBraid({ view }: { view: ThreadView }): ReactNode {
  const [ref, width] = useWidth(960);
  const braid = useMemo(() => layoutBraid(view, width), [view, width]);
  if (view.nodes.length === 0) return <EmptyState title="Nothing hangs on this yet" body="Runs, images and deployments appear here as they are made." />;
  return (
    <section aria-label="Thread" ref={ref} className={styles.braid} style={{ height: braid.height }}>
      <Edges braid={braid} />
      <ol>
        {braid.rows.map((row) => (
          <li key={`${row.kind}${row.y}`}>
            <h2 className={clsx(styles.rowWord, !row.isFirst && "visuallyHidden")} style={{ top: row.y + 14 }}>
              {kindWords[row.kind]}
            </h2>
            <ul>
              {row.nodes.map((box) => (
                <ThreadNodeCard key={keyOf(box.node.object)} box={box} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
      <EdgeWords view={view} />
    </section>
  );
}

function Edges({ braid }: { braid: Braid }): ReactNode {
  return (
    <div aria-hidden="true">
      <svg className={styles.edges} width={braid.width} height={braid.height} viewBox={`0 0 ${braid.width} ${braid.height}`}>
        <defs>
          {["plain", "subject"].map((kind) => (
            <marker key={kind} id={`thread-arrow-${kind}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
              <path d="M0 0.5L8 4L0 7.5Z" className={clsx(styles.arrow, kind === "subject" && styles.arrowOfSubject)} />
            </marker>
          ))}
        </defs>
        {braid.edges.map((edge) => {
          const arrow = `url(#thread-arrow-${edge.isOfSubject ? "subject" : "plain"})`;
          return <path key={edge.key} d={edge.path} className={clsx(styles.edge, edge.isOfSubject && styles.ofSubject)} markerEnd={edge.isUp ? undefined : arrow} markerStart={edge.isUp ? arrow : undefined} />;
        })}
      </svg>
      {braid.edges.map((edge) => (
        <span key={edge.key} className={clsx(styles.edgeWord, edge.isOfSubject && styles.wordOfSubject)} style={{ left: edge.labelX, top: edge.labelY }}>
          {edge.edge.label}
        </span>
      ))}
    </div>
  );
}

/** The edges as sentences, for whoever does not see the lines. */
function EdgeWords({ view }: { view: ThreadView }): ReactNode {
  const titleOf = new Map(view.nodes.map((node) => [keyOf(node.object), `${kindWords[node.object.kind]} ${node.title}`]));
  return (
    <ul className="visuallyHidden" aria-label="How they hang together">
      {view.edges.map((edge) => (
        <li key={`${keyOf(edge.from)} ${edge.label} ${keyOf(edge.to)}`}>{`${titleOf.get(keyOf(edge.from)) ?? edge.from.id} ${edge.label} ${titleOf.get(keyOf(edge.to)) ?? edge.to.id}`}</li>
      ))}
    </ul>
  );
}
