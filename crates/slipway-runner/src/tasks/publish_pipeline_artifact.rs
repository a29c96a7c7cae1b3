//! `PublishPipelineArtifact@1`, which is what `publish:` means.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::artifacts::publish;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct PublishPipelineArtifact;

#[async_trait]
impl Task for PublishPipelineArtifact {
    fn spec(&self) -> &'static TaskSpec {
        &table::PUBLISH_PIPELINE_ARTIFACT_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        refuse_file_share(step, "artifactType")?;
        let path = step.resolve(step.required("path")?);
        let name = step.input("artifactName").unwrap_or(&step.job.shape.plan.name);
        publish(step, name, &path).await?;
        Ok(RunResult::Succeeded)
    }
}

/// A file share is somebody else's disk.
pub(crate) fn refuse_file_share(step: &StepScope, input: &str) -> Result<(), RunnerError> {
    match step.input(input) {
        Some(kind) if kind.eq_ignore_ascii_case("filepath") => Err(RunnerError::NotSupported {
            feature: "Publishing to a file share".to_owned(),
            instead: "Publish to the run, which is the default.".to_owned(),
        }),
        _ => Ok(()),
    }
}
