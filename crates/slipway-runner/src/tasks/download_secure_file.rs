//! `DownloadSecureFile@1`: a secure file, there for the rest of the job and gone with it.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::told::tell;
use crate::error::RunnerError;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

pub(crate) struct DownloadSecureFile;

#[async_trait]
impl Task for DownloadSecureFile {
    fn spec(&self) -> &'static TaskSpec {
        &table::DOWNLOAD_SECURE_FILE_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let name = step.required("secureFile")?;
        let job = &step.job;
        let path = job.run.host.secure_file(name, &job.folders.temp).await?;
        step.after_job(Arc::new(RemoveSecureFile(path.clone()))).await;
        let shown = path.display().to_string();
        step.line(&format!("Downloaded the secure file {name} to {shown}")).await;
        tell(step, "secureFilePath", &shown);
        Ok(RunResult::Succeeded)
    }
}

/// The end of the job is the end of the file, whatever became of the job.
struct RemoveSecureFile(PathBuf);

#[async_trait]
impl Task for RemoveSecureFile {
    fn spec(&self) -> &'static TaskSpec {
        &table::DOWNLOAD_SECURE_FILE_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let path = self.0.clone();
        blocking(move || wipe(&path)).await?;
        step.line(&format!("Deleted {}", self.0.display())).await;
        Ok(RunResult::Succeeded)
    }
}
