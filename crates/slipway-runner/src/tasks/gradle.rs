//! `Gradle@2` and `Gradle@3`: the repository's Gradle wrapper with tasks and options, then the test results.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::jdk::{java, java_home, warn_of_analyses};
use super::tool::{Tool, run_tool};
use super::within::publish_junit;
use crate::error::{OnPath, RunnerError};
use crate::step_scope::StepScope;

const ANALYSES: &[&str] = &[
    "sqAnalysisEnabled",
    "checkstyleAnalysisEnabled",
    "findbugsAnalysisEnabled",
    "pmdAnalysisEnabled",
    "spotBugsAnalysisEnabled",
];

/// The versions differ in what the vendor's agent needs to run them.
pub(crate) struct Gradle(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for Gradle {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        java(step)
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let folder = step.resolve(step.input("cwd").unwrap_or("."));
        let written = step.required("wrapperScript")?;
        let wrapper = step.resolve(written);
        if !wrapper.is_file() {
            return Err(RunnerError::PathMissing { path: wrapper });
        }
        make_executable(&wrapper)?;
        warn_of_analyses(step, ANALYSES).await;
        let mut tool = Tool::new(wrapper.display().to_string())
            .line(step.input("options"))
            .args(step.required("tasks")?.split_whitespace())
            .at(folder);
        if let Some(home) = java_home(step).await? {
            tool = tool.env("JAVA_HOME", home);
        }
        if let Some(options) = step.input("gradleOpts") {
            tool = tool.env("GRADLE_OPTS", options);
        }
        let built = run_tool(step, tool).await?.judge(step).await;
        publish_junit(step, built).await
    }
}

/// The wrapper is often committed without the right to be executed.
fn make_executable(wrapper: &Path) -> Result<(), RunnerError> {
    let mode = fs::metadata(wrapper).on("Reading", wrapper)?.permissions().mode();
    if mode & 0o111 == 0o111 {
        return Ok(());
    }
    let mode = fs::Permissions::from_mode(mode | 0o755);
    fs::set_permissions(wrapper, mode).on("Changing", wrapper)
}
