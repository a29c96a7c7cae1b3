// Made by `cargo xtask bindings` from the command table in crates/slipway-api. Do not edit.

/**
 * What a gesture adds.
 */
export type Addition = "stage" | "job" | "deployment" | "step" | "template" | "if" | "each";

/**
 * An error as every face shows it.
 */
export type ApiError = { kind: ErrorKind, 
/**
 * A stable word that a client may act on.
 */
code: string, message: string, 
/**
 * One thing to do next.
 */
hint: string | null, 
/**
 * Finds the details in the log.
 */
corr: string, 
/**
 * What else stands in the way, a text each.
 */
others?: Array<string>, };

/**
 * Something happened.
 */
export type AppEvent = { "type": "changed", tags: Array<Tag>, } | { "type": "logGrew", runId: RunId, recordId: RecordId, lines: number, } | { "type": "kubeChanged", id: string, version: number, } | { "type": "noticed", title: string, message: string, };

/**
 * The app and what it can do on this machine.
 */
export type AppView = { version: string, 
/**
 * `desktop`, `serve` or `test`.
 */
host: string, dataDir: string, capabilities: Array<CapabilityView>, 
/**
 * Base address of the telemetry endpoint, once it listens.
 */
ingestEndpoint: string | null, 
/**
 * `host:port` of the local registry, once it answers.
 */
registryAddress: string | null, };

/**
 * One person's answer.
 */
export type ApprovalAnswer = { approver: string, isApproved: boolean, comment: string, at: number, };

/**
 * Somebody's answer.
 */
export type ApprovalAnswerGive = { approvalId: string, isApproved: boolean, comment: string, 
/**
 * Whoever is at this machine if left out.
 */
approver: string | null, };

/**
 * What somebody is asked for.
 */
export type ApprovalKind = "approval" | "manualValidation" | "stage";

/**
 * Questions: of a run, all of them; else those that wait, of a project or of all.
 */
export type ApprovalList = { projectId: ProjectId | null, runId: RunId | null, };

/**
 * How a question stands. `Canceled`: the run ended first.
 */
export type ApprovalState = "pending" | "approved" | "rejected" | "skipped" | "timedOut" | "canceled";

/**
 * A question that waits or waited for people.
 */
export type ApprovalView = { id: string, projectId: ProjectId, runId: RunId, runNumber: string, 
/**
 * The stage or step that waits.
 */
recordId: RecordId, kind: ApprovalKind, stage: string, 
/**
 * An environment, or the display name of a step or stage.
 */
subject: string, instructions: string, 
/**
 * Whoever is at this machine if empty.
 */
approvers: Array<string>, 
/**
 * 0 is all of them.
 */
minimumApprovers: number, requesterMayApprove: boolean, 
/**
 * One approver after the other.
 */
inOrder: boolean, 
/**
 * The approvers who are asked now.
 */
askedNow: Array<string>, isSkippable: boolean, requestedBy: string, requestedAt: number, expiresAt: number | null, state: ApprovalState, decidedAt: number | null, answers: Array<ApprovalAnswer>, };

/**
 * A published artifact.
 */
export type ArtifactView = { name: string, path: string, sizeBytes: number, fileCount: number, };

/**
 * One attachment of a run.
 */
export type AttachmentRequest = { runId: RunId, recordId: RecordId, kind: string, name: string, };

/**
 * The text of an attachment.
 */
export type AttachmentText = { text: string, 
/**
 * There is more than is shown.
 */
isCut: boolean, };

/**
 * A file that a step attached; summaries are markdown.
 */
export type AttachmentView = { recordId: RecordId, isSummary: boolean, kind: string, name: string, path: string, };

/**
 * A request about a cluster, by its resource id.
 */
export type AzureClusterRequest = { clusterId: string, };

/**
 * An AKS cluster.
 */
export type AzureClusterView = { id: string, name: string, resourceGroup: string, location: string, version: string, provisioningState: string, isRunning: boolean, address: string, isPrivate: boolean, 
/**
 * From where its API server may be reached; from anywhere if empty.
 */
authorizedRanges: Array<string>, hasEntra: boolean, hasAzureRbac: boolean, hasLocalAccounts: boolean, tier: string, isAutomatic: boolean, pools: Array<AzurePoolView>, 
/**
 * The context it was connected as.
 */
context: string | null, };

/**
 * A request about a cluster that was connected.
 */
export type AzureContextRequest = { context: string, };

/**
 * A cluster that can be named as a context.
 */
export type AzureContextView = { context: string, clusterId: string, name: string, 
/**
 * Where its API server is.
 */
server: string, 
/**
 * The application whose tokens it takes; of local accounts if there is none.
 */
serverApplication: string | null, };

/**
 * The connection to Azure DevOps that groups are read over.
 */
export type AzureDevOpsView = { 
/**
 * Empty while there is none.
 */
organization: string, project: string, signIn: AzureSignIn, hasToken: boolean, };

/**
 * Nodes that are alike.
 */
export type AzurePoolView = { name: string, count: number, 
/**
 * The least and the most, if the autoscaler decides.
 */
scales: [number, number] | null, size: string, os: string, mode: string, version: string, provisioningState: string, };

/**
 * Asks whether a cluster may pull from a registry.
 */
export type AzurePullGet = { clusterId: string, 
/**
 * Such as `contoso.azurecr.io`.
 */
registry: string, };

/**
 * Whether the nodes of a cluster may pull from a registry.
 */
export type AzurePullView = { state: AzurePullWord, 
/**
 * The role that lets them.
 */
role: string | null, 
/**
 * What whoever owns the registry runs to let them.
 */
command: string | null, 
/**
 * Why it cannot be said.
 */
reason: string | null, };

/**
 * What the roles say.
 */
export type AzurePullWord = "granted" | "missing" | "unknown";

/**
 * How to sign in to Azure DevOps.
 */
export type AzureSignIn = "personalAccessToken" | "azureCli";

/**
 * A subscription with its clusters.
 */
export type AzureSubscriptionView = { id: string, name: string, 
/**
 * `Enabled`, or why nothing can be done in it.
 */
state: string, 
/**
 * Why its clusters could not be listed.
 */
problem: string | null, clusters: Array<AzureClusterView>, };

/**
 * Who is signed in to Azure, and which clusters were connected.
 */
export type AzureView = { signIn: EntraSignInView | null, 
/**
 * A code that waits to be entered.
 */
pending: DeviceCodeView | null, 
/**
 * Why the last sign-in failed.
 */
problem: string | null, clusters: Array<AzureContextView>, };

/**
 * What a node is.
 */
export type BoardKindWord = "stage" | "job" | "deployment" | "hook" | "step" | "template" | "extends" | "directive";

/**
 * What is written at the top; `empty` for none of these yet.
 */
export type BoardLevelWord = "stages" | "jobs" | "steps" | "extends" | "empty";

/**
 * A stage, job, hook, step, template or directive.
 */
export type BoardNodeView = { kind: BoardKindWord, 
/**
 * Where it is written, for gestures; empty for what only a plan has.
 */
path: string, 
/**
 * Its name; of a template its file, of a directive its word.
 */
name: string, displayName: string, 
/**
 * Of a step what it runs; of a directive what stands behind its word.
 */
detail: string, 
/**
 * Of a step its keyword, such as `task`; of a deployment its strategy.
 */
keyword: string, condition: string, 
/**
 * As it is written; none if nothing is.
 */
dependsOn: Array<string> | null, 
/**
 * Legs of a matrix by name; `parallel` is one, named by its number.
 */
legs: Array<string>, isEnabled: boolean, start: number, end: number, 
/**
 * 1-based.
 */
line: number, 
/**
 * Another file that it comes from.
 */
file: string | null, children: Array<BoardNodeView>, };

/**
 * A pipeline file as it is written. Places count UTF-16 code units of the whole text.
 */
export type BoardView = { level: BoardLevelWord, nodes: Array<BoardNodeView>, };

/**
 * Removes caches.
 */
export type CacheRemove = { 
/**
 * All of them if left out.
 */
ids: Array<string> | null, };

/**
 * How many caches went.
 */
export type CacheRemoved = { count: number, };

/**
 * What `Cache@2` kept.
 */
export type CacheView = { id: string, 
/**
 * The project whose pipeline it belongs to.
 */
project: string, branch: string, key: string, paths: Array<string>, sizeBytes: number, createdAt: number, usedAt: number, };

/**
 * Whether a capability can be used.
 */
export type CapabilityState = "ready" | "starting" | "missing" | "failed";

/**
 * Something the app needs from the machine.
 */
export type CapabilityView = { 
/**
 * `engine`, `registry`, `ingest` or `git`.
 */
key: string, title: string, state: CapabilityState, 
/**
 * What was found, such as `Docker 20.10.24`.
 */
detail: string, 
/**
 * What to do when it is missing.
 */
hint: string | null, };

/**
 * The difference of one file.
 */
export type ChangeDiff = { projectId: ProjectId, path: string, };

/**
 * Stages or unstages files.
 */
export type ChangePaths = { projectId: ProjectId, paths: Array<string>, };

/**
 * A file that differs.
 */
export type ChangedFile = { path: string, 
/**
 * Where a renamed file came from.
 */
oldPath: string | null, status: FileStatus, isStaged: boolean, 
/**
 * Both a staged and an unstaged difference.
 */
isPartlyStaged: boolean, additions: number, deletions: number, isBinary: boolean, };

/**
 * The working tree against the newest commit.
 */
export type ChangesView = { branch: string | null, head: CommitView | null, files: Array<ChangedFile>, proposedMessage: string, };

/**
 * One chart.
 */
export type ChartGet = { projectId: ProjectId, environment: string, key: ChartKey, minutes: number, theme: ChartTheme, };

/**
 * A chart.
 */
export type ChartKey = "requests" | "failureRate" | "responseTime" | "availability";

/**
 * A deployment on a chart.
 */
export type ChartMarker = { at: number, label: string, deploymentId: DeploymentId, };

/**
 * An exact value.
 */
export type ChartPoint = { at: number, value: number, };

/**
 * A line of a chart.
 */
export type ChartSeries = { name: string, 
/**
 * The line's colour in the theme asked for, such as `#0e7490`.
 */
color: string, points: Array<ChartPoint>, };

/**
 * The theme a chart is drawn for.
 */
export type ChartTheme = "light" | "dark";

/**
 * A chart drawn with plotters, and the values behind it.
 */
export type ChartView = { key: ChartKey, title: string, unit: string, svg: string, 
/**
 * Size of the drawing and of the plot inside it, in the drawing's units.
 */
width: number, height: number, plotLeft: number, plotTop: number, plotRight: number, plotBottom: number, 
/**
 * Value at the plot's upper edge; its lower edge is 0.
 */
yMax: number, from: number, to: number, series: Array<ChartSeries>, markers: Array<ChartMarker>, };

/**
 * What must hold before a stage may use an environment.
 */
export type Check = { "type": "approval", 
/**
 * Who may answer; whoever is at this machine if empty.
 */
approvers: Array<string>, 
/**
 * How many of them must agree; 0 is all of them.
 */
minimumApprovers: number, instructions: string, requesterMayApprove: boolean, 
/**
 * One after the other, as they are named; then all of them must agree.
 */
inOrder: boolean, timeoutMinutes: number, } | { "type": "exclusiveLock", timeoutMinutes: number, } | { "type": "businessHours", days: Array<Weekday>, 
/**
 * `09:00`.
 */
from: string, 
/**
 * `17:00`; before `from` it is on the next day.
 */
to: string, 
/**
 * `Europe/Berlin`.
 */
timeZone: string, timeoutMinutes: number, } | { "type": "branchControl", branches: Array<string>, };

/**
 * A request about one environment.
 */
export type CheckList = { projectId: ProjectId, environment: string, };

/**
 * Replaces what an environment asks of stages.
 */
export type CheckSave = { projectId: ProjectId, environment: string, checks: Array<Check>, targets: Array<EnvironmentTargetView>, };

/**
 * Commits what is staged.
 */
export type CommitCreate = { projectId: ProjectId, message: string, };

/**
 * A commit was made.
 */
export type CommitCreated = { commit: CommitView, 
/**
 * The run it started, if the pipeline's trigger says so.
 */
runId: RunId | null, 
/**
 * Why it started one, or why not.
 */
triggerReason: string, };

/**
 * The newest commits.
 */
export type CommitList = { projectId: ProjectId, limit: number, };

/**
 * A whole git commit id.
 */
export type CommitSha = string;

/**
 * A commit, with the runs it started.
 */
export type CommitView = { sha: CommitSha, shortSha: string, summary: string, body: string, authorName: string, authorEmail: string, committedAt: number, workItems: Array<WorkItemId>, runs: Array<RunBadge>, };

/**
 * Something that may be written at a place. Places count UTF-16 code units of the whole text.
 */
export type CompletionView = { label: string, 
/**
 * A snippet with `${1:…}` and `$0`; further lines are to be indented as the line is.
 */
insert: string, kind: CompletionWord, detail: string, 
/**
 * Markdown.
 */
documentation: string, start: number, end: number, };

/**
 * What it is.
 */
export type CompletionWord = "key" | "word" | "task" | "input" | "variable" | "parameter" | "function" | "name" | "file" | "command" | "snippet";

/**
 * What a job becomes.
 */
export type ConvertTo = "job" | "deployment";

/**
 * Nodes as they are written.
 */
export type CopiedView = { yaml: string, };

/**
 * What a run would take, by the medians of its jobs.
 */
export type CostEstimateView = { billedMinutes: number, 
/**
 * Along the longest way through the graph, with an agent for each job.
 */
wallMs: number, 
/**
 * The jobs on that way, `Stage/Job`.
 */
way: Array<string>, 
/**
 * Jobs that have not run yet, which count as nothing here.
 */
unknownJobs: number, };

/**
 * What runs take, in minutes and never in money.
 */
export type CostView = { 
/**
 * The newest finished run.
 */
last: RunCostView | null, 
/**
 * A run of the whole pipeline as the text at hand has it; none while it cannot be planned.
 */
next: CostEstimateView | null, 
/**
 * Each stage alone.
 */
stages: Array<StageCostView>, };

/**
 * How much of the code was run. A part that is not known has a total of 0.
 */
export type CoverageSummary = { files: number, linesCovered: number, linesTotal: number, branchesCovered: number, branchesTotal: number, };

/**
 * Where something is declared.
 */
export type DefinitionView = { 
/**
 * Another file's path; none for the text at hand.
 */
file: string | null, start: number, end: number, 
/**
 * The text of another file, to look into.
 */
text: string | null, };

/**
 * One deployment of an image to an environment.
 */
export type DeploymentId = string;

/**
 * A line of it.
 */
export type DeploymentLine = { at: number, text: string, };

/**
 * Deployments, newest first.
 */
export type DeploymentList = { projectId: ProjectId, environment: string | null, limit: number, };

/**
 * What a deployment said.
 */
export type DeploymentLog = { lines: Array<DeploymentLine>, };

/**
 * What a deployment does; kept before it is done, so that a crash can be read.
 */
export type DeploymentPhase = "planning" | "applying" | "watching" | "proving" | "waiting" | "rollingBack" | "done";

/**
 * What a deployment would change.
 */
export type DeploymentPlanGet = { projectId: ProjectId, environment: string, source: DeploymentSource, strategy: StrategyChoice | null, };

/**
 * What a deployment would change.
 */
export type DeploymentPlanView = { environment: string, target: TargetKind, 
/**
 * Kubernetes context; empty for a local environment.
 */
context: string, namespace: string, digest: Digest, image: string, commit: CommitSha, objects: Array<ObjectPlan>, parameters: Array<ParameterChange>, notes: Array<string>, 
/**
 * Names this plan: a start with it is refused if the environment changed since.
 */
hash: string, 
/**
 * An object is refused or a field belongs to somebody else.
 */
isBlocked: boolean, };

/**
 * Why something was deployed.
 */
export type DeploymentReason = "run" | "deploy" | "promote" | "rollback" | "automaticRollback";

/**
 * A request about one deployment.
 */
export type DeploymentRequest = { deploymentId: DeploymentId, };

/**
 * What is deployed.
 */
export type DeploymentSource = { "from": "deployment", deploymentId: DeploymentId, } | { "from": "image", digest: Digest, manifests: Array<string>, };

/**
 * Deploys, promotes or rolls back.
 */
export type DeploymentStart = { projectId: ProjectId, environment: string, source: DeploymentSource, 
/**
 * `deploy`, `promote` or `rollback`.
 */
reason: DeploymentReason, 
/**
 * Of the plan that was looked at; refused if the environment changed since.
 */
hash: string | null, 
/**
 * Removes what the deployment before applied and this one no longer wants.
 */
isPruning: boolean, 
/**
 * Goes back to the last proven deployment if this one fails.
 */
hasRollback: boolean, 
/**
 * None rolls the pods one after the other.
 */
strategy: StrategyChoice | null, };

/**
 * A deployment that goes on by itself from here.
 */
export type DeploymentStarted = { deploymentId: DeploymentId, };

/**
 * A deployment.
 */
export type DeploymentView = { id: DeploymentId, projectId: ProjectId, environment: string, runId: RunId, runNumber: string, commit: CommitSha, digest: Digest, image: string, workload: string, state: RunState, result: RunResult | null, startedAt: number, finishedAt: number | null, url: string | null, 
/**
 * Why it failed, with the last log lines; while it goes on, what it waits for.
 */
issue: string | null, proof: LaunchProof | null, health: HealthWindow | null, 
/**
 * This is what the environment runs now.
 */
isCurrent: boolean, reason: DeploymentReason, 
/**
 * Whose manifests and digest were taken.
 */
fromDeploymentId: DeploymentId | null, 
/**
 * The deployment whose failure caused it.
 */
rollbackOf: DeploymentId | null, 
/**
 * What Slipway did about its failure.
 */
rolledBackBy: DeploymentId | null, 
/**
 * What failed, as it was seen then.
 */
signal: string | null, 
/**
 * What it does, or did last.
 */
phase: DeploymentPhase, applied: Array<KubeObjectRef>, 
/**
 * How it came beside what ran, and what became of that; none if its pods were rolled.
 */
strategy: RolloutStrategy | null, };

/**
 * A record that a step keeps below itself.
 */
export type DetailView = { recordId: RecordId, id: string, parentId: string | null, kind: string, name: string, order: number, startedAt: string | null, finishedAt: string | null, progress: number, state: string, result: string | null, message: string, };

/**
 * Something that was found.
 */
export type DetectedView = { what: string, 
/**
 * The file that says so.
 */
file: string, };

/**
 * What to enter, and where.
 */
export type DeviceCodeView = { userCode: string, verificationUrl: string, };

/**
 * Something to know about a place in the file.
 */
export type DiagnosticView = { severity: Severity, code: string, message: string, hint: string | null, 
/**
 * 1-based.
 */
line: number, 
/**
 * 1-based, in characters.
 */
column: number, endLine: number, endColumn: number, };

/**
 * A run of lines around a difference.
 */
export type DiffHunk = { header: string, lines: Array<DiffLine>, };

/**
 * A line of a difference.
 */
export type DiffLine = { kind: DiffLineKind, oldLine: number | null, newLine: number | null, text: string, };

/**
 * Whether a line stays, comes or goes.
 */
export type DiffLineKind = "context" | "added" | "removed";

/**
 * An OCI content digest, always `sha256:` and 64 lower-case hexadecimal digits.
 */
export type Digest = string;

/**
 * An answer that only says it was done.
 */
export type Done = Record<symbol, never>;

/**
 * Whether something differs.
 */
export type DriftState = "unknown" | "none" | "drifted";

/**
 * What differs from what was deployed.
 */
export type DriftView = { state: DriftState, checkedAt: number | null, objects: Array<ObjectPlan>, 
/**
 * Why it could not be found out.
 */
problem: string | null, };

/**
 * One edit.
 */
export type Edit = { "edit": "text", changes: Array<TextChange>, } | { "edit": "all", edits: Array<Edit>, } | { "edit": "set", path: EditPath, value: EditValue, } | { "edit": "insertItem", path: EditPath, index?: number | null, value: EditValue, } | { "edit": "insertEntry", path: EditPath, index?: number | null, key: string, value: EditValue, } | { "edit": "remove", path: EditPath, } | { "edit": "renameKey", path: EditPath, to: string, } | { "edit": "move", path: EditPath, to?: EditPath | null, index: number, } | { "edit": "duplicate", path: EditPath, } | { "edit": "wrap", path: EditPath, index: number, count: number, directive: string, } | { "edit": "addStage", name: string, after?: string | null, value?: EditValue | null, } | { "edit": "moveStage", stage: string, index: number, } | { "edit": "renameStage", stage: string, to: string, } | { "edit": "removeStage", stage: string, } | { "edit": "setStage", stage: string, key: string, value: EditValue | null, } | { "edit": "addJob", stage?: string | null, name: string, 
/**
 * A deployment job.
 */
isDeployment: boolean, after?: string | null, value?: EditValue | null, } | { "edit": "moveJob", stage?: string | null, job: string, toStage?: string | null, index: number, } | { "edit": "renameJob", stage?: string | null, job: string, to: string, } | { "edit": "removeJob", stage?: string | null, job: string, } | { "edit": "setJob", stage?: string | null, job?: string | null, key: string, value: EditValue | null, } | { "edit": "addStep", at: EditAt, index?: number | null, value: EditValue, } | { "edit": "moveStep", at: EditAt, to?: EditAt | null, index: number, } | { "edit": "removeStep", at: EditAt, } | { "edit": "duplicateStep", at: EditAt, } | { "edit": "renameStep", at: EditAt, to: string, } | { "edit": "setStep", at: EditAt, key: string, value: EditValue | null, } | { "edit": "setInput", at: EditAt, name: string, value: EditValue | null, } | { "edit": "setEnv", at: EditAt, name: string, value: EditValue | null, } | { "edit": "setVariable", at: EditAt, name: string, value: EditValue, } | { "edit": "renameVariable", at: EditAt, name: string, to: string, } | { "edit": "removeVariable", at: EditAt, name: string, } | { "edit": "moveVariable", at: EditAt, name: string, index: number, } | { "edit": "addParameter", name: string, value?: EditValue | null, } | { "edit": "setParameter", name: string, key: string, value: EditValue | null, } | { "edit": "renameParameter", name: string, to: string, } | { "edit": "removeParameter", name: string, } | { "edit": "moveParameter", name: string, index: number, } | { "edit": "setTrigger", trigger: TriggerKey, value: EditValue | null, } | { "edit": "addFilter", trigger: TriggerKey, on: FilterOn, list: FilterList, pattern: string, } | { "edit": "removeFilter", trigger: TriggerKey, on: FilterOn, list: FilterList, pattern: string, } | { "edit": "setFilter", trigger: TriggerKey, on: FilterOn, list: FilterList, patterns: Array<string>, } | { "edit": "setCondition", at: EditAt, condition: string | null, } | { "edit": "setDependsOn", stage?: string | null, job?: string | null, dependsOn: Array<string> | null, };

/**
 * A stage, job or step. Nothing at all is the file; of a file that has only steps, it is its job.
 */
export type EditAt = { stage?: string | null, job?: string | null, 
/**
 * The hook of a deployment job that holds the step: `deploy`, `on.failure` and so on.
 */
hook?: string | null, 
/**
 * The step's position in the list as it is written.
 */
step?: number | null, 
/**
 * The written place instead of all of these: for what stands below a `${{ if }}`.
 */
path?: EditPath | null, };

/**
 * An address in a file.
 */
export type EditPath = string;

/**
 * A structured value, or YAML text.
 */
export type EditValue = string | number | boolean | null | EditValue[] | { [key: string]: EditValue };

/**
 * Signs in. A device code is answered as pending, and the sign-in follows once it is entered.
 */
export type EntraSignIn = { kind: EntraSignInKind, 
/**
 * One that Slipway knows by name, or any with both addresses; the public one if empty.
 */
cloud: string, authority: string, resourceManager: string, tenant: string, application: string, 
/**
 * Of a client secret.
 */
secret: SecretText | null, 
/**
 * Of a workload identity.
 */
tokenFile: string, };

/**
 * A way to sign in.
 */
export type EntraSignInKind = "azureCli" | "device" | "clientSecret" | "workloadIdentity";

/**
 * A sign-in without what is secret in it.
 */
export type EntraSignInView = { kind: EntraSignInKind, 
/**
 * Such as `AzurePublicCloud`.
 */
cloud: string, 
/**
 * Empty: the one that the Azure CLI signed in to.
 */
tenant: string, application: string, };

/**
 * What an environment asks of stages.
 */
export type EnvironmentChecks = { environment: string, checks: Array<Check>, 
/**
 * What a rolling deployment goes to, one after the other.
 */
targets: Array<EnvironmentTargetView>, };

/**
 * All environments in the order of promotion.
 */
export type EnvironmentOrder = { projectId: ProjectId, names: Array<string>, };

/**
 * A request about one environment.
 */
export type EnvironmentRequest = { projectId: ProjectId, environment: string, };

/**
 * Makes or changes an environment.
 */
export type EnvironmentSave = { projectId: ProjectId, name: string, target: TargetKind, context: string, namespace: string, variables: Array<VariableView>, };

/**
 * A machine, or what plays one.
 */
export type EnvironmentTargetView = { name: string, tags: Array<string>, };

/**
 * An environment, its parameters, and what runs in it.
 */
export type EnvironmentView = { name: string, target: TargetKind, 
/**
 * Kubernetes context; empty for a local environment.
 */
context: string, namespace: string, variables: Array<VariableView>, current: DeploymentView | null, pods: Array<PodView>, services: Array<ServiceView>, 
/**
 * Why pods and services could not be read.
 */
problem: string | null, };

/**
 * What kind of answer an error is; decides its colour and whether it is worth a retry.
 */
export type ErrorKind = "refused" | "userInput" | "unavailable" | "cancelled" | "bug";

/**
 * Exceptions with one problem id.
 */
export type ExceptionGroup = { problemId: string, typeName: string, message: string, count: number, firstSeen: number, lastSeen: number, operation: string | null, deploymentId: DeploymentId | null, 
/**
 * Stack of the newest one.
 */
stack: Array<string>, 
/**
 * The bug made from it.
 */
workItem: WorkItemId | null, };

/**
 * A pipeline with its templates put in and its expressions gone.
 */
export type ExpandedView = { 
/**
 * None while the file or the parameters are wrong. Its nodes have no paths; `file` and `line`
 * say where each comes from.
 */
board: BoardView | null, 
/**
 * The same as a run names it.
 */
plan: PlanView | null, 
/**
 * What the file's `parameters:` asks for.
 */
parameters: Array<RunParameterView>, diagnostics: Array<DiagnosticView>, };

/**
 * A field that differs.
 */
export type FieldChange = { 
/**
 * Such as `spec.template.spec.containers[name=web].image`.
 */
path: string, before: string | null, after: string | null, 
/**
 * Both are then `***` or null.
 */
isSecret: boolean, 
/**
 * The manager that owns the live field.
 */
owner: string | null, isConflict: boolean, };

/**
 * How much of a file was run.
 */
export type FileCoverageView = { path: string, linesCovered: number, linesTotal: number, branchesCovered: number, branchesTotal: number, };

/**
 * The difference of one file.
 */
export type FileDiff = { path: string, isBinary: boolean, 
/**
 * More lines than are sent.
 */
isTruncated: boolean, hunks: Array<DiffHunk>, };

/**
 * How a file differs.
 */
export type FileStatus = "added" | "modified" | "deleted" | "renamed" | "conflicted";

/**
 * Which of a filter's lists.
 */
export type FilterList = "include" | "exclude";

/**
 * What a filter looks at.
 */
export type FilterOn = "branches" | "paths" | "tags";

/**
 * One gesture. `into` is the node that something goes into, or nothing for the file; `before` is
 * the sibling that it shall stand before, or nothing for the end.
 */
export type Gesture = { "gesture": "add", into: EditPath, before?: EditPath | null, what: Addition, name?: string | null, value?: EditValue | null, } | { "gesture": "move", nodes: Array<EditPath>, into: EditPath, before?: EditPath | null, } | { "gesture": "remove", nodes: Array<EditPath>, } | { "gesture": "duplicate", nodes: Array<EditPath>, } | { "gesture": "rename", node: EditPath, to: string, } | { "gesture": "connect", from: EditPath, to: EditPath, } | { "gesture": "disconnect", from: EditPath, to: EditPath, } | { "gesture": "set", node: EditPath, keys: Array<string>, value?: EditValue | null, } | { "gesture": "convert", node: EditPath, to: ConvertTo, environment?: string | null, } | { "gesture": "paste", into: EditPath, before?: EditPath | null, yaml: string, } | { "gesture": "wrap", nodes: Array<EditPath>, directive: string, } | { "gesture": "unwrap", node: EditPath, } | { "gesture": "edit", edit: Edit, };

/**
 * What a gesture comes to. Places count UTF-16 code units of the text that was sent.
 */
export type GestureView = { 
/**
 * What to replace, ascending; nothing when all was there already.
 */
changes: Array<TextChangeView>, 
/**
 * The nodes that were added, moved, renamed or changed, where they are now.
 */
select: Array<string>, 
/**
 * The canvas of the text afterwards.
 */
board: BoardView, };

/**
 * Where a group was read from.
 */
export type GroupOriginView = { organization: string, project: string, 
/**
 * Set for a group that is linked to a vault.
 */
keyVault: string | null, readAt: number, };

/**
 * A variable of a group.
 */
export type GroupVariableView = { name: string, 
/**
 * None for a secret.
 */
value: string | null, isSecret: boolean, 
/**
 * When a secret was set here; none if it has no value yet.
 */
setAt: number | null, };

/**
 * What a reading brought.
 */
export type GroupsRead = { 
/**
 * Names of the groups that were read.
 */
read: Array<string>, 
/**
 * Groups of this machine that have the name of one there: they were left as they are.
 */
kept: Array<string>, 
/**
 * Secrets that have no value on this machine yet, as `group/name`.
 */
unset: Array<string>, };

/**
 * The verdict over a deployment.
 */
export type HealthVerdict = "waiting" | "healthy" | "unhealthy";

/**
 * What telemetry says of a deployment over a span of time.
 */
export type HealthWindow = { from: number, to: number, requests: number, failedRequests: number, exceptions: number, probes: number, failedProbes: number, p95Ms: number | null, verdict: HealthVerdict, 
/**
 * The rule that decided, with its numbers.
 */
reason: string, };

/**
 * A stage, job or step over its last runs. Runs in which it was skipped, canceled or kept do not count.
 */
export type HistoryNodeView = { stage: string, 
/**
 * As the file names it, all of its legs together; one leg is `Job.leg`.
 */
job: string | null, 
/**
 * By its name.
 */
step: string | null, displayName: string, 
/**
 * Such as `Docker@2`.
 */
task: string | null, 
/**
 * Place among the steps of its job, from 0.
 */
order: number, 
/**
 * Milliseconds of the last ten, newest last.
 */
durations: number[], 
/**
 * The median of them.
 */
medianMs: number | null, 
/**
 * Of the last twenty, from 0 to 1.
 */
failureRate: number, 
/**
 * How many those are.
 */
runs: number, lastResult: RunResult | null, lastRunId: RunId | null, };

/**
 * What holds automatic deployments.
 */
export type HoldView = { deploymentId: DeploymentId, since: number, reason: string, };

/**
 * Words about a place.
 */
export type HoverView = { start: number, end: number, 
/**
 * Markdown.
 */
text: string, };

/**
 * An image with what the registry says of it.
 */
export type ImageDetail = { image: ImageView, 
/**
 * False when the registry could not be asked.
 */
isConfirmed: boolean, layers: Array<LayerView>, deployments: Array<DeploymentView>, };

/**
 * A request about one image.
 */
export type ImageRequest = { projectId: ProjectId, digest: Digest, };

/**
 * An image that was pushed.
 */
export type ImageView = { digest: Digest, registry: string, repository: string, tags: Array<string>, configDigest: Digest, mediaType: string, sizeBytes: number, pushedAt: number, 
/**
 * Runs that pushed this digest, newest first.
 */
runs: Array<RunBadge>, commit: CommitSha | null, 
/**
 * Environments where it runs now.
 */
runningIn: Array<string>, };

/**
 * What the telemetry endpoint took and refused since it was made.
 */
export type IntakeView = { accepted: number, rejectedMalformed: number, rejectedTooLarge: number, rejectedUnauthorized: number, lastError: string | null, lastAcceptedAt: number | null, };

/**
 * A column of a table.
 */
export type KubeColumn = { name: string, isNumber: boolean, 
/**
 * Its cells are epoch milliseconds, or empty.
 */
isTime: boolean, };

/**
 * A condition of an object's status.
 */
export type KubeCondition = { type: string, status: string, reason: string, message: string, at: number | null, };

/**
 * A request about one cluster.
 */
export type KubeContextRequest = { context: string, };

/**
 * A context of the kubeconfig.
 */
export type KubeContextView = { name: string, cluster: string, user: string, namespace: string, server: string, signIn: KubeSignIn, 
/**
 * The kubeconfig's current one, which is shown and never used by itself.
 */
isCurrent: boolean, };

/**
 * Every context that the kubeconfig names.
 */
export type KubeContexts = { 
/**
 * The files that were read, as the platform lists paths.
 */
kubeconfig: string, contexts: Array<KubeContextView>, problem: string | null, };

/**
 * Deletes an object.
 */
export type KubeDelete = { context: string, group: string, version: string, plural: string, namespace: string, name: string, 
/**
 * At once, without the time that pods have to end.
 */
isForced: boolean, };

/**
 * Why two things of the map are joined.
 */
export type KubeEdgeKind = "owns" | "selects" | "routes" | "mounts";

/**
 * Events, newest first.
 */
export type KubeEventList = { context: string, namespace: string, limit: number, };

/**
 * Something that the cluster noted about an object; the same said again is counted.
 */
export type KubeEventView = { at: number, 
/**
 * `Normal` or `Warning`.
 */
type: string, reason: string, message: string, object: KubeRef, count: number, source: string, };

/**
 * What was written after so many bytes.
 */
export type KubeExecGet = { sessionId: string, after: number, };

/**
 * What a shell has written.
 */
export type KubeExecPage = { 
/**
 * Bytes, as the terminal takes them.
 */
base64: string, next: number, state: KubeStreamState, exitCode: number | null, problem: string | null, };

/**
 * A request about one shell.
 */
export type KubeExecRequest = { sessionId: string, };

/**
 * The terminal has another size.
 */
export type KubeExecResize = { sessionId: string, columns: number, rows: number, };

/**
 * What was typed.
 */
export type KubeExecSend = { sessionId: string, base64: string, };

/**
 * Starts a command in a container, with a terminal.
 */
export type KubeExecStart = { context: string, namespace: string, pod: string, container: string | null, command: Array<string>, columns: number, rows: number, };

/**
 * A shell that runs.
 */
export type KubeExecStarted = { sessionId: string, };

/**
 * A line of a summary.
 */
export type KubeFact = { label: string, value: string, };

/**
 * What a forwarded port leads to.
 */
export type KubeForwardKind = "pod" | "service" | "deployment";

/**
 * A request about one forwarded port.
 */
export type KubeForwardRequest = { id: string, };

/**
 * Makes a port of this machine lead into the cluster.
 */
export type KubeForwardStart = { context: string, namespace: string, target: KubeForwardTarget, 
/**
 * Of the pod; of the service where the target is one.
 */
port: number, 
/**
 * None: any free one.
 */
localPort: number | null, };

/**
 * What a forwarded port leads to.
 */
export type KubeForwardTarget = { kind: KubeForwardKind, name: string, };

/**
 * A port of this machine that leads into the cluster.
 */
export type KubeForwardView = { id: string, context: string, namespace: string, target: KubeForwardTarget, port: number, localPort: number, url: string, state: KubeStreamState, problem: string | null, 
/**
 * Connections that are open now.
 */
connections: number, 
/**
 * The pod that the newest connection went to.
 */
pod: string | null, };

/**
 * How an object is, in the colour of its row.
 */
export type KubeHealth = "good" | "waiting" | "bad" | "done" | "plain";

/**
 * A kind that the cluster serves.
 */
export type KubeKindView = { group: string, version: string, kind: string, plural: string, isNamespaced: boolean, verbs: Array<string>, 
/**
 * Subresources, such as `scale` and `status`.
 */
subresources: Array<string>, shortNames: Array<string>, isCustom: boolean, section: KubeSection, };

/**
 * Lines after a number; with a search only those that contain it.
 */
export type KubeLogGet = { streamId: string, after: number, limit: number, search: string | null, };

/**
 * A line of a container.
 */
export type KubeLogLine = { 
/**
 * Counted from 1 in the order of arrival.
 */
number: number, pod: string, container: string, at: number | null, text: string, };

/**
 * Lines of a joined log.
 */
export type KubeLogPage = { state: KubeStreamState, 
/**
 * What to ask `after` next time.
 */
next: number, 
/**
 * The oldest line that is still kept.
 */
first: number, 
/**
 * Pods and containers that are read now.
 */
sources: Array<string>, lines: Array<KubeLogLine>, problem: string | null, };

/**
 * A request about one joined log.
 */
export type KubeLogRequest = { streamId: string, };

/**
 * Reads the logs of pods as one.
 */
export type KubeLogStart = { context: string, namespace: string, 
/**
 * Names of pods; none: those of the selector.
 */
pods: Array<string>, 
/**
 * Labels, such as `app=web`; pods that come later join.
 */
selector: string | null, 
/**
 * None: every container.
 */
container: string | null, 
/**
 * Lines of each container to begin with.
 */
tail: number, sinceSeconds: number | null, 
/**
 * Of the container that ended before.
 */
isPrevious: boolean, isFollowing: boolean, };

/**
 * A joined log that is being read.
 */
export type KubeLogStarted = { streamId: string, };

/**
 * How the objects of a namespace belong together.
 */
export type KubeMap = { nodes: Array<KubeMapNode>, edges: Array<KubeMapEdge>, };

/**
 * From one object of the map to another.
 */
export type KubeMapEdge = { from: string, to: string, kind: KubeEdgeKind, };

/**
 * An object on the map.
 */
export type KubeMapNode = { id: string, kind: string, name: string, state: KubeHealth, detail: string, };

/**
 * A request about one namespace of a cluster; an empty one is all of them where that makes sense.
 */
export type KubeNamespaceRequest = { context: string, namespace: string, };

/**
 * A namespace.
 */
export type KubeNamespaceView = { name: string, phase: string, };

/**
 * What a node uses.
 */
export type KubeNodeUsage = { name: string, cpuMilli: number, memoryBytes: number, };

/**
 * A node.
 */
export type KubeNodeView = { name: string, isReady: boolean, 
/**
 * In kubectl's words: `Ready,SchedulingDisabled`.
 */
status: string, roles: Array<string>, version: string, createdAt: number, };

/**
 * Writes an edited object, if nobody changed it since.
 */
export type KubeObjectApply = { context: string, group: string, version: string, plural: string, namespace: string, name: string, yaml: string, 
/**
 * Of the object that was edited.
 */
resourceVersion: string, };

/**
 * Asks the cluster what an edited object would change.
 */
export type KubeObjectDiff = { context: string, group: string, version: string, plural: string, namespace: string, name: string, yaml: string, };

/**
 * An object of a cluster, or of a local environment that plays one.
 */
export type KubeObjectRef = { apiVersion: string, kind: string, name: string, 
/**
 * None for what belongs to the whole cluster.
 */
namespace: string | null, };

/**
 * One object.
 */
export type KubeObjectRequest = { context: string, group: string, version: string, plural: string, 
/**
 * Empty for an object of the whole cluster.
 */
namespace: string, name: string, };

/**
 * One object. A Secret's values are masked.
 */
export type KubeObjectView = { 
/**
 * Without managedFields.
 */
yaml: string, resourceVersion: string, summary: Array<KubeFact>, conditions: Array<KubeCondition>, owners: Array<KubeRef>, events: Array<KubeEventView>, containers: Array<string>, };

/**
 * What a cluster offers to this user.
 */
export type KubeOverview = { version: string, namespaces: Array<KubeNamespaceView>, canListNamespaces: boolean, kinds: Array<KubeKindView>, nodes: Array<KubeNodeView>, 
/**
 * What could not be read, and why.
 */
problem: string | null, };

/**
 * What a pod uses.
 */
export type KubePodUsage = { name: string, namespace: string, cpuMilli: number, memoryBytes: number, };

/**
 * Names an object.
 */
export type KubeRef = { apiVersion: string, kind: string, name: string, namespace: string, };

/**
 * What this user may do in a namespace.
 */
export type KubeRights = { rules: Array<KubeRule>, 
/**
 * The cluster cannot list everything; what is missing may be allowed still.
 */
isIncomplete: boolean, };

/**
 * An object, as much of it as a table shows.
 */
export type KubeRow = { uid: string, name: string, namespace: string, 
/**
 * One for each column.
 */
cells: Array<string>, state: KubeHealth, createdAt: number, };

/**
 * The rows of a watched table that a page shows now.
 */
export type KubeRows = { state: KubeWatchState, problem: string | null, 
/**
 * Grows with each change.
 */
version: number, total: number, 
/**
 * Rows that the filter lets through.
 */
matching: number, columns: Array<KubeColumn>, rows: Array<KubeRow>, };

/**
 * The rows that a page shows.
 */
export type KubeRowsGet = { watchId: string, 
/**
 * Words that all must occur in a row; one that begins with `!` must not.
 */
filter: string, sort: KubeSort | null, offset: number, limit: number, };

/**
 * One rule; `*` is everything, no name is every name.
 */
export type KubeRule = { verbs: Array<string>, groups: Array<string>, resources: Array<string>, names: Array<string>, };

/**
 * Sets how many pods a workload has.
 */
export type KubeScale = { context: string, group: string, version: string, plural: string, namespace: string, name: string, replicas: number, };

/**
 * Where a kind belongs in the list of kinds.
 */
export type KubeSection = "workloads" | "network" | "config" | "storage" | "access" | "cluster" | "custom";

/**
 * How a context signs in.
 */
export type KubeSignIn = "certificate" | "token" | "exec" | "azure" | "other";

/**
 * The column that rows are sorted by.
 */
export type KubeSort = { column: string, isDescending: boolean, };

/**
 * How a log, a shell or a forwarded port is doing.
 */
export type KubeStreamState = "starting" | "live" | "reconnecting" | "ended" | "failed";

/**
 * What pods and nodes use, where the cluster measures it.
 */
export type KubeUsage = { 
/**
 * The cluster serves metrics.k8s.io.
 */
isServed: boolean, pods: Array<KubePodUsage>, nodes: Array<KubeNodeUsage>, };

/**
 * A request about one watched table.
 */
export type KubeWatchRequest = { watchId: string, };

/**
 * Begins to watch all objects of a kind. A table that is watched already is shared.
 */
export type KubeWatchStart = { context: string, 
/**
 * Empty: all namespaces.
 */
namespace: string, group: string, version: string, plural: string, };

/**
 * A watched table.
 */
export type KubeWatchStarted = { watchId: string, };

/**
 * How a watched table is doing.
 */
export type KubeWatchState = "listing" | "live" | "reconnecting" | "refused";

/**
 * What runs, compared with what was pushed.
 */
export type LaunchProof = { pod: string, containerId: string, 
/**
 * The digest that the registry holds.
 */
pushedDigest: Digest, 
/**
 * The digest that the running container's image has, as the engine or kubelet reports it.
 */
runningDigest: Digest | null, 
/**
 * The image id the engine runs, and the configuration digest that the manifest names.
 */
runningImageId: string, isProven: boolean, 
/**
 * One sentence: what was compared with what.
 */
statement: string, checkedAt: number, };

/**
 * A layer of an image.
 */
export type LayerView = { digest: string, mediaType: string, sizeBytes: number, };

/**
 * An artifact that stays where it is.
 */
export type LinkView = { name: string, kind: string, location: string, };

/**
 * Lines of a step's log.
 */
export type LogGet = { runId: RunId, recordId: RecordId, 
/**
 * First line, 0-based; negative counts from the end.
 */
from: number, limit: number, };

/**
 * A line of a log.
 */
export type LogLine = { at: number, stream: LogStream, text: string, };

/**
 * Where a step's log holds what was searched for.
 */
export type LogMatches = { 
/**
 * Lines the log had.
 */
total: number, 
/**
 * Lines that match.
 */
count: number, 
/**
 * The first of them, 0-based; at most 10,000.
 */
lines: Array<number>, };

/**
 * Lines of one step's log.
 */
export type LogPage = { 
/**
 * Lines the log has now.
 */
total: number, 
/**
 * Index of the first line sent, 0-based.
 */
from: number, lines: Array<LogLine>, };

/**
 * What to look for in a step's log.
 */
export type LogSearch = { runId: RunId, recordId: RecordId, pattern: string, 
/**
 * A regular expression; else a plain word.
 */
isRegex: boolean, isCaseSensitive: boolean, };

/**
 * Which stream a log line came from; `System` lines are Slipway's own.
 */
export type LogStream = "stdout" | "stderr" | "system";

/**
 * Presses the big button.
 */
export type LoopRun = { projectId: ProjectId, 
/**
 * Message for the pending change; the proposed one if left out.
 */
message: string | null, 
/**
 * Leaves out all that cannot run here.
 */
skipUnsupported?: boolean, 
/**
 * As of `run_start`.
 */
skip?: Array<string>, };

/**
 * The ten steps by name.
 */
export type LoopStepKey = "change" | "commit" | "ci" | "push" | "trigger" | "deploy" | "launch" | "observe" | "review" | "backlog";

/**
 * One of the ten steps.
 */
export type LoopStepView = { 
/**
 * 1 to 10.
 */
number: number, key: LoopStepKey, 
/**
 * Such as `Commit`.
 */
title: string, outcome: StepOutcome, 
/**
 * A few words: `3 files changed`, `12 of 12 tests`, a short digest.
 */
headline: string, 
/**
 * A sentence more.
 */
detail: string, startedAt: number | null, finishedAt: number | null, 
/**
 * What a click opens.
 */
target: ObjectRef | null, };

/**
 * The ten steps of the loop as they stand: the product's face.
 */
export type LoopView = { project: ProjectView, steps: Array<LoopStepView>, 
/**
 * The run the picture shows: the going one, else the newest.
 */
runId: RunId | null, runNumber: string | null, isRunning: boolean, 
/**
 * What the big button does next.
 */
next: NextAction, };

/**
 * A file to write.
 */
export type NewFile = { path: string, text: string, };

/**
 * What to do next, said to a first-time user.
 */
export type NextAction = { kind: NextActionKind, 
/**
 * The button's text.
 */
label: string, 
/**
 * A sentence under it.
 */
hint: string, 
/**
 * The message that Run would commit the pending change with.
 */
proposedMessage: string | null, };

/**
 * What the big button does.
 */
export type NextActionKind = "commitAndRun" | "run" | "cancel" | "blocked";

/**
 * A request without a field.
 */
export type Nothing = Record<symbol, never>;

/**
 * What is done to an object.
 */
export type ObjectAction = "create" | "change" | "same" | "delete" | "conflict" | "refused";

/**
 * Kinds of objects on the thread, in the loop's order.
 */
export type ObjectKind = "change" | "commit" | "run" | "image" | "environment" | "deployment" | "pod" | "telemetry" | "exception" | "workItem";

/**
 * What would happen to an object.
 */
export type ObjectPlan = { apiVersion: string, kind: string, name: string, namespace: string | null, 
/**
 * Such as `deploy/web.yaml:12`.
 */
place: string | null, action: ObjectAction, fields: Array<FieldChange>, problem: string | null, hint: string | null, };

/**
 * An object of the thread.
 */
export type ObjectRef = { kind: ObjectKind, 
/**
 * Commit id, run id, digest, deployment id, pod name, environment name, problem id or number.
 */
id: string, };

/**
 * Something that cannot run here, or that may not.
 */
export type ObstacleView = { 
/**
 * What to leave out, such as `Build/Test/CmdLine1`; none when it concerns the whole run.
 */
target: string | null, 
/**
 * What it is, such as `the step "Deploy" (AzureWebApp@1)`.
 */
subject: string, 
/**
 * The run cannot start with it.
 */
isBlocking: boolean, message: string, hint: string | null, ifSkipped: string, 
/**
 * Where it stands.
 */
file: string, line: number, };

/**
 * Requests of one operation.
 */
export type OperationView = { name: string, requests: number, failedRequests: number, p50Ms: number, p95Ms: number, p99Ms: number, };

/**
 * What stands for a token of the manifests; a secret as `***`.
 */
export type ParameterChange = { name: string, 
/**
 * In the deployment before; none if it had no such token.
 */
before: string | null, after: string, };

/**
 * Asks about a place of a text that need not be saved.
 */
export type PipelineAt = { projectId: ProjectId, text: string, 
/**
 * UTF-16 code units from the text's start.
 */
offset: number, };

/**
 * Asks for the canvas of a text that need not be saved.
 */
export type PipelineBoard = { projectId: ProjectId, text: string, };

/**
 * Checks a text that need not be saved.
 */
export type PipelineCheck = { projectId: ProjectId, text: string, };

/**
 * What there is to say about a text.
 */
export type PipelineChecked = { diagnostics: Array<DiagnosticView>, 
/**
 * What would run; nothing while the text has an error.
 */
plan: PlanView | null, };

/**
 * Saves the pipeline file, if it still is what the editor read, and commits it alone.
 */
export type PipelineCommit = { projectId: ProjectId, text: string, 
/**
 * The text that was read before; refused if the file has changed since.
 */
baseText: string, message: string, 
/**
 * A branch to make and check out for it; left out, the branch at hand takes the commit.
 */
branch: string | null, };

/**
 * The pipeline file was saved and committed.
 */
export type PipelineCommitted = { pipeline: PipelineView, commit: CommitView, 
/**
 * The branch that is checked out now.
 */
branch: string, 
/**
 * The run it started, if the pipeline's trigger says so.
 */
runId: RunId | null, 
/**
 * Why it started one, or why not.
 */
triggerReason: string, };

/**
 * The pipeline file in the newest commit, if it is there.
 */
export type PipelineCommittedText = { text: string | null, };

/**
 * Asks for nodes as they are written, to be pasted elsewhere.
 */
export type PipelineCopy = { projectId: ProjectId, text: string, nodes: Array<EditPath>, };

/**
 * Where something is declared, if it is.
 */
export type PipelineDefinitionView = { definition: DefinitionView | null, };

/**
 * Asks what a text comes to with these parameters; the others have their defaults.
 */
export type PipelineExpand = { projectId: ProjectId, text: string, parameters: Array<RunParameter>, };

/**
 * Makes a gesture on a text that need not be saved. Nothing is written to the file.
 */
export type PipelineGesture = { projectId: ProjectId, text: string, gesture: Gesture, };

/**
 * Asks for the history of a project's pipeline.
 */
export type PipelineHistoryGet = { projectId: ProjectId, 
/**
 * The text to estimate, which need not be saved; the file as it is if left out.
 */
text?: string, };

/**
 * The history of a pipeline.
 */
export type PipelineHistoryView = { 
/**
 * Finished runs that were looked at; the newest ones.
 */
runs: number, 
/**
 * Stages, their jobs, the jobs' steps, as the newest run that has them names them.
 */
nodes: Array<HistoryNodeView>, cost: CostView, };

/**
 * Words about a place, if there are any.
 */
export type PipelineHoverView = { hover: HoverView | null, };

/**
 * Asks for a commit message for what has changed from one text to another.
 */
export type PipelineMessage = { projectId: ProjectId, before: string, after: string, };

/**
 * A commit message for what has changed.
 */
export type PipelineMessageView = { 
/**
 * At most 72 letters.
 */
summary: string, 
/**
 * Nothing when the summary says it all.
 */
body: string, };

/**
 * Asks what is written at a place; an empty path is the whole file.
 */
export type PipelineNode = { projectId: ProjectId, text: string, path: string, };

/**
 * What is written at a place, or why that cannot be said.
 */
export type PipelineNodeView = { written: WrittenView | null, problem: string | null, };

/**
 * Asks for a proposal.
 */
export type PipelinePropose = { projectId: ProjectId, options: ProposalOptions, };

/**
 * Adds files to the working tree, all or none.
 */
export type PipelineProposeApply = { projectId: ProjectId, files: Array<NewFile>, 
/**
 * A branch to make and check out for their commit.
 */
branch: string | null, 
/**
 * Commits them with it; left out, they are only written, unless a branch is given.
 */
message: string | null, };

/**
 * Saves the pipeline file, if it still is what the editor read.
 */
export type PipelineSave = { projectId: ProjectId, text: string, 
/**
 * The text that was read before; refused if the file has changed since.
 */
baseText: string, };

/**
 * Asks whether a push to a branch, or a pull request into it, would start a text's pipeline.
 */
export type PipelineTrigger = { projectId: ProjectId, text: string, 
/**
 * A name, or a full ref such as `refs/tags/v1`.
 */
branch: string, event: TriggerEventWord, 
/**
 * The files that have changed.
 */
paths: Array<string>, };

/**
 * Forgets a variable of the pipeline.
 */
export type PipelineVariableRemove = { projectId: ProjectId, name: string, };

/**
 * Adds or replaces a variable of the pipeline.
 */
export type PipelineVariableSave = { projectId: ProjectId, name: string, 
/**
 * A secret without one keeps the value it has.
 */
value: SecretText | null, isSecret: boolean, isSettable: boolean, };

/**
 * A variable of the pipeline's settings.
 */
export type PipelineVariableView = { name: string, 
/**
 * None for a secret.
 */
value: string | null, isSecret: boolean, 
/**
 * Whoever starts a run may give another value.
 */
isSettable: boolean, changedAt: number, };

/**
 * The project's `azure-pipelines.yml`.
 */
export type PipelineView = { path: string, text: string, diagnostics: Array<DiagnosticView>, plan: PlanView | null, 
/**
 * Whether the newest commit would start it, and why.
 */
triggerStatement: string, 
/**
 * The text as the canvas shows it.
 */
board: BoardView, };

/**
 * A job or deployment job.
 */
export type PlanJobView = { name: string, displayName: string, dependsOn: Array<string>, condition: string | null, 
/**
 * Set for a deployment job.
 */
environment: string | null, steps: Array<PlanStepView>, };

/**
 * A stage.
 */
export type PlanStageView = { name: string, displayName: string, dependsOn: Array<string>, condition: string | null, jobs: Array<PlanJobView>, };

/**
 * A step.
 */
export type PlanStepView = { 
/**
 * Its name, or the one that it is given: how a run's record is named.
 */
reference: string, displayName: string, 
/**
 * Such as `Docker@2`.
 */
task: string, line: number, 
/**
 * The template that it stands in; none for this file.
 */
file: string | null, };

/**
 * What would run.
 */
export type PlanView = { stages: Array<PlanStageView>, };

/**
 * The last lines of a pod's log.
 */
export type PodLog = { lines: Array<string>, };

/**
 * The last lines of a pod's log.
 */
export type PodLogGet = { projectId: ProjectId, environment: string, pod: string, tail: number, };

/**
 * A pod: on Kubernetes a real one, locally a container that plays one.
 */
export type PodView = { name: string, workload: string, containerId: string, image: string, digest: Digest | null, phase: string, isReady: boolean, restarts: number, startedAt: number | null, message: string | null, };

/**
 * The chosen labels, and those that a project's pipeline asks for.
 */
export type PoolMappingList = { projectId: ProjectId | null, };

/**
 * Forgets a choice.
 */
export type PoolMappingRemove = { label: string, };

/**
 * Chooses where a label's jobs run.
 */
export type PoolMappingSet = { label: string, 
/**
 * Nothing is this machine.
 */
image: string | null, };

/**
 * A pool's label, what was chosen for it, and who asks for it.
 */
export type PoolMappingView = { 
/**
 * What `vmImage:` says, or a pool's name.
 */
label: string, 
/**
 * The image its jobs run in; nothing is this machine.
 */
image: string | null, 
/**
 * True if somebody chose; else it is what happens without a choice.
 */
isChosen: boolean, 
/**
 * `Windows` or `macOS` where the label promises what this machine is not.
 */
foreignSystem: string | null, 
/**
 * Jobs of the project's pipeline that ask for it.
 */
jobs: Array<string>, };

/**
 * How far a step is.
 */
export type ProgressView = { recordId: RecordId, percent: number, operation: string, };

/**
 * A project: one repository with its pipeline, environments and backlog.
 */
export type ProjectId = string;

/**
 * Opens a repository as a project.
 */
export type ProjectOpen = { 
/**
 * A folder inside a git repository.
 */
path: string, };

/**
 * A request about one project.
 */
export type ProjectRequest = { projectId: ProjectId, };

/**
 * A project: a repository with its pipeline, environments and backlog.
 */
export type ProjectView = { id: ProjectId, name: string, path: string, isSample: boolean, branch: string | null, 
/**
 * The path no longer holds a repository.
 */
isMissing: boolean, openedAt: number, };

/**
 * Environments in the order of promotion.
 */
export type PromotionBoard = { columns: Array<PromotionColumn>, };

/**
 * An environment of the board.
 */
export type PromotionColumn = { environment: EnvironmentView, 
/**
 * The next environment.
 */
promoteTo: string | null, 
/**
 * Commits that the column before has and this one has not.
 */
behind: number | null, 
/**
 * A manual rollback holds automatic deployments.
 */
hold: HoldView | null, drift: DriftView, underWay: DeploymentView | null, 
/**
 * What stands beside what runs, until somebody promotes or rejects it.
 */
waiting: DeploymentView | null, 
/**
 * Slipway ended during its newest deployment, and nobody has taken it up yet.
 */
isInterrupted: boolean, };

/**
 * The files are there.
 */
export type ProposalApplied = { paths: Array<string>, 
/**
 * If they were committed.
 */
commit: CommitView | null, 
/**
 * The branch that is checked out now.
 */
branch: string | null, runId: RunId | null, 
/**
 * Why the commit started a run, or why not.
 */
triggerReason: string | null, };

/**
 * What was chosen, and what can be chosen at all.
 */
export type ProposalChoices = { tests: boolean, image: boolean, deploy: boolean, branch: string, 
/**
 * None for several images, or none.
 */
port: number | null, imageName: string, environment: string, registry: string, hasTests: boolean, canImage: boolean, canDeploy: boolean, };

/**
 * What the proposal shall be like; what is left out is chosen from what is found.
 */
export type ProposalOptions = { tests: boolean | null, image: boolean | null, deploy: boolean | null, branch: string | null, port: number | null, imageName: string | null, environment: string | null, registry: string | null, };

/**
 * What could be added to a repository, and why.
 */
export type ProposalView = { 
/**
 * The pipeline first.
 */
files: Array<ProposedFileView>, detected: Array<DetectedView>, options: ProposalChoices, 
/**
 * The least pipeline to start drawing from.
 */
empty: string, };

/**
 * A file to add.
 */
export type ProposedFileView = { path: string, text: string, 
/**
 * Why its parts are there, a sentence or two each.
 */
why: Array<string>, 
/**
 * False if the repository has such a file already.
 */
isNew: boolean, };

/**
 * One timeline record of a run: a stage, a job or a step.
 */
export type RecordId = string;

/**
 * What a timeline record is of.
 */
export type RecordKind = "stage" | "job" | "step";

/**
 * A stage, job or step of a run.
 */
export type RecordView = { id: RecordId, parentId: RecordId | null, kind: RecordKind, name: string, displayName: string, 
/**
 * For a step, such as `Docker@2`.
 */
task: string | null, order: number, state: RunState, result: RunResult | null, startedAt: number | null, finishedAt: number | null, logLines: number, errorCount: number, warningCount: number, 
/**
 * First error, or why it was skipped.
 */
issue: string | null, 
/**
 * The record of an earlier attempt that it stands for; it did not run again.
 */
keptFrom: RecordId | null, };

/**
 * The registry, browsed.
 */
export type RegistryView = { address: string | null, isReady: boolean, detail: string, repositories: Array<RepositoryView>, };

/**
 * Files of a written report.
 */
export type ReportFiles = { html: string, charts: Array<string>, };

/**
 * Writes the HTML report and its charts.
 */
export type ReportWrite = { projectId: ProjectId, environment: string, };

/**
 * Forgets a mapping.
 */
export type RepositoryMappingRemove = { projectId: ProjectId, name: string, };

/**
 * Maps a repository to the root of a checkout.
 */
export type RepositoryMappingSet = { projectId: ProjectId, name: string, path: string, };

/**
 * A repository and its checkout.
 */
export type RepositoryMappingView = { 
/**
 * As the pipeline's resources name it.
 */
name: string, 
/**
 * Absolute; none while the pipeline names it and nobody has said where it is.
 */
path: string | null, 
/**
 * The pipeline of the working tree names it.
 */
isNamed: boolean, };

/**
 * A repository of the registry.
 */
export type RepositoryView = { name: string, tags: Array<string>, };

/**
 * A strategy other than to roll the pods one after the other.
 */
export type RolloutStrategy = { kind: StrategyKind, step: StrategyStep, 
/**
 * The canary's share: of the replicas, or of the traffic where a mesh splits it.
 */
percentage: number, split: TrafficSplit, 
/**
 * How many pods canary and baseline have each where a mesh splits the traffic.
 */
replicas: number, 
/**
 * The verdict decides: healthy promotes, unhealthy rejects.
 */
isAutomatic: boolean, 
/**
 * None while it is undecided.
 */
outcome: StrategyOutcome | null, };

/**
 * A run in a few words.
 */
export type RunBadge = { runId: RunId, number: string, state: RunState, result: RunResult | null, };

/**
 * Asks what of a commit's pipeline cannot run here.
 */
export type RunCheck = { projectId: ProjectId, 
/**
 * The newest commit if left out.
 */
commit: CommitSha | null, 
/**
 * Values for the pipeline's parameters; the rest have their defaults.
 */
parameters: Array<RunParameter>, 
/**
 * A pipeline file, from the repository's root; that of the run below, or else the usual one.
 */
file?: string, 
/**
 * Looks at these alone, as `run_start` takes them.
 */
only?: Array<string>, isWithNeeded?: boolean, 
/**
 * A run that is to be repeated, or parts of it.
 */
runId?: RunId, };

/**
 * What of a pipeline cannot run here.
 */
export type RunCheckView = { 
/**
 * In order of the plan.
 */
obstacles: Array<ObstacleView>, };

/**
 * What a run took.
 */
export type RunCostView = { runId: RunId, number: string, 
/**
 * Each job's minutes, rounded up, as hosted agents are billed; agentless jobs cost none.
 */
billedMinutes: number, 
/**
 * From its start to its end.
 */
wallMs: number, };

/**
 * What to ask before a run starts.
 */
export type RunForm = { commit: CommitSha, commitSummary: string, branch: string, branches: Array<string>, parameters: Array<RunParameterView>, variables: Array<PipelineVariableView>, };

/**
 * What to ask before a run of a branch starts.
 */
export type RunFormGet = { projectId: ProjectId, 
/**
 * The branch at hand if left out.
 */
branch: string | null, 
/**
 * The newest of the branch if left out.
 */
commit: CommitSha | null, };

/**
 * One run of a pipeline.
 */
export type RunId = string;

/**
 * The newest runs.
 */
export type RunList = { projectId: ProjectId, limit: number, };

/**
 * What steps told by logging command.
 */
export type RunNotesView = { progress: Array<ProgressView>, attachments: Array<AttachmentView>, 
/**
 * By their order.
 */
details: Array<DetailView>, links: Array<LinkView>, };

/**
 * A parameter's value, as text.
 */
export type RunParameter = { name: string, value: string, };

/**
 * A parameter that the pipeline declares.
 */
export type RunParameterView = { name: string, displayName: string, 
/**
 * `string`, `number`, `boolean`, `object`, …
 */
kind: string, 
/**
 * None means that a value must be given.
 */
default: string | null, 
/**
 * The only values allowed, when there are any.
 */
values: Array<string>, };

/**
 * Why a run was started (`Build.Reason`).
 */
export type RunReason = "individualCi" | "manual" | "rerun";

/**
 * A request about one run.
 */
export type RunRequest = { runId: RunId, };

/**
 * Runs a run's commit again.
 */
export type RunRerun = { runId: RunId, 
/**
 * Keeps the jobs that succeeded, with what they made.
 */
failedOnly?: boolean, };

/**
 * How it ended. `Interrupted` is ours: the app died while it was going on.
 */
export type RunResult = "succeeded" | "succeededWithIssues" | "failed" | "canceled" | "skipped" | "interrupted";

/**
 * Runs the pipeline of a commit.
 */
export type RunStart = { projectId: ProjectId, 
/**
 * The newest commit of the branch if left out.
 */
commit: CommitSha | null, 
/**
 * The branch that is checked out if left out.
 */
branch: string | null, 
/**
 * Values for the pipeline's parameters; the rest have their defaults.
 */
parameters: Array<RunParameter>, variables: Array<RunVariable>, 
/**
 * The pipeline file from the repository's root; `azure-pipelines.yml` if left out.
 */
file: string | null, 
/**
 * Takes the files as they are now, committed or not.
 */
isWorkingTree: boolean, 
/**
 * Leaves out all that cannot run here.
 */
skipUnsupported?: boolean, 
/**
 * Leaves these out if they cannot run here: `Build`, `Build/Test`, `Build/Test/CmdLine1`, or a task
 * such as `AzureWebApp@1`.
 */
skip?: Array<string>, 
/**
 * Runs only these: `Build`, `Build/Test`, `Build/Test/CmdLine1`. A part may be empty (`/Test`); a step is
 * its name, its display name or its place in the job. All of it if left out.
 */
only?: Array<string>, 
/**
 * Runs what they depend on, too.
 */
isWithNeeded?: boolean, };

/**
 * A run was started.
 */
export type RunStarted = { runId: RunId, number: string, commit: string, 
/**
 * What may keep it from its end, a line each.
 */
warnings?: Array<string>, };

/**
 * How far a run, stage, job or step has come.
 */
export type RunState = "pending" | "inProgress" | "completed";

/**
 * A run in a row of the list.
 */
export type RunSummary = { id: RunId, projectId: ProjectId, number: string, buildId: number, state: RunState, result: RunResult | null, reason: RunReason, commit: CommitSha, commitSummary: string, branch: string, queuedAt: number, startedAt: number | null, finishedAt: number | null, tests: TestSummary, 
/**
 * Why it failed, in a sentence.
 */
issue: string | null, workItems: Array<WorkItemId>, 
/**
 * What of the pipeline was to run, such as `only stage Build`; all of it if nothing is said.
 */
choice: string | null, 
/**
 * 1, or more for a run that goes on where an earlier one failed.
 */
attempt: number, 
/**
 * The attempt before.
 */
earlier: RunId | null, 
/**
 * The attempt after, the newest one.
 */
later: RunId | null, };

/**
 * A variable of one run.
 */
export type RunVariable = { name: string, value: SecretText, isSecret: boolean, };

/**
 * A run, whole.
 */
export type RunView = { run: RunSummary, 
/**
 * In order of the plan: stage, its jobs, their steps.
 */
records: Array<RecordView>, artifacts: Array<ArtifactView>, images: Array<ImageView>, deployments: Array<DeploymentView>, 
/**
 * Given by `##vso[build.addbuildtag]`.
 */
tags: Array<string>, 
/**
 * `None` when the run published none.
 */
coverage: CoverageSummary | null, notes: RunNotesView, };

/**
 * Sets the value of one secret: of a group, or of the pipeline if no group is named.
 */
export type SecretSet = { projectId: ProjectId, group: string | null, name: string, value: SecretText, };

/**
 * A value on its way in; printing it shows stars, and no error repeats it.
 */
export type SecretText = string;

/**
 * Locks the encrypted file with a passphrase; an empty one takes it away.
 */
export type SecretsPassphrase = { passphrase: SecretText, };

/**
 * Where secrets are kept.
 */
export type SecretsPlace = "keychain" | "fileWithKey" | "fileWithPassphrase";

/**
 * Where this machine keeps secrets.
 */
export type SecretsView = { place: SecretsPlace, 
/**
 * What protects them, in plain words.
 */
statement: string, };

/**
 * Adds or replaces a secure file.
 */
export type SecureFileAdd = { projectId: ProjectId, name: string, 
/**
 * Its content in base64.
 */
content: SecretText, };

/**
 * Forgets a secure file.
 */
export type SecureFileRemove = { projectId: ProjectId, name: string, };

/**
 * A secure file.
 */
export type SecureFileView = { name: string, sizeBytes: number, addedAt: number, };

/**
 * A service and where it is reached from this machine.
 */
export type ServiceView = { name: string, port: number, url: string | null, endpoints: number, };

/**
 * How bad it is.
 */
export type Severity = "error" | "warning" | "information";

/**
 * What another input has to be.
 */
export type ShownWhenView = { 
/**
 * The other input's name.
 */
input: string, 
/**
 * Any of these, ignoring case.
 */
is: Array<string>, 
/**
 * None of them instead.
 */
isNot: boolean, };

/**
 * What a stage would take if it ran alone.
 */
export type StageCostView = { stage: string, billedMinutes: number, wallMs: number, unknownJobs: number, };

/**
 * Starts a stage that waits for a hand, or leaves it out.
 */
export type StageStart = { runId: RunId, stage: string, isSkipped: boolean, };

/**
 * How one of the ten steps of the loop stands.
 */
export type StepOutcome = "idle" | "ready" | "running" | "succeeded" | "warning" | "failed" | "skipped";

/**
 * What is decided about what waits.
 */
export type StrategyAction = "promote" | "reject";

/**
 * How the new version comes beside what runs.
 */
export type StrategyChoice = { kind: StrategyKind, 
/**
 * Of a canary: its share of the pods.
 */
percentage: number | null, 
/**
 * The verdict decides: healthy promotes, unhealthy rejects.
 */
isAutomatic: boolean, };

/**
 * Decides what becomes of what waits beside what runs.
 */
export type StrategyFinish = { deploymentId: DeploymentId, action: StrategyAction, 
/**
 * Also against the verdict.
 */
isForced: boolean, };

/**
 * What was decided about what waited.
 */
export type StrategyFinished = { 
/**
 * The deployment that promotes it, which goes on by itself; none after a rejection.
 */
deploymentId: DeploymentId | null, };

/**
 * How a new version comes beside the one that runs.
 */
export type StrategyKind = "canary" | "blueGreen";

/**
 * What became of a version that ran beside the other one.
 */
export type StrategyOutcome = "promoted" | "rejected" | "replaced";

/**
 * What a deployment by a strategy does.
 */
export type StrategyStep = "deploy" | "promote";

/**
 * A group of answers that go stale together.
 */
export type Tag = "app" | "project" | "change" | "commit" | "pipeline" | "run" | "log" | "image" | "environment" | "library" | "deployment" | "telemetry" | "workItem" | "thread" | "approval";

/**
 * What an environment deploys to.
 */
export type TargetKind = "local" | "kubernetes";

/**
 * Adds a folder: a task, an unpacked extension, or built tasks of a checkout.
 */
export type TaskFolderAdd = { path: string, };

/**
 * Forgets a folder.
 */
export type TaskFolderRemove = { path: string, };

/**
 * A folder of tasks that the user points at.
 */
export type TaskFolderView = { 
/**
 * Absolute.
 */
path: string, 
/**
 * Such as `Greet@1`, by name.
 */
tasks: Array<string>, 
/**
 * What is wrong with it, or with single tasks in it.
 */
problems: Array<string>, };

/**
 * An input of a task.
 */
export type TaskInputView = { name: string, aliases: Array<string>, 
/**
 * `text`, `lines`, `boolean`, `path`, `number`, `pick`, `connection`, `secureFile`.
 */
kind: string, 
/**
 * The words of `pick`.
 */
options: Array<string>, isRequired: boolean, default: string | null, group: string, help: string, 
/**
 * Takes other words than `options`, too.
 */
isOpen: boolean, 
/**
 * It only matters when all of these hold.
 */
shownWhen: Array<ShownWhenView>, };

/**
 * What a task sets for later steps.
 */
export type TaskOutputView = { name: string, help: string, };

/**
 * Lets a folder's task stand in for the runner's own of this name, or no longer.
 */
export type TaskReplace = { name: string, version: number, replaces: boolean, };

/**
 * A task that a pipeline may name.
 */
export type TaskView = { name: string, 
/**
 * The major version.
 */
version: number, 
/**
 * Such as `1.2.3`; the major version for the runner's own.
 */
fullVersion: string, friendlyName: string, help: string, 
/**
 * The folder it comes from; none for the runner's own.
 */
folder: string | null, 
/**
 * `publisher.extension.contribution.Name`, if it is known.
 */
fullName: string | null, 
/**
 * How a folder's task is started, such as `Node20_1`.
 */
handlers: Array<string>, 
/**
 * The runner has one of its own with this name and version.
 */
hasOwn: boolean, 
/**
 * It is the one that a pipeline gets.
 */
isUsed: boolean, 
/**
 * Why it cannot run here, whatever is installed.
 */
whyNot: string | null, inputs: Array<TaskInputView>, outputs: Array<TaskOutputView>, };

/**
 * The overview of the last minutes.
 */
export type TelemetryGet = { projectId: ProjectId, environment: string, minutes: number, };

/**
 * Health, performance and failures over a span of time.
 */
export type TelemetryOverview = { from: number, to: number, requests: number, failedRequests: number, 
/**
 * 0 to 100; null without a request.
 */
failureRate: number | null, p50Ms: number | null, p95Ms: number | null, p99Ms: number | null, exceptions: number, probes: number, 
/**
 * 0 to 100; null without a probe.
 */
availability: number | null, operations: Array<OperationView>, exceptionGroups: Array<ExceptionGroup>, intake: IntakeView, 
/**
 * Charts to ask for with `chart_get`.
 */
charts: Array<ChartKey>, };

/**
 * One test of a run.
 */
export type TestCaseView = { 
/**
 * The title that it was published under.
 */
testRun: string, suite: string, name: string, outcome: TestOutcome, durationMs: number, message: string | null, stack: string | null, 
/**
 * What a failed test printed.
 */
output: string | null, };

/**
 * How a test ended.
 */
export type TestOutcome = "passed" | "failed" | "skipped";

/**
 * Test counts.
 */
export type TestSummary = { total: number, passed: number, failed: number, skipped: number, durationMs: number, };

/**
 * Some bytes of a text and what comes in their place.
 */
export type TextChange = { start: number, end: number, text: string, };

/**
 * A replacement in a text.
 */
export type TextChangeView = { start: number, end: number, text: string, };

/**
 * Why two objects hang together.
 */
export type ThreadEdge = { from: ObjectRef, to: ObjectRef, 
/**
 * Such as `started`, `pushed`, `deployed`, `runs as`, `mentions`.
 */
label: string, };

/**
 * A name and a value.
 */
export type ThreadFact = { name: string, value: string, };

/**
 * The thread of an object.
 */
export type ThreadGet = { 
/**
 * Any project if left out.
 */
projectId: ProjectId | null, 
/**
 * A commit id or its beginning, a digest or its beginning, a run's id or number, a deployment id,
 * a work item as `1`, `#1` or `AB#1`, a pod's name or an exception's problem id.
 */
key: string, };

/**
 * An object with what a person wants to see of it.
 */
export type ThreadNode = { object: ObjectRef, title: string, subtitle: string, 
/**
 * A state word, such as `succeeded`, `proven` or `doing`.
 */
state: string, at: number | null, facts: Array<ThreadFact>, isSubject: boolean, };

/**
 * Everything that hangs together with one object.
 */
export type ThreadView = { subject: ObjectRef, projectId: ProjectId, 
/**
 * In the loop's order, then by time.
 */
nodes: Array<ThreadNode>, edges: Array<ThreadEdge>, };

/**
 * What gives a canary its share of the traffic.
 */
export type TrafficSplit = "pod" | "smi";

/**
 * What may start a pipeline.
 */
export type TriggerEventWord = "push" | "pullRequest";

/**
 * Which trigger.
 */
export type TriggerKey = "trigger" | "pr";

/**
 * Whether something would start the pipeline, and why.
 */
export type TriggerView = { starts: boolean, reason: string, };

/**
 * Reads the groups of an Azure DevOps project.
 */
export type VariableGroupRead = { projectId: ProjectId, 
/**
 * Such as `https://dev.azure.com/contoso`.
 */
organization: string, project: string, signIn: AzureSignIn, 
/**
 * The one that is kept if left out.
 */
token: SecretText | null, };

/**
 * A request about one group.
 */
export type VariableGroupRequest = { projectId: ProjectId, name: string, };

/**
 * Adds or replaces a group of this machine, or sets values of secrets of one that was read.
 */
export type VariableGroupSave = { projectId: ProjectId, name: string, 
/**
 * The name it had, when it gets another.
 */
previousName: string | null, description: string, variables: Array<VariableInput>, };

/**
 * A variable group.
 */
export type VariableGroupView = { name: string, description: string, 
/**
 * Set for a group that was read from Azure DevOps.
 */
origin: GroupOriginView | null, variables: Array<GroupVariableView>, changedAt: number, };

/**
 * A variable as it shall be.
 */
export type VariableInput = { name: string, 
/**
 * A secret without one keeps the value it has.
 */
value: SecretText | null, isSecret: boolean, };

/**
 * A name and its value.
 */
export type VariableView = { name: string, value: string, };

/**
 * A day of the week.
 */
export type Weekday = "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday";

/**
 * A new work item.
 */
export type WorkItemCreate = { projectId: ProjectId, itemType: WorkItemType, title: string, description: string, };

/**
 * A work item with its commits, runs, digests, deployments and health.
 */
export type WorkItemDetail = { item: WorkItemView, commits: Array<CommitView>, runs: Array<RunBadge>, deployments: Array<DeploymentView>, exception: ExceptionGroup | null, history: Array<WorkItemEvent>, };

/**
 * Something that happened to a work item.
 */
export type WorkItemEvent = { at: number, text: string, };

/**
 * Makes a bug from an exception, or finds the one already made.
 */
export type WorkItemFromException = { projectId: ProjectId, problemId: string, };

/**
 * A work item's number, as `AB#12` writes it.
 */
export type WorkItemId = number;

/**
 * A request about one work item.
 */
export type WorkItemRequest = { projectId: ProjectId, id: WorkItemId, };

/**
 * Work item states of the Basic process.
 */
export type WorkItemState = "toDo" | "doing" | "done";

/**
 * Work item types of the Basic process, and the bug that telemetry asks for.
 */
export type WorkItemType = "epic" | "issue" | "task" | "bug";

/**
 * Changes a work item; what is left out stays.
 */
export type WorkItemUpdate = { projectId: ProjectId, id: WorkItemId, title: string | null, description: string | null, state: WorkItemState | null, };

/**
 * A work item.
 */
export type WorkItemView = { id: WorkItemId, projectId: ProjectId, itemType: WorkItemType, title: string, description: string, state: WorkItemState, createdAt: number, changedAt: number, 
/**
 * Why the state last changed.
 */
stateReason: string, 
/**
 * What the thread says of it in a few words.
 */
threadSummary: string, 
/**
 * The exception it was made from.
 */
problemId: string | null, };

/**
 * An entry of a mapping, or an item of a list, which has no key.
 */
export type WrittenEntryView = { key: string | null, value: WrittenView, };

/**
 * What a value is.
 */
export type WrittenFormWord = "map" | "list" | "text" | "nothing";

/**
 * A value as it is written.
 */
export type WrittenView = { path: string, form: WrittenFormWord, 
/**
 * Of a text: without quotes and indentation.
 */
text: string, start: number, end: number, 
/**
 * 1-based.
 */
line: number, 
/**
 * Of a mapping or list, in order.
 */
entries: Array<WrittenEntryView>, };

/** Every command with its request and its answer. */
export interface Commands {
  app_get: { request: Nothing; response: AppView };
  project_list: { request: Nothing; response: Array<ProjectView> };
  project_open: { request: ProjectOpen; response: ProjectView };
  project_sample: { request: Nothing; response: ProjectView };
  loop_get: { request: ProjectRequest; response: LoopView };
  loop_run: { request: LoopRun; response: RunStarted };
  change_list: { request: ProjectRequest; response: ChangesView };
  change_diff: { request: ChangeDiff; response: FileDiff };
  change_stage: { request: ChangePaths; response: Done };
  change_unstage: { request: ChangePaths; response: Done };
  commit_create: { request: CommitCreate; response: CommitCreated };
  commit_list: { request: CommitList; response: Array<CommitView> };
  pipeline_get: { request: ProjectRequest; response: PipelineView };
  pipeline_complete: { request: PipelineAt; response: Array<CompletionView> };
  pipeline_hover: { request: PipelineAt; response: PipelineHoverView };
  pipeline_definition: { request: PipelineAt; response: PipelineDefinitionView };
  pipeline_check: { request: PipelineCheck; response: PipelineChecked };
  pipeline_board: { request: PipelineBoard; response: BoardView };
  pipeline_node: { request: PipelineNode; response: PipelineNodeView };
  pipeline_gesture: { request: PipelineGesture; response: GestureView };
  pipeline_copy: { request: PipelineCopy; response: CopiedView };
  pipeline_expand: { request: PipelineExpand; response: ExpandedView };
  pipeline_trigger: { request: PipelineTrigger; response: TriggerView };
  pipeline_message: { request: PipelineMessage; response: PipelineMessageView };
  pipeline_save: { request: PipelineSave; response: PipelineView };
  pipeline_committed: { request: ProjectRequest; response: PipelineCommittedText };
  pipeline_commit: { request: PipelineCommit; response: PipelineCommitted };
  pipeline_propose: { request: PipelinePropose; response: ProposalView };
  pipeline_propose_apply: { request: PipelineProposeApply; response: ProposalApplied };
  pipeline_history: { request: PipelineHistoryGet; response: PipelineHistoryView };
  pool_mapping_list: { request: PoolMappingList; response: Array<PoolMappingView> };
  pool_mapping_set: { request: PoolMappingSet; response: PoolMappingView };
  pool_mapping_remove: { request: PoolMappingRemove; response: Done };
  repository_mapping_list: { request: ProjectRequest; response: Array<RepositoryMappingView> };
  repository_mapping_set: { request: RepositoryMappingSet; response: RepositoryMappingView };
  repository_mapping_remove: { request: RepositoryMappingRemove; response: Done };
  secrets_get: { request: Nothing; response: SecretsView };
  secrets_passphrase: { request: SecretsPassphrase; response: SecretsView };
  secret_set: { request: SecretSet; response: Done };
  variable_group_list: { request: ProjectRequest; response: Array<VariableGroupView> };
  variable_group_get: { request: VariableGroupRequest; response: VariableGroupView };
  variable_group_save: { request: VariableGroupSave; response: VariableGroupView };
  variable_group_remove: { request: VariableGroupRequest; response: Done };
  azure_devops_get: { request: ProjectRequest; response: AzureDevOpsView };
  variable_group_read: { request: VariableGroupRead; response: GroupsRead };
  pipeline_variable_list: { request: ProjectRequest; response: Array<PipelineVariableView> };
  pipeline_variable_save: { request: PipelineVariableSave; response: PipelineVariableView };
  pipeline_variable_remove: { request: PipelineVariableRemove; response: Done };
  secure_file_list: { request: ProjectRequest; response: Array<SecureFileView> };
  secure_file_add: { request: SecureFileAdd; response: SecureFileView };
  secure_file_remove: { request: SecureFileRemove; response: Done };
  run_form_get: { request: RunFormGet; response: RunForm };
  task_list: { request: Nothing; response: Array<TaskView> };
  task_replace: { request: TaskReplace; response: Done };
  task_folder_list: { request: Nothing; response: Array<TaskFolderView> };
  task_folder_add: { request: TaskFolderAdd; response: TaskFolderView };
  task_folder_remove: { request: TaskFolderRemove; response: Done };
  run_list: { request: RunList; response: Array<RunSummary> };
  run_get: { request: RunRequest; response: RunView };
  run_check: { request: RunCheck; response: RunCheckView };
  run_attachment: { request: AttachmentRequest; response: AttachmentText };
  run_start: { request: RunStart; response: RunStarted };
  run_cancel: { request: RunRequest; response: Done };
  run_rerun: { request: RunRerun; response: RunStarted };
  log_get: { request: LogGet; response: LogPage };
  log_search: { request: LogSearch; response: LogMatches };
  test_list: { request: RunRequest; response: Array<TestCaseView> };
  coverage_list: { request: RunRequest; response: Array<FileCoverageView> };
  cache_list: { request: Nothing; response: Array<CacheView> };
  cache_remove: { request: CacheRemove; response: CacheRemoved };
  registry_get: { request: Nothing; response: RegistryView };
  image_list: { request: ProjectRequest; response: Array<ImageView> };
  image_get: { request: ImageRequest; response: ImageDetail };
  environment_list: { request: ProjectRequest; response: Array<EnvironmentView> };
  environment_save: { request: EnvironmentSave; response: EnvironmentView };
  environment_order: { request: EnvironmentOrder; response: Done };
  environment_release: { request: EnvironmentRequest; response: Done };
  environment_remove: { request: EnvironmentRequest; response: Done };
  promotion_board: { request: ProjectRequest; response: PromotionBoard };
  drift_check: { request: EnvironmentRequest; response: DriftView };
  deployment_plan: { request: DeploymentPlanGet; response: DeploymentPlanView };
  deployment_start: { request: DeploymentStart; response: DeploymentStarted };
  strategy_finish: { request: StrategyFinish; response: StrategyFinished };
  deployment_cancel: { request: DeploymentRequest; response: Done };
  deployment_log: { request: DeploymentRequest; response: DeploymentLog };
  deployment_list: { request: DeploymentList; response: Array<DeploymentView> };
  deployment_get: { request: DeploymentRequest; response: DeploymentView };
  pod_log_get: { request: PodLogGet; response: PodLog };
  kube_context_list: { request: Nothing; response: KubeContexts };
  kube_overview: { request: KubeContextRequest; response: KubeOverview };
  kube_rights: { request: KubeNamespaceRequest; response: KubeRights };
  kube_watch_start: { request: KubeWatchStart; response: KubeWatchStarted };
  kube_rows: { request: KubeRowsGet; response: KubeRows };
  kube_watch_stop: { request: KubeWatchRequest; response: Done };
  kube_object: { request: KubeObjectRequest; response: KubeObjectView };
  kube_events: { request: KubeEventList; response: Array<KubeEventView> };
  kube_object_diff: { request: KubeObjectDiff; response: ObjectPlan };
  kube_object_apply: { request: KubeObjectApply; response: KubeObjectView };
  kube_scale: { request: KubeScale; response: Done };
  kube_restart: { request: KubeObjectRequest; response: Done };
  kube_delete: { request: KubeDelete; response: Done };
  kube_map: { request: KubeNamespaceRequest; response: KubeMap };
  kube_usage: { request: KubeNamespaceRequest; response: KubeUsage };
  kube_log_start: { request: KubeLogStart; response: KubeLogStarted };
  kube_log_page: { request: KubeLogGet; response: KubeLogPage };
  kube_log_stop: { request: KubeLogRequest; response: Done };
  kube_exec_start: { request: KubeExecStart; response: KubeExecStarted };
  kube_exec_send: { request: KubeExecSend; response: Done };
  kube_exec_resize: { request: KubeExecResize; response: Done };
  kube_exec_page: { request: KubeExecGet; response: KubeExecPage };
  kube_exec_stop: { request: KubeExecRequest; response: Done };
  kube_forward_start: { request: KubeForwardStart; response: KubeForwardView };
  kube_forward_list: { request: Nothing; response: Array<KubeForwardView> };
  kube_forward_stop: { request: KubeForwardRequest; response: Done };
  azure_get: { request: Nothing; response: AzureView };
  azure_sign_in: { request: EntraSignIn; response: AzureView };
  azure_sign_out: { request: Nothing; response: AzureView };
  azure_cluster_list: { request: Nothing; response: Array<AzureSubscriptionView> };
  azure_cluster_connect: { request: AzureClusterRequest; response: AzureContextView };
  azure_cluster_forget: { request: AzureContextRequest; response: AzureView };
  azure_pull_get: { request: AzurePullGet; response: AzurePullView };
  check_list: { request: CheckList; response: EnvironmentChecks };
  check_save: { request: CheckSave; response: EnvironmentChecks };
  approval_list: { request: ApprovalList; response: Array<ApprovalView> };
  approval_answer: { request: ApprovalAnswerGive; response: ApprovalView };
  stage_start: { request: StageStart; response: ApprovalView };
  telemetry_get: { request: TelemetryGet; response: TelemetryOverview };
  chart_get: { request: ChartGet; response: ChartView };
  report_write: { request: ReportWrite; response: ReportFiles };
  work_item_list: { request: ProjectRequest; response: Array<WorkItemView> };
  work_item_get: { request: WorkItemRequest; response: WorkItemDetail };
  work_item_create: { request: WorkItemCreate; response: WorkItemView };
  work_item_update: { request: WorkItemUpdate; response: WorkItemView };
  work_item_from_exception: { request: WorkItemFromException; response: WorkItemView };
  thread_get: { request: ThreadGet; response: ThreadView };
}

export type CommandName = keyof Commands;

/** What each command's answer is cached under, and what it makes stale. */
export const COMMANDS: Record<CommandName, { provides: readonly Tag[]; invalidates: readonly Tag[]; isMutation: boolean }> = {
  app_get: { provides: ["app"], invalidates: [], isMutation: false },
  project_list: { provides: ["project"], invalidates: [], isMutation: false },
  project_open: { provides: [], invalidates: ["project"], isMutation: true },
  project_sample: { provides: [], invalidates: ["project","change","commit"], isMutation: true },
  loop_get: { provides: ["project","change","commit","run","image","deployment","telemetry","workItem","app"], invalidates: [], isMutation: false },
  loop_run: { provides: [], invalidates: ["change","commit","run"], isMutation: true },
  change_list: { provides: ["change","commit"], invalidates: [], isMutation: false },
  change_diff: { provides: ["change","commit"], invalidates: [], isMutation: false },
  change_stage: { provides: [], invalidates: ["change"], isMutation: true },
  change_unstage: { provides: [], invalidates: ["change"], isMutation: true },
  commit_create: { provides: [], invalidates: ["change","commit","run","workItem","thread"], isMutation: true },
  commit_list: { provides: ["commit","run"], invalidates: [], isMutation: false },
  pipeline_get: { provides: ["pipeline","change","commit"], invalidates: [], isMutation: false },
  pipeline_complete: { provides: ["environment","library"], invalidates: [], isMutation: false },
  pipeline_hover: { provides: [], invalidates: [], isMutation: false },
  pipeline_definition: { provides: [], invalidates: [], isMutation: false },
  pipeline_check: { provides: [], invalidates: [], isMutation: false },
  pipeline_board: { provides: [], invalidates: [], isMutation: false },
  pipeline_node: { provides: [], invalidates: [], isMutation: false },
  pipeline_gesture: { provides: [], invalidates: [], isMutation: false },
  pipeline_copy: { provides: [], invalidates: [], isMutation: false },
  pipeline_expand: { provides: [], invalidates: [], isMutation: false },
  pipeline_trigger: { provides: [], invalidates: [], isMutation: false },
  pipeline_message: { provides: [], invalidates: [], isMutation: false },
  pipeline_save: { provides: [], invalidates: ["pipeline","change"], isMutation: true },
  pipeline_committed: { provides: ["commit"], invalidates: [], isMutation: false },
  pipeline_commit: { provides: [], invalidates: ["project","pipeline","change","commit","run","workItem","thread"], isMutation: true },
  pipeline_propose: { provides: ["pipeline","change","commit"], invalidates: [], isMutation: false },
  pipeline_propose_apply: { provides: [], invalidates: ["project","pipeline","change","commit","run","workItem","thread"], isMutation: true },
  pipeline_history: { provides: ["pipeline","thread"], invalidates: [], isMutation: false },
  pool_mapping_list: { provides: ["pipeline","change"], invalidates: [], isMutation: false },
  pool_mapping_set: { provides: [], invalidates: ["pipeline"], isMutation: true },
  pool_mapping_remove: { provides: [], invalidates: ["pipeline"], isMutation: true },
  repository_mapping_list: { provides: ["pipeline"], invalidates: [], isMutation: false },
  repository_mapping_set: { provides: [], invalidates: ["pipeline"], isMutation: true },
  repository_mapping_remove: { provides: [], invalidates: ["pipeline"], isMutation: true },
  secrets_get: { provides: ["library"], invalidates: [], isMutation: false },
  secrets_passphrase: { provides: [], invalidates: ["library"], isMutation: true },
  secret_set: { provides: [], invalidates: ["library"], isMutation: true },
  variable_group_list: { provides: ["library"], invalidates: [], isMutation: false },
  variable_group_get: { provides: ["library"], invalidates: [], isMutation: false },
  variable_group_save: { provides: [], invalidates: ["library"], isMutation: true },
  variable_group_remove: { provides: [], invalidates: ["library"], isMutation: true },
  azure_devops_get: { provides: ["library"], invalidates: [], isMutation: false },
  variable_group_read: { provides: [], invalidates: ["library"], isMutation: true },
  pipeline_variable_list: { provides: ["library"], invalidates: [], isMutation: false },
  pipeline_variable_save: { provides: [], invalidates: ["library"], isMutation: true },
  pipeline_variable_remove: { provides: [], invalidates: ["library"], isMutation: true },
  secure_file_list: { provides: ["library"], invalidates: [], isMutation: false },
  secure_file_add: { provides: [], invalidates: ["library"], isMutation: true },
  secure_file_remove: { provides: [], invalidates: ["library"], isMutation: true },
  run_form_get: { provides: ["library","commit","pipeline"], invalidates: [], isMutation: false },
  task_list: { provides: ["pipeline"], invalidates: [], isMutation: false },
  task_replace: { provides: [], invalidates: ["pipeline"], isMutation: true },
  task_folder_list: { provides: ["pipeline"], invalidates: [], isMutation: false },
  task_folder_add: { provides: [], invalidates: ["pipeline"], isMutation: true },
  task_folder_remove: { provides: [], invalidates: ["pipeline"], isMutation: true },
  run_list: { provides: ["run"], invalidates: [], isMutation: false },
  run_get: { provides: ["run","image","deployment"], invalidates: [], isMutation: false },
  run_check: { provides: ["pipeline","commit"], invalidates: [], isMutation: false },
  run_attachment: { provides: ["run"], invalidates: [], isMutation: false },
  run_start: { provides: [], invalidates: ["run","thread"], isMutation: true },
  run_cancel: { provides: [], invalidates: ["run"], isMutation: true },
  run_rerun: { provides: [], invalidates: ["run","thread"], isMutation: true },
  log_get: { provides: ["log"], invalidates: [], isMutation: false },
  log_search: { provides: ["log"], invalidates: [], isMutation: false },
  test_list: { provides: ["run"], invalidates: [], isMutation: false },
  coverage_list: { provides: ["run"], invalidates: [], isMutation: false },
  cache_list: { provides: ["run"], invalidates: [], isMutation: false },
  cache_remove: { provides: [], invalidates: ["run"], isMutation: true },
  registry_get: { provides: ["image","app"], invalidates: [], isMutation: false },
  image_list: { provides: ["image","deployment","run"], invalidates: [], isMutation: false },
  image_get: { provides: ["image","deployment","run"], invalidates: [], isMutation: false },
  environment_list: { provides: ["environment","deployment"], invalidates: [], isMutation: false },
  environment_save: { provides: [], invalidates: ["environment"], isMutation: true },
  environment_order: { provides: [], invalidates: ["environment"], isMutation: true },
  environment_release: { provides: [], invalidates: ["environment","deployment"], isMutation: true },
  environment_remove: { provides: [], invalidates: ["environment","deployment"], isMutation: true },
  promotion_board: { provides: ["environment","deployment","image","approval","telemetry"], invalidates: [], isMutation: false },
  drift_check: { provides: [], invalidates: ["deployment"], isMutation: true },
  deployment_plan: { provides: [], invalidates: [], isMutation: false },
  deployment_start: { provides: [], invalidates: ["environment","deployment","thread"], isMutation: true },
  strategy_finish: { provides: [], invalidates: ["environment","deployment","thread"], isMutation: true },
  deployment_cancel: { provides: [], invalidates: ["deployment"], isMutation: true },
  deployment_log: { provides: ["deployment"], invalidates: [], isMutation: false },
  deployment_list: { provides: ["deployment","telemetry"], invalidates: [], isMutation: false },
  deployment_get: { provides: ["deployment","telemetry"], invalidates: [], isMutation: false },
  pod_log_get: { provides: ["deployment"], invalidates: [], isMutation: false },
  kube_context_list: { provides: [], invalidates: [], isMutation: false },
  kube_overview: { provides: [], invalidates: [], isMutation: false },
  kube_rights: { provides: [], invalidates: [], isMutation: false },
  kube_watch_start: { provides: [], invalidates: [], isMutation: true },
  kube_rows: { provides: [], invalidates: [], isMutation: false },
  kube_watch_stop: { provides: [], invalidates: [], isMutation: true },
  kube_object: { provides: [], invalidates: [], isMutation: false },
  kube_events: { provides: [], invalidates: [], isMutation: false },
  kube_object_diff: { provides: [], invalidates: [], isMutation: false },
  kube_object_apply: { provides: [], invalidates: [], isMutation: true },
  kube_scale: { provides: [], invalidates: [], isMutation: true },
  kube_restart: { provides: [], invalidates: [], isMutation: true },
  kube_delete: { provides: [], invalidates: [], isMutation: true },
  kube_map: { provides: [], invalidates: [], isMutation: false },
  kube_usage: { provides: [], invalidates: [], isMutation: false },
  kube_log_start: { provides: [], invalidates: [], isMutation: true },
  kube_log_page: { provides: [], invalidates: [], isMutation: false },
  kube_log_stop: { provides: [], invalidates: [], isMutation: true },
  kube_exec_start: { provides: [], invalidates: [], isMutation: true },
  kube_exec_send: { provides: [], invalidates: [], isMutation: true },
  kube_exec_resize: { provides: [], invalidates: [], isMutation: true },
  kube_exec_page: { provides: [], invalidates: [], isMutation: false },
  kube_exec_stop: { provides: [], invalidates: [], isMutation: true },
  kube_forward_start: { provides: [], invalidates: [], isMutation: true },
  kube_forward_list: { provides: [], invalidates: [], isMutation: false },
  kube_forward_stop: { provides: [], invalidates: [], isMutation: true },
  azure_get: { provides: ["environment"], invalidates: [], isMutation: false },
  azure_sign_in: { provides: [], invalidates: ["environment"], isMutation: true },
  azure_sign_out: { provides: [], invalidates: ["environment"], isMutation: true },
  azure_cluster_list: { provides: ["environment"], invalidates: [], isMutation: false },
  azure_cluster_connect: { provides: [], invalidates: ["environment"], isMutation: true },
  azure_cluster_forget: { provides: [], invalidates: ["environment"], isMutation: true },
  azure_pull_get: { provides: ["environment"], invalidates: [], isMutation: false },
  check_list: { provides: ["environment"], invalidates: [], isMutation: false },
  check_save: { provides: [], invalidates: ["environment"], isMutation: true },
  approval_list: { provides: ["approval"], invalidates: [], isMutation: false },
  approval_answer: { provides: [], invalidates: ["approval","run"], isMutation: true },
  stage_start: { provides: [], invalidates: ["approval","run"], isMutation: true },
  telemetry_get: { provides: ["telemetry","workItem"], invalidates: [], isMutation: false },
  chart_get: { provides: ["telemetry","deployment"], invalidates: [], isMutation: false },
  report_write: { provides: [], invalidates: [], isMutation: true },
  work_item_list: { provides: ["workItem","commit","run","deployment"], invalidates: [], isMutation: false },
  work_item_get: { provides: ["workItem","commit","run","deployment","telemetry"], invalidates: [], isMutation: false },
  work_item_create: { provides: [], invalidates: ["workItem","thread"], isMutation: true },
  work_item_update: { provides: [], invalidates: ["workItem","thread"], isMutation: true },
  work_item_from_exception: { provides: [], invalidates: ["workItem","telemetry","thread"], isMutation: true },
  thread_get: { provides: ["thread","commit","run","image","deployment","telemetry","workItem"], invalidates: [], isMutation: false },
};
