//! `DotNetCoreCLI@2`: a dotnet command for each project that matches, then the test results or the packed output.
//!
//! Feeds of Azure Artifacts are refused: nobody is signed in to them here. Packing is `dot_net_pack`.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::dot_net_pack::pack;
use super::refused::{Refused, check};
use super::tool::{Tool, run_tool};
use super::tool_line::split;
use super::within::{publish_tests, run_within};
use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::result::worse;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

const REFUSED: &[Refused] = &[Refused::new(
    "command",
    "push",
    "Use `command: custom` with `custom: nuget` and `arguments: push … --source …`.",
)];

pub(crate) struct DotNetCoreCli;

#[async_trait]
impl Task for DotNetCoreCli {
    fn spec(&self) -> &'static TaskSpec {
        &table::DOT_NET_CORE_CLI_2
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["dotnet"]
    }

    fn refused(&self) -> &'static [Refused] {
        REFUSED
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        check(REFUSED, self.spec(), step)?;
        let command = step.required("command")?.to_ascii_lowercase();
        match command.as_str() {
            "pack" => pack(step).await,
            "publish" => publish(step).await,
            "test" => test(step).await,
            "restore" => restore(step).await,
            "custom" => {
                let custom = split(step.required("custom")?);
                each(step, &projects(step).await?, |project| {
                    Tool::new("dotnet")
                        .args(custom.clone())
                        .args(project)
                        .line(step.input("arguments"))
                })
                .await
            }
            "run" => {
                each(step, &projects(step).await?, |project| {
                    let project =
                        project.into_iter().flat_map(|project| ["--project".to_owned(), project]);
                    Tool::new("dotnet").arg("run").args(project).line(step.input("arguments"))
                })
                .await
            }
            other => {
                each(step, &projects(step).await?, |project| {
                    Tool::new("dotnet").arg(other).args(project).line(step.input("arguments"))
                })
                .await
            }
        }
    }
}

/// Runs the tool for each project, or once without one. All of them run; any failure is one.
pub(super) async fn each(
    step: &StepScope,
    projects: &[PathBuf],
    tool: impl Fn(Option<String>) -> Tool,
) -> Result<RunResult, RunnerError> {
    let folder = step.working_folder()?;
    let all: Vec<Option<String>> = match projects {
        [] => vec![None],
        some => some.iter().map(|path| Some(path.display().to_string())).collect(),
    };
    let mut result = RunResult::Succeeded;
    for project in all {
        let end = run_tool(step, tool(project).at(&folder)).await?;
        match end.judge(step).await {
            RunResult::Canceled => return Ok(RunResult::Canceled),
            other => result = worse(result, other),
        }
    }
    Ok(result)
}

/// The projects that an input names; none if it names no pattern at all.
pub(super) async fn matching(step: &StepScope, input: &str) -> Result<Vec<PathBuf>, RunnerError> {
    // The vendor's field takes several patterns on one line, too.
    let patterns: Vec<String> = step
        .lines(input)
        .iter()
        .flat_map(|line| line.split(';'))
        .map(|pattern| pattern.trim().to_owned())
        .filter(|pattern| !pattern.is_empty())
        .collect();
    if patterns.is_empty() {
        return Ok(Vec::new());
    }
    let folder = step.working_folder()?;
    let (start, wanted) = (folder.clone(), patterns.clone());
    let files = blocking(move || find_files(&start, &wanted)).await?;
    if files.is_empty() {
        return Err(RunnerError::PathMissing { path: folder.join(patterns.join(";")) });
    }
    Ok(files)
}

async fn projects(step: &StepScope) -> Result<Vec<PathBuf>, RunnerError> {
    matching(step, "projects").await
}

async fn restore(step: &StepScope) -> Result<RunResult, RunnerError> {
    if let Some(feed) = step.input("feedRestore") {
        return Err(RunnerError::NotSupported {
            feature: format!("Restoring from the feed '{feed}'"),
            instead:
                "Put the feed and its token into a NuGet.config and name it in nugetConfigPath."
                    .to_owned(),
        });
    }
    let mut options: Vec<String> = Vec::new();
    if step.required("selectOrConfig")?.eq_ignore_ascii_case("config")
        && let Some(path) = step.input("nugetConfigPath")
    {
        options.extend(["--configfile".to_owned(), step.resolve(path).display().to_string()]);
    }
    if let Some(folder) = step.input("packagesDirectory") {
        options.extend(["--packages".to_owned(), step.resolve(folder).display().to_string()]);
    }
    if step.flag("noCache") {
        options.push("--no-cache".to_owned());
    }
    options.extend(verbosity(step, "verbosityRestore"));
    each(step, &projects(step).await?, |project| {
        Tool::new("dotnet")
            .arg("restore")
            .args(project)
            .args(options.clone())
            .line(step.input("restoreArguments"))
    })
    .await
}

/// `--verbosity Normal`, unless the input is `-`.
pub(super) fn verbosity(step: &StepScope, input: &str) -> Vec<String> {
    match step.input(input) {
        None | Some("-") => Vec::new(),
        Some(word) => vec!["--verbosity".to_owned(), word.to_owned()],
    }
}

async fn test(step: &StepScope) -> Result<RunResult, RunnerError> {
    let publishes = step.flag("publishTestResults");
    let results = step.job.folders.temp.display().to_string();
    let options = publishes.then_some(["--logger", "trx", "--results-directory", &results]);
    let tested = each(step, &projects(step).await?, |project| {
        let options = options.into_iter().flatten();
        Tool::new("dotnet").arg("test").args(project).args(options).line(step.input("arguments"))
    })
    .await?;
    if !publishes || tested == RunResult::Canceled {
        return Ok(tested);
    }
    let (folder, title) = (&step.job.folders.temp, step.input("testRunTitle"));
    let published = publish_tests(step, "VSTest", folder, "**/*.trx", title).await?;
    Ok(if tested == RunResult::Succeeded { published } else { tested })
}

async fn publish(step: &StepScope) -> Result<RunResult, RunnerError> {
    let projects = if step.flag("publishWebProjects") {
        web_projects(step).await?
    } else {
        projects(step).await?
    };
    let words = split(step.input("arguments").unwrap_or_default());
    let mut result = RunResult::Succeeded;
    let all: Vec<Option<&PathBuf>> = match projects.as_slice() {
        [] => vec![None],
        some => some.iter().map(Some).collect(),
    };
    for project in all {
        let (arguments, output) = with_output(step, &words, project);
        let tool = Tool::new("dotnet")
            .arg("publish")
            .args(project.map(|path| path.display().to_string()))
            .args(arguments)
            .at(step.working_folder()?);
        let published = run_tool(step, tool).await?.judge(step).await;
        result = worse(result, published);
        if published == RunResult::Succeeded && step.flag("zipAfterPublish") {
            let folder = match output {
                Some(folder) => Some(folder),
                None => default_output(step, project).await?,
            };
            if let Some(folder) = folder {
                result = worse(result, zip(step, &folder).await?);
            }
        }
    }
    Ok(result)
}

/// The arguments with the project's own folder in `--output`, and that folder.
fn with_output(
    step: &StepScope,
    words: &[String],
    project: Option<&PathBuf>,
) -> (Vec<String>, Option<PathBuf>) {
    let mut words = words.to_vec();
    let Some(at) = words.iter().position(|word| word == "--output" || word == "-o") else {
        return (words, None);
    };
    let Some(written) = words.get_mut(at + 1) else { return (words, None) };
    let mut folder = step.resolve(written);
    if step.flag("modifyOutputPath")
        && let Some(name) = project.and_then(|path| path.parent()).and_then(Path::file_name)
    {
        folder.push(name);
    }
    *written = folder.display().to_string();
    (words, Some(folder))
}

/// Where dotnet publishes to if nothing says where.
async fn default_output(
    step: &StepScope,
    project: Option<&PathBuf>,
) -> Result<Option<PathBuf>, RunnerError> {
    let folder = match project.and_then(|path| path.parent()) {
        Some(folder) => folder.to_owned(),
        None => step.working_folder()?,
    };
    let bin = folder.join("bin");
    let found = blocking(move || crate::glob::find(&bin, &["**/publish".to_owned()])).await?;
    Ok(found.into_iter().find(|path| path.is_dir()))
}

async fn zip(step: &StepScope, folder: &Path) -> Result<RunResult, RunnerError> {
    let archive = format!("{}.zip", folder.display());
    let inputs = [
        ("rootFolderOrFile", folder.display().to_string()),
        ("includeRootFolder", "false".to_owned()),
        ("archiveType", "zip".to_owned()),
        ("archiveFile", archive),
        ("replaceExistingArchive", "true".to_owned()),
    ];
    let result = run_within(step, ("ArchiveFiles", 2), &inputs).await?;
    if result == RunResult::Succeeded {
        std::fs::remove_dir_all(folder).on("Removing", folder)?;
    }
    Ok(result)
}

/// Projects that have the web SDK, a web.config or a wwwroot.
async fn web_projects(step: &StepScope) -> Result<Vec<PathBuf>, RunnerError> {
    let folder = step.working_folder()?;
    let patterns = ["**/*.csproj", "**/*.vbproj", "**/*.fsproj"].map(str::to_owned).to_vec();
    let start = folder.clone();
    let all = blocking(move || find_files(&start, &patterns)).await?;
    let is_web = |project: &PathBuf| {
        let beside = |name| project.parent().is_some_and(|folder| folder.join(name).exists());
        let text = std::fs::read_to_string(project).unwrap_or_default();
        text.to_ascii_lowercase().contains("microsoft.net.sdk.web")
            || beside("web.config")
            || beside("wwwroot")
    };
    let found: Vec<PathBuf> = all.into_iter().filter(is_web).collect();
    if found.is_empty() {
        step.line(
            "No web project was found: a web.config, a wwwroot folder or the SDK Microsoft.NET.Sdk.Web tells one. \
             Set `publishWebProjects: false` and `projects:` for others.",
        )
        .await;
        return Err(RunnerError::PathMissing { path: folder.join("**/*.csproj") });
    }
    Ok(found)
}
