// One object of the thread as a card: what it is, how it stands, its facts; one click to its room, one to centre it.
import clsx from "clsx";
import { LocateFixed } from "lucide-react";
import type { ReactNode } from "react";
import { CopyButton, href, objectHref, OBJECT_ICONS, RelativeTime, StatusPill } from "#ui/components";
import { factLimit, kindWords, type PlacedNode } from "./braid";
import styles from "./thread.module.css";

/** A node of the braid. */
export function ThreadNodeCard({ box: { node, x, y, width, height } }: { box: PlacedNode }): ReactNode {
  const Icon = OBJECT_ICONS[node.object.kind];
  const word = kindWords[node.object.kind];
  // The thread is the room of a commit and of a pod.
  const isThreadItsRoom = node.object.kind === "commit" || node.object.kind === "pod";
  return (
    <li className={clsx(styles.node, node.isSubject && styles.subject)} style={{ transform: `translate(${x}px, ${y}px)`, width, height }} aria-current={node.isSubject ? "true" : undefined}>
      <div className={styles.nodeHead}>
        <Icon size={16} className={styles.nodeIcon} />
        <a className={styles.nodeTitle} href={objectHref(node.object)} title={node.object.id} aria-label={`${word} ${node.title}`}>
          {node.title}
        </a>
        <CopyButton text={node.object.id} label={`Copy the id of ${word.toLowerCase()} ${node.title}`} />
        {!node.isSubject && !isThreadItsRoom && (
          <a className={styles.centre} href={href.thread(node.object.kind === "workItem" ? `AB#${node.object.id.replace(/^(AB)?#/i, "")}` : node.object.id)} aria-label={`Centre the thread on ${word.toLowerCase()} ${node.title}`} title="Centre the thread here">
            <LocateFixed size={14} />
          </a>
        )}
      </div>
      <p className={styles.nodeSubtitle} title={node.subtitle}>
        {node.subtitle}
      </p>
      {node.facts.length > 0 && (
        <dl className={styles.facts}>
          {node.facts.slice(0, factLimit).map((fact) => (
            <div key={fact.name}>
              <dt>{fact.name}</dt>
              <dd title={fact.value}>{fact.value}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className={styles.nodeFoot}>
        {node.state !== "" && <StatusPill state={node.state} size="small" />}
        {node.isSubject && <span className={styles.here}>You followed this</span>}
        {node.at !== null && (
          <span className={styles.nodeTime}>
            <RelativeTime at={node.at} />
          </span>
        )}
      </div>
    </li>
  );
}
