// The promotion board: environments as columns in the order of promotion.
import { Plus } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { useQueryCommand, type ProjectId, type PromotionColumn } from "#ui/ipc";
import { Button } from "#ui/components";
import { Column, type ColumnWish } from "./Column";
import { useOrder } from "./use-order";
import styles from "./board.module.css";

export interface BoardProps {
  projectId: ProjectId;
  columns: readonly PromotionColumn[];
  chosen: string | undefined;
  onChoose: (environment: string) => void;
  onWish: (column: PromotionColumn, wish: ColumnWish) => void;
  onAddCluster: () => void;
}

/** Columns, and beside them the next thing to do for somebody who has no cluster yet. */
export function Board({ projectId, columns, chosen, onChoose, onWish, onAddCluster }: BoardProps): ReactNode {
  const list = useRef<HTMLDivElement>(null);
  const commits = useQueryCommand("commit_list", { projectId, limit: 100 });
  const order = useOrder(
    projectId,
    columns.map(({ environment }) => environment.name),
    list,
  );
  const byName = new Map(columns.map((column) => [column.environment.name, column]));
  return (
    <>
      <div className={styles.board} ref={list}>
        {order.names.map((name, index) => {
          const column = byName.get(name);
          return (
            column !== undefined && (
              <Column
                key={name}
                projectId={projectId}
                column={column}
                before={order.names[index - 1]}
                commits={commits.data ?? []}
                isChosen={chosen === name}
                isDragged={order.dragged === name}
                handle={order.handleOf(name)}
                onChoose={() => onChoose(name)}
                onMove={(step) => order.move(name, index + step)}
                onWish={(wish) => onWish(column, wish)}
              />
            )
          );
        })}
        {columns.every(({ environment }) => environment.target === "local") && (
          <section className={styles.ghost} aria-label="Add a cluster">
            <h2>Next: a Kubernetes cluster</h2>
            <p>Pick a context of your kubeconfig and a namespace. The same pipeline then deploys there, and what runs here can be promoted with one button.</p>
            <Button icon={Plus} onClick={onAddCluster}>
              Add a Kubernetes environment
            </Button>
          </section>
        )}
      </div>
      <p className="visuallyHidden" aria-live="polite">
        {order.said}
      </p>
    </>
  );
}
