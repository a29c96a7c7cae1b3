//! `Docker@2`: builds an image and pushes it to a registry of the house (§24.1).
//!
//! After a push the digest is read back from the registry: only that is evidence. What the engine prints is
//! shown but never obeyed, so an image build cannot issue logging commands.

use std::path::PathBuf;

use async_trait::async_trait;
use slipway_core::{Explain, LogLine, RunResult};
use slipway_engine::{BuildRequest, Engine, EngineError, EngineLine};
use slipway_pipeline::catalog::{TaskSpec, table};
use slipway_pipeline::plan::PlanStep;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::Task;
use super::docker_arguments::{BuildArguments, read};
use super::docker_cli::{docker, keep_output, run_docker};
use super::tool::is_there;
use crate::error::RunnerError;
use crate::glob::find_files;
use crate::host::RegistryTarget;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

const OUTPUT: &str = "DockerOutput";
/// What Azure's labels start with.
const LABELS: &str = "com.azure.dev.image";

pub(crate) struct Docker;

#[async_trait]
impl Task for Docker {
    fn spec(&self) -> &'static TaskSpec {
        &table::DOCKER_2
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        // Building and pushing is done by the engine itself.
        match step.input("command").unwrap_or("buildAndPush").to_ascii_lowercase().as_str() {
            "buildandpush" | "build" | "push" | "login" | "logout" => Vec::new(),
            word if word.contains("$(") => Vec::new(),
            _ => vec!["docker"],
        }
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        let command = step.required("command")?.to_ascii_lowercase();
        match command.as_str() {
            "login" | "logout" => {
                // A connection that nobody knows is told here, not by the push to come.
                let address = match step.input("containerRegistry") {
                    Some(connection) => {
                        step.job.run.host.container_registry(connection).await?.address
                    }
                    None => "any registry".to_owned(),
                };
                let text =
                    format!("docker {command}: nothing to do, {address} needs no sign-in here.");
                step.line(&text).await;
                Ok(RunResult::Succeeded)
            }
            "start" | "stop" => {
                let tool = docker(step).args([command.as_str(), step.required("container")?]);
                Ok(run_docker(step, tool, &command, OUTPUT).await?.judge(step).await)
            }
            "build" => build(step, &Naming::of(step).await?, true).await,
            "push" => push(step, &Naming::of(step).await?).await,
            "buildandpush" => {
                if step.input("arguments").is_some() {
                    step.warning(
                        "The arguments input is not supported when the command is buildAndPush. \
                         Ignoring the input.",
                    )
                    .await;
                }
                let naming = Naming::of(step).await?;
                match build(step, &naming, false).await? {
                    RunResult::Succeeded => push(step, &naming).await,
                    other => Ok(other),
                }
            }
            // Any other word is a command of docker's own.
            _ => {
                let words = command.split_whitespace();
                let arguments = step.input("arguments").unwrap_or_default().replace('\n', " ");
                let tool = docker(step).args(words).line(Some(&arguments));
                Ok(run_docker(step, tool, &command, OUTPUT).await?.judge(step).await)
            }
        }
    }
}

/// What the image is called.
struct Naming {
    registry: Option<RegistryTarget>,
    /// Without the registry; lower case, no blanks.
    repository: Option<String>,
    tags: Vec<String>,
}

impl Naming {
    async fn of(step: &StepScope) -> Result<Self, RunnerError> {
        let registry = match step.input("containerRegistry") {
            Some(connection) => Some(step.job.run.host.container_registry(connection).await?),
            None => None,
        };
        let repository = step.input("repository").map(|repository| {
            let name: String = repository.to_lowercase().split_whitespace().collect();
            let prefix = registry.as_ref().map(|target| format!("{}/", target.address));
            let bare = prefix.and_then(|prefix| name.strip_prefix(&prefix).map(str::to_owned));
            bare.unwrap_or(name)
        });
        let tags = step.required("tags").map(|tags| {
            let parts = tags.split([',', '\n']).map(str::trim).filter(|tag| !tag.is_empty());
            parts.map(str::to_owned).collect()
        })?;
        Ok(Self { registry, repository, tags })
    }

    fn references(&self) -> Vec<String> {
        let Some(repository) = &self.repository else { return Vec::new() };
        let name = match &self.registry {
            Some(target) => format!("{}/{repository}", target.address),
            None => repository.clone(),
        };
        self.tags.iter().map(|tag| format!("{name}:{tag}")).collect()
    }
}

fn engine(step: &StepScope) -> Result<&Engine, RunnerError> {
    let engine = step.job.run.engine.as_ref();
    engine.ok_or_else(|| RunnerError::EngineMissing { needed_by: step.task() })
}

fn engine_failed(error: &EngineError) -> RunnerError {
    RunnerError::Engine { message: error.to_string(), hint: error.hint() }
}

/// The Dockerfile and the folder that it may copy from.
async fn sources(step: &StepScope) -> Result<(PathBuf, PathBuf), RunnerError> {
    let pattern = step.required("Dockerfile")?.to_owned();
    let folder = step.default_folder();
    let (start, wanted) = (folder.clone(), vec![pattern.clone()]);
    let found = blocking(move || find_files(&start, &wanted)).await?;
    let dockerfile = found
        .into_iter()
        .next()
        .ok_or(RunnerError::DockerfileMissing { pattern, folder: folder.clone() })?;
    let context = match step.input("buildContext") {
        None | Some("**") => dockerfile.parent().unwrap_or(&folder).to_owned(),
        Some(path) => step.resolve(path.trim_end_matches("/**")),
    };
    if !context.is_dir() {
        return Err(RunnerError::PathMissing { path: context });
    }
    Ok((dockerfile, context))
}

async fn build(
    step: &StepScope,
    naming: &Naming,
    takes_arguments: bool,
) -> Result<RunResult, RunnerError> {
    let engine = engine(step)?;
    let (dockerfile, context) = sources(step).await?;
    let arguments = match step.input("arguments").filter(|_| takes_arguments) {
        Some(text) => read(text, &step.environment()),
        None => BuildArguments::default(),
    };
    let mut labels = pipeline_labels(step);
    let tags = naming.references();
    if !arguments.ignored.is_empty() && is_there(step, "docker") {
        // The engine's API does not have these options, the docker program does.
        let mut tool = docker(step).args(["build", "-f", &dockerfile.display().to_string()]);
        tool = tool.args(
            labels
                .into_iter()
                .flat_map(|(name, value)| ["--label".to_owned(), format!("{name}={value}")]),
        );
        let line = step.input("arguments").unwrap_or_default().replace('\n', " ");
        tool = tool.line(Some(&line));
        tool = tool.args(tags.into_iter().flat_map(|tag| ["-t".to_owned(), tag]));
        let tool = tool.arg(context.display().to_string());
        return Ok(run_docker(step, tool, "build", OUTPUT).await?.judge(step).await);
    }
    for option in &arguments.ignored {
        step.warning(&format!("The argument '{option}' is not supported and is ignored.")).await;
    }
    labels.extend(arguments.labels);
    step.line(&format!(
        "##[command]docker build -f {} {}{}",
        dockerfile.display(),
        tags.iter().map(|tag| format!("-t {tag} ")).collect::<String>(),
        context.display()
    ))
    .await;
    let request = BuildRequest {
        context,
        dockerfile,
        tags,
        build_args: arguments.build_args,
        labels,
        target: arguments.target,
    };
    let (lines, from_engine) = unbounded_channel();
    let (built, printed) =
        tokio::join!(engine.build(request, lines, &step.cancel), relay(step, from_engine));
    keep_output(step, "build", OUTPUT, &printed)?;
    let image = match built {
        Ok(image) => image,
        Err(EngineError::Cancelled { .. }) => return Ok(RunResult::Canceled),
        Err(error) => return Err(engine_failed(&error)),
    };
    step.line(&format!("Built image {}", image.image_id)).await;
    Ok(RunResult::Succeeded)
}

async fn push(step: &StepScope, naming: &Naming) -> Result<RunResult, RunnerError> {
    let engine = engine(step)?;
    let Some(repository) = &naming.repository else {
        step.required("repository")?;
        return Ok(RunResult::Failed);
    };
    let Some(target) = &naming.registry else {
        let text = "Not pushing to any registry as no login information was found. Set \
                    `containerRegistry:`.";
        step.warning(text).await;
        return Ok(RunResult::Succeeded);
    };
    let mut printed = String::new();
    for reference in naming.references() {
        step.line(&format!("##[command]docker push {reference}")).await;
        let (lines, from_engine) = unbounded_channel();
        let (pushed, lines) =
            tokio::join!(engine.push(&reference, lines, &step.cancel), relay(step, from_engine));
        printed.push_str(&lines);
        keep_output(step, "push", OUTPUT, &printed)?;
        match pushed {
            Ok(_) => {}
            Err(EngineError::Cancelled { .. }) => return Ok(RunResult::Canceled),
            Err(error) => return Err(engine_failed(&error)),
        }
    }
    let host = &step.job.run.host;
    let image = host.pushed_image(&target.address, repository, naming.tags.clone()).await?;
    step.line(&format!("Pushed {} ({} bytes)", image.reference(), image.size_bytes)).await;
    step.line(&format!("digest: {}", image.digest)).await;
    step.job.run.recorder.image_pushed(image).await;
    Ok(RunResult::Succeeded)
}

/// Hands the engine's lines to the log until the engine lets go of the sender, and answers with them.
async fn relay(step: &StepScope, mut from_engine: UnboundedReceiver<EngineLine>) -> String {
    let mut batch = Vec::new();
    let mut printed = String::new();
    while from_engine.recv_many(&mut batch, 200).await > 0 {
        let mut lines = Vec::with_capacity(batch.len());
        for line in batch.drain(..) {
            let text = step.writer.mask(&line.text);
            printed.push_str(&text);
            printed.push('\n');
            lines.push(LogLine { at: line.at, stream: line.stream, text });
        }
        step.writer.send(lines).await;
    }
    printed
}

fn pipeline_labels(step: &StepScope) -> Vec<(String, String)> {
    let always = ["System.TeamFoundationCollectionUri", "Build.SourceVersion"];
    let further = [
        "System.TeamProject",
        "Build.Repository.Name",
        "Build.Repository.Uri",
        "Build.SourceBranchName",
        "Build.DefinitionName",
        "Build.BuildNumber",
        "Build.BuildUri",
    ];
    let further = further.iter().filter(|_| step.flag("addPipelineData"));
    always
        .iter()
        .chain(further)
        .filter_map(|name| {
            // A path of this machine is nobody else's business.
            let value = step.job.variable(name).filter(|value| !value.starts_with('/'))?;
            Some((format!("{LABELS}.{}", name.to_lowercase()), value))
        })
        .collect()
}
