//! Working tree, diff, stage, commit and history of a local repository.
//!
//! `slipway-api` calls it from a blocking thread: a [`Repository`] may move between threads but is
//! not shared. Deliberately not here: hooks (a commit made by Slipway never runs them), signing,
//! merging, and the network; fetch and push are left to the user's own git.

mod commit_paths;
mod diff;
mod error;
mod history;
mod large_file;
mod path;
mod repository;
mod shallow;
mod stage;
mod status;
mod submodule;
mod under_way;
mod workspace;

pub use diff::{DiffHunk, DiffLine, DiffLineKind, FileDiff};
pub use error::GitError;
pub use history::CommitFacts;
pub use repository::{ConfigScope, Repository, Signature};
pub use status::{FileChange, FileStatus};
pub use under_way::{BESIDE, Change, UnderWay};
