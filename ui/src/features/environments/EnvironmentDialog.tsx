// Makes or changes an environment: name, target, Kubernetes context and namespace, variables.
import { useState, type ReactNode } from "react";
import { useMutationCommand, type EnvironmentView, type ProjectId, type TargetKind } from "#ui/ipc";
import { Field, FormDialog, Segmented, TextInput, VariableRows } from "#ui/components";
import { ClusterFields } from "./ClusterFields";
import { problemsOf, type Draft, type DraftVariable } from "./environment-draft";

export interface EnvironmentDialogProps {
  projectId: ProjectId;
  /** Left out for a new one. */
  environment: EnvironmentView | undefined;
  /** What a new one begins as. */
  target?: TargetKind;
  /** Names in use. */
  taken: readonly string[];
  onClose: () => void;
}

let nextKey = 0;
function variable(name = "", value = ""): DraftVariable {
  nextKey += 1;
  return { key: nextKey, name, value };
}

const targets: readonly { value: TargetKind; label: string }[] = [
  { value: "local", label: "Local containers" },
  { value: "kubernetes", label: "Kubernetes" },
];

/** The form of an environment. */
export function EnvironmentDialog({ projectId, environment, target = "local", taken, onClose }: EnvironmentDialogProps): ReactNode {
  const isNew = environment === undefined;
  const [draft, setDraft] = useState<Draft>(() => ({
    name: environment?.name ?? "",
    target: environment?.target ?? target,
    context: environment?.context ?? "",
    namespace: environment?.namespace ?? "",
    variables: (environment?.variables ?? []).map(({ name, value }) => variable(name, value)),
  }));
  const [isTried, setIsTried] = useState(false);
  const save = useMutationCommand("environment_save", { quiet: true });
  const problems = problemsOf(draft, isNew ? taken : null);
  const shown = isTried ? problems : {};
  const set = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }));

  const submit = (): void => {
    setIsTried(true);
    if (Object.keys(problems).length > 0) return;
    const isCluster = draft.target === "kubernetes";
    save.mutate(
      {
        projectId,
        name: draft.name.trim(),
        target: draft.target,
        context: isCluster ? draft.context.trim() : "",
        namespace: isCluster ? draft.namespace.trim() : "",
        variables: draft.variables.filter(({ name }) => name.trim() !== "").map(({ name, value }) => ({ name: name.trim(), value })),
      },
      { onSuccess: onClose },
    );
  };

  return (
    <FormDialog
      onClose={onClose}
      title={isNew ? "New environment" : `Edit ${environment.name}`}
      description={isNew ? "A deployment job of the pipeline deploys here by this name." : undefined}
      of={save}
      action={isNew ? "Create environment" : "Save"}
      onSubmit={submit}
    >
      <Field label="Name" error={shown.name} help={isNew ? "Lower-case letters, digits and hyphens, such as staging." : "A name stays: runs and deployments refer to it."}>
        <TextInput value={draft.name} readOnly={!isNew} onChange={(event) => set({ name: event.currentTarget.value })} />
      </Field>
      <Segmented label="Target" options={targets} value={draft.target} onChange={(next) => set({ target: next })} />
      {draft.target === "kubernetes" && <ClusterFields context={draft.context} namespace={draft.namespace} problems={shown} onChange={set} />}
      <VariableRows rows={draft.variables} newRow={variable} error={shown.variables} onChange={(variables) => set({ variables })} help="Manifests take them as #{NAME}#. They are kept as plain text; secrets come from the Library’s variable group of this name." />
    </FormDialog>
  );
}
