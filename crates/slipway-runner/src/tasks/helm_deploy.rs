//! `HelmDeploy@0` and `HelmDeploy@1`: the helm of this machine, with the inputs as its options (§24.3).
//!
//! Tiller is gone since helm 3, and so is what only it needed. Deliberately not here: charts, which helm reads.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::cluster::{cluster, needs};
use super::told::{tell, tell_printed};
use super::tool::{Tool, run_tool};
use super::tool_line::split;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// Commands that talk to no cluster.
const LOCAL: &[&str] = &["create", "login", "logout", "package", "push"];
/// Commands that wait.
const WAITING: &[&str] = &["install", "rollback", "upgrade"];

pub(crate) struct HelmDeploy(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for HelmDeploy {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        std::iter::once("helm").chain(needs(step)).collect()
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let command = step.required("command")?.to_ascii_lowercase();
        if command == "init" {
            step.line("helm init: nothing to do, helm 3 has no Tiller.").await;
            return Ok(RunResult::Succeeded);
        }
        if step.flag("enableTls") {
            step.warning("enableTls is passed over: helm 3 has no Tiller to talk to.").await;
        }
        let mut tool = Tool::new("helm");
        tool = match command.as_str() {
            "login" | "logout" | "push" => of_registry(step, tool, &command)?,
            _ => tool.arg(command.as_str()),
        };
        if !LOCAL.contains(&command.as_str()) {
            let cluster = cluster(step, "kubernetesServiceEndpoint").await?;
            tool = tool.envs(cluster.environment);
            tool = tool.option("--kube-context", cluster.context.as_deref());
            tool = tool
                .option("--namespace", step.input("namespace").or(cluster.namespace.as_deref()));
        }
        tool = match command.as_str() {
            "install" | "upgrade" => release(step, tool, &command).await?,
            "package" => package(step, tool)?,
            "login" | "logout" | "push" => tool,
            _ => tool.line(step.input("arguments")),
        };
        let tool = tool.fails_on_stderr(step.flag("failOnStderr")).kept();
        let end = run_tool(step, tool).await?;
        tell(step, "helmExitCode", &end.code.unwrap_or(1).to_string());
        tell_printed(step, "helmOutput", end.stdout.trim_end()).await;
        Ok(end.judge(step).await)
    }
}

/// `install` and `upgrade`.
async fn release(step: &StepScope, mut tool: Tool, command: &str) -> Result<Tool, RunnerError> {
    if command == "upgrade" {
        let switches =
            [("install", "--install"), ("resetValues", "--reset-values"), ("force", "--force")];
        let given = switches.iter().filter(|(input, _)| step.flag(input));
        tool = tool.args(given.map(|(_, option)| *option));
        if step.flag("recreate") {
            step.warning("recreate is passed over: helm 3 has no --recreate-pods.").await;
        }
    } else if step.flag("updatedependency") {
        tool = tool.arg("--dependency-update");
    }
    if WAITING.contains(&command) && step.flag("waitForExecution") {
        tool = tool.arg("--wait");
    }
    for file in step.lines("valueFile") {
        tool = tool.args(["--values", &step.resolve(&file).display().to_string()]);
    }
    if let Some(values) = step.input("overrideValues") {
        let values: Vec<&str> =
            values.lines().map(|line| line.trim().trim_end_matches(',')).collect();
        tool = tool.args(["--set", &values.join(",")]);
    }
    tool = tool.option("--version", step.input("version")).line(step.input("arguments"));
    let chart = if step.required("chartType")?.eq_ignore_ascii_case("FilePath") {
        let path = step.resolve(step.required("chartPath")?);
        if !path.exists() {
            return Err(RunnerError::PathMissing { path });
        }
        path.display().to_string()
    } else {
        step.required("chartName")?.to_owned()
    };
    match step.input("releaseName") {
        Some(name) => Ok(tool.args([name, &chart])),
        None if command == "install" => Ok(tool.args(["--generate-name", &chart])),
        None => {
            // As the vendor: the release is named after the run.
            let number = crate::scope::lock(&step.job.run.number).replace(['.', '_'], "-");
            Ok(tool.args([format!("release-{number}"), chart]))
        }
    }
}

fn package(step: &StepScope, mut tool: Tool) -> Result<Tool, RunnerError> {
    let path = step.resolve(step.required("chartPath")?);
    if !path.exists() {
        return Err(RunnerError::PathMissing { path });
    }
    if step.flag("updatedependency") {
        tool = tool.arg("--dependency-update");
    }
    let destination = step.required("destination")?;
    tool = tool.option("--version", step.input("version"));
    tool = tool.args(["--destination", &step.resolve(destination).display().to_string()]);
    Ok(tool.line(step.input("arguments")).arg(path.display().to_string()))
}

/// `helm registry login`, `helm registry logout`, `helm push`.
fn of_registry(step: &StepScope, tool: Tool, command: &str) -> Result<Tool, RunnerError> {
    let arguments = split(step.input("arguments").unwrap_or_default());
    if command != "push" {
        return Ok(tool.args(["registry", command]).args(arguments));
    }
    // The package to push is an argument, or the chart's folder for a registry of Azure.
    let mut tool = tool.arg("push");
    if let Some(path) = step.input("chartPathForACR") {
        tool = tool.arg(step.resolve(path).display().to_string());
    }
    Ok(tool.args(arguments).arg(step.required("remoteRepo")?))
}
