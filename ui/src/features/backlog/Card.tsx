// A work item as a card: number, type, title, and what the thread says of it.
import { ArrowLeft, ArrowRight } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import type { WorkItemState, WorkItemView } from "#ui/ipc";
import { href, IconButton, RelativeTime } from "#ui/components";
import { columns, neighbour } from "./lanes";
import { TypeMark } from "./TypeMark";
import styles from "./backlog.module.css";

export interface CardProps {
  item: WorkItemView;
  onMove: (to: WorkItemState) => void;
  onKey: (event: KeyboardEvent) => void;
}

/** A card of the board. */
export function Card({ item, onMove, onKey }: CardProps): ReactNode {
  const left = neighbour(item.state, -1);
  const right = neighbour(item.state, 1);
  return (
    <li className={styles.card} data-item={item.id}>
      <div className={styles.cardHead}>
        <TypeMark type={item.itemType} />
        <span className={styles.number}>AB#{item.id}</span>
        <span className={styles.moves}>
          {left !== null && <IconButton size="small" icon={ArrowLeft} label={`Move AB#${item.id} to ${titleOf(left)}`} onClick={() => onMove(left)} />}
          {right !== null && <IconButton size="small" icon={ArrowRight} label={`Move AB#${item.id} to ${titleOf(right)}`} onClick={() => onMove(right)} />}
        </span>
      </div>
      <a className={styles.cardTitle} href={href.workItem(item.id)} aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight" onKeyDown={onKey}>
        {item.title}
      </a>
      {item.threadSummary !== "" && <p className={styles.summary}>{item.threadSummary}</p>}
      <p className={styles.changed}>
        Changed <RelativeTime at={item.changedAt} />
      </p>
    </li>
  );
}

function titleOf(state: WorkItemState): string {
  return columns.find((column) => column.state === state)?.title ?? state;
}
