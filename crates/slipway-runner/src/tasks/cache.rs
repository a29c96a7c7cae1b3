//! `Cache@2`: restores what an earlier run kept, and keeps it at the end of a job that succeeded (§17.2).
//!
//! `CacheBeta` is the name that the task had before its release; it is refused by name.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::told::set_variable;
use crate::cache::key::{Fingerprint, Resolved, fingerprint, resolve};
use crate::cache::{CachePlace, find, save, unpack_into};
use crate::error::RunnerError;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

pub(crate) struct Cache;

#[async_trait]
impl Task for Cache {
    fn spec(&self) -> &'static TaskSpec {
        &table::CACHE_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let key = step.required("key")?.to_owned();
        step.required("path")?;
        let paths: Vec<PathBuf> =
            step.lines("path").iter().map(|path| step.resolve(path)).collect();
        let folder = step.default_folder();
        let restore_lines = step.lines("restoreKeys");
        let (parts, restore) = blocking(move || {
            let restore: Result<Vec<_>, _> =
                restore_lines.iter().map(|line| resolve(&folder, line)).collect();
            Ok((resolve(&folder, &key)?, restore?))
        })
        .await?;
        tell_key(step, "key", &parts).await;
        for parts in &restore {
            tell_key(step, "restore key", parts).await;
        }
        let wanted = fingerprint(&parts);
        let restore_keys: Vec<Fingerprint> = restore.iter().map(|r| fingerprint(r)).collect();
        let Some(place) = step.job.run.cache.clone() else {
            step.line("This run keeps no caches.").await;
            tell_hit(step, "false");
            return Ok(RunResult::Succeeded);
        };
        let hit = self.restore(step, &place, wanted.clone(), restore_keys, paths.clone()).await?;
        tell_hit(step, hit);
        if hit != "true" {
            step.after_job(Arc::new(SaveCache { place, key: wanted, paths })).await;
        }
        Ok(RunResult::Succeeded)
    }
}

impl Cache {
    /// Azure's word for how it went.
    async fn restore(
        &self,
        step: &StepScope,
        place: &CachePlace,
        key: Fingerprint,
        restore_keys: Vec<Fingerprint>,
        paths: Vec<PathBuf>,
    ) -> Result<&'static str, RunnerError> {
        let (place, branch) = (place.clone(), branch(step));
        let shown = key.to_string();
        let restored = blocking(move || {
            let Some(hit) = find(&place, &branch, &key, &restore_keys) else { return Ok(None) };
            let files = unpack_into(&hit.entry, &paths)?;
            Ok(Some((hit, files)))
        })
        .await?;
        let Some((hit, files)) = restored else {
            step.line(&format!("There is a cache miss: nothing is kept for `{shown}`.")).await;
            return Ok("false");
        };
        let entry = &hit.entry;
        let word = if hit.is_exact { "cache hit" } else { "cache hit of a restore key" };
        let text = format!(
            "There is a {word}: `{}` of branch {}, {files} files, {} bytes.",
            entry.key, entry.branch, entry.size_bytes
        );
        step.line(&text).await;
        Ok(if hit.is_exact { "true" } else { "inexact" })
    }
}

fn branch(step: &StepScope) -> String {
    step.job.variable("Build.SourceBranch").unwrap_or_default()
}

fn tell_hit(step: &StepScope, word: &str) {
    if let Some(name) = step.input("cacheHitVar") {
        set_variable(step, name, word);
    }
}

async fn tell_key(step: &StepScope, what: &str, parts: &[Resolved]) {
    let mut lines = vec![format!("Resolving {what}:")];
    for part in parts {
        lines.push(match part.is_file {
            true => format!(" - {} [file pattern] --> {}", part.written, part.value),
            false => format!(" - {} [string]", part.written),
        });
    }
    lines.push(format!("Resolved to: {}", fingerprint(parts)));
    step.line(&lines.join("\n")).await;
}

/// What is done when the job is over.
struct SaveCache {
    place: CachePlace,
    key: Fingerprint,
    paths: Vec<PathBuf>,
}

#[async_trait]
impl Task for SaveCache {
    fn spec(&self) -> &'static TaskSpec {
        &table::CACHE_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let status = step.job.variable("Agent.JobStatus").unwrap_or_default();
        if status != "Succeeded" {
            step.line("Skipping because the job status was not 'Succeeded'.").await;
            return Ok(RunResult::Succeeded);
        }
        for path in &self.paths {
            if !path.exists() {
                let text = format!("Path does not exist: {}; nothing is kept.", path.display());
                step.warning(&text).await;
                return Ok(RunResult::Succeeded);
            }
        }
        let (place, key, paths) = (self.place.clone(), self.key.clone(), self.paths.clone());
        let branch = branch(step);
        let saved = blocking(move || save(&place, &branch, &key, &paths)).await?;
        let text = match saved {
            Some(bytes) => format!("Saved `{}`: {bytes} bytes.", self.key),
            None => format!("Cache with fingerprint `{}` exists already; it stays.", self.key),
        };
        step.line(&text).await;
        Ok(RunResult::Succeeded)
    }
}
