//! `PublishBuildArtifacts@1`: the older way to publish; the artifact is kept with the run all the same.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::publish_pipeline_artifact::refuse_file_share;
use crate::artifacts::publish;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct PublishBuildArtifacts;

#[async_trait]
impl Task for PublishBuildArtifacts {
    fn spec(&self) -> &'static TaskSpec {
        &table::PUBLISH_BUILD_ARTIFACTS_1
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        refuse_file_share(step, "ArtifactType")?;
        let path = step.resolve(step.required("PathtoPublish")?);
        publish(step, step.required("ArtifactName")?, &path).await?;
        Ok(RunResult::Succeeded)
    }
}
