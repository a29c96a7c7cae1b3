// Asks for a folder of tasks.
import { useState, type ReactNode } from "react";
import { toast } from "sonner";
import { Field, FormDialog, plural, TextInput } from "#ui/components";
import { useMutationCommand } from "#ui/ipc";

/** The form; the folder is read before it is taken. */
export function AddFolder({ onClose }: { onClose: () => void }): ReactNode {
  const [path, setPath] = useState("");
  const [isTried, setTried] = useState(false);
  const add = useMutationCommand("task_folder_add", { quiet: true });
  const submit = (): void => {
    setTried(true);
    if (path.trim() === "") return;
    add.mutate(
      { path: path.trim() },
      {
        onSuccess: (folder) => {
          toast(`${plural(folder.tasks.length, "task")} added`);
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      onClose={onClose}
      title="Add a folder of tasks"
      description="Tasks are read where they are; nothing is copied or downloaded. They run with this machine’s Node and your rights: add only what you trust."
      of={add}
      action="Add"
      onSubmit={submit}
    >
      <Field label="Folder" help="The whole path of a folder with a task.json, or of one that has such folders below it." error={isTried && path.trim() === "" ? "Write the folder’s path." : undefined}>
        <TextInput isMono value={path} onChange={(event) => setPath(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
