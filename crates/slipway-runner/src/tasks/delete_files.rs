//! `DeleteFiles@1`: deletes what matches below a folder.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::error::RunnerError;
use crate::glob::find;
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
        let root = &step.job.run.work_root;
        if !folder.starts_with(root) {
            let path = folder.display().to_string();
            return Err(RunnerError::PathOutside { path, folder: root.clone() });
        }
        let patterns = step.lines("Contents");
        step.required("Contents")?;
        let removes_folder = step.flag("RemoveSourceFolder");
        let root = root.clone();
        let count = blocking(move || {
            let found = find(&folder, &patterns)?;
            let inside: Vec<_> = found.into_iter().filter(|path| path.starts_with(&root)).collect();
            for path in &inside {
                wipe(path)?;
            }
            if removes_folder {
                // Only an empty folder goes; anything else is meant to stay.
                std::fs::remove_dir(&folder).ok();
            }
            Ok(inside.len())
        })
        .await?;
        step.line(&format!("Deleted {count} files and folders")).await;
        Ok(RunResult::Succeeded)
    }
}
