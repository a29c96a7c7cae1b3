//! `JavaToolInstaller@0`: puts a JDK on PATH and sets JAVA_HOME: one that is installed, or one in an archive
//! of this machine. An archive in Azure storage is refused.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use super::installed::put_on_path;
use super::jdk::{JDK, jdk};
use super::refused::{Refused, check};
use super::told::{prepend_path, set_variable};
use super::tool::{Tool, run_tool};
use crate::error::{OnPath, RunnerError};
use crate::step_scope::StepScope;
use crate::workspace::wipe;

const REFUSED: &[Refused] = &[Refused::new(
    "jdkSourceOption",
    "AzureStorage",
    "Use PreInstalled, or download the archive in a step before and use LocalDirectory.",
)];

pub(crate) struct JavaToolInstaller;

#[async_trait]
impl Task for JavaToolInstaller {
    fn spec(&self) -> &'static TaskSpec {
        &table::JAVA_TOOL_INSTALLER_0
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec(), step)?;
        let version = step.required("versionSpec")?.to_owned();
        let home = match step.required("jdkSourceOption")?.to_ascii_lowercase().as_str() {
            "preinstalled" => {
                let found = jdk(step, &version).await?;
                put_on_path(step, &JDK, &found).await;
                found.home().to_owned()
            }
            "localdirectory" => match unpacked(step).await? {
                Ok(home) => home,
                Err(result) => return Ok(result),
            },
            _ => return Err(step.invalid("jdkSourceOption", "PreInstalled or LocalDirectory")),
        };
        let text = home.display().to_string();
        set_variable(step, "JAVA_HOME", &text);
        let architecture = step.required("jdkArchitectureOption")?;
        set_variable(step, &format!("JAVA_HOME_{version}_{architecture}"), &text);
        prepend_path(step, &home.join("bin").display().to_string());
        Ok(RunResult::Succeeded)
    }
}

/// Unpacks the archive and finds the JDK in it.
async fn unpacked(step: &StepScope) -> Result<Result<PathBuf, RunResult>, RunnerError> {
    let archive = step.resolve(step.required("jdkFile")?);
    if !archive.is_file() {
        return Err(RunnerError::PathMissing { path: archive });
    }
    let mut into = step.resolve(step.required("jdkDestinationDirectory")?);
    if step.flag("cleanDestinationDirectory") {
        wipe(&into)?;
    }
    if step.flag("createExtractDirectory") {
        let version = step.required("versionSpec")?;
        into.push(format!("JAVA_HOME_{version}_{}", step.required("jdkArchitectureOption")?));
    }
    std::fs::create_dir_all(&into).on("Creating", &into)?;
    let (from, to) = (archive.display().to_string(), into.display().to_string());
    let tool = if from.ends_with(".zip") {
        Tool::new("unzip").args(["-q", "-o", &from, "-d", &to])
    } else {
        Tool::new("tar").args(["-xf", &from, "-C", &to])
    };
    match run_tool(step, tool).await?.judge(step).await {
        RunResult::Succeeded => {}
        other => return Ok(Err(other)),
    }
    home_in(&into).map(Ok).ok_or(RunnerError::PathMissing { path: into.join("bin/java") })
}

/// The archive itself, or the one folder in it.
fn home_in(folder: &Path) -> Option<PathBuf> {
    let has_java = |folder: &Path| folder.join("bin/java").is_file();
    if has_java(folder) {
        return Some(folder.to_owned());
    }
    let entries = std::fs::read_dir(folder).ok()?;
    entries.flatten().map(|entry| entry.path()).find(|path| has_java(path))
}
