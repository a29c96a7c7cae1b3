//! What a checkout of a repository brings along.
//!
//! The runner asks for it, `slipway-git` does it. Deliberately not here: how.

use std::path::PathBuf;

/// Which submodules come along.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SubmoduleDepth {
    #[default]
    None,
    /// Those of the repository.
    Direct,
    /// And those of theirs.
    Recursive,
}

/// What a checkout has brought along, and what is not on this machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedOut {
    /// Paths of submodules that were filled.
    pub submodules: Vec<String>,
    pub missing_submodules: Vec<MissingSubmodule>,
    /// Paths of files that came from Git LFS.
    pub large_files: Vec<String>,
    pub missing_large_files: Vec<String>,
    /// Where the repository itself was cloned from.
    pub origin: Option<String>,
}

/// A submodule that is not on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingSubmodule {
    pub name: String,
    /// In the checkout.
    pub path: String,
    /// Absolute, if what it is relative to is known.
    pub url: String,
    pub commit: String,
    /// The workspace of the repository that it belongs to.
    pub within: PathBuf,
    /// Its path there.
    pub path_within: String,
}
