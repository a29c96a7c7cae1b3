// The ways to sign in to Azure, the one that needs nothing typed first.
import { useState, type FormEvent, type ReactNode } from "react";
import { Button, ErrorState, Field, Note, Select, TextInput } from "#ui/components";
import { useMutationCommand, type EntraSignInKind } from "#ui/ipc";
import styles from "./azure.module.css";

const WAYS: readonly { value: EntraSignInKind; label: string }[] = [
  { value: "azureCli", label: "As the Azure CLI is signed in" },
  { value: "device", label: "With a device code" },
  { value: "clientSecret", label: "With a client secret" },
  { value: "workloadIdentity", label: "With a workload identity" },
];
const HELP: Record<EntraSignInKind, string> = {
  azureCli: "Uses the account that az login signed in; nothing is kept.",
  device: "You enter a code in a browser. The application is a registration of yours that allows public client flows.",
  clientSecret: "For an application. The secret is kept with your secrets.",
  workloadIdentity: "A file with a token of another issuer, read anew whenever it is needed.",
};
const CLOUDS = [
  { value: "AzurePublicCloud", label: "Azure" },
  { value: "AzureChinaCloud", label: "Azure in China" },
  { value: "AzureUSGovernmentCloud", label: "Azure for the US government" },
];

/** `problem` is why the last sign-in failed. */
export function SignInForm({ problem }: { problem: string | null }): ReactNode {
  const [kind, setKind] = useState<EntraSignInKind>("azureCli");
  const [cloud, setCloud] = useState("AzurePublicCloud");
  const [tenant, setTenant] = useState("");
  const [application, setApplication] = useState("");
  const [secret, setSecret] = useState("");
  const [tokenFile, setTokenFile] = useState("");
  const [isTried, setTried] = useState(false);
  const signIn = useMutationCommand("azure_sign_in", { quiet: true });
  const needsIds = kind !== "azureCli";
  const missing = (text: string): string | undefined => (isTried && needsIds && text.trim() === "" ? "This is needed." : undefined);
  const isComplete = !needsIds || (tenant.trim() !== "" && application.trim() !== "" && (kind !== "clientSecret" || secret !== "") && (kind !== "workloadIdentity" || tokenFile.trim() !== ""));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!isComplete) return;
    signIn.mutate({ kind, cloud, authority: "", resourceManager: "", tenant: tenant.trim(), application: application.trim(), secret: kind === "clientSecret" ? secret : null, tokenFile: kind === "workloadIdentity" ? tokenFile.trim() : "" });
  };
  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {problem !== null && signIn.error === null && (
        <Note tone="warning" title="The last sign-in failed">
          {problem}
        </Note>
      )}
      <div className={styles.columns}>
        <Field label="Sign in" help={HELP[kind]}>
          <Select value={kind} options={[...WAYS]} onChange={(event) => setKind(event.currentTarget.value as EntraSignInKind)} />
        </Field>
        <Field label="Cloud">
          <Select value={cloud} options={CLOUDS} onChange={(event) => setCloud(event.currentTarget.value)} />
        </Field>
      </div>
      <div className={styles.columns}>
        <Field label={needsIds ? "Tenant" : "Tenant (if not the default)"} help="Its id, or a domain such as contoso.onmicrosoft.com." error={missing(tenant)}>
          <TextInput isMono value={tenant} onChange={(event) => setTenant(event.currentTarget.value)} />
        </Field>
        {needsIds && (
          <Field label="Application" help="Its application (client) id." error={missing(application)}>
            <TextInput isMono value={application} onChange={(event) => setApplication(event.currentTarget.value)} />
          </Field>
        )}
      </div>
      {kind === "clientSecret" && (
        <Field label="Client secret" help="Its value, which Azure shows once; not its id." error={missing(secret)}>
          <TextInput isMono type="password" autoComplete="new-password" value={secret} onChange={(event) => setSecret(event.currentTarget.value)} />
        </Field>
      )}
      {kind === "workloadIdentity" && (
        <Field label="Token file" help="Such as $AZURE_FEDERATED_TOKEN_FILE." error={missing(tokenFile)}>
          <TextInput isMono value={tokenFile} onChange={(event) => setTokenFile(event.currentTarget.value)} />
        </Field>
      )}
      {signIn.error !== null && <ErrorState error={signIn.error} compact />}
      <div>
        <Button type="submit" variant="primary" isBusy={signIn.isPending}>
          Sign in
        </Button>
      </div>
    </form>
  );
}
