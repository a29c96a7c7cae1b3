//! Where runs keep the caches of `Cache@2`, and what is in there.
//!
//! Called when a run starts, and by `handlers::cache`. Deliberately not here: keys and entries, which are
//! the runner's.

use std::path::PathBuf;

use slipway_runner::CachePlace;
use slipway_store::ProjectRow;

use crate::app::App;

/// Beyond this, the caches that were not used for longest go.
const LIMIT_BYTES: u64 = 10 * 1024 * 1024 * 1024;

impl App {
    /// The folder of all caches.
    pub(crate) fn cache_folder(&self) -> PathBuf {
        self.data_dir().join("cache")
    }

    /// Where a project's runs keep their caches.
    pub(crate) async fn cache_place(&self, project: &ProjectRow) -> CachePlace {
        CachePlace {
            folder: self.cache_folder(),
            pipeline: project.path.clone(),
            default_branch: self.default_branch(project).await,
            limit_bytes: LIMIT_BYTES,
        }
    }

    /// The branch that others fall back on: what the remote says, else `main` or `master`.
    async fn default_branch(&self, project: &ProjectRow) -> String {
        const REMOTE: &str = "refs/remotes/origin/";
        let found = self.git(project, |git| {
            let names = ["main", "master"];
            let is_there = |name: &&&str| {
                let known = |reference: String| git.commit_of(&reference).ok().flatten().is_some();
                known(format!("refs/heads/{name}")) || known(format!("{REMOTE}{name}"))
            };
            Ok(names.iter().find(is_there).map(|name| (*name).to_owned()))
        });
        // Without an answer the usual name does: a cache is never needed.
        found.await.ok().flatten().unwrap_or_else(|| "main".to_owned())
    }
}
