// Makes or changes an environment: name, target, Kubernetes context and namespace, variables.
import { useState, type ReactNode } from "react";
import { useMutationCommand, type EnvironmentView, type ProjectId, type TargetKind } from "#ui/ipc";
import { Field, FormDialog, Segmented, TextInput, VariableRows } from "#ui/components";
import { problemsOf, type Draft, type DraftVariable } from "./environment-draft";
import styles from "./environments.module.css";

export interface EnvironmentDialogProps {
  projectId: ProjectId;
  /** Left out for a new one. */
  environment: EnvironmentView | undefined;
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
export function EnvironmentDialog({ projectId, environment, taken, onClose }: EnvironmentDialogProps): ReactNode {
  const isNew = environment === undefined;
  const [draft, setDraft] = useState<Draft>(() => ({
    name: environment?.name ?? "",
    target: environment?.target ?? "local",
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
      <Segmented label="Target" options={targets} value={draft.target} onChange={(target) => set({ target })} />
      {draft.target === "kubernetes" && (
        <div className={styles.twoColumns}>
          <Field label="Context" error={shown.context} help="A context of your kubeconfig.">
            <TextInput isMono value={draft.context} onChange={(event) => set({ context: event.currentTarget.value })} />
          </Field>
          <Field label="Namespace" error={shown.namespace} help="Empty means default.">
            <TextInput isMono value={draft.namespace} onChange={(event) => set({ namespace: event.currentTarget.value })} />
          </Field>
        </div>
      )}
      <VariableRows rows={draft.variables} newRow={variable} error={shown.variables} onChange={(variables) => set({ variables })} help="Values are kept as plain text. Put no secret here." />
    </FormDialog>
  );
}
