//! `AzureKeyVault@1` and `@2`: secrets of a key vault become secret variables, by the az of this machine.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::azure_cli::signed_in;
use super::told::set_secret;
use super::tool::{Tool, find, run_tool};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

pub(crate) struct AzureKeyVault(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for AzureKeyVault {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["az"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        find(step, "az")?;
        signed_in(step).await?;
        let vault = step.required("KeyVaultName")?;
        let filter = step.required("SecretsFilter")?;
        let names = if filter == "*" {
            let query = "[?attributes.enabled].name";
            let list = Tool::new("az").args(["keyvault", "secret", "list", "--vault-name", vault]);
            let end =
                run_tool(step, list.args(["--query", query, "--output", "tsv"]).silent().kept())
                    .await?;
            if !end.is_success() {
                return Ok(end.judge(step).await);
            }
            end.stdout.lines().map(str::to_owned).collect()
        } else {
            filter.split(',').map(str::to_owned).collect::<Vec<String>>()
        };
        let mut result = RunResult::Succeeded;
        for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
            let show = Tool::new("az").args(["keyvault", "secret", "show", "--vault-name", vault]);
            let show = show.args(["--name", name, "--query", "value", "--output", "json"]);
            // Nothing of it is shown before the value is known as a secret.
            let end = run_tool(step, show.silent().kept()).await?;
            let value =
                serde_json::from_str::<String>(&end.stdout).ok().filter(|_| end.is_success());
            match value {
                Some(value) => {
                    set_secret(step, name, &value);
                    step.line(&format!("Secret '{name}' of {vault} is a variable of the job."))
                        .await;
                }
                None if end.code.is_none() => return Ok(RunResult::Canceled),
                None => {
                    step.error(&format!("The secret '{name}' of {vault} could not be read by az."))
                        .await;
                    result = RunResult::Failed;
                }
            }
        }
        Ok(result)
    }
}
