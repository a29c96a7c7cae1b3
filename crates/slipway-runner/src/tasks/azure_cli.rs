//! `AzureCLI@2`: a script with the `az` of this machine, as it is signed in.
//!
//! A service connection of Azure does not exist here; who az is signed in as is said in the log, and nobody is
//! signed out at the end. Deliberately not here: other tasks of Azure.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::refused::{Refused, check};
use super::script::{announce, write};
use super::tool::{Tool, find, run_tool};
use crate::error::RunnerError;
use crate::step_scope::StepScope;

const REFUSED: &[Refused] =
    &[Refused::new("scriptType", "batch", "It needs Windows; use bash or pscore.")];

pub(crate) struct AzureCli;

#[async_trait]
impl Task for AzureCli {
    fn spec(&self) -> &'static TaskSpec {
        &table::AZURE_CLI_2
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        match step.input("scriptType").unwrap_or_default().to_ascii_lowercase().as_str() {
            "ps" | "pscore" => vec!["az", "pwsh"],
            _ => vec!["az"],
        }
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let kind = step.required("scriptType")?.to_ascii_lowercase();
        check(REFUSED, self.spec(), step)?;
        let is_bash = kind == "bash";
        find(step, "az")?;
        let account = signed_in(step).await?;
        let tool = if is_bash { bash(step).await? } else { power_shell(step).await? };
        let mut tool = tool.fails_on_stderr(step.flag("failOnStandardError"));
        if step.flag("addSpnToEnvironment") {
            tool = tool.envs(principal(step, &account).await);
        }
        if let Some(folder) = step.input("cwd") {
            tool = tool.at(step.resolve(folder));
        }
        let end = run_tool(step, tool).await?;
        match end.code {
            Some(0) | None => Ok(end.judge(step).await),
            Some(code) => {
                step.error(&format!("Script failed with exit code: {code}")).await;
                Ok(RunResult::Failed)
            }
        }
    }
}

/// What az knows of who is signed in; an error if nobody is.
pub(super) async fn signed_in(step: &StepScope) -> Result<serde_json::Value, RunnerError> {
    let show = Tool::new("az").args(["account", "show", "--output", "json"]).silent().kept();
    let end = run_tool(step, show).await?;
    let account = serde_json::from_str::<serde_json::Value>(&end.stdout).ok();
    let Some(account) = account.filter(|_| end.is_success()) else {
        return Err(RunnerError::NotSignedIn { needed_by: step.task() });
    };
    let word = |place: &str| account.pointer(place).and_then(|value| value.as_str()).unwrap_or("?");
    let text = format!(
        "az is signed in as {} to the subscription {} ({}).",
        word("/user/name"),
        word("/name"),
        word("/id")
    );
    step.line(&text).await;
    for input in ["connectedServiceNameARM", "azureSubscriptionEndpoint", "azureSubscription"] {
        if step.declares(input)
            && let Some(connection) = step.input(input)
        {
            let text =
                format!("It stands for the service connection '{connection}', which is not asked.");
            step.line(&text).await;
        }
    }
    Ok(account)
}

async fn bash(step: &StepScope) -> Result<Tool, RunnerError> {
    let file = match inline(step)? {
        Some(text) => {
            announce(step, text).await;
            write(step, "sh", &format!("{text}\n"))?
        }
        None => file(step)?,
    };
    Ok(Tool::new("bash").arg(file.display().to_string()).line(step.input("scriptArguments")))
}

async fn power_shell(step: &StepScope) -> Result<Tool, RunnerError> {
    let preference = step.input("powerShellErrorActionPreference").unwrap_or("stop");
    let mut text = format!("$ErrorActionPreference = '{}'\n", preference.replace('\'', "''"));
    let arguments = step.input("scriptArguments").unwrap_or_default();
    match inline(step)? {
        Some(script) => {
            announce(step, script).await;
            text.push_str(script);
        }
        None => {
            let path = file(step)?.display().to_string().replace('\'', "''");
            text.push_str(&format!(". '{path}' {arguments}"));
        }
    }
    text.push('\n');
    if !step.flag("powerShellIgnoreLASTEXITCODE") {
        text.push_str(
            "if (Test-Path -LiteralPath variable:\\LASTEXITCODE) { exit $LASTEXITCODE }\n",
        );
    }
    let file = write(step, "ps1", &text)?.display().to_string().replace('\'', "''");
    let options = ["-NoLogo", "-NoProfile", "-NonInteractive", "-Command"];
    Ok(Tool::new("pwsh").args(options).arg(format!(". '{file}'")))
}

fn inline(step: &StepScope) -> Result<Option<&str>, RunnerError> {
    match step.required("scriptLocation")?.eq_ignore_ascii_case("inlineScript") {
        true => step.required("inlineScript").map(Some),
        false => Ok(None),
    }
}

fn file(step: &StepScope) -> Result<std::path::PathBuf, RunnerError> {
    let written = step.required("scriptPath")?;
    let path = step.resolve(written);
    match path.is_file() {
        true => Ok(path),
        false => Err(RunnerError::ScriptMissing { path: written.to_owned() }),
    }
}

/// What a script may learn of the sign-in: the tenant always, the id if a service principal is signed in. Its key
/// stays with az.
async fn principal(step: &StepScope, account: &serde_json::Value) -> Vec<(String, String)> {
    let word = |place: &str| account.pointer(place).and_then(|value| value.as_str());
    let mut pairs = Vec::new();
    if let Some(tenant) = word("/tenantId") {
        pairs.push(("tenantId".to_owned(), tenant.to_owned()));
    }
    let is_principal =
        word("/user/type").is_some_and(|kind| kind.eq_ignore_ascii_case("servicePrincipal"));
    if let Some(id) = word("/user/name").filter(|_| is_principal) {
        pairs.push(("servicePrincipalId".to_owned(), id.to_owned()));
    }
    let text = if is_principal {
        "addSpnToEnvironment: tenantId and servicePrincipalId are set; servicePrincipalKey and idToken are not, az \
         keeps the key."
    } else {
        "addSpnToEnvironment: tenantId is set; servicePrincipalId, servicePrincipalKey and idToken are not, a user is \
         signed in."
    };
    step.warning(text).await;
    pairs
}
