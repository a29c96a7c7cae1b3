// The words for a form as data: which key has which field.

export type FieldKind = "text" | "mono" | "script" | "flag" | "number" | "pick" | "suggest" | "list";

/** Where proposals come from. */
export type Source = "connections" | "registries" | "secureFiles" | "environments" | "groups" | "repositories" | "containers" | "pipelines" | "pools";

export interface KeySpec {
  keys: string[];
  label: string;
  kind: FieldKind;
  help?: string;
  /** The words of a pick, or proposals. */
  options?: readonly string[];
  source?: Source;
  /** What it is when left out. */
  fallback?: string;
  isRequired?: boolean;
  /** Drawn only where it is written. */
  isRare?: boolean;
}

const key = (kind: FieldKind, keys: string | string[], label: string, help: string, more: Partial<KeySpec> = {}): KeySpec => ({ keys: typeof keys === "string" ? [keys] : keys, label, kind, help, ...more });

const WORKING = key("mono", "workingDirectory", "Working directory", "The folder to run in.", { fallback: "$(System.DefaultWorkingDirectory)" });
const STDERR = key("flag", "failOnStderr", "Fail on standard error", "Fail if anything is written to standard error.", { fallback: "false" });
const PREFERENCES = ["default", "stop", "continue", "silentlyContinue"];
const PATTERNS = key("list", "patterns", "Patterns", "Files of it, one pattern a line; ! excludes.");

const POWER_SHELL: KeySpec[] = [
  WORKING,
  key("pick", "errorActionPreference", "Error action", "What $ErrorActionPreference is set to.", { options: PREFERENCES, fallback: "stop" }),
  STDERR,
  key("flag", "ignoreLASTEXITCODE", "Ignore the last exit code", "Do not fail for the exit code of the last program.", { fallback: "false" }),
  key("flag", "showWarnings", "Show warnings", "Show the script’s warnings in the run’s summary.", { fallback: "false" }),
  key("flag", "runScriptInSeparateScope", "Scope of its own", "Run the script in a scope of its own.", { fallback: "false" }),
  ...["warning", "information", "verbose", "debug", "progress"].map((word) => key("pick", `${word}Preference`, `${word.charAt(0).toUpperCase()}${word.slice(1)} preference`, `What $${word.charAt(0).toUpperCase()}${word.slice(1)}Preference is set to.`, { options: PREFERENCES })),
];

export interface StepSpec {
  title: string;
  main: KeySpec;
  own: KeySpec[];
}

const script = (name: string, title: string, own: KeySpec[]): StepSpec => ({ title, main: key("script", name, "Script", "Ctrl+Enter sends it; so does leaving the field.", { isRequired: true }), own });

/** Kinds of steps that are not tasks, by their keyword. */
export const STEPS: Record<string, StepSpec> = {
  script: script("script", "Command line script", [WORKING, STDERR]),
  bash: script("bash", "Bash script", [WORKING, STDERR, key("flag", "noProfile", "Pass over the profile", "", { fallback: "true" }), key("flag", "noRc", "Pass over .bashrc", "", { fallback: "true" }), key("mono", "bashEnvValue", "BASH_ENV", "A file that is read before the script.")]),
  pwsh: script("pwsh", "PowerShell Core script", POWER_SHELL),
  powershell: script("powershell", "Windows PowerShell script", POWER_SHELL),
  checkout: {
    title: "Checkout",
    main: key("suggest", "checkout", "What", "self, none, or a repository resource.", { options: ["self", "none"], source: "repositories", isRequired: true }),
    own: [
      key("number", "fetchDepth", "Fetch depth", "How many commits; 0 for all of them."),
      key("pick", "submodules", "Submodules", "Whether submodules are fetched, and theirs.", { options: ["true", "recursive", "false"], fallback: "false" }),
      key("flag", "clean", "Clean", "Remove what is there before.", { fallback: "false" }),
      key("flag", "lfs", "Large files (LFS)", "Whether large files are fetched.", { fallback: "false" }),
      key("flag", "fetchTags", "Fetch tags", "Whether tags are fetched."),
      key("suggest", "fetchFilter", "Fetch filter", "What to leave out of the fetch.", { options: ["blob:none", "tree:0"] }),
      key("flag", "persistCredentials", "Keep credentials", "For later steps that push or fetch.", { fallback: "false" }),
      key("mono", "path", "Path", "A folder below $(Agent.BuildDirectory)."),
      key("list", "sparseCheckoutDirectories", "Only these folders", "One a line."),
      key("list", "sparseCheckoutPatterns", "Only what matches", "One pattern a line."),
      key("flag", "workspaceRepo", "Default working directory", "Make this repository the default working directory."),
      key("mono", "workspaceRepoPath", "Path of the default working directory", ""),
    ],
  },
  download: {
    title: "Download artifacts",
    main: key("suggest", "download", "Of", "This run (current), none, or a pipeline resource.", { options: ["current", "none"], source: "pipelines", isRequired: true }),
    own: [key("text", "artifact", "Artifact", "All of them if left out."), PATTERNS, key("mono", "path", "Path", "Where to put them.", { fallback: "$(Pipeline.Workspace)" })],
  },
  downloadBuild: { title: "Download of a build", main: key("text", "downloadBuild", "Build resource", "", { isRequired: true }), own: [key("text", "artifact", "Artifact", ""), PATTERNS, key("mono", "path", "Path", "Where to put it.")] },
  getPackage: { title: "Get a package", main: key("text", "getPackage", "Package resource", "", { isRequired: true }), own: [key("mono", "path", "Path", "Where to put it.")] },
  publish: { title: "Publish an artifact", main: key("mono", "publish", "File or folder", "What becomes the artifact.", { isRequired: true }), own: [key("text", "artifact", "Artifact", "Its name.")] },
  upload: { title: "Publish an artifact", main: key("mono", "upload", "File or folder", "What becomes the artifact.", { isRequired: true }), own: [key("text", "artifact", "Artifact", "Its name.")] },
  reviewApp: { title: "Review app", main: key("text", "reviewApp", "Resource", "Made for the pull request in a Kubernetes environment.", { isRequired: true }), own: [] },
};

/** What every step may have, but for its name, condition and environment. */
export const STEP_CONTROL: KeySpec[] = [
  key("flag", "enabled", "Enabled", "Whether the step is part of the run at all.", { fallback: "true" }),
  key("flag", "continueOnError", "Go on after an error", "A failure then counts as succeeded with issues.", { fallback: "false" }),
  key("number", "timeoutInMinutes", "Timeout in minutes", "0 or nothing for no limit."),
  key("number", "retryCountOnTaskFailure", "Retries", "How often it is tried again when it fails; 10 at most.", { fallback: "0" }),
];

export const JOB_LIMITS: KeySpec[] = [
  key("number", "timeoutInMinutes", "Timeout in minutes", "0 for as long as possible.", { fallback: "60" }),
  key("number", "cancelTimeoutInMinutes", "Cancel timeout in minutes", "How long cleanup may take.", { fallback: "5" }),
  key("flag", "continueOnError", "Go on after an error", "A failure then counts as succeeded with issues.", { fallback: "false" }),
  key("pick", ["workspace", "clean"], "Clean the workspace", "What is deleted before the job.", { options: ["outputs", "resources", "all"] }),
  key("list", ["uses", "repositories"], "Uses repositories", "Those that no key names, one a line."),
  key("list", ["uses", "pools"], "Uses pools", "Those that no key names, one a line."),
];

export const STAGE_MORE: KeySpec[] = [
  key("pick", "trigger", "Start", "Whether somebody has to start the stage.", { options: ["automatic", "manual"], fallback: "automatic" }),
  key("flag", "isSkippable", "May be left out", "When a run is started.", { fallback: "true" }),
  key("pick", "lockBehavior", "Exclusive lock", "How runs wait for it: in turn, or only the newest.", { options: ["sequential", "runLatest"], fallback: "runLatest" }),
  key("text", "group", "Group", "Where it is shown in the deployment history."),
];

export const VM_IMAGES = ["ubuntu-latest", "ubuntu-24.04", "ubuntu-22.04", "windows-latest", "windows-2025", "windows-2022", "macOS-latest", "macOS-15", "macOS-14"];

/** A mapping that a single text may stand for: which of its keys that text is. */
export interface ShortSpec {
  keys: string[];
  short: string;
  /** Under which key the text goes when the mapping is made here; else the language does that. */
  longAs?: (text: string, aliases: readonly string[]) => string;
  specs: KeySpec[];
}

const below = (at: string[], specs: KeySpec[]): KeySpec[] => specs.map((spec) => ({ ...spec, keys: [...at, ...spec.keys] }));

export const poolAt = (at: string[] = []): ShortSpec => ({
  keys: [...at, "pool"],
  short: "name",
  specs: below([...at, "pool"], [
    key("suggest", "vmImage", "Image", "Of a Microsoft-hosted agent. Pools, in the head of this room, says what runs here.", { options: VM_IMAGES }),
    key("suggest", "name", "Pool", "A pool of your own agents.", { source: "pools" }),
    key("list", "demands", "Demands", "What the agent has to have, one a line: Name, or Name -equals Value."),
    key("text", "image", "Image of a managed pool", "", { isRare: true }),
    key("suggest", "os", "System of a managed pool", "", { options: ["linux", "windows", "macOS"], isRare: true }),
    key("suggest", "hostArchitecture", "Processor of a managed pool", "", { options: ["amd64", "arm64"], isRare: true }),
    key("flag", "isCustom", "Own managed pool", "Whether a managed pool is one of the project’s own.", { isRare: true }),
  ]),
});

export const CONTAINER: ShortSpec = {
  keys: ["container"],
  short: "image",
  longAs: (text, aliases) => (aliases.includes(text) ? "alias" : "image"),
  specs: below(["container"], [
    key("suggest", "image", "Image or container resource", "An image with its tag, or the alias of a container resource.", { source: "containers" }),
    key("suggest", "alias", "Container resource", "In place of an image.", { source: "containers", isRare: true }),
    key("suggest", "endpoint", "Service connection", "Of its registry.", { source: "connections" }),
    key("mono", "options", "Options", "Of docker create."),
    key("list", "ports", "Ports", "One a line, such as 8080:80."),
    key("list", "volumes", "Volumes", "One a line, such as /data:/data."),
    key("flag", "mapDockerSocket", "Mount the engine’s socket", "", { fallback: "true" }),
    key("flag", "localImage", "On the agent already", "The image is not pulled.", { fallback: "false" }),
  ]),
};

export const ENVIRONMENT: ShortSpec = {
  keys: ["environment"],
  short: "name",
  specs: below(["environment"], [
    key("suggest", "name", "Environment", "What is deployed to: environment, or environment.resource.", { source: "environments", isRequired: true }),
    key("text", "resourceName", "Resource", "The resource in it."),
    key("pick", "resourceType", "Kind of resource", "", { options: ["kubernetes", "virtualMachine"] }),
    key("number", "resourceId", "Number of the resource", "", { isRare: true }),
    key("text", "tags", "Tags", "That machines have to have, separated by commas."),
  ]),
};

export const TARGET: ShortSpec = {
  keys: ["target"],
  short: "container",
  longAs: () => "container",
  specs: below(["target"], [
    key("suggest", "container", "Target", "Where it runs: host, or a container resource.", { options: ["host"], source: "containers" }),
    key("pick", "commands", "Logging commands", "Which ones the step may use.", { options: ["any", "restricted"], fallback: "any" }),
    key("list", "settableVariables", "Settable variables", "One a line; none for none."),
  ]),
};
