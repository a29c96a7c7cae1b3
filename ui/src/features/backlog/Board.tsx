// Three columns of cards. Every move works by keyboard and by buttons, and is said aloud.
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { useMutationCommand, type ProjectId, type WorkItemState, type WorkItemView } from "#ui/ipc";
import { columns, focusAfterKey, neighbour } from "./lanes";
import { Card } from "./Card";
import styles from "./backlog.module.css";

export interface BoardProps {
  projectId: ProjectId;
  items: readonly WorkItemView[];
}

/** The board of the items given. */
export function Board({ projectId, items }: BoardProps): ReactNode {
  const board = useRef<HTMLDivElement>(null);
  const update = useMutationCommand("work_item_update", { failureTitle: "The work item was not moved" });
  const [said, setSaid] = useState("");
  // A card stands where it was moved to until the answer comes.
  const moving = update.isPending ? update.variables : undefined;
  const placed = items.map((item) => (moving?.id === item.id && moving.state !== null ? { ...item, state: moving.state } : item));
  const lanes = columns.map((column) => placed.filter((item) => item.state === column.state));

  const focus = (id: number): void => board.current?.querySelector<HTMLElement>(`[data-item="${id}"] a`)?.focus();
  // A card that moves is drawn anew in another column, and the focus it held is lost: it goes after the card.
  const followed = useRef<number | null>(null);
  useEffect(() => {
    if (followed.current !== null && document.activeElement === document.body) focus(followed.current);
  });
  const move = (item: WorkItemView, to: WorkItemState): void => {
    followed.current = item.id;
    update.mutate(
      { projectId, id: item.id, title: null, description: null, state: to },
      {
        onSuccess: () => setSaid(`AB#${item.id} is now in ${columns.find((column) => column.state === to)?.title ?? to}.`),
        onError: (error) => setSaid(error.message),
      },
    );
  };
  const press = (item: WorkItemView, event: KeyboardEvent): void => {
    const isMove = event.altKey || event.ctrlKey;
    if (isMove && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      const to = neighbour(item.state, event.key === "ArrowLeft" ? -1 : 1);
      if (to !== null) move(item, to);
      return;
    }
    const next = isMove ? null : focusAfterKey(lanes, item.id, event.key);
    if (next === null) return;
    event.preventDefault();
    focus(next);
  };

  return (
    <>
      <div className={styles.board} ref={board}>
        {columns.map((column, index) => {
          const cards = lanes[index] ?? [];
          return (
            <section key={column.state} className={styles.column} aria-labelledby={`column-${column.state}`} data-state={column.state}>
              <h2 id={`column-${column.state}`} className={styles.columnTitle}>
                {column.title} <span className={styles.count}>{cards.length}</span>
              </h2>
              {cards.length === 0 ? (
                <p className={styles.none}>{column.empty}</p>
              ) : (
                <ul className={styles.cards}>
                  {cards.map((item) => (
                    <Card key={item.id} item={item} onMove={(to) => move(item, to)} onKey={(event) => press(item, event)} />
                  ))}
                </ul>
              )}
            </section>
          );
        })}
      </div>
      <output className="visuallyHidden">{said}</output>
    </>
  );
}
