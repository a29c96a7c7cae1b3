// Makes or changes a variable group. Of a group that was read from Azure DevOps only secrets get values here.
import { Lock, LockOpen, Plus, Trash2 } from "lucide-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { useMutationCommand, type ProjectId, type VariableGroupView } from "#ui/ipc";
import { Button, Dialog, ErrorState, Field, Fieldset, IconButton, TextInput } from "#ui/components";
import { draftOf, draftVariable, inputsOf, problemsOf, type DraftVariable, type GroupDraft } from "./group-draft";
import styles from "./library.module.css";

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

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (Object.keys(problems).length > 0) return;
    save.mutate({ projectId, name: draft.name.trim(), previousName: group?.name ?? null, description: draft.description.trim(), variables: inputsOf(draft) }, { onSuccess: onClose });
  };

  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={group === undefined ? "New variable group" : group.name}
      description={isRead ? `Read from ${group.origin?.organization ?? ""}/${group.origin?.project ?? ""}. Change it there; here you give its secrets their values, which Azure DevOps does not hand out.` : "A pipeline takes it with “- group: name” under variables."}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="group-form" variant="primary" isBusy={save.isPending}>
            {group === undefined ? "Create group" : "Save"}
          </Button>
        </>
      }
    >
      <form id="group-form" className={styles.form} onSubmit={submit} noValidate>
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
        <Rows variables={draft.variables} isRead={isRead} error={shown.variables} onChange={(variables) => set({ variables })} />
        {save.error !== null && <ErrorState error={save.error} compact />}
      </form>
    </Dialog>
  );
}

interface RowsProps {
  variables: readonly DraftVariable[];
  isRead: boolean;
  error: string | undefined;
  onChange: (variables: DraftVariable[]) => void;
}

function Rows({ variables, isRead, error, onChange }: RowsProps): ReactNode {
  const change = (key: number, part: Partial<DraftVariable>): void => onChange(variables.map((one) => (one.key === key ? { ...one, ...part } : one)));
  return (
    <Fieldset legend="Variables">
      {variables.length > 0 && (
        <ul className={styles.rows}>
          {variables.map((one, index) => {
            const word = one.name === "" ? String(index + 1) : one.name;
            return (
              <li key={one.key}>
                <Field label={`Variable ${index + 1} name`} isLabelHidden>
                  <TextInput isMono placeholder="Name" value={one.name} readOnly={isRead} onChange={(event) => change(one.key, { name: event.currentTarget.value })} />
                </Field>
                <Field label={`Variable ${index + 1} value`} isLabelHidden>
                  <TextInput
                    isMono
                    type={one.isSecret ? "password" : "text"}
                    autoComplete={one.isSecret ? "new-password" : "off"}
                    placeholder={one.isSecret ? (one.isSet ? "Set; type to replace" : "No value yet") : "Value"}
                    value={one.value}
                    readOnly={isRead && !one.isSecret}
                    onChange={(event) => change(one.key, { value: event.currentTarget.value })}
                  />
                </Field>
                {isRead ? (
                  one.isSecret ? <Lock size={16} aria-label="Secret" /> : <span />
                ) : (
                  <>
                    <IconButton label={one.isSecret ? `${word} is secret; make it plain` : `Make ${word} secret`} icon={one.isSecret ? Lock : LockOpen} isPressed={one.isSecret} onClick={() => change(one.key, { isSecret: !one.isSecret })} />
                    <IconButton label={`Remove variable ${word}`} icon={Trash2} onClick={() => onChange(variables.filter(({ key }) => key !== one.key))} />
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {error !== undefined && (
        <p className={styles.problem} role="alert">
          {error}
        </p>
      )}
      {!isRead && (
        <div>
          <Button size="small" icon={Plus} onClick={() => onChange([...variables, draftVariable()])}>
            Add variable
          </Button>
        </div>
      )}
    </Fieldset>
  );
}
