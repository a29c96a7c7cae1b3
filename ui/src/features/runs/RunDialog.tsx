// “Run pipeline”: branch and commit, parameters by their type, variables.
import { useState, type FormEvent, type ReactNode } from "react";
import { useMutationCommand, useQueryCommand, type ProjectId, type RunForm } from "#ui/ipc";
import { Answer, Button, Dialog, ErrorState, Field, Fieldset, href, openHref, Select, shortSha, TextInput, VariableRows } from "#ui/components";
import { Parameter } from "#ui/start/Parameter";
import { useAsk } from "#ui/start/use-start";
import { defaultsOf, parametersOf, problemsOf, variablesOf, type ExtraVariable, type Values } from "./run-form";
import styles from "./RunDialog.module.css";

/** The dialog that starts a run. */
export function RunDialog({ projectId, onClose }: { projectId: ProjectId; onClose: () => void }): ReactNode {
  const [branch, setBranch] = useState<string | null>(null);
  const [commit, setCommit] = useState("");
  const isCommit = /^[0-9a-f]{40}$/.test(commit.trim());
  const form = useQueryCommand("run_form_get", { projectId, branch, commit: isCommit ? commit.trim() : null }, { keepPrevious: true });
  const start = useMutationCommand("run_start", { quiet: true });
  const { begin, isBusy, question } = useAsk();
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Run pipeline"
      description="Runs azure-pipelines.yml of a commit on this machine."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="run-form" variant="primary" isBusy={isBusy || start.isPending} disabled={form.data === undefined}>
            Run
          </Button>
        </>
      }
    >
      <Answer of={form}>
        {(data) => (
          <div className={styles.form}>
            <Field label="Branch">
              <Select options={data.branches.map((name) => ({ value: name, label: name }))} value={branch ?? data.branch} onChange={(event) => setBranch(event.currentTarget.value)} />
            </Field>
            <Field label="Commit" help={`Empty means the newest: ${shortSha(data.commit)} ${data.commitSummary}`} error={commit.trim() === "" || isCommit ? undefined : "Write all 40 digits of the commit."}>
              <TextInput isMono value={commit} onChange={(event) => setCommit(event.currentTarget.value)} />
            </Field>
            <Inputs
              // Another commit may declare other parameters.
              key={data.commit}
              form={data}
              onSubmit={(parameters, variables) =>
                begin({
                  projectId,
                  commit: data.commit,
                  parameters,
                  start: (skipUnsupported) =>
                    start.mutate(
                      { projectId, commit: isCommit ? commit.trim() : null, branch, parameters, variables, file: null, isWorkingTree: false, ...(skipUnsupported && { skipUnsupported }) },
                      {
                        onSuccess: (started) => {
                          onClose();
                          openHref(href.run(started.runId));
                        },
                      },
                    ),
                })
              }
            />
            {question}
            {start.error !== null && <ErrorState error={start.error} compact />}
          </div>
        )}
      </Answer>
    </Dialog>
  );
}

interface InputsProps {
  form: RunForm;
  onSubmit: (parameters: ReturnType<typeof parametersOf>, variables: ReturnType<typeof variablesOf>) => void;
}

let nextKey = 0;
function newRow(): ExtraVariable {
  nextKey += 1;
  return { key: nextKey, name: "", value: "", isSecret: false };
}

function Inputs({ form, onSubmit }: InputsProps): ReactNode {
  const [values, setValues] = useState<Values>(() => defaultsOf(form));
  const [variables, setVariables] = useState<Values>(() => Object.fromEntries(form.variables.map((one) => [one.name, one.value ?? ""])));
  const [extra, setExtra] = useState<readonly ExtraVariable[]>([]);
  const [isTried, setTried] = useState(false);
  const problems = problemsOf(form, values);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) onSubmit(parametersOf(form, values), variablesOf(form, variables, extra));
  };
  return (
    <form id="run-form" className={styles.form} onSubmit={submit} noValidate>
      {form.parameters.length > 0 && (
        <Fieldset legend="Parameters">
          <div className={styles.form}>
            {form.parameters.map((parameter) => (
              <Parameter key={parameter.name} parameter={parameter} value={values[parameter.name] ?? ""} problem={isTried ? problems[parameter.name] : undefined} onChange={(value) => setValues({ ...values, [parameter.name]: value })} />
            ))}
          </div>
        </Fieldset>
      )}
      <VariableRows rows={extra} newRow={newRow} onChange={setExtra}>
        {form.variables.map((one) => (
          <Field key={one.name} label={one.name} help={one.isSettable ? undefined : "Stays: the Library does not allow another value."}>
            <TextInput isMono type={one.isSecret ? "password" : "text"} autoComplete={one.isSecret ? "new-password" : "off"} placeholder={one.isSecret ? "Secret, set" : ""} readOnly={!one.isSettable} value={variables[one.name] ?? ""} onChange={(event) => setVariables({ ...variables, [one.name]: event.currentTarget.value })} />
          </Field>
        ))}
      </VariableRows>
    </form>
  );
}
