//! `PublishPipelineArtifact@0` and `@1`, which is what `publish:` means.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;

use super::Task;
use super::refused::{Refused, check};
use crate::artifacts::publish;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct PublishPipelineArtifact(pub(crate) &'static TaskSpec);

const REFUSED: &[Refused] =
    &[Refused::new("artifactType", "filepath", "Publish to the run, which is the default.")];

#[async_trait]
impl Task for PublishPipelineArtifact {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec(), step)?;
        let path = step.resolve(step.required("path")?);
        let name = step.input("artifactName").map_or_else(|| of_job(step), str::to_owned);
        publish(step, &name, &path).await?;
        Ok(RunResult::Succeeded)
    }
}

/// The name when none is given: the job's identifier without the signs that no artifact may have.
fn of_job(step: &StepScope) -> String {
    let identifier = step.job.variable("System.JobIdentifier").unwrap_or_default();
    let identifier = identifier.strip_prefix("__default.").unwrap_or(&identifier);
    let is_fine = |char: &char| char.is_ascii_alphanumeric() || " -._".contains(*char);
    let name: String = identifier.chars().filter(is_fine).collect();
    name.replace("__default", "").trim_matches('.').to_owned()
}
