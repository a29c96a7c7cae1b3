// The tasks that a pipeline may name here, and folders of tasks that the user points at.
import { FolderPlus, FolderMinus, Puzzle } from "lucide-react";
import { useMemo, useState, type ReactNode } from "react";
import { Answer, Button, DataTable, EmptyState, Field, IconButton, Note, PageHeader, Panel, plural, Screen, TextInput, type Column } from "#ui/components";
import { useMutationCommand, useQueryCommand, type TaskFolderView, type TaskView } from "#ui/ipc";
import { AddFolder } from "./AddFolder";
import { TaskDetail } from "./TaskDetail";
import styles from "./tasks.module.css";

const key = (task: TaskView): string => `${task.name}@${task.fullVersion} ${task.folder ?? ""}`;

/** Who runs a task, or why a pipeline does not get it. */
export function standing(task: TaskView): string {
  if (task.whyNot !== null) return "cannot run here";
  if (!task.isUsed) return task.folder === null ? "a folder’s is used" : task.hasOwn ? "Slipway’s own is used" : "a newer one is used";
  return task.folder === null ? "Slipway" : "Node";
}

const COLUMNS: readonly Column<TaskView>[] = [
  {
    key: "name",
    header: "Task",
    width: "34%",
    cell: (task) => (
      <div className={styles.nameCell}>
        <span className={styles.name}>
          {task.name}@{task.version}
        </span>
        <span className={styles.help}>{task.help}</span>
      </div>
    ),
  },
  { key: "version", header: "Version", width: "96px", isMinor: true, cell: (task) => task.fullVersion },
  { key: "standing", header: "Run by", width: "170px", cell: standing },
  { key: "folder", header: "Folder", isMinor: true, cell: (task) => (task.folder === null ? "" : <span className={styles.path}>{task.folder}</span>) },
];

function Folders({ folders }: { folders: readonly TaskFolderView[] }): ReactNode {
  const remove = useMutationCommand("task_folder_remove", { failureTitle: "The folder was not removed" });
  return (
    <ul className={styles.folders}>
      {folders.map((folder) => (
        <li key={folder.path}>
          <div className={styles.folder}>
            <span className={styles.path}>{folder.path}</span>
            <span className={styles.help}>{folder.tasks.length === 0 ? "no task" : folder.tasks.join(", ")}</span>
            {folder.problems.map((problem) => (
              <Note key={problem} tone="warning">
                {problem}
              </Note>
            ))}
          </div>
          <IconButton size="small" icon={FolderMinus} label={`Remove ${folder.path}`} onClick={() => remove.mutate({ path: folder.path })} />
        </li>
      ))}
    </ul>
  );
}

/** Every task, what it takes, and the folders. */
export function TasksScreen(): ReactNode {
  const tasks = useQueryCommand("task_list", {});
  const folders = useQueryCommand("task_folder_list", {});
  const [word, setWord] = useState("");
  const [isAdding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<string | null>(null);
  const all = tasks.data;
  const shown = useMemo(() => (all ?? []).filter((task) => `${task.name} ${task.help} ${task.fullName ?? ""}`.toLowerCase().includes(word.trim().toLowerCase())), [all, word]);
  const task = all?.find((candidate) => key(candidate) === chosen);
  const add = (
    <Button variant="primary" icon={FolderPlus} onClick={() => setAdding(true)}>
      Add a folder of tasks
    </Button>
  );
  return (
    <Screen>
      <PageHeader title="Tasks" subtitle="What a step may name after task: Slipway’s own tasks, and those of folders that you add" actions={add} />
      <div className={styles.stack}>
        <Answer of={folders}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={Puzzle} title="No folder of tasks yet" body="Any task with a task.json and a Node handler runs here: a task’s folder, an unpacked extension (.vsix), or the built tasks of a checkout." />
            ) : (
              <Panel title="Folders" subtitle={plural(list.length, "folder")}>
                <Folders folders={list} />
              </Panel>
            )
          }
        </Answer>
        <Answer of={tasks}>
          {(list) => (
            <Panel
              flush
              title="Tasks"
              subtitle={plural(list.length, "task")}
              actions={
                <Field label="Search the tasks" isLabelHidden>
                  <TextInput className={styles.search} placeholder="Search" value={word} onChange={(event) => setWord(event.currentTarget.value)} />
                </Field>
              }
            >
              <DataTable label="Tasks" columns={COLUMNS} rows={shown} rowKey={key} onOpen={(row) => setChosen(key(row))} />
              {shown.length === 0 && <p className={styles.noRows}>No task matches.</p>}
            </Panel>
          )}
        </Answer>
      </div>
      {task !== undefined && <TaskDetail task={task} onClose={() => setChosen(null)} />}
      {isAdding && <AddFolder onClose={() => setAdding(false)} />}
    </Screen>
  );
}
