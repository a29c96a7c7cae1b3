// What one task takes and sets.
import type { ReactNode } from "react";
import { Button, Dialog, KeyValue, Note } from "#ui/components";
import { useMutationCommand, type TaskInputView, type TaskView } from "#ui/ipc";
import styles from "./tasks.module.css";

const KINDS: Record<string, string> = { text: "text", lines: "several lines", boolean: "true or false", path: "path", number: "number", connection: "service connection", secureFile: "secure file" };

function takes(input: TaskInputView): string {
  const kind = input.options.length > 0 ? input.options.join(", ") : (KINDS[input.kind] ?? input.kind);
  return input.default === null ? kind : `${kind}; ${input.default} if left out`;
}

function Inputs({ task }: { task: TaskView }): ReactNode {
  if (task.inputs.length === 0) return <p className={styles.help}>It takes no input.</p>;
  return (
    <ul className={styles.inputs} aria-label="Inputs">
      {task.inputs.map((input) => (
        <li key={input.name}>
          <p className={styles.input}>
            <code className={styles.name}>{input.name}</code>
            {input.aliases.length > 0 && <span className={styles.help}> or {input.aliases.join(", ")}</span>}
            {input.isRequired && <span className={styles.needed}> required</span>}
          </p>
          <div>
            <p>{input.help}</p>
            <p className={styles.help}>{takes(input)}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}

/** The task in a dialog, with the switch that lets a folder's task stand in for Slipway's own. */
export function TaskDetail({ task, onClose }: { task: TaskView; onClose: () => void }): ReactNode {
  const replace = useMutationCommand("task_replace", { failureTitle: "The task was not changed" });
  const canReplace = task.folder !== null && task.hasOwn && task.whyNot === null;
  const facts = [
    { name: "Version", value: task.fullVersion },
    ...(task.folder === null ? [] : [{ name: "Folder", value: <span className={styles.path}>{task.folder}</span> }]),
    ...(task.fullName === null ? [] : [{ name: "Full name", value: <span className={styles.path}>{task.fullName}</span> }]),
    ...(task.handlers.length === 0 ? [] : [{ name: "Run by", value: task.handlers.join(", ") }]),
    ...(task.outputs.length === 0 ? [] : [{ name: "Sets", value: task.outputs.map((output) => output.name).join(", ") }]),
  ];
  return (
    <Dialog
      isOpen
      size="wide"
      onClose={onClose}
      title={`${task.name}@${task.version}`}
      description={task.help}
      actions={
        <>
          {canReplace && (
            <Button isBusy={replace.isPending} onClick={() => replace.mutate({ name: task.name, version: task.version, replaces: !task.isUsed })}>
              {task.isUsed ? "Use Slipway’s own instead" : "Use this instead of Slipway’s own"}
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={styles.detail}>
        {task.whyNot !== null && <Note tone="warning">{task.whyNot}</Note>}
        <KeyValue items={facts} />
        <Inputs task={task} />
      </div>
    </Dialog>
  );
}
