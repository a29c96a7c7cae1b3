//! `Maven@3` and `Maven@4`: mvn with goals and options, then the test results.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::jdk::{java, java_home, warn_of_analyses};
use super::tool::{Tool, run_tool};
use super::within::publish_junit;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const ANALYSES: &[&str] = &[
    "sqAnalysisEnabled",
    "checkstyleAnalysisEnabled",
    "pmdAnalysisEnabled",
    "findbugsAnalysisEnabled",
    "spotBugsAnalysisEnabled",
];

/// The versions differ in what the vendor's agent needs to run them.
pub(crate) struct Maven(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for Maven {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        let names = ["mavenVersionSelection", "mavenVersionOption"];
        let by_path = names.iter().filter_map(|name| step.input(name));
        if by_path.into_iter().any(|word| word.eq_ignore_ascii_case("Path")) {
            return java(step);
        }
        std::iter::once("mvn").chain(java(step)).collect()
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let pom = step.resolve(step.required("mavenPOMFile")?);
        if !pom.is_file() {
            return Err(RunnerError::PathMissing { path: pom });
        }
        warn_of_analyses(step, ANALYSES).await;
        if step.flag("mavenFeedAuthenticate") {
            let text = "Nobody is signed in to feeds here: Maven uses the settings.xml of this machine's user.";
            step.warning(text).await;
        }
        let mut environment = Vec::new();
        let by_path = step.required("mavenVersionSelection")?.eq_ignore_ascii_case("Path");
        let program = if by_path {
            let folder = step.resolve(step.required("mavenPath")?);
            if step.flag("mavenSetM2Home") {
                environment.push(("M2_HOME".to_owned(), folder.display().to_string()));
            }
            folder.join("bin/mvn").display().to_string()
        } else {
            "mvn".to_owned()
        };
        environment.extend(java_home(step).await?.map(|home| ("JAVA_HOME".to_owned(), home)));
        let options = step.input("mavenOpts");
        environment.extend(options.map(|value| ("MAVEN_OPTS".to_owned(), value.to_owned())));
        let pom = pom.display().to_string();
        let mvn = || Tool::new(program.as_str()).envs(environment.clone());
        let version = run_tool(step, mvn().arg("-version")).await?;
        if !version.is_success() {
            return Ok(version.judge(step).await);
        }
        let tool = mvn().args(["-f", &pom]).line(step.input("options"));
        let tool = tool.args(step.input("goals").unwrap_or_default().split_whitespace());
        let built = run_tool(step, tool).await?.judge(step).await;
        publish_junit(step, built).await
    }
}
