//! `Go@0`: a go command.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::tool::{Tool, run_judged};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct Go;

#[async_trait]
impl Task for Go {
    fn spec(&self) -> &'static TaskSpec {
        &table::GO_0
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["go"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let command = step.required("command")?;
        let tool = match command.eq_ignore_ascii_case("custom") {
            true => Tool::new("go").line(Some(step.required("customCommand")?)),
            false => Tool::new("go").arg(command.to_ascii_lowercase()),
        };
        run_judged(step, tool.line(step.input("arguments")).at(step.working_folder()?)).await
    }
}
