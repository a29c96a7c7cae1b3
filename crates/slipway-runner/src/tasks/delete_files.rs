//! `DeleteFiles@1`: deletes what matches below a folder.
//!
//! As on Azure each pattern is put behind the folder first, so that `!` takes nothing away, while
//! `!(*.zip)` means everything but zip files.

use std::path::PathBuf;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::error::RunnerError;
use crate::glob::{Links, find_with};
use crate::minimatch::Options;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

pub(crate) struct DeleteFiles;

#[async_trait]
impl Task for DeleteFiles {
    fn spec(&self) -> &'static TaskSpec {
        &table::DELETE_FILES_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let folder = step.resolve(step.input("SourceFolder").unwrap_or(""));
        // A deletion that leads out of the work root would hit the user's own files.
        let root = step.job.run.work_root.clone();
        if !folder.starts_with(&root) {
            let path = folder.display().to_string();
            return Err(RunnerError::PathOutside { path, folder: root });
        }
        step.required("Contents")?;
        let patterns = step.lines("Contents");
        for line in patterns.iter().filter(|line| line.starts_with('!') && !line.starts_with("!("))
        {
            let text = format!("`{line}`: this task has no exclusions, on Azure neither.");
            step.warning(&text).await;
        }
        if !folder.exists() {
            step.line("source folder not found. nothing to delete.").await;
            return Ok(RunResult::Succeeded);
        }
        let options = Options { dot: step.flag("RemoveDotFiles"), brace: true };
        let removes_folder = step.flag("RemoveSourceFolder");
        let (count, errors) = blocking(move || {
            let rooted: Vec<String> = patterns
                .iter()
                // So that a line cannot begin with `!` or `#`.
                .map(|line| format!("./{}", line.trim_start_matches('/')))
                .collect();
            let mut found = find_with(&folder, &rooted, options, Links::Kept)?;
            found.retain(|path| path.starts_with(&root));
            // Files go before the folders that they are in.
            found.sort_by_key(|path| std::cmp::Reverse(path.components().count()));
            let (count, mut errors) = delete(&found);
            if removes_folder && errors.is_empty() && holds_only_folders(&folder)? {
                errors.extend(wipe(&folder).err());
            }
            Ok((count, errors))
        })
        .await?;
        step.line(&format!("Deleted {count} files and folders")).await;
        for error in &errors {
            step.error(&error.to_string()).await;
        }
        if errors.is_empty() {
            return Ok(RunResult::Succeeded);
        }
        step.error("Couldn't delete one or more files").await;
        Ok(RunResult::Failed)
    }
}

/// Deletes what it can; answers how much, and what went wrong.
fn delete(found: &[PathBuf]) -> (usize, Vec<RunnerError>) {
    let mut errors = Vec::new();
    for path in found {
        errors.extend(wipe(path).err());
    }
    (found.len() - errors.len(), errors)
}

fn holds_only_folders(folder: &std::path::Path) -> Result<bool, RunnerError> {
    let options = Options { dot: true, brace: false };
    let rest = find_with(folder, &["**".to_owned()], options, Links::Kept)?;
    Ok(rest.iter().all(|path| path.is_dir() && !path.is_symlink()))
}
