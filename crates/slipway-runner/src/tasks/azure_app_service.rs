//! `AzureRmWebAppDeployment@4`: the older task for all kinds of apps. It does what the task for its kind does.
//!
//! Deliberately not here: publish profiles, and changes of the package's files, which need Windows.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::refused::{Refused, check};
use super::within::run_within;
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const REFUSED: &[Refused] =
    &[Refused::new("ConnectionType", "PublishProfile", "Use AzureRM, with az signed in.")];
/// What changes files of the package, or follows the deployment.
const LEFT_OUT: &[&str] = &[
    "XmlTransformation",
    "XmlVariableSubstitution",
    "JSONFiles",
    "WebConfigParameters",
    "ConfigurationSettings",
    "ScriptType",
];

pub(crate) struct AzureAppService;

#[async_trait]
impl Task for AzureAppService {
    fn spec(&self) -> &'static TaskSpec {
        &table::AZURE_RM_WEB_APP_DEPLOYMENT_4
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["az"]
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec(), step)?;
        for input in LEFT_OUT {
            let value = step.input(input).filter(|value| !value.eq_ignore_ascii_case("false"));
            if value.is_some() {
                step.warning(&format!("The input '{input}' is left out here.")).await;
            }
        }
        let kind = step.required("WebAppKind")?.to_ascii_lowercase();
        let is_container = kind.ends_with("container");
        let is_function = kind.starts_with("functionapp");
        let task = match (is_function, is_container) {
            (true, true) => ("AzureFunctionAppContainer", 1),
            (true, false) => ("AzureFunctionApp", 1),
            (false, true) => ("AzureWebAppContainer", 1),
            (false, false) => ("AzureWebApp", 1),
        };
        let mut inputs = Vec::new();
        for (from, to) in [
            ("ConnectedServiceName", "azureSubscription"),
            ("WebAppName", "appName"),
            ("DeployToSlotOrASEFlag", "deployToSlotOrASE"),
            ("ResourceGroupName", "resourceGroupName"),
            ("SlotName", "slotName"),
            ("AppSettings", "appSettings"),
        ] {
            inputs.extend(step.input(from).map(|value| (to, value.to_owned())));
        }
        if is_container {
            inputs.push(("imageName", image(step)?));
            inputs
                .extend(step.input("StartupCommand").map(|it| ("containerCommand", it.to_owned())));
        } else {
            inputs.push(("package", step.required("Package")?.to_owned()));
            inputs.push(("appType", kind));
            inputs.extend(step.input("StartupCommand").map(|it| ("startUpCommand", it.to_owned())));
        }
        run_within(step, task, &inputs).await
    }
}

fn image(step: &StepScope) -> Result<String, RunnerError> {
    let mut image = step.required("DockerRepository")?.to_owned();
    if let Some(registry) = step.input("DockerNamespace") {
        image = format!("{registry}/{image}");
    }
    if let Some(tag) = step.input("DockerImageTag") {
        image = format!("{image}:{tag}");
    }
    Ok(image)
}
