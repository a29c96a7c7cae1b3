//! `PublishPipelineArtifact@1`, which is what `publish:` means.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{InputKind, TaskSpec};

use super::{Task, aliased, defaulted, optional};
use crate::artifacts::publish;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

static SPEC: TaskSpec = TaskSpec {
    name: "PublishPipelineArtifact",
    version: 1,
    help: "Publishes a file or folder as an artifact of the run.",
    inputs: &[
        aliased(
            defaulted("path", InputKind::Path, "$(Pipeline.Workspace)", "What to publish."),
            &["targetPath", "publish"],
        ),
        aliased(optional("artifactName", InputKind::Text, "Its name."), &["artifact"]),
        aliased(
            defaulted(
                "artifactType",
                InputKind::Pick(&["pipeline", "filepath"]),
                "pipeline",
                "Where to publish it to.",
            ),
            &["publishLocation"],
        ),
        optional("fileSharePath", InputKind::Path, "Not supported."),
        optional("parallel", InputKind::Boolean, "Accepted."),
        optional("parallelCount", InputKind::Number, "Accepted."),
        optional("properties", InputKind::Lines, "Accepted."),
    ],
};

pub(crate) struct PublishPipelineArtifact;

#[async_trait]
impl Task for PublishPipelineArtifact {
    fn spec(&self) -> &'static TaskSpec {
        &SPEC
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
