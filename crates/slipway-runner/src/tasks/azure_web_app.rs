//! `AzureWebApp@1`, `AzureFunctionApp@1`/`@2` and their containers: a package or an image to an app, by the az of
//! this machine. The app is found in the subscription that az is signed in to.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::azure_cli::signed_in;
use super::told::tell;
use super::tool::{Tool, find, run_tool};
use super::tool_line::split;
use super::within::run_within;
use crate::error::RunnerError;
use crate::glob;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

/// What is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum App {
    Web,
    Container,
    Function,
    FunctionContainer,
}

pub(crate) struct AzureWebApp {
    pub(crate) spec: &'static TaskSpec,
    pub(crate) app: App,
}

#[async_trait]
impl Task for AzureWebApp {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["az"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        find(step, "az")?;
        signed_in(step).await?;
        let site = match Site::find(step, self.app).await? {
            Ok(site) => site,
            Err(result) => return Ok(result),
        };
        let mut calls = Vec::new();
        let pairs = settings(step.input("appSettings").unwrap_or_default());
        if !pairs.is_empty() {
            calls.push(site.az(&["config", "appsettings", "set"]).arg("--settings").args(pairs));
        }
        let command = match self.app {
            App::Web | App::Function if step.declares("startUpCommand") => {
                step.input("startUpCommand")
            }
            App::Container => step.input("containerCommand"),
            _ => None,
        };
        if let Some(command) = command.filter(|_| self.app != App::Function) {
            calls.push(site.az(&["config", "set"]).args(["--startup-file", command]));
        }
        calls.push(match self.app {
            App::Container => {
                let image = step.required("imageName")?;
                site.az(&["config", "container", "set"]).args(["--container-image-name", image])
            }
            App::FunctionContainer => {
                let image = step.required("imageName")?;
                site.az(&["config", "container", "set"]).args(["--image", image])
            }
            App::Web => {
                let (path, kind) = package(step).await?;
                site.az(&["deploy"]).args([
                    "--type",
                    kind,
                    "--src-path",
                    &path.display().to_string(),
                ])
            }
            App::Function => {
                let (path, _) = package(step).await?;
                let source = ["deployment", "source", "config-zip"];
                site.az(&source).args(["--src", &path.display().to_string()])
            }
        });
        for call in calls {
            let end = run_tool(step, call.plain()).await?;
            if !end.is_success() {
                return Ok(end.judge(step).await);
            }
        }
        let url = format!("https://{}", site.host);
        tell(step, "AppServiceApplicationUrl", &url);
        step.line(&format!("App Service Application URL: {url}")).await;
        Ok(RunResult::Succeeded)
    }
}

/// The app as az addresses it.
struct Site {
    group: &'static str,
    name: String,
    resource_group: String,
    host: String,
    slot: Option<String>,
}

impl Site {
    /// Looks for it; the inner error is the result of a step that cannot go on.
    async fn find(step: &StepScope, app: App) -> Result<Result<Self, RunResult>, RunnerError> {
        let group = match app {
            App::Function | App::FunctionContainer => "functionapp",
            App::Web | App::Container => "webapp",
        };
        let name = step.required("appName")?;
        let query =
            format!("[?name=='{name}'] | [0].{{group: resourceGroup, host: defaultHostName}}");
        let list = Tool::new("az").args([group, "list", "--output", "json", "--query", &query]);
        let end = run_tool(step, list.silent().kept()).await?;
        let read = serde_json::from_str::<serde_json::Value>(&end.stdout).unwrap_or_default();
        let word = |key: &str| read.get(key).and_then(serde_json::Value::as_str).map(str::to_owned);
        let (Some(found), Some(host)) = (word("group"), word("host")) else {
            step.error(&format!(
                "az finds no app '{name}' in the subscription that it is signed in to."
            ))
            .await;
            return Ok(Err(RunResult::Failed));
        };
        let slot = step.input("slotName").filter(|_| step.flag("deployToSlotOrASE"));
        Ok(Ok(Self {
            group,
            name: name.to_owned(),
            resource_group: step.input("resourceGroupName").map_or(found, str::to_owned),
            host,
            slot: slot.filter(|slot| !slot.eq_ignore_ascii_case("production")).map(str::to_owned),
        }))
    }

    fn az(&self, words: &[&str]) -> Tool {
        Tool::new("az")
            .arg(self.group)
            .args(words.iter().copied())
            .args(["--name", &self.name, "--resource-group", &self.resource_group])
            .option("--slot", self.slot.as_deref())
    }
}

/// The package and its kind; a folder is packed before.
async fn package(step: &StepScope) -> Result<(PathBuf, &'static str), RunnerError> {
    let pattern = step.required("package")?.to_owned();
    let folder = step.default_folder();
    let (start, wanted) = (folder.clone(), vec![pattern.clone()]);
    let found = blocking(move || glob::find(&start, &wanted)).await?.into_iter().next();
    let path = found.ok_or_else(|| RunnerError::PathMissing { path: folder.join(pattern) })?;
    if path.is_file() {
        return Ok((path.clone(), kind_of(&path)));
    }
    let archive = step.job.folders.temp.join(format!("package-{}.zip", step.record));
    let inputs = [
        ("rootFolderOrFile", path.display().to_string()),
        ("includeRootFolder", "false".to_owned()),
        ("archiveType", "zip".to_owned()),
        ("archiveFile", archive.display().to_string()),
    ];
    run_within(step, ("ArchiveFiles", 2), &inputs).await?;
    Ok((archive, "zip"))
}

fn kind_of(path: &Path) -> &'static str {
    match path.extension().and_then(|kind| kind.to_str()) {
        Some("war") => "war",
        Some("jar") => "jar",
        _ => "zip",
    }
}

/// `-name value` as az takes it: `name=value`.
fn settings(text: &str) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for word in split(&text.replace(['\n', '\r'], " ")) {
        match (word.strip_prefix('-'), pairs.last_mut()) {
            (_, Some(pair)) if pair.ends_with('=') => pair.push_str(&word),
            (Some(name), _) => pairs.push(format!("{name}=")),
            (None, _) => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_are_told_as_az_takes_them() {
        let pairs = settings("-Port 5000 -Zone \"Eastern Standard Time\" -Shift -1");
        assert_eq!(pairs, ["Port=5000", "Zone=Eastern Standard Time", "Shift=-1"]);
    }
}
