//! `CMake@1`: cmake in a folder, which is made if it is not there.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::tool::{Tool, run_judged};
use crate::error::{OnPath, RunnerError};
use crate::step_scope::StepScope;

pub(crate) struct CMake;

#[async_trait]
impl Task for CMake {
    fn spec(&self) -> &'static TaskSpec {
        &table::CMAKE_1
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["cmake"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let folder = step.resolve(step.required("cwd")?);
        std::fs::create_dir_all(&folder).on("Creating", &folder)?;
        let arguments = step.input("cmakeArgs");
        let tool = if step.flag("runInsideShell") {
            let line = format!("cmake {}", arguments.unwrap_or_default());
            Tool::new("sh").arg("-c").arg(line)
        } else {
            Tool::new("cmake").line(arguments)
        };
        run_judged(step, tool.at(folder)).await
    }
}
