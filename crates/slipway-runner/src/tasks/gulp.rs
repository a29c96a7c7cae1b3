//! `gulp@1`: the project's own gulp, or the one on PATH.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::tool::{Tool, is_there, run_tool};
use super::within::publish_junit;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// Where npm puts it.
const OWN: &str = "node_modules/gulp/bin/gulp.js";

pub(crate) struct Gulp;

#[async_trait]
impl Task for Gulp {
    fn spec(&self) -> &'static TaskSpec {
        &table::GULP_1
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["node"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let folder = step.resolve(step.input("cwd").unwrap_or("."));
        let file = step.resolve(step.required("gulpFile")?);
        if step.flag("enableCodeCoverage") {
            let text = "enableCodeCoverage is passed over: let the tests measure coverage and publish it with \
                        PublishCodeCoverageResults@2.";
            step.warning(text).await;
        }
        let own = folder.join(step.input("gulpjs").unwrap_or(OWN));
        let tool = match own.is_file() || !is_there(step, "gulp") {
            true => Tool::new("node").arg(own.display().to_string()),
            false => Tool::new("gulp"),
        };
        let tool = tool
            .args(step.input("targets").unwrap_or_default().split_whitespace())
            .args(["--gulpfile", &file.display().to_string()])
            .line(step.input("arguments"))
            .at(folder);
        let built = run_tool(step, tool).await?.judge(step).await;
        publish_junit(step, built).await
    }
}
