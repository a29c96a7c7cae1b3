//! `PublishBuildArtifacts@1`: the older way to publish; the artifact is kept with the run all the same.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{InputKind, TaskSpec};

use super::publish_pipeline_artifact::refuse_file_share;
use super::{Task, aliased, defaulted, optional};
use crate::artifacts::publish;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

static SPEC: TaskSpec = TaskSpec {
    name: "PublishBuildArtifacts",
    version: 1,
    help: "Publishes build artifacts of the run.",
    inputs: &[
        defaulted(
            "PathtoPublish",
            InputKind::Path,
            "$(Build.ArtifactStagingDirectory)",
            "What to publish.",
        ),
        defaulted("ArtifactName", InputKind::Text, "drop", "Its name."),
        aliased(
            defaulted(
                "ArtifactType",
                InputKind::Pick(&["Container", "FilePath"]),
                "Container",
                "Where to publish it to.",
            ),
            &["publishLocation"],
        ),
        optional("MaxArtifactSize", InputKind::Number, "Accepted."),
        optional("TargetPath", InputKind::Path, "Not supported."),
        optional("Parallel", InputKind::Boolean, "Accepted."),
        optional("ParallelCount", InputKind::Number, "Accepted."),
        optional("StoreAsTar", InputKind::Boolean, "Accepted."),
    ],
};

pub(crate) struct PublishBuildArtifacts;

#[async_trait]
impl Task for PublishBuildArtifacts {
    fn spec(&self) -> &'static TaskSpec {
        &SPEC
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        refuse_file_share(step, "ArtifactType")?;
        let path = step.resolve(step.required("PathtoPublish")?);
        publish(step, step.required("ArtifactName")?, &path).await?;
        Ok(RunResult::Succeeded)
    }
}
