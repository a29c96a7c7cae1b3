//! `AzureResourceManagerTemplateDeployment@3` and `AzureResourceGroupDeployment@2`: a template by the az of this
//! machine, in the subscription that it is signed in to or that the step names.

use std::path::PathBuf;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::azure_cli::signed_in;
use super::docker_cli::first_file;
use super::refused::{Refused, check};
use super::told::tell_printed;
use super::tool::{Tool, find, run_judged, run_tool};
use super::tool_line::split;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const BY_AZ: &str = "Use az from AzureCLI@2.";
const REFUSED: &[Refused] = &[
    Refused::new(
        "deploymentScope",
        "Management Group",
        "Use `az deployment mg create` from AzureCLI@2.",
    ),
    Refused::new("action", "Select Resource Group", BY_AZ),
    Refused::new("action", "Start", BY_AZ),
    Refused::new("action", "Stop", BY_AZ),
    Refused::new("action", "StopWithDeallocate", BY_AZ),
    Refused::new("action", "Restart", BY_AZ),
    Refused::new("action", "Delete", BY_AZ),
];

pub(crate) struct AzureTemplate(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for AzureTemplate {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["az"]
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.0, step)?;
        find(step, "az")?;
        signed_in(step).await?;
        let action = step.required("action")?;
        if action.eq_ignore_ascii_case("DeleteRG") {
            let group = step.required("resourceGroupName")?;
            return run_judged(step, az(step, &["group", "delete", "--yes", "--name", group]))
                .await;
        }
        let scope =
            if step.declares("deploymentScope") { step.required("deploymentScope")? } else { "" };
        let is_validation = step.required("deploymentMode")?.eq_ignore_ascii_case("Validation");
        let verb = if is_validation { "validate" } else { "create" };
        let tool = match scope.to_ascii_lowercase().as_str() {
            "subscription" => {
                az(step, &["deployment", "sub", verb]).option("--location", step.input("location"))
            }
            _ => {
                let group = step.required("resourceGroupName")?;
                if let Some(result) = make_group(step, group).await? {
                    return Ok(result);
                }
                let tool = az(step, &["deployment", "group", verb, "--resource-group", group]);
                let mode = step.required("deploymentMode")?;
                tool.option("--mode", Some(mode).filter(|_| !is_validation))
            }
        };
        deploy(step, tool).await
    }
}

/// The subscription that the step names.
fn subscription(step: &StepScope) -> Option<String> {
    let name = step.declares("subscriptionName").then(|| step.input("subscriptionName")).flatten();
    // The vendor's editor writes the name with the id behind it.
    let id =
        name.map(|name| name.rsplit_once('(').map_or(name, |(_, id)| id.trim_end_matches(')')));
    id.map(str::to_owned)
}

/// A call of az in the step's subscription.
fn az(step: &StepScope, words: &[&str]) -> Tool {
    let tool = Tool::new("az").plain().args(words.iter().copied());
    tool.option("--subscription", subscription(step).as_deref())
}

/// Makes the resource group if it is not there.
async fn make_group(step: &StepScope, group: &str) -> Result<Option<RunResult>, RunnerError> {
    let asked = az(step, &["group", "exists", "--name", group]).silent().kept();
    let is_there = run_tool(step, asked).await?.stdout.trim() == "true";
    let Some(location) = step.input("location").filter(|_| !is_there) else { return Ok(None) };
    let made = az(step, &["group", "create", "--name", group, "--location", location]);
    let end = run_tool(step, made).await?;
    Ok(if end.is_success() { None } else { Some(end.judge(step).await) })
}

async fn deploy(step: &StepScope, mut tool: Tool) -> Result<RunResult, RunnerError> {
    let by_link = step.required("templateLocation")?.eq_ignore_ascii_case("URL of the file");
    if by_link {
        tool = tool.args(["--template-uri", step.required("csmFileLink")?]);
    } else {
        tool = tool.args(["--template-file", &file(step, "csmFile").await?.display().to_string()]);
    }
    let link = step.input("csmParametersFileLink").filter(|_| by_link).map(str::to_owned);
    let parameters = match step.input("csmParametersFile").filter(|_| !by_link) {
        Some(_) => Some(format!("@{}", file(step, "csmParametersFile").await?.display())),
        None => link,
    };
    let overrides = overrides(step.input("overrideParameters").unwrap_or_default());
    if parameters.is_some() || !overrides.is_empty() {
        tool = tool.arg("--parameters").args(parameters).args(overrides);
    }
    tool = tool.option("--name", step.input("deploymentName")).args(["--output", "json"]);
    let end = run_tool(step, tool.kept()).await?;
    if let Some(name) = step.input("deploymentOutputs").filter(|_| end.is_success()) {
        let read = serde_json::from_str::<serde_json::Value>(&end.stdout).unwrap_or_default();
        let outputs = read.pointer("/properties/outputs").cloned().unwrap_or_default();
        tell_printed(step, name, &outputs.to_string()).await;
        step.line(&format!("The outputs are in the variable '{name}'.")).await;
    }
    Ok(end.judge(step).await)
}

async fn file(step: &StepScope, input: &str) -> Result<PathBuf, RunnerError> {
    let pattern = step.required(input)?;
    let found = first_file(step, pattern).await?;
    found.ok_or_else(|| RunnerError::PathMissing { path: step.resolve(pattern) })
}

/// `-name value` as az takes it: `name=value`.
fn overrides(text: &str) -> Vec<String> {
    let words = split(&text.replace(['\n', '\r'], " "));
    let mut pairs: Vec<String> = Vec::new();
    for word in words {
        match word.strip_prefix('-') {
            Some(name)
                if name
                    .starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_') =>
            {
                pairs.push(format!("{name}="));
            }
            _ => {
                if let Some(pair) = pairs.last_mut() {
                    if !pair.ends_with('=') {
                        pair.push(' ');
                    }
                    pair.push_str(&word);
                }
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::overrides;

    #[test]
    fn parameters_are_told_as_az_takes_them() {
        let pairs = overrides("-name shop -count -1 -title \"a b\"\n-empty");
        assert_eq!(
            pairs,
            ["name=shop", "count=-1", "title=a b", "empty="],
            "a number may be negative"
        );
    }
}
