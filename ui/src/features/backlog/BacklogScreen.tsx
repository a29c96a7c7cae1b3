// Step 10, Backlog: the project's work items as a board. A card says what the thread knows of its item; commits and
// deployments move items by themselves, people may move them too.
import { Plus, SquareKanban } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useQueryCommand, type ProjectId, type WorkItemType } from "#ui/ipc";
import { Answer, Button, EmptyState, Field, Kbd, PageHeader, plural, Screen, Select, Skeleton, TextInput } from "#ui/components";
import { Board } from "./Board";
import { filterItems, typeWords } from "./lanes";
import { NewItemDialog } from "./NewItemDialog";
import styles from "./backlog.module.css";

export interface BacklogScreenProps {
  projectId: ProjectId;
}

const typeOptions = [{ value: "all", label: "All types" }, ...Object.entries(typeWords).map(([value, label]) => ({ value, label }))];

/** Opened by a route of src/app/routes.tsx, lazily, by this name. */
export function BacklogScreen({ projectId }: BacklogScreenProps): ReactNode {
  const items = useQueryCommand("work_item_list", { projectId });
  const [text, setText] = useState("");
  const [type, setType] = useState<WorkItemType | "all">("all");
  const [isNew, setIsNew] = useState(false);
  const shown = filterItems(items.data ?? [], text, type);
  const add = (
    <Button variant="primary" icon={Plus} onClick={() => setIsNew(true)}>
      New item
    </Button>
  );
  return (
    <Screen>
      <PageHeader
        title="Backlog"
        subtitle={items.data === undefined ? "Work items of this project" : plural(items.data.length, "work item")}
        actions={
          <>
            <div className={styles.search}>
              <Field label="Filter work items" isLabelHidden>
                <TextInput type="search" placeholder="Words or AB#12" value={text} onChange={(event) => setText(event.currentTarget.value)} />
              </Field>
            </div>
            <div className={styles.type}>
              <Field label="Type" isLabelHidden>
                <Select options={typeOptions} value={type} onChange={(event) => setType(event.currentTarget.value as WorkItemType | "all")} />
              </Field>
            </div>
            {add}
          </>
        }
      />
      <Answer
        of={items}
        loading={
          <div className={styles.board}>
            <Skeleton height={240} />
            <Skeleton height={240} />
            <Skeleton height={240} />
          </div>
        }
      >
        {(data) =>
          data.length === 0 ? (
            <EmptyState icon={SquareKanban} title="The backlog is empty" body="Write down the next change, then mention it in a commit as AB# and its number: the item follows the commit through its run to the deployment. A bug can also be made from an exception in Insights." action={add} />
          ) : shown.length === 0 ? (
            <EmptyState title="No work item matches" body="Clear the filter, or choose All types." />
          ) : (
            <>
              <Board projectId={projectId} items={shown} />
              <p className={styles.keys}>
                <Kbd>↑</Kbd> <Kbd>↓</Kbd> <Kbd>←</Kbd> <Kbd>→</Kbd> go from card to card, <Kbd>Alt</Kbd> <Kbd>←</Kbd> <Kbd>→</Kbd> move the card, <Kbd>Enter</Kbd> opens it
              </p>
            </>
          )
        }
      </Answer>
      {isNew && <NewItemDialog projectId={projectId} onClose={() => setIsNew(false)} />}
    </Screen>
  );
}
