//! `NuGetAuthenticate`, `npmAuthenticate` and their like: nobody signs in to feeds here; the tools use what this
//! machine's user has in NuGet.config, .npmrc and so on.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;

use super::Task;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct Authenticate {
    pub(crate) spec: &'static TaskSpec,
    /// Where the user's own sign-in is kept.
    pub(crate) kept_in: &'static str,
    /// The input with the file that has to be there, if the task has one.
    pub(crate) file: Option<&'static str>,
}

#[async_trait]
impl Task for Authenticate {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if let Some(input) = self.file {
            let path = step.resolve(step.required(input)?);
            if !path.is_file() {
                return Err(RunnerError::PathMissing { path });
            }
        }
        let text = format!(
            "Nobody signs in to feeds here: the sign-in of this machine's user in {} is used.",
            self.kept_in
        );
        step.warning(&text).await;
        Ok(RunResult::Succeeded)
    }
}
