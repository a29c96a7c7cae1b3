// oxlint-disable prefer-tag-over-role -- the tags of a table cannot be placed by a window of rows
// One row of a list. Drawn again only when its own words change.
import clsx from "clsx";
import { memo, type ReactNode } from "react";
import { formatDateTime } from "#ui/components";
import type { KubeColumn, KubeRow } from "#ui/ipc";
import { ageOf, timeOf } from "../model/rows";
import { STATE_WORDS } from "../model/states";
import { ROW } from "../model/window";
import { useSlowNow } from "./clock";
import styles from "./table.module.css";

/** How long ago, told anew by a slow clock. */
function Age({ cell }: { cell: string }): ReactNode {
  const now = useSlowNow();
  const at = timeOf(cell);
  if (at === undefined) return cell;
  return <span title={formatDateTime(at)}>{ageOf(at, now)}</span>;
}

/** The state as a shape and a colour, with its word read aloud. */
export function StateDot({ state }: { state: KubeRow["state"] }): ReactNode {
  return (
    <span className={clsx(styles.dot, styles[state])} title={STATE_WORDS[state]}>
      <span className="visuallyHidden">{STATE_WORDS[state]}</span>
    </span>
  );
}

/** So much of a name's end stays in sight: it is what tells the pods of a workload apart. */
const TAIL = 6;

/** A name that loses its middle where room is short, not its end. */
function Name({ name }: { name: string }): ReactNode {
  if (name.length < 4 * TAIL) return name;
  return (
    <>
      <span className={styles.nameHead}>{name.slice(0, -TAIL)}</span>
      <span>{name.slice(-TAIL)}</span>
    </>
  );
}

export interface RowProps {
  id: string;
  /** Of the whole list. */
  index: number;
  row: KubeRow | undefined;
  columns: readonly KubeColumn[];
  hasNamespace: boolean;
  /** CPU and memory, where they are served. */
  usage: readonly [string, string] | undefined;
  hasUsage: boolean;
  isCursor: boolean;
  isOpen: boolean;
  onPick: (index: number) => void;
}

export const Row = memo(function Row({ id, index, row, columns, hasNamespace, usage, hasUsage, isCursor, isOpen, onPick }: RowProps): ReactNode {
  return (
    // The table takes the keys and tells which row is meant.
    // oxlint-disable-next-line click-events-have-key-events, interactive-supports-focus
    <div role="row" id={id} aria-rowindex={index + 2} aria-selected={isOpen} className={clsx(styles.row, isCursor && styles.cursor, isOpen && styles.open)} style={{ transform: `translateY(${index * ROW}px)` }} onClick={() => onPick(index)}>
      <span role="gridcell" className={styles.state}>
        {row !== undefined && <StateDot state={row.state} />}
      </span>
      <span role="gridcell" className={styles.name} title={row?.name} aria-label={row?.name}>
        {row === undefined ? "…" : <Name name={row.name} />}
      </span>
      {hasNamespace && (
        <span role="gridcell" className={styles.cell}>
          {row?.namespace}
        </span>
      )}
      {columns.map((column, at) => {
        const cell = row?.cells[at] ?? "";
        return (
          <span role="gridcell" key={column.name} className={clsx(styles.cell, (column.isNumber || column.isTime) && styles.number)} title={column.isTime ? undefined : cell}>
            {column.isTime ? <Age cell={cell} /> : cell}
          </span>
        );
      })}
      {hasUsage && (
        <>
          <span role="gridcell" className={clsx(styles.cell, styles.number)}>
            {usage?.[0] ?? "–"}
          </span>
          <span role="gridcell" className={clsx(styles.cell, styles.number)}>
            {usage?.[1] ?? "–"}
          </span>
        </>
      )}
    </div>
  );
});
