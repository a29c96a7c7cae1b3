// Makes a work item: type, title, description.
import { useState, type ReactNode } from "react";
import { useMutationCommand, type ProjectId, type WorkItemType } from "#ui/ipc";
import { Field, FormDialog, Segmented, TextArea, TextInput } from "#ui/components";
import { typeWords } from "./lanes";

const types = (["task", "issue", "bug", "epic"] as const).map((value) => ({ value, label: typeWords[value] }));

/** The form of a new work item. */
export function NewItemDialog({ projectId, onClose }: { projectId: ProjectId; onClose: () => void }): ReactNode {
  const [itemType, setItemType] = useState<WorkItemType>("task");
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [isTried, setIsTried] = useState(false);
  const create = useMutationCommand("work_item_create", { quiet: true });
  const submit = (): void => {
    setIsTried(true);
    if (title.trim() === "") return;
    create.mutate({ projectId, itemType, title: title.trim(), description: description.trim() }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      onClose={onClose}
      title="New work item"
      description="It starts in To Do. A commit that mentions it moves it on."
      of={create}
      action="Create"
      onSubmit={submit}
    >
      <div>
        <Segmented label="Type" options={types} value={itemType} onChange={setItemType} />
      </div>
      <Field label="Title" error={isTried && title.trim() === "" ? "Give it a title." : undefined}>
        <TextInput value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
      </Field>
      <Field label="Description">
        <TextArea value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      </Field>
    </FormDialog>
  );
}
