//! `PublishBuildArtifacts@1`: the older way to publish; the artifact is kept with the run all the same.
//!
//! As on Azure several steps may add to one artifact.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::refused::{Refused, check};
use crate::artifacts::{Manner, extent_of, publish_as};
use crate::error::RunnerError;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

pub(crate) struct PublishBuildArtifacts;

const REFUSED: &[Refused] =
    &[Refused::new("ArtifactType", "FilePath", "Publish to the run, which is the default.")];

#[async_trait]
impl Task for PublishBuildArtifacts {
    fn spec(&self) -> &'static TaskSpec {
        &table::PUBLISH_BUILD_ARTIFACTS_1
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec(), step)?;
        let path = step.resolve(step.required("PathtoPublish")?);
        if !path.exists() {
            return Err(RunnerError::PathMissing { path });
        }
        let limit: u64 = step
            .required("MaxArtifactSize")?
            .parse()
            .map_err(|_| step.invalid("MaxArtifactSize", "a number of bytes"))?;
        if limit > 0 {
            let measured = path.clone();
            let extent = blocking(move || extent_of(&measured)).await?;
            if extent.bytes > limit {
                let bytes = extent.bytes;
                return Err(RunnerError::ArtifactTooLarge { path, bytes, limit });
            }
        }
        let manner = if step.flag("StoreAsTar") { Manner::Tarred } else { Manner::Added };
        publish_as(step, step.required("ArtifactName")?, &path, manner).await?;
        Ok(RunResult::Succeeded)
    }
}
