//! Why a step, a job or a run could not go on; each variant names the failed thing.
//!
//! Called by everything in this crate. Azure's own words stand first where Azure has some; the hint
//! says what to do next. Deliberately not here: exit codes of scripts, which are results, not errors.

use std::io;
use std::path::PathBuf;

use slipway_core::{ErrorKind, Explain};

use crate::host::HostError;

/// What went wrong in a step or job.
#[derive(Debug, thiserror::Error)]
pub enum RunnerError {
    #[error(
        "A task is missing. The pipeline references a task called '{task}', which this runner does not have."
    )]
    TaskUnknown { task: String },
    #[error("Input required: {input}. The step of {task} does not give it.")]
    InputMissing { task: String, input: String },
    #[error("The input '{input}' of {task} is '{value}', but it takes {expected}.")]
    InputInvalid { task: String, input: String, value: String, expected: String },
    #[error("{feature} is not supported by this runner.")]
    NotSupported { feature: String, instead: String },
    #[error("{place} cannot be evaluated: {message}")]
    Expression { place: String, message: String },
    #[error("Invalid file path '{path}'.")]
    ScriptMissing { path: String },
    #[error("The working directory {path} does not exist.")]
    WorkingDirectoryMissing { path: PathBuf },
    #[error("{program} is not installed on this machine, and {needed_by} needs it.")]
    ProgramMissing {
        program: String,
        needed_by: String,
        looked_in: Vec<PathBuf>,
        how: &'static str,
    },
    #[error("{task} is started by {}, which is not there.", .path.display())]
    TaskScriptMissing { task: String, path: PathBuf },
    #[error("{task} cannot run here: {reason}")]
    TaskNotRunnable { task: String, reason: String },
    #[error("{needed_by} needs the service connection '{name}', which is not known here: {why}")]
    ConnectionMissing { name: String, needed_by: String, why: String },
    #[error("No {tool} that satisfies '{wanted}' was found for {needed_by}.")]
    VersionMissing {
        tool: &'static str,
        wanted: String,
        needed_by: String,
        /// Each with its place.
        found: Vec<String>,
        how: String,
    },
    #[error("az is not signed in on this machine, and {needed_by} needs it.")]
    NotSignedIn { needed_by: String },
    #[error("{task} does not know which cluster to use.")]
    ClusterMissing { task: String },
    #[error("{program} could not be started: {source}.")]
    ProgramStart { program: String, source: io::Error },
    #[error("{program} could not be read or waited for: {source}.")]
    ProgramWait { program: String, source: io::Error },
    #[error("{action} {path} failed: {source}.")]
    Disk { action: &'static str, path: PathBuf, source: io::Error },
    #[error("The path {path} leads out of {folder}.")]
    PathOutside { path: String, folder: PathBuf },
    #[error("Path does not exist: {path}")]
    PathMissing { path: PathBuf },
    #[error("{file} cannot be copied: {target} is a folder.")]
    TargetIsFolder { file: PathBuf, target: PathBuf },
    #[error("The cache key's part '{segment}' {message}.")]
    CacheKey { segment: String, message: String },
    #[error("{path} has {bytes} bytes, more than the {limit} that `MaxArtifactSize` allows.")]
    ArtifactTooLarge { path: PathBuf, bytes: u64, limit: u64 },
    #[error("The step downloads from the pipeline '{alias}', which no resource names.")]
    AliasUnknown { alias: String },
    #[error(
        "The checkout step references the repository '{alias}' which is not defined by the pipeline"
    )]
    RepositoryUnknown { alias: String },
    #[error(
        "The submodule '{name}' ({path}) is not on this machine and cannot be fetched from {url}."
    )]
    SubmoduleMissing { name: String, path: String, url: String, folder: PathBuf },
    #[error("The Git LFS file {path}{} is not in {}.", more(*others), folder.join(".git/lfs").display())]
    LargeFileMissing { path: String, others: usize, folder: PathBuf },
    #[error("The archive {path} {message}.")]
    Archive { path: PathBuf, message: String },
    #[error(
        "Artifact name is not valid: {name}. It cannot contain '\\', '/', '\"', ':', '<', '>', '|', '*', and '?'"
    )]
    ArtifactName { name: String },
    #[error("The artifact name {name} holds a secret; names are shown everywhere.")]
    ArtifactNameSecret { name: String },
    #[error("The artifact '{name}' was already published by this run.")]
    ArtifactExists { name: String },
    #[error("The artifact '{name}' was not published by this run.")]
    ArtifactMissing { name: String },
    #[error("The pipeline has no '{word}' to run.")]
    ChoiceUnknown { word: String, known: Vec<String> },
    #[error("'{word}' means more than one part of the pipeline.")]
    ChoiceSeveral { word: String, places: Vec<String> },
    #[error("No Dockerfile matching {pattern} was found.")]
    DockerfileMissing { pattern: String, folder: PathBuf },
    #[error("No manifest file(s) matching {pattern} was found.")]
    ManifestMissing { pattern: String, folder: PathBuf },
    #[error("No test result files matching {pattern} were found.")]
    TestResultsMissing { pattern: String },
    #[error(
        "There are one or more test failures detected in result files: {failed} of {total} tests failed, first {first}."
    )]
    TestsFailed { failed: usize, total: usize, first: String },
    #[error("No container engine answers, and {needed_by} needs one.")]
    EngineMissing { needed_by: String },
    #[error("The image {image} of job {needed_by} is not here and cannot be fetched: {reason}")]
    ImageMissing { image: String, needed_by: String, reason: String },
    #[error(
        "A container resource with name {name} could not be found. The container resource does not exist."
    )]
    ContainerUnknown { name: String },
    #[error("{program} is not in the container {container}, and {needed_by} needs it.")]
    ProgramMissingInside { program: String, container: String, needed_by: String },
    #[error(
        "{task} needs Node, which the container {container} does not have, and this machine's cannot run in it."
    )]
    NodeMissingInside { task: String, container: String },
    #[error("The container {name} has ended, so nothing can run in it.")]
    ContainerLost { name: String },
    #[error("Failed to initialize, {name} service is unhealthy.{}", ended(*code))]
    ServiceUnhealthy { name: String, code: Option<i64> },
    #[error("{message}")]
    Engine { message: String, hint: Option<String> },
    #[error("A check of environment {environment} cannot be kept: {message}")]
    Check { environment: String, message: String },
    #[error("Job {job}: Resource {resource} does not exist in environment {environment}.")]
    ResourceMissing { job: String, resource: String, environment: String },
    #[error("{0}")]
    Host(#[from] HostError),
    #[error("KubernetesManifest@1 does not know which environment to deploy to.")]
    EnvironmentMissing,
    #[error("The action {action} finishes a canary, and the step's strategy is none.")]
    StrategyMissing { action: String },
    #[error("{limit_minutes} minutes are over. {what}")]
    TimedOut { limit_minutes: u32, what: String },
}

impl Explain for RunnerError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TaskUnknown { .. }
            | Self::InputMissing { .. }
            | Self::InputInvalid { .. }
            | Self::NotSupported { .. }
            | Self::Expression { .. }
            | Self::ScriptMissing { .. }
            | Self::WorkingDirectoryMissing { .. }
            | Self::PathOutside { .. }
            | Self::PathMissing { .. }
            | Self::TargetIsFolder { .. }
            | Self::Archive { .. }
            | Self::ArtifactTooLarge { .. }
            | Self::AliasUnknown { .. }
            | Self::RepositoryUnknown { .. }
            | Self::CacheKey { .. }
            | Self::ArtifactName { .. }
            | Self::ArtifactNameSecret { .. }
            | Self::ArtifactExists { .. }
            | Self::ArtifactMissing { .. }
            | Self::ChoiceUnknown { .. }
            | Self::ChoiceSeveral { .. }
            | Self::DockerfileMissing { .. }
            | Self::ManifestMissing { .. }
            | Self::TestResultsMissing { .. }
            | Self::TestsFailed { .. }
            | Self::EnvironmentMissing
            | Self::StrategyMissing { .. }
            | Self::TaskScriptMissing { .. }
            | Self::TaskNotRunnable { .. }
            | Self::ConnectionMissing { .. }
            | Self::ClusterMissing { .. }
            | Self::Check { .. }
            | Self::ResourceMissing { .. }
            | Self::ContainerUnknown { .. }
            | Self::ServiceUnhealthy { .. }
            | Self::TimedOut { .. } => ErrorKind::UserInput,
            Self::ProgramMissing { .. }
            | Self::VersionMissing { .. }
            | Self::NotSignedIn { .. }
            | Self::ProgramStart { .. }
            | Self::ProgramWait { .. }
            | Self::Disk { .. }
            | Self::SubmoduleMissing { .. }
            | Self::LargeFileMissing { .. }
            | Self::EngineMissing { .. }
            | Self::ImageMissing { .. }
            | Self::ContainerLost { .. }
            | Self::ProgramMissingInside { .. }
            | Self::NodeMissingInside { .. }
            | Self::Engine { .. } => ErrorKind::Unavailable,
            Self::Host(error) => error.kind(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::TaskUnknown { .. } => "task_unknown",
            Self::InputMissing { .. } => "input_missing",
            Self::InputInvalid { .. } => "input_invalid",
            Self::NotSupported { .. } => "not_supported",
            Self::Expression { .. } => "expression_invalid",
            Self::ScriptMissing { .. } => "script_missing",
            Self::WorkingDirectoryMissing { .. } => "working_directory_missing",
            Self::ProgramMissing { .. } => "program_missing",
            Self::VersionMissing { .. } => "version_missing",
            Self::TaskScriptMissing { .. } => "task_script_missing",
            Self::TaskNotRunnable { .. } => "task_not_runnable",
            Self::ConnectionMissing { .. } => "connection_missing",
            Self::NotSignedIn { .. } => "not_signed_in",
            Self::ClusterMissing { .. } => "cluster_missing",
            Self::ProgramStart { .. } => "program_start",
            Self::ProgramWait { .. } => "program_wait",
            Self::Disk { .. } => "disk",
            Self::PathOutside { .. } => "path_outside",
            Self::PathMissing { .. } => "path_missing",
            Self::TargetIsFolder { .. } => "target_is_folder",
            Self::Archive { .. } => "archive_failed",
            Self::ArtifactTooLarge { .. } => "artifact_too_large",
            Self::AliasUnknown { .. } => "alias_unknown",
            Self::RepositoryUnknown { .. } => "repository_unknown",
            Self::SubmoduleMissing { .. } => "submodule_missing",
            Self::LargeFileMissing { .. } => "large_file_missing",
            Self::CacheKey { .. } => "cache_key_invalid",
            Self::ArtifactName { .. } => "artifact_name",
            Self::ArtifactNameSecret { .. } => "artifact_name_secret",
            Self::ArtifactExists { .. } => "artifact_exists",
            Self::ArtifactMissing { .. } => "artifact_missing",
            Self::ChoiceUnknown { .. } => "choice_unknown",
            Self::ChoiceSeveral { .. } => "choice_several",
            Self::DockerfileMissing { .. } => "dockerfile_missing",
            Self::ManifestMissing { .. } => "manifest_missing",
            Self::TestResultsMissing { .. } => "test_results_missing",
            Self::TestsFailed { .. } => "tests_failed",
            Self::EngineMissing { .. } => "engine_unreachable",
            Self::ImageMissing { .. } => "image_missing",
            Self::ContainerUnknown { .. } => "container_unknown",
            Self::ContainerLost { .. } => "container_lost",
            Self::ProgramMissingInside { .. } => "program_missing_inside",
            Self::NodeMissingInside { .. } => "node_missing_inside",
            Self::ServiceUnhealthy { .. } => "service_unhealthy",
            Self::Engine { .. } => "engine_failed",
            Self::Check { .. } => "check_invalid",
            Self::ResourceMissing { .. } => "resource_missing",
            Self::Host(error) => error.code(),
            Self::EnvironmentMissing => "environment_missing",
            Self::StrategyMissing { .. } => "strategy_missing",
            Self::TimedOut { .. } => "timed_out",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::TaskUnknown { .. } => {
                Some("Use `script:` or `bash:` instead, or check the task's name and version.".into())
            }
            Self::TaskScriptMissing { .. } => {
                Some("Build the task, or add the folder of a built one.".into())
            }
            Self::TaskNotRunnable { .. } => {
                Some("Use another task, or start the run without this step.".into())
            }
            Self::ConnectionMissing { name, .. } => Some(format!(
                "Make a variable group '{name}' with `url`, `scheme` and the parameters of the \
                 connection, such as `username` and `password`."
            )),
            Self::InputMissing { input, .. } => Some(format!("Add `{input}:` under `inputs:`.")),
            Self::NotSupported { instead, .. } => Some(instead.clone()),
            Self::ScriptMissing { .. } => {
                Some("The path is relative to $(System.DefaultWorkingDirectory).".into())
            }
            Self::WorkingDirectoryMissing { .. } => Some(
                "Create it in an earlier step, or correct `workingDirectory:`; deployment jobs do \
                 not check out sources unless a step says `checkout: self`."
                    .into(),
            ),
            Self::ProgramMissing { program, looked_in, how, .. } => {
                let mut hint = format!("Install {program}, or put its folder on PATH.");
                if !how.is_empty() {
                    hint.push(' ');
                    hint.push_str(how);
                }
                let folders: Vec<_> = looked_in.iter().map(|at| at.display().to_string()).collect();
                if !folders.is_empty() {
                    hint.push_str(&format!(" It was looked for in {}.", folders.join(", ")));
                }
                Some(hint)
            }
            Self::VersionMissing { found, how, .. } => {
                let found = match found.as_slice() {
                    [] => "None is installed.".to_owned(),
                    some => format!("Installed: {}.", some.join(", ")),
                };
                Some(format!("{found} {how}"))
            }
            Self::NotSignedIn { .. } => Some(
                "Run `az login` (or `az login --service-principal`) and `az account set`, then run the \
                 pipeline again."
                    .into(),
            ),
            Self::ClusterMissing { .. } => Some(
                "Put the step into a `deployment:` job whose environment is a Kubernetes namespace, name such an \
                 environment in the service connection's input, or set KUBECONFIG in the pipeline; this \
                 machine's current context is never taken by itself."
                    .into(),
            ),
            Self::AliasUnknown { .. } => Some("Add it under `resources: pipelines:`.".into()),
            Self::RepositoryUnknown { .. } => {
                Some("Add it under `resources: repositories:`.".into())
            }
            Self::SubmoduleMissing { folder, .. } => Some(format!(
                "Run `git submodule update --init --recursive` in {}, so that its commit lies on this \
                 machine, then run again.",
                folder.display()
            )),
            Self::LargeFileMissing { folder, .. } => Some(format!(
                "Run `git lfs fetch --all` in {}, then run again; git-lfs is at https://git-lfs.com.",
                folder.display()
            )),
            Self::Disk { .. } => Some("Check free space and permissions of that folder.".into()),
            Self::ArtifactExists { name } => {
                Some(format!("Artifacts never change: publish under another name than '{name}'."))
            }
            Self::ArtifactMissing { name } => Some(format!(
                "Publish it in an earlier step with `publish:` and `artifact: {name}`."
            )),
            Self::ChoiceUnknown { known, .. } if known.is_empty() => {
                Some("Name a stage, a job or a step as the file does.".into())
            }
            Self::ChoiceUnknown { known, .. } => Some(format!("There is: {}.", known.join(", "))),
            Self::ChoiceSeveral { places, .. } => {
                Some(format!("Say which: {}.", places.join(", ")))
            }
            Self::DockerfileMissing { folder, .. } => Some(format!(
                "The runner looked under {}; set the input `Dockerfile:`.",
                folder.display()
            )),
            Self::ManifestMissing { folder, .. } => Some(format!(
                "Paths are relative to {}; artifacts are under $(Pipeline.Workspace)/<artifact>.",
                folder.display()
            )),
            Self::TestsFailed { .. } => Some("The run's tests show each failure's message.".into()),
            Self::EngineMissing { .. } => {
                Some("Start Docker or Podman, then run the pipeline again.".into())
            }
            Self::ImageMissing { image, .. } => Some(format!(
                "Make it (docker build -t {image} …), load it (docker load), or sign in to its \
                 registry (docker login) and check that it can be reached."
            )),
            Self::ContainerUnknown { .. } => {
                Some("Add it to `resources: containers:`, or name one that is there.".into())
            }
            Self::ProgramMissingInside { .. } => {
                Some("Use an image that has it, or give the step `target: host`.".into())
            }
            Self::NodeMissingInside { .. } => Some(
                "Use an image with Node, or one with glibc and libstdc++, or give the step `target: host`."
                    .into(),
            ),
            Self::ContainerLost { .. } => Some(
                "Its image ends by itself, or memory ran out: see the log of Initialize containers."
                    .into(),
            ),
            Self::ServiceUnhealthy { name, .. } => Some(format!(
                "Its last lines stand above; check `env:` and `options:` of {name}."
            )),
            Self::Engine { hint, .. } => hint.clone(),
            Self::Check { environment, .. } => {
                Some(format!("Correct the checks of environment {environment}."))
            }
            Self::ResourceMissing { environment, .. } => {
                Some(format!("Add it to the targets of environment {environment}."))
            }
            Self::Host(error) => error.hint(),
            Self::StrategyMissing { .. } => {
                Some("Add `strategy: canary` to its inputs, as in the step that deployed it.".into())
            }
            Self::EnvironmentMissing => Some(
                "Put the step into a `deployment:` job with `environment:`, or name an environment \
                 in `kubernetesServiceConnection:`."
                    .into(),
            ),
            Self::InputInvalid { .. }
            | Self::Expression { .. }
            | Self::ProgramStart { .. }
            | Self::ProgramWait { .. }
            | Self::PathOutside { .. }
            | Self::PathMissing { .. }
            | Self::TargetIsFolder { .. }
            | Self::Archive { .. }
            | Self::ArtifactTooLarge { .. }
            | Self::CacheKey { .. }
            | Self::ArtifactName { .. }
            | Self::ArtifactNameSecret { .. }
            | Self::TestResultsMissing { .. }
            | Self::TimedOut { .. } => None,
        }
    }
}

fn more(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => " (and 1 more)".to_owned(),
        count => format!(" (and {count} more)"),
    }
}

fn ended(code: Option<i64>) -> String {
    code.map(|code| format!(" It ended with code {code}.")).unwrap_or_default()
}

/// Names the file that an input or output error belongs to.
pub(crate) trait OnPath<T> {
    /// Turns the error into [`RunnerError::Disk`].
    fn on(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, RunnerError>;
}

impl<T> OnPath<T> for Result<T, io::Error> {
    fn on(self, action: &'static str, path: impl Into<PathBuf>) -> Result<T, RunnerError> {
        self.map_err(|source| RunnerError::Disk { action, path: path.into(), source })
    }
}
