// Variables of the pipeline's settings: values below those of the file, some of which a run may be given anew.
import { Lock, Plus, Trash2, Variable } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useMutationCommand, useQueryCommand, type PipelineVariableView, type ProjectId } from "#ui/ipc";
import { Answer, Button, Checkbox, DataTable, FormDialog, EmptyState, Field, IconButton, Panel, plural, RelativeTime, TextInput, type Column } from "#ui/components";
import styles from "./library.module.css";

/** The variables of the pipeline. */
export function VariablesTab({ projectId }: { projectId: ProjectId }): ReactNode {
  const variables = useQueryCommand("pipeline_variable_list", { projectId });
  const remove = useMutationCommand("pipeline_variable_remove", { failureTitle: "The variable was not removed" });
  const [editing, setEditing] = useState<PipelineVariableView | "new">();
  const columns: readonly Column<PipelineVariableView>[] = [
    {
      key: "name",
      header: "Name",
      width: "30%",
      cell: (one) => (
        <button type="button" className={styles.name} onClick={() => setEditing(one)}>
          {one.name}
        </button>
      ),
    },
    {
      key: "value",
      header: "Value",
      cell: (one) =>
        one.isSecret ? (
          <span className={styles.secret}>
            <Lock size={14} /> Secret, set
          </span>
        ) : (
          <span className={styles.mono}>{one.value}</span>
        ),
    },
    { key: "settable", header: "When a run starts", width: "210px", isMinor: true, cell: (one) => (one.isSettable ? "May get another value" : "Stays") },
    { key: "at", header: "Changed", width: "120px", align: "end", cell: (one) => <RelativeTime at={one.changedAt} /> },
    { key: "remove", header: <span className="visuallyHidden">Remove</span>, width: "56px", align: "end", cell: (one) => <IconButton label={`Remove ${one.name}`} icon={Trash2} size="small" onClick={() => remove.mutate({ projectId, name: one.name })} /> },
  ];
  const add = (
    <Button icon={Plus} variant="primary" onClick={() => setEditing("new")}>
      New variable
    </Button>
  );
  return (
    <Answer of={variables}>
      {(list) => (
        <>
          {list.length === 0 ? (
            <EmptyState icon={Variable} title="No variable of the pipeline yet" body="Values that are not in the file: a secret, or one that is chosen when a run starts. What the file declares itself wins over them." action={add} />
          ) : (
            <Panel title="Pipeline variables" subtitle={plural(list.length, "variable")} actions={add} flush>
              <DataTable label="Pipeline variables" columns={columns} rows={list} rowKey={(one) => one.name} onOpen={setEditing} />
            </Panel>
          )}
          {editing !== undefined && <VariableDialog projectId={projectId} variable={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />}
        </>
      )}
    </Answer>
  );
}

interface VariableDialogProps {
  projectId: ProjectId;
  variable: PipelineVariableView | undefined;
  onClose: () => void;
}

function VariableDialog({ projectId, variable, onClose }: VariableDialogProps): ReactNode {
  const [name, setName] = useState(variable?.name ?? "");
  const [value, setValue] = useState(variable?.value ?? "");
  const [isSecret, setSecret] = useState(variable?.isSecret ?? false);
  const [isSettable, setSettable] = useState(variable?.isSettable ?? false);
  const [isTried, setTried] = useState(false);
  const save = useMutationCommand("pipeline_variable_save", { quiet: true });
  const problem = name.trim() === "" ? "Give the variable a name." : undefined;
  const submit = (): void => {
    setTried(true);
    if (problem !== undefined) return;
    save.mutate({ projectId, name: name.trim(), value: isSecret && value === "" ? null : value, isSecret, isSettable }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      onClose={onClose}
      title={variable === undefined ? "New variable" : variable.name}
      of={save}
      action="Save"
      onSubmit={submit}
    >
      <Field label="Name" error={isTried ? problem : undefined}>
        <TextInput isMono value={name} readOnly={variable !== undefined} onChange={(event) => setName(event.currentTarget.value)} />
      </Field>
      <Field label="Value">
        <TextInput isMono type={isSecret ? "password" : "text"} autoComplete={isSecret ? "new-password" : "off"} placeholder={isSecret && variable?.isSecret === true ? "Set; type to replace" : ""} value={value} onChange={(event) => setValue(event.currentTarget.value)} />
      </Field>
      <Checkbox label="Keep this value secret" isChecked={isSecret} onChange={setSecret} />
      <Checkbox label="Let users override this value when running this pipeline" isChecked={isSettable} onChange={setSettable} />
    </FormDialog>
  );
}
