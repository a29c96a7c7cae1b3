//! What git refuses or cannot do, in words for the user.

use std::path::PathBuf;

use slipway_core::{ErrorKind, Explain};

/// Something about a repository went wrong.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error("{} is not inside a git repository.", path.display())]
    NotARepository { path: PathBuf },
    #[error("The repository {} is bare: it has no working tree to change.", path.display())]
    BareRepository { path: PathBuf },
    #[error("The repository {} belongs to another user of this machine.", path.display())]
    NotOwned { path: PathBuf },
    #[error("The path '{path}' does not lie inside the repository {}.", root.display())]
    PathOutside { path: String, root: PathBuf },
    #[error("There is no file '{path}' in {} or in its newest commit.", root.display())]
    PathNotFound { path: String, root: PathBuf },
    #[error("The file '{path}' is ignored by the repository's .gitignore.")]
    PathIgnored { path: String },
    #[error("The commit message is empty.")]
    EmptyMessage,
    #[error("Nothing is staged in {}: a commit would be empty.", root.display())]
    NothingStaged { root: PathBuf },
    #[error("{} as in the newest commit of {}: a commit would be empty.", are(paths), root.display())]
    NothingChanged { root: PathBuf, paths: Vec<String> },
    #[error("'{name}' is no name that a branch may have.")]
    InvalidBranchName { name: String },
    #[error("{} already has a branch {name}.", root.display())]
    BranchExists { root: PathBuf, name: String },
    #[error("The branch {other} of {} is in the way of a branch {name}.", root.display())]
    BranchInTheWay { root: PathBuf, name: String, other: String },
    #[error("No branch is checked out in {}: a commit made now would belong to none.", root.display())]
    DetachedHead { root: PathBuf },
    #[error("{} still has conflicts: {}.", root.display(), paths.join(", "))]
    UnresolvedConflicts { root: PathBuf, paths: Vec<String> },
    #[error("A {operation} is going on in {}.", root.display())]
    OperationInProgress { root: PathBuf, operation: &'static str },
    #[error("Git does not know who you are: {} has no user.name and user.email.", root.display())]
    AuthorUnknown { root: PathBuf },
    #[error("'{name} <{email}>' cannot be the author of a commit.")]
    InvalidAuthor { name: String, email: String },
    #[error("There is no commit {sha} in {}.", root.display())]
    CommitNotFound { sha: String, root: PathBuf },
    #[error("Several commits of {} begin with {prefix}.", root.display())]
    AmbiguousCommit { prefix: String, root: PathBuf },
    #[error("The workspace {} already holds something else.", into.display())]
    WorkspaceTaken { into: PathBuf },
    #[error("The workspace {} cannot hold the repository {} that it belongs to.", into.display(), root.display())]
    WorkspaceOverlaps { into: PathBuf, root: PathBuf },
    #[error("Another git process is changing {}.", root.display())]
    Locked { root: PathBuf },
    #[error("{} cannot be read or written.", path.display())]
    Io { path: PathBuf, source: std::io::Error },
    #[error("Git failed while {doing} in {}: {}.", root.display(), source.message())]
    Git { doing: &'static str, root: PathBuf, source: git2::Error },
}

impl Explain for GitError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotARepository { .. }
            | Self::PathOutside { .. }
            | Self::PathNotFound { .. }
            | Self::EmptyMessage
            | Self::InvalidBranchName { .. }
            | Self::InvalidAuthor { .. }
            | Self::CommitNotFound { .. }
            | Self::AmbiguousCommit { .. } => ErrorKind::UserInput,
            Self::BareRepository { .. }
            | Self::NotOwned { .. }
            | Self::PathIgnored { .. }
            | Self::NothingStaged { .. }
            | Self::NothingChanged { .. }
            | Self::BranchExists { .. }
            | Self::BranchInTheWay { .. }
            | Self::DetachedHead { .. }
            | Self::UnresolvedConflicts { .. }
            | Self::OperationInProgress { .. }
            | Self::AuthorUnknown { .. }
            | Self::WorkspaceTaken { .. }
            | Self::WorkspaceOverlaps { .. } => ErrorKind::Refused,
            Self::Locked { .. } | Self::Io { .. } | Self::Git { .. } => ErrorKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotARepository { .. } => "not_a_repository",
            Self::BareRepository { .. } => "bare_repository",
            Self::NotOwned { .. } => "repository_not_owned",
            Self::PathOutside { .. } => "path_outside",
            Self::PathNotFound { .. } => "path_not_found",
            Self::PathIgnored { .. } => "path_ignored",
            Self::EmptyMessage => "empty_message",
            Self::NothingStaged { .. } => "nothing_staged",
            Self::NothingChanged { .. } => "nothing_changed",
            Self::InvalidBranchName { .. } => "invalid_branch_name",
            Self::BranchExists { .. } => "branch_exists",
            Self::BranchInTheWay { .. } => "branch_in_the_way",
            Self::DetachedHead { .. } => "detached_head",
            Self::UnresolvedConflicts { .. } => "unresolved_conflicts",
            Self::OperationInProgress { .. } => "operation_in_progress",
            Self::AuthorUnknown { .. } => "author_unknown",
            Self::InvalidAuthor { .. } => "invalid_author",
            Self::CommitNotFound { .. } => "commit_not_found",
            Self::AmbiguousCommit { .. } => "ambiguous_commit",
            Self::WorkspaceTaken { .. } => "workspace_taken",
            Self::WorkspaceOverlaps { .. } => "workspace_overlaps",
            Self::Locked { .. } => "repository_locked",
            Self::Io { .. } => "repository_io",
            Self::Git { .. } => "git_failed",
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotARepository { .. } => {
                "Pick a folder inside a repository, or run `git init` in it.".to_owned()
            }
            Self::BareRepository { .. } => "Open a clone of it instead.".to_owned(),
            Self::NotOwned { path } => format!(
                "If you trust it: git config --global --add safe.directory '{}'",
                path.display()
            ),
            Self::PathOutside { .. } => "Give a path relative to the repository's root.".to_owned(),
            Self::PathNotFound { .. } => "Refresh the list of changes.".to_owned(),
            Self::PathIgnored { .. } => "Remove the rule from .gitignore first.".to_owned(),
            Self::EmptyMessage => "Say in a line what the commit does.".to_owned(),
            Self::NothingStaged { .. } => "Stage at least one file.".to_owned(),
            Self::NothingChanged { .. } => "Change it first.".to_owned(),
            Self::InvalidBranchName { .. } => {
                "Use letters, digits, - and /, such as topic/faster-build.".to_owned()
            }
            Self::BranchExists { .. } => {
                "Give another name, or switch to that branch with git first.".to_owned()
            }
            Self::BranchInTheWay { .. } => {
                "Give a name that is not a folder of another branch's.".to_owned()
            }
            Self::DetachedHead { .. } => "Save to a branch of its own.".to_owned(),
            Self::UnresolvedConflicts { .. } => {
                "Resolve the conflicts and stage the files.".to_owned()
            }
            Self::OperationInProgress { .. } => "Finish or abort it with git.".to_owned(),
            Self::AuthorUnknown { .. } => "Run: git config --global user.name 'Your Name' && \
                 git config --global user.email you@example.com"
                .to_owned(),
            Self::InvalidAuthor { .. } => {
                "Neither the name nor the address may be empty or hold < or >.".to_owned()
            }
            Self::AmbiguousCommit { .. } => "Give more digits.".to_owned(),
            Self::CommitNotFound { .. } => {
                "It may be in another clone, or it was rewritten away.".to_owned()
            }
            Self::WorkspaceTaken { into } => {
                format!("Move or remove {}, then try again.", into.display())
            }
            Self::WorkspaceOverlaps { .. } => {
                "Use a data folder outside the repository.".to_owned()
            }
            Self::Locked { root } => format!(
                "Wait for it; if none is running, remove {}.",
                root.join(".git/index.lock").display()
            ),
            Self::Io { .. } => "Check the disk and the rights on it.".to_owned(),
            Self::Git { .. } => return None,
        })
    }
}

/// "a.yml is" or "a.yml, b.yml are".
fn are(paths: &[String]) -> String {
    format!("{} {}", paths.join(", "), if paths.len() == 1 { "is" } else { "are" })
}
