//! `Ant@1`: ant with targets and options, then the test results.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::jdk::{java, java_home, warn_of_analyses};
use super::tool::{Tool, run_tool};
use super::within::publish_junit;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct Ant;

#[async_trait]
impl Task for Ant {
    fn spec(&self) -> &'static TaskSpec {
        &table::ANT_1
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        match step.input("antHomeDirectory").or(step.input("antHomeUserInputPath")) {
            Some(_) => java(step),
            None => std::iter::once("ant").chain(java(step)).collect(),
        }
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let file = step.resolve(step.required("antBuildFile")?);
        if !file.is_file() {
            return Err(RunnerError::PathMissing { path: file });
        }
        warn_of_analyses(step, &[]).await;
        let home = step.input("antHomeUserInputPath").map(|written| step.resolve(written));
        let program = match &home {
            Some(home) => home.join("bin/ant").display().to_string(),
            None => "ant".to_owned(),
        };
        let mut tool = Tool::new(program)
            .args(["-buildfile", &file.display().to_string()])
            .line(step.input("options"))
            .line(step.input("targets"));
        if let Some(home) = home {
            tool = tool.env("ANT_HOME", home.display().to_string());
        }
        if let Some(home) = java_home(step).await? {
            tool = tool.env("JAVA_HOME", home);
        }
        let built = run_tool(step, tool).await?.judge(step).await;
        publish_junit(step, built).await
    }
}
