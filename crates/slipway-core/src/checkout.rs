//! What a checkout of a repository is to look like, and what it brings along.
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

/// What a checkout is to look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutOptions {
    /// Files that the commit does not have go.
    pub clean: bool,
    /// So many commits of history; `None` is all of it.
    pub depth: Option<u32>,
    pub has_tags: bool,
    pub submodules: SubmoduleDepth,
    /// Files of Git LFS take the place of their pointers.
    pub has_large_files: bool,
}

impl Default for CheckoutOptions {
    fn default() -> Self {
        Self {
            clean: false,
            depth: None,
            has_tags: true,
            submodules: SubmoduleDepth::None,
            has_large_files: false,
        }
    }
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
