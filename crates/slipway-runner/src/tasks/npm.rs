//! `Npm@1`: npm with the project's and the user's own .npmrc. Feeds of Azure Artifacts are refused: nobody is
//! signed in to them here.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::refused::{Refused, check};
use super::tool::{Tool, run_judged};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const FEED: &str = "Put the feed of Azure Artifacts and its token into an .npmrc and use that.";
const REFUSED: &[Refused] = &[
    Refused::new("customRegistry", "useFeed", FEED),
    Refused::new("publishRegistry", "useFeed", FEED),
];

pub(crate) struct Npm;

#[async_trait]
impl Task for Npm {
    fn spec(&self) -> &'static TaskSpec {
        &table::NPM_1
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["npm"]
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let command = step.required("command")?.to_ascii_lowercase();
        let is_publish = command == "publish";
        check(REFUSED, self.spec(), step)?;
        let connection = if is_publish { "publishEndpoint" } else { "customEndpoint" };
        if let Some(name) = step.input(connection) {
            let text = format!(
                "The service connection '{name}' is not known here: npm signs in with the .npmrc of the \
                 project and of this machine's user."
            );
            step.warning(&text).await;
        }
        let mut tool = Tool::new("npm");
        tool = match command.as_str() {
            "custom" => tool.line(Some(step.required("customCommand")?)),
            _ => tool.arg(command.as_str()),
        };
        if let Some(folder) = step.input("workingDir") {
            tool = tool.at(step.resolve(folder));
        }
        if step.flag("verbose") || step.job.is_debug() {
            tool = tool.env("NPM_CONFIG_LOGLEVEL", "verbose");
        }
        run_judged(step, tool).await
    }
}
