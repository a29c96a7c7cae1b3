// Reads the variable groups of an Azure DevOps project: where it is, how to sign in, what the reading brought.
import { useState, type FormEvent, type ReactNode } from "react";
import { useMutationCommand, useQueryCommand, type AzureDevOpsView, type AzureSignIn, type GroupsRead, type ProjectId } from "#ui/ipc";
import { Answer, Button, Dialog, ErrorState, Field, Note, Segmented, TextInput } from "#ui/components";
import styles from "./library.module.css";

const SIGN_INS: readonly { value: AzureSignIn; label: string }[] = [
  { value: "personalAccessToken", label: "Personal access token" },
  { value: "azureCli", label: "Azure CLI" },
];

/** The dialog of a reading. */
export function AzureDialog({ projectId, onClose }: { projectId: ProjectId; onClose: () => void }): ReactNode {
  const connection = useQueryCommand("azure_devops_get", { projectId });
  const read = useMutationCommand("variable_group_read", { quiet: true });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Read groups from Azure DevOps"
      description="Names and plain values are kept for use without a network. Secrets come without values: Azure DevOps does not hand them out."
      actions={
        read.data !== undefined ? (
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" form="azure-form" variant="primary" isBusy={read.isPending}>
              Read groups
            </Button>
          </>
        )
      }
    >
      {read.data !== undefined ? (
        <Brought read={read.data} />
      ) : (
        <Answer of={connection}>
          {(known) => (
            <Form
              known={known}
              onSubmit={(form) => read.mutate({ projectId, ...form })}
              problem={read.error !== null && <ErrorState error={read.error} compact />}
            />
          )}
        </Answer>
      )}
    </Dialog>
  );
}

interface FormProps {
  known: AzureDevOpsView;
  onSubmit: (form: { organization: string; project: string; signIn: AzureSignIn; token: string | null }) => void;
  problem: ReactNode;
}

function Form({ known, onSubmit, problem }: FormProps): ReactNode {
  const [organization, setOrganization] = useState(known.organization);
  const [project, setProject] = useState(known.project);
  const [signIn, setSignIn] = useState<AzureSignIn>(known.signIn);
  const [token, setToken] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit({ organization: organization.trim(), project: project.trim(), signIn, token: token.trim() === "" ? null : token.trim() });
  };
  return (
    <form id="azure-form" className={styles.form} onSubmit={submit} noValidate>
      <Field label="Organization" help="Such as https://dev.azure.com/contoso.">
        <TextInput isMono value={organization} onChange={(event) => setOrganization(event.currentTarget.value)} />
      </Field>
      <Field label="Project">
        <TextInput value={project} onChange={(event) => setProject(event.currentTarget.value)} />
      </Field>
      <Segmented label="Sign in with" options={SIGN_INS} value={signIn} onChange={setSignIn} />
      {signIn === "personalAccessToken" ? (
        <Field label="Token" help="Scope: Variable Groups (Read). It is kept with your secrets.">
          <TextInput isMono type="password" autoComplete="new-password" placeholder={known.hasToken ? "Set; type to replace" : ""} value={token} onChange={(event) => setToken(event.currentTarget.value)} />
        </Field>
      ) : (
        <p className={styles.muted}>Uses the account that az login signed in.</p>
      )}
      {problem}
    </form>
  );
}

function Brought({ read }: { read: GroupsRead }): ReactNode {
  return (
    <div className={styles.form}>
      <Note tone="success" title={read.read.length === 1 ? "1 group was read" : `${read.read.length} groups were read`}>
        {read.read.join(", ")}
      </Note>
      {read.kept.length > 0 && (
        <Note tone="info" title="Left as they are">
          Groups of this machine have the same names: {read.kept.join(", ")}.
        </Note>
      )}
      {read.unset.length > 0 && (
        <Note tone="warning" title="Secrets without a value here">
          Open the group and give them one: {read.unset.join(", ")}.
        </Note>
      )}
    </div>
  );
}
