import clsx from "clsx";
import type { KeyboardEvent, ReactNode } from "react";
import styles from "./DataTable.module.css";

/** A column: how a row is shown in it. */
export interface Column<T> {
  key: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  /** A CSS width, such as `120px`; the rest is shared. */
  width?: string;
  align?: "start" | "end";
  /** Left out below 1100 px. */
  isMinor?: boolean;
}

export interface DataTableProps<T> {
  /** What the table lists; read aloud. */
  label: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** Click or Enter on a row. */
  onOpen?: (row: T) => void;
  isSelected?: (row: T) => boolean;
}

function moveFocus(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget;
  const siblings = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: row.parentElement?.firstElementChild, End: row.parentElement?.lastElementChild };
  const target = siblings[event.key as keyof typeof siblings];
  if (target instanceof HTMLElement) {
    event.preventDefault();
    target.focus();
  }
}

/** Rows of one kind of object. Arrow keys move, Enter or a click opens. */
export function DataTable<T>({ label, columns, rows, rowKey, onOpen, isSelected }: DataTableProps<T>): ReactNode {
  return (
    // The scroller may be focused, so that it can be scrolled by keyboard.
    // oxlint-disable-next-line no-noninteractive-tabindex
    <section className={styles.scroller} aria-label={`${label}, table`} tabIndex={0}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" style={{ width: column.width }} className={clsx(column.align === "end" && styles.end, column.isMinor && styles.minor)}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              tabIndex={onOpen === undefined ? undefined : 0}
              className={clsx(onOpen !== undefined && styles.opens, isSelected?.(row) === true && styles.selected)}
              onClick={(event) => {
                // A link or button inside the row does its own thing.
                if (event.target instanceof Element && event.target.closest("a,button,input") !== null) return;
                onOpen?.(row);
              }}
              onKeyDown={(event) => {
                if (event.key === "Enter" && event.target === event.currentTarget) onOpen?.(row);
                else moveFocus(event);
              }}
            >
              {columns.map((column) => (
                <td key={column.key} className={clsx(column.align === "end" && styles.end, column.isMinor && styles.minor)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
