//! The installers of helm, kubectl, docker and NuGet: they use what is installed and say when it is another version.
//!
//! Nothing is downloaded: a tool of this machine serves, and a missing one is refused with where to get it.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::tool::{Tool, find, run_tool};
use super::version_spec::{Version, VersionSpec};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct ToolInstaller {
    pub(crate) spec: &'static TaskSpec,
    pub(crate) program: &'static str,
    /// Makes it print its version.
    pub(crate) ask: &'static [&'static str],
    /// The input with the version.
    pub(crate) version: &'static str,
    /// A further tool, and the inputs that ask for it and for its version.
    pub(crate) also: Option<(&'static str, &'static str, &'static str)>,
    /// What goes without it; then it is no failure that it is missing.
    pub(crate) without: Option<&'static str>,
}

#[async_trait]
impl Task for ToolInstaller {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        let asks = |flag: &str| step.input(flag).is_some_and(|it| it.eq_ignore_ascii_case("true"));
        let also = self.also.filter(|(_, flag, _)| asks(flag)).map(|(program, ..)| program);
        std::iter::once(self.program).chain(also).collect()
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if let Some(without) = self.without
            && let Err(missing @ RunnerError::ProgramMissing { .. }) = find(step, self.program)
        {
            step.warning(&format!("{missing} {without}")).await;
            return Ok(RunResult::Succeeded);
        }
        look(step, self.program, self.ask, step.input(self.version)).await?;
        if let Some((program, flag, version)) = self.also.filter(|(_, flag, _)| step.flag(flag)) {
            debug_assert!(step.declares(flag), "{program} is asked for by an input");
            look(step, program, &["version", "--client"], step.input(version)).await?;
        }
        Ok(RunResult::Succeeded)
    }
}

async fn look(
    step: &StepScope,
    program: &str,
    ask: &[&str],
    wanted: Option<&str>,
) -> Result<(), RunnerError> {
    let path = find(step, program)?;
    let end = run_tool(step, Tool::new(program).args(ask.iter().copied()).silent().kept()).await?;
    let found = Version::find(&end.stdout);
    let shown = found.as_ref().map_or_else(|| "of unknown version".to_owned(), Version::to_string);
    let wanted = wanted.unwrap_or("latest");
    let fits = VersionSpec::parse(wanted.trim_start_matches('v'))
        .zip(found)
        .is_none_or(|(spec, found)| spec.holds(&found));
    let text = format!("Found {program} {shown}: {}", path.display());
    if fits {
        step.line(&text).await;
    } else {
        step.warning(&format!("{text}. Wanted is {wanted}; the one that is there is used.")).await;
    }
    Ok(())
}
