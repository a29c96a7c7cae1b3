//! Caches that outlive their run: what `Cache@2` keeps for later runs of the same pipeline.
//!
//! Called by `tasks::cache`; `slipway-api` lists and removes entries. An entry is written once and never
//! changed: its folder is filled under another name and moved into place when it is whole, so that a crash
//! leaves nothing that looks like an entry, and of two jobs that save the same key the first one wins.
//! Deliberately not here: what a key means (`key`), when something is saved.

pub(crate) mod key;
mod store;

use std::path::PathBuf;

pub use store::{CacheEntry, cache_entries, remove_cache};
pub(crate) use store::{Scope, find, save, unpack_into};

/// Where a run keeps its caches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CachePlace {
    pub folder: PathBuf,
    /// Caches of one pipeline are not seen by another.
    pub pipeline: String,
    /// Its caches are seen by every branch.
    pub default_branch: String,
    /// Beyond this, what was not used for longest goes.
    pub limit_bytes: u64,
}

impl CachePlace {
    /// The scopes that a branch reads from, its own first; it writes to its own.
    pub(crate) fn scopes(&self, branch: &str) -> Vec<Scope> {
        let plain = |branch: &str| branch.strip_prefix("refs/heads/").unwrap_or(branch).to_owned();
        let mut branches = vec![plain(branch)];
        if branches[0] != plain(&self.default_branch) {
            branches.push(plain(&self.default_branch));
        }
        let of = |branch| Scope { pipeline: self.pipeline.clone(), branch };
        branches.into_iter().map(of).collect()
    }
}
