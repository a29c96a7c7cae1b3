// Fixtures of the Library: groups of this machine and of Azure DevOps, variables, secure files, what a run asks.
import type { AzureDevOpsView, PipelineVariableView, RunForm, SecretsView, SecureFileView, VariableGroupView } from "../generated/contract";
import { ago, COMMITS } from "./thread";

export const SECRETS: SecretsView = { place: "keychain", statement: "Secrets are kept in the keychain of this machine, which your login protects. Secure files are encrypted; their key is in the keychain." };

const HOUR = 60;

export const GROUPS: VariableGroupView[] = [
  {
    name: "harbour",
    description: "What every stage of the harbour needs",
    origin: null,
    variables: [
      { name: "region", value: "westeurope", isSecret: false, setAt: null },
      { name: "replicas", value: "3", isSecret: false, setAt: null },
      { name: "registryToken", value: null, isSecret: true, setAt: ago(5 * HOUR) },
    ],
    changedAt: ago(5 * HOUR),
  },
  {
    name: "release",
    description: "Signing and upload",
    origin: { organization: "https://dev.azure.com/contoso", project: "Tides", keyVault: null, readAt: ago(26 * HOUR) },
    variables: [
      { name: "channel", value: "stable", isSecret: false, setAt: null },
      { name: "signingPassword", value: null, isSecret: true, setAt: null },
    ],
    changedAt: ago(26 * HOUR),
  },
  {
    name: "vault",
    description: "",
    origin: { organization: "https://dev.azure.com/contoso", project: "Tides", keyVault: "contoso-tides", readAt: ago(26 * HOUR) },
    variables: [
      { name: "db-password", value: null, isSecret: true, setAt: ago(25 * HOUR) },
      { name: "storage-key", value: null, isSecret: true, setAt: null },
    ],
    changedAt: ago(25 * HOUR),
  },
];

export const PIPELINE_VARIABLES: PipelineVariableView[] = [
  { name: "apiKey", value: null, isSecret: true, isSettable: false, changedAt: ago(3 * HOUR) },
  { name: "logLevel", value: "info", isSecret: false, isSettable: true, changedAt: ago(8 * HOUR) },
];

export const SECURE_FILES: SecureFileView[] = [
  { name: "release.pfx", sizeBytes: 4_281, addedAt: ago(70 * HOUR) },
  { name: "deploy-key.pem", sizeBytes: 1_679, addedAt: ago(2 * HOUR) },
];

export const AZURE_DEVOPS: AzureDevOpsView = { organization: "https://dev.azure.com/contoso", project: "Tides", signIn: "personalAccessToken", hasToken: true };

/** What the run dialog asks for. */
export function runForm(branch: string | null): RunForm {
  return {
    commit: COMMITS[0]?.sha ?? "",
    commitSummary: COMMITS[0]?.summary ?? "",
    branch: branch ?? "main",
    branches: ["feature/neap", "main"],
    parameters: [
      { name: "environment", displayName: "Deploy to", kind: "string", default: "dev", values: ["dev", "staging", "prod"] },
      { name: "runTests", displayName: "Run the tests", kind: "boolean", default: "true", values: [] },
      { name: "replicas", displayName: "Replicas", kind: "number", default: null, values: [] },
    ],
    variables: PIPELINE_VARIABLES,
  };
}
