// Makes or changes a variable group. Of a group that was read from Azure DevOps only secrets get values here.
import { useState, type ReactNode } from "react";
import { useMutationCommand, type ProjectId, type VariableGroupView } from "#ui/ipc";
import { Field, FormDialog, TextInput, VariableRows } from "#ui/components";
import { draftOf, draftVariable, inputsOf, problemsOf, type GroupDraft } from "./group-draft";

export interface GroupDialogProps {
  projectId: ProjectId;
  /** Left out for a new one. */
  group: VariableGroupView | undefined;
  /** Names in use by other groups. */
  taken: readonly string[];
  onClose: () => void;
}

/** The form of a variable group. */
export function GroupDialog({ projectId, group, taken, onClose }: GroupDialogProps): ReactNode {
  const isRead = group !== undefined && group.origin !== null;
  const [draft, setDraft] = useState<GroupDraft>(() => draftOf(group));
  const [isTried, setIsTried] = useState(false);
  const save = useMutationCommand("variable_group_save", { quiet: true });
  const problems = problemsOf(draft, taken);
  const shown = isTried ? problems : {};
  const set = (part: Partial<GroupDraft>): void => setDraft((now) => ({ ...now, ...part }));

  const submit = (): void => {
    setIsTried(true);
    if (Object.keys(problems).length > 0) return;
    save.mutate({ projectId, name: draft.name.trim(), previousName: group?.name ?? null, description: draft.description.trim(), variables: inputsOf(draft) }, { onSuccess: onClose });
  };

  return (
    <FormDialog
      size="wide"
      onClose={onClose}
      title={group === undefined ? "New variable group" : group.name}
      description={isRead ? `Read from ${group.origin?.organization ?? ""}/${group.origin?.project ?? ""}. Change it there; here you give its secrets their values, which Azure DevOps does not hand out.` : "A pipeline takes it with “- group: name” under variables."}
      of={save}
      action={group === undefined ? "Create group" : "Save"}
      onSubmit={submit}
    >
      {!isRead && (
        <>
          <Field label="Name" error={shown.name}>
            <TextInput value={draft.name} onChange={(event) => set({ name: event.currentTarget.value })} />
          </Field>
          <Field label="Description">
            <TextInput value={draft.description} onChange={(event) => set({ description: event.currentTarget.value })} />
          </Field>
        </>
      )}
      <VariableRows rows={draft.variables} newRow={isRead ? undefined : draftVariable} error={shown.variables} onChange={(variables) => set({ variables })} />
    </FormDialog>
  );
}
