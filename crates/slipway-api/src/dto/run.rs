//! Step 3: runs, their records, logs, tests and artifacts. Step 4: pushed images.

use slipway_core::{
    CommitSha, Digest, LogStream, ProjectId, RecordId, RecordKind, RunId, RunReason, RunResult,
    RunState, Timestamp, WorkItemId,
};

use super::{answer, request};
use crate::dto::{DeploymentView, RunBadge, RunParameter, SecretText};

answer! {
    /// A run in a row of the list.
    pub struct RunSummary {
        pub id: RunId,
        pub project_id: ProjectId,
        pub number: String,
        pub build_id: u32,
        pub state: RunState,
        pub result: Option<RunResult>,
        pub reason: RunReason,
        pub commit: CommitSha,
        pub commit_summary: String,
        pub branch: String,
        #[ts(type = "number")]
        pub queued_at: Timestamp,
        #[ts(type = "number | null")]
        pub started_at: Option<Timestamp>,
        #[ts(type = "number | null")]
        pub finished_at: Option<Timestamp>,
        pub tests: TestSummary,
        /// Why it failed, in a sentence.
        pub issue: Option<String>,
        pub work_items: Vec<WorkItemId>,
        /// What of the pipeline was to run, such as `only stage Build`; all of it if nothing is said.
        pub choice: Option<String>,
        /// 1, or more for a run that goes on where an earlier one failed.
        pub attempt: u32,
        /// The attempt before.
        pub earlier: Option<RunId>,
        /// The attempt after, the newest one.
        pub later: Option<RunId>,
    }

    /// A run, whole.
    pub struct RunView {
        pub run: RunSummary,
        /// In order of the plan: stage, its jobs, their steps.
        pub records: Vec<RecordView>,
        pub artifacts: Vec<ArtifactView>,
        pub images: Vec<ImageView>,
        pub deployments: Vec<DeploymentView>,
        /// Given by `##vso[build.addbuildtag]`.
        pub tags: Vec<String>,
        /// `None` when the run published none.
        pub coverage: Option<CoverageSummary>,
        pub notes: RunNotesView,
    }

    /// How much of the code was run. A part that is not known has a total of 0.
    #[derive(Eq, Copy)]
    pub struct CoverageSummary {
        pub files: u32,
        pub lines_covered: u32,
        pub lines_total: u32,
        pub branches_covered: u32,
        pub branches_total: u32,
    }

    /// How much of a file was run.
    #[derive(Eq)]
    pub struct FileCoverageView {
        pub path: String,
        pub lines_covered: u32,
        pub lines_total: u32,
        pub branches_covered: u32,
        pub branches_total: u32,
    }

    /// What steps told by logging command.
    #[derive(Default)]
    pub struct RunNotesView {
        pub progress: Vec<ProgressView>,
        pub attachments: Vec<AttachmentView>,
        /// By their order.
        pub details: Vec<DetailView>,
        pub links: Vec<LinkView>,
    }

    /// How far a step is.
    pub struct ProgressView {
        pub record_id: RecordId,
        pub percent: u8,
        pub operation: String,
    }

    /// A file that a step attached; summaries are markdown.
    pub struct AttachmentView {
        pub record_id: RecordId,
        pub is_summary: bool,
        pub kind: String,
        pub name: String,
        pub path: String,
    }

    /// A record that a step keeps below itself.
    pub struct DetailView {
        pub record_id: RecordId,
        pub id: String,
        pub parent_id: Option<String>,
        pub kind: String,
        pub name: String,
        #[ts(type = "number")]
        pub order: i64,
        pub started_at: Option<String>,
        pub finished_at: Option<String>,
        pub progress: u8,
        pub state: String,
        pub result: Option<String>,
        pub message: String,
    }

    /// An artifact that stays where it is.
    pub struct LinkView {
        pub name: String,
        pub kind: String,
        pub location: String,
    }

    /// The text of an attachment.
    pub struct AttachmentText {
        pub text: String,
        /// There is more than is shown.
        pub is_cut: bool,
    }

    /// A stage, job or step of a run.
    pub struct RecordView {
        pub id: RecordId,
        pub parent_id: Option<RecordId>,
        pub kind: RecordKind,
        pub name: String,
        pub display_name: String,
        /// For a step, such as `Docker@2`.
        pub task: Option<String>,
        pub order: u32,
        pub state: RunState,
        pub result: Option<RunResult>,
        #[ts(type = "number | null")]
        pub started_at: Option<Timestamp>,
        #[ts(type = "number | null")]
        pub finished_at: Option<Timestamp>,
        pub log_lines: u32,
        pub error_count: u32,
        pub warning_count: u32,
        /// First error, or why it was skipped.
        pub issue: Option<String>,
        /// The record of an earlier attempt that it stands for; it did not run again.
        pub kept_from: Option<RecordId>,
    }

    /// Lines of one step's log.
    pub struct LogPage {
        /// Lines the log has now.
        pub total: u32,
        /// Index of the first line sent, 0-based.
        pub from: u32,
        pub lines: Vec<LogLine>,
    }

    /// Where a step's log holds what was searched for.
    pub struct LogMatches {
        /// Lines the log had.
        pub total: u32,
        /// Lines that match.
        pub count: u32,
        /// The first of them, 0-based; at most 10,000.
        pub lines: Vec<u32>,
    }

    /// A line of a log.
    pub struct LogLine {
        #[ts(type = "number")]
        pub at: Timestamp,
        pub stream: LogStream,
        pub text: String,
    }

    /// Test counts.
    #[derive(Default, Eq, Copy)]
    pub struct TestSummary {
        pub total: u32,
        pub passed: u32,
        pub failed: u32,
        pub skipped: u32,
        #[ts(type = "number")]
        pub duration_ms: i64,
    }

    /// One test of a run.
    pub struct TestCaseView {
        /// The title that it was published under.
        pub test_run: String,
        pub suite: String,
        pub name: String,
        pub outcome: TestOutcome,
        #[ts(type = "number")]
        pub duration_ms: i64,
        pub message: Option<String>,
        pub stack: Option<String>,
        /// What a failed test printed.
        pub output: Option<String>,
    }

    /// How a test ended.
    #[derive(Eq, Copy)]
    pub enum TestOutcome { Passed, Failed, Skipped }

    /// A published artifact.
    pub struct ArtifactView {
        pub name: String,
        pub path: String,
        #[ts(type = "number")]
        pub size_bytes: i64,
        pub file_count: u32,
    }

    /// An image that was pushed.
    pub struct ImageView {
        pub digest: Digest,
        pub registry: String,
        pub repository: String,
        pub tags: Vec<String>,
        pub config_digest: Digest,
        pub media_type: String,
        #[ts(type = "number")]
        pub size_bytes: i64,
        #[ts(type = "number")]
        pub pushed_at: Timestamp,
        /// Runs that pushed this digest, newest first.
        pub runs: Vec<RunBadge>,
        pub commit: Option<CommitSha>,
        /// Environments where it runs now.
        pub running_in: Vec<String>,
    }

    /// An image with what the registry says of it.
    pub struct ImageDetail {
        pub image: ImageView,
        /// False when the registry could not be asked.
        pub is_confirmed: bool,
        pub layers: Vec<LayerView>,
        pub deployments: Vec<DeploymentView>,
    }

    /// A layer of an image.
    pub struct LayerView {
        pub digest: String,
        pub media_type: String,
        #[ts(type = "number")]
        pub size_bytes: i64,
    }

    /// The registry, browsed.
    pub struct RegistryView {
        pub address: Option<String>,
        pub is_ready: bool,
        pub detail: String,
        pub repositories: Vec<RepositoryView>,
    }

    /// A repository of the registry.
    pub struct RepositoryView {
        pub name: String,
        pub tags: Vec<String>,
    }
}

request! {
    /// One attachment of a run.
    pub struct AttachmentRequest {
        pub run_id: RunId,
        pub record_id: RecordId,
        pub kind: String,
        pub name: String,
    }

    /// The newest runs.
    pub struct RunList {
        pub project_id: ProjectId,
        pub limit: u32,
    }

    /// A request about one run.
    pub struct RunRequest {
        pub run_id: RunId,
    }

    /// Runs the pipeline of a commit.
    pub struct RunStart {
        pub project_id: ProjectId,
        /// The newest commit of the branch if left out.
        #[serde(default)]
        pub commit: Option<CommitSha>,
        /// The branch that is checked out if left out.
        #[serde(default)]
        pub branch: Option<String>,
        /// Values for the pipeline's parameters; the rest have their defaults.
        #[serde(default)]
        pub parameters: Vec<RunParameter>,
        #[serde(default)]
        pub variables: Vec<RunVariable>,
        /// The pipeline file from the repository's root; `azure-pipelines.yml` if left out.
        #[serde(default)]
        pub file: Option<String>,
        /// Takes the files as they are now, committed or not.
        #[serde(default)]
        pub is_working_tree: bool,
        /// Leaves out all that cannot run here.
        #[serde(default)]
        #[ts(optional)]
        pub skip_unsupported: Option<bool>,
        /// Leaves these out if they cannot run here: `Build`, `Build/Test`, `Build/Test/CmdLine1`, or a task
        /// such as `AzureWebApp@1`.
        #[serde(default)]
        #[ts(optional)]
        pub skip: Option<Vec<String>>,
        /// Runs only these: `Build`, `Build/Test`, `Build/Test/CmdLine1`. A part may be empty (`/Test`); a step is
        /// its name, its display name or its place in the job. All of it if left out.
        #[serde(default)]
        #[ts(optional)]
        pub only: Option<Vec<String>>,
        /// Runs what they depend on, too.
        #[serde(default)]
        #[ts(optional)]
        pub is_with_needed: Option<bool>,
    }

    /// Runs a run's commit again.
    pub struct RunRerun {
        pub run_id: RunId,
        /// Keeps the jobs that succeeded, with what they made.
        #[serde(default)]
        #[ts(optional)]
        pub failed_only: Option<bool>,
    }

    /// A variable of one run.
    pub struct RunVariable {
        pub name: String,
        pub value: SecretText,
        #[serde(default)]
        pub is_secret: bool,
    }

    /// Lines of a step's log.
    pub struct LogGet {
        pub run_id: RunId,
        pub record_id: RecordId,
        /// First line, 0-based; negative counts from the end.
        #[ts(type = "number")]
        pub from: i64,
        pub limit: u32,
    }

    /// What to look for in a step's log.
    pub struct LogSearch {
        pub run_id: RunId,
        pub record_id: RecordId,
        pub pattern: String,
        /// A regular expression; else a plain word.
        #[serde(default)]
        pub is_regex: bool,
        #[serde(default)]
        pub is_case_sensitive: bool,
    }

    /// A request about one image.
    pub struct ImageRequest {
        pub project_id: ProjectId,
        pub digest: Digest,
    }
}
