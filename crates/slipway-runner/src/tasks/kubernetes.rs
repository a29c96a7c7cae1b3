//! `Kubernetes@0` and `Kubernetes@1`: a kubectl command, and the secret or config map that goes before it.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::cluster::{Cluster, cluster, needs};
use super::script::write;
use super::told::tell_printed;
use super::tool::{Tool, run_tool};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

/// Commands that print objects.
const PRINTS_OBJECTS: &[&str] = &["get", "apply", "create", "expose", "run", "set"];

pub(crate) struct Kubernetes {
    pub(crate) spec: &'static TaskSpec,
    /// The input with the cluster's service connection.
    pub(crate) connection: &'static str,
}

#[async_trait]
impl Task for Kubernetes {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        match step.input("versionOrLocation") {
            Some(word) if word.eq_ignore_ascii_case("location") => {
                needs(step).into_iter().collect()
            }
            _ => std::iter::once("kubectl").chain(needs(step)).collect(),
        }
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let command = step.input("command").map(str::to_ascii_lowercase);
        if let Some(command @ ("login" | "logout")) = command.as_deref() {
            step.line(&format!(
                "kubectl {command}: nothing to do, each step is told which cluster it talks to."
            ))
            .await;
            return Ok(RunResult::Succeeded);
        }
        let cluster = cluster(step, self.connection).await?;
        for prepared in [secret(step, &cluster).await?, config_map(step, &cluster).await?] {
            if prepared != RunResult::Succeeded {
                return Ok(prepared);
            }
        }
        match command {
            Some(command) => run_command(step, &cluster, &command).await,
            None => Ok(RunResult::Succeeded),
        }
    }
}

/// kubectl as the step calls it.
fn kubectl(step: &StepScope, cluster: &Cluster) -> Result<Tool, RunnerError> {
    let by_location =
        step.input("versionOrLocation").is_some_and(|word| word.eq_ignore_ascii_case("location"));
    let program = match by_location {
        true => step.resolve(step.required("specifyLocation")?).display().to_string(),
        false => "kubectl".to_owned(),
    };
    let folder = if step.declares("cwd") { "cwd" } else { "workingDirectory" };
    let tool = Tool::new(program)
        .envs(cluster.environment.clone())
        .option("--context", cluster.context.as_deref())
        .option("--namespace", step.input("namespace").or(cluster.namespace.as_deref()));
    Ok(tool.at(step.resolve(step.input(folder).unwrap_or("."))))
}

async fn run_command(
    step: &StepScope,
    cluster: &Cluster,
    command: &str,
) -> Result<RunResult, RunnerError> {
    let mut tool = kubectl(step, cluster)?.arg(command);
    if step.flag("useConfigurationFile") {
        let is_inline = step.declares("configurationType")
            && step
                .input("configurationType")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("inline"));
        let file = if is_inline {
            write(step, "yml", step.required("inline")?)?
        } else {
            let path = step.resolve(step.required("configuration")?);
            if !path.exists() {
                return Err(RunnerError::PathMissing { path });
            }
            path
        };
        tool = tool.args(["-f", &file.display().to_string()]);
    }
    tool = tool.line(step.input("arguments"));
    let format = step.input("outputFormat").unwrap_or("none");
    let has_own = step.input("arguments").is_some_and(|arguments| {
        arguments
            .split_whitespace()
            .any(|word| word.starts_with("-o") || word.starts_with("--output"))
    });
    if PRINTS_OBJECTS.contains(&command) && !format.eq_ignore_ascii_case("none") && !has_own {
        tool = tool.args(["-o", &format.to_ascii_lowercase()]);
    }
    let end = run_tool(step, tool.kept().plain()).await?;
    tell_printed(step, "KubectlOutput", &end.stdout).await;
    if step.declares("kubectlOutput")
        && let Some(name) = step.input("kubectlOutput")
    {
        tell_printed(step, name, &end.stdout).await;
    }
    Ok(end.judge(step).await)
}

/// Makes the secret that the inputs name.
async fn secret(step: &StepScope, cluster: &Cluster) -> Result<RunResult, RunnerError> {
    let Some(name) = step.input("secretName") else { return Ok(RunResult::Succeeded) };
    if step.required("secretType")?.eq_ignore_ascii_case("dockerRegistry") {
        let text = format!(
            "The secret '{name}' is not made: registries of this house need no sign-in. Use `secretType: generic` for \
             others."
        );
        step.warning(&text).await;
        return Ok(RunResult::Succeeded);
    }
    let arguments = step.input("secretArguments");
    let tool = kubectl(step, cluster)?.args(["create", "secret", "generic", name]).line(arguments);
    make(step, cluster, "secret", name, step.flag("forceUpdate"), tool).await
}

/// Makes the config map that the inputs name.
async fn config_map(step: &StepScope, cluster: &Cluster) -> Result<RunResult, RunnerError> {
    let Some(name) = step.input("configMapName") else { return Ok(RunResult::Succeeded) };
    let mut tool = kubectl(step, cluster)?.args(["create", "configmap", name]);
    if step.flag("useConfigMapFile") {
        let path = step.resolve(step.required("configMapFile")?);
        if !path.exists() {
            return Err(RunnerError::PathMissing { path });
        }
        tool = tool.arg(format!("--from-file={}", path.display()));
    } else {
        tool = tool.line(step.input("configMapArguments"));
    }
    make(step, cluster, "configmap", name, step.flag("forceUpdateConfigMap"), tool).await
}

async fn make(
    step: &StepScope,
    cluster: &Cluster,
    kind: &str,
    name: &str,
    replaces: bool,
    tool: Tool,
) -> Result<RunResult, RunnerError> {
    if replaces {
        let delete = kubectl(step, cluster)?.args(["delete", kind, name, "--ignore-not-found"]);
        let end = run_tool(step, delete).await?;
        if !end.is_success() {
            return Ok(end.judge(step).await);
        }
    }
    Ok(run_tool(step, tool).await?.judge(step).await)
}
