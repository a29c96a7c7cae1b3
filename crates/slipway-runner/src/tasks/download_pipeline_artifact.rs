//! `DownloadPipelineArtifact@2`, which is what `download:` means (§17.1).
//!
//! The shorthand, which planning marks with the input `download`, puts each artifact into a folder of its
//! name; the task with `artifact:` puts its files straight into `path`.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::artifacts::{Fetch, fetch};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct DownloadPipelineArtifact;

#[async_trait]
impl Task for DownloadPipelineArtifact {
    fn spec(&self) -> &'static TaskSpec {
        &table::DOWNLOAD_PIPELINE_ARTIFACT_2
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let source = step.required("source")?;
        if !source.eq_ignore_ascii_case("current") {
            return Err(RunnerError::NotSupported {
                feature: format!("`source: {source}` of DownloadPipelineArtifact@2"),
                instead: "Use `source: current` for artifacts of the run itself.".to_owned(),
            });
        }
        let name = step.input("artifact").map(str::to_owned);
        let into = step.resolve(step.required("path")?);
        let order = Fetch {
            has_own_folder: name.is_none() || step.input("download").is_some(),
            name,
            patterns: step.lines("patterns"),
            into: into.clone(),
        };
        let copied = fetch(&step.job.run, order).await?;
        if copied.is_empty() {
            step.line("This run has published no artifacts yet.").await;
        }
        for (name, extent) in copied {
            let text = format!(
                "Downloaded artifact {name}: {} files, {} bytes",
                extent.files, extent.bytes
            );
            step.line(&text).await;
        }
        Ok(RunResult::Succeeded)
    }
}
