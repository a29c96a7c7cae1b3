// Title, state and description of a work item. Nothing is sent until Save; only what was changed is sent.
import { useState, type FormEvent, type ReactNode } from "react";
import { useMutationCommand, type ProjectId, type WorkItemState, type WorkItemView } from "#ui/ipc";
import { Button, ErrorState, Field, Segmented, TextArea, TextInput } from "#ui/components";
import { columns } from "./lanes";
import styles from "./backlog.module.css";

type Draft = Partial<Pick<WorkItemView, "title" | "description" | "state">>;
const states: readonly { value: WorkItemState; label: string }[] = columns.map(({ state, title }) => ({ value: state, label: title }));

/** The form of a work item. */
export function ItemForm({ projectId, item }: { projectId: ProjectId; item: WorkItemView }): ReactNode {
  // Holds only what the user touched: what the thread changes meanwhile shows through.
  const [draft, setDraft] = useState<Draft>({});
  const update = useMutationCommand("work_item_update", { quiet: true });
  const now = { ...item, ...draft };
  const changed = {
    title: now.title.trim() === item.title ? null : now.title.trim(),
    description: now.description === item.description ? null : now.description,
    state: now.state === item.state ? null : now.state,
  };
  const isDirty = Object.values(changed).some((value) => value !== null);
  const isNameless = now.title.trim() === "";
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isDirty || isNameless) return;
    update.mutate({ projectId, id: item.id, ...changed }, { onSuccess: () => setDraft({}) });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate aria-label="Work item">
      <Field label="Title" error={isNameless ? "Give it a title." : undefined}>
        <TextInput value={now.title} onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })} />
      </Field>
      <div className={styles.stateField}>
        <span className={styles.stateWord} aria-hidden="true">
          State
        </span>
        <Segmented label="State" options={states} value={now.state} onChange={(state) => setDraft({ ...draft, state })} />
      </div>
      <Field label="Description">
        <TextArea rows={7} value={now.description} onChange={(event) => setDraft({ ...draft, description: event.currentTarget.value })} />
      </Field>
      {update.error !== null && <ErrorState error={update.error} compact />}
      <div className={styles.formActions}>
        <Button type="submit" variant="primary" isBusy={update.isPending} disabled={!isDirty || isNameless}>
          Save
        </Button>
        {isDirty && <Button onClick={() => setDraft({})}>Discard</Button>}
        <output className={styles.muted}>
          {isDirty ? "Not saved" : update.isSuccess ? "Saved" : ""}
        </output>
      </div>
    </form>
  );
}
