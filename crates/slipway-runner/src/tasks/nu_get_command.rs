//! `NuGetCommand@2`: restore and pack by `dotnet`, which reads the same files; a command of one's own by `nuget`.
//!
//! Deliberately not here: pushing, for which nobody is signed in to a feed.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::refused::{Refused, check};
use super::tool::{Tool, run_judged};
use super::within::run_within;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const REFUSED: &[Refused] = &[Refused::new(
    "command",
    "push",
    "Use `dotnet nuget push … --source …` in a script, with the key as a secret.",
)];
/// Inputs that DotNetCoreCLI@2 has by the same name.
const RESTORE: &[&str] = &[
    "selectOrConfig",
    "feedRestore",
    "includeNuGetOrg",
    "nugetConfigPath",
    "noCache",
    "packagesDirectory",
    "verbosityRestore",
];
const PACK: &[&str] = &[
    "searchPatternPack",
    "configurationToPack",
    "outputDir",
    "versioningScheme",
    "versionEnvVar",
    "requestedMajorVersion",
    "requestedMinorVersion",
    "requestedPatchVersion",
    "buildProperties",
    "verbosityPack",
];

pub(crate) struct NuGetCommand;

#[async_trait]
impl Task for NuGetCommand {
    fn spec(&self) -> &'static TaskSpec {
        &table::NU_GET_COMMAND_2
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        match step.input("command") {
            Some(word) if word.eq_ignore_ascii_case("custom") => vec!["nuget"],
            _ => vec!["dotnet"],
        }
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec(), step)?;
        let command = step.required("command")?.to_ascii_lowercase();
        if command == "custom" {
            return run_judged(step, Tool::new("nuget").line(step.input("arguments"))).await;
        }
        let mut inputs = vec![("command", command.clone())];
        let is_restore = command == "restore";
        let same = if is_restore { RESTORE } else { PACK };
        inputs.extend(same.iter().filter_map(|name| Some((*name, step.input(name)?.to_owned()))));
        if is_restore {
            inputs.push(("projects", step.required("solution")?.to_owned()));
        } else {
            inputs.push(("includesymbols", step.flag("includeSymbols").to_string()));
        }
        run_within(step, ("DotNetCoreCLI", 2), &inputs).await
    }
}
