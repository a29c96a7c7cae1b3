//! Steps 1 and 2: working tree, diff, stage, commit, history.

use slipway_core::{CommitSha, ProjectId, RunId, RunResult, RunState, Timestamp, WorkItemId};

use super::{answer, request};

answer! {
    /// The working tree against the newest commit.
    pub struct ChangesView {
        pub branch: Option<String>,
        pub head: Option<CommitView>,
        pub files: Vec<ChangedFile>,
        pub proposed_message: String,
    }

    /// A file that differs.
    pub struct ChangedFile {
        pub path: String,
        /// Where a renamed file came from.
        pub old_path: Option<String>,
        pub status: FileStatus,
        pub is_staged: bool,
        /// Both a staged and an unstaged difference.
        pub is_partly_staged: bool,
        pub additions: u32,
        pub deletions: u32,
        pub is_binary: bool,
    }

    /// How a file differs.
    #[derive(Eq, Copy)]
    pub enum FileStatus { Added, Modified, Deleted, Renamed, Conflicted }

    /// The difference of one file.
    pub struct FileDiff {
        pub path: String,
        pub is_binary: bool,
        /// More lines than are sent.
        pub is_truncated: bool,
        pub hunks: Vec<DiffHunk>,
    }

    /// A run of lines around a difference.
    pub struct DiffHunk {
        pub header: String,
        pub lines: Vec<DiffLine>,
    }

    /// A line of a difference.
    pub struct DiffLine {
        pub kind: DiffLineKind,
        pub old_line: Option<u32>,
        pub new_line: Option<u32>,
        pub text: String,
    }

    /// Whether a line stays, comes or goes.
    #[derive(Eq, Copy)]
    pub enum DiffLineKind { Context, Added, Removed }

    /// A commit, with the runs it started.
    pub struct CommitView {
        pub sha: CommitSha,
        pub short_sha: String,
        pub summary: String,
        pub body: String,
        pub author_name: String,
        pub author_email: String,
        #[ts(type = "number")]
        pub committed_at: Timestamp,
        pub work_items: Vec<WorkItemId>,
        pub runs: Vec<RunBadge>,
    }

    /// A run in a few words.
    pub struct RunBadge {
        pub run_id: RunId,
        pub number: String,
        pub state: RunState,
        pub result: Option<RunResult>,
    }

    /// A commit was made.
    pub struct CommitCreated {
        pub commit: CommitView,
        /// The run it started, if the pipeline's trigger says so.
        pub run_id: Option<RunId>,
        /// Why it started one, or why not.
        pub trigger_reason: String,
    }
}

request! {
    /// The difference of one file.
    pub struct ChangeDiff {
        pub project_id: ProjectId,
        pub path: String,
    }

    /// Stages or unstages files.
    pub struct ChangePaths {
        pub project_id: ProjectId,
        pub paths: Vec<String>,
    }

    /// Commits what is staged.
    pub struct CommitCreate {
        pub project_id: ProjectId,
        pub message: String,
    }

    /// The newest commits.
    pub struct CommitList {
        pub project_id: ProjectId,
        pub limit: u32,
    }
}
