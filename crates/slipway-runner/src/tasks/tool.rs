//! Runs a program of a task: found on the step's PATH, with the step's environment, log and cancel.
//!
//! Called by the tasks that stand for a tool (`npm`, `maven`, `helm` and so on). Scripts go through `script`,
//! which judges an exit code in the words of its shell. Deliberately not here: what a program means.

use std::path::{Path, PathBuf};

use slipway_core::RunResult;

use super::tool_line::{quoted, split};
use crate::error::RunnerError;
use crate::output::{Hearing, Output};
use crate::process::{ProcessEnd, ProcessOrder, run};
use crate::step_scope::StepScope;

/// A program that is ready to start.
#[derive(Debug)]
pub(crate) struct Tool {
    /// A name that PATH knows, or a path.
    program: String,
    arguments: Vec<String>,
    /// The default working directory if left out.
    folder: Option<PathBuf>,
    environment: Vec<(String, String)>,
    hearing: Hearing,
    is_kept: bool,
    is_stderr_error: bool,
}

/// How a program ended.
#[derive(Debug)]
pub(crate) struct ToolEnd {
    /// As it was started.
    pub(crate) program: String,
    /// None if it was stopped.
    pub(crate) code: Option<i32>,
    /// What it wrote to stdout, if the tool was [`Tool::kept`].
    pub(crate) stdout: String,
    fails_on_stderr: bool,
}

impl Tool {
    pub(crate) fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            arguments: Vec::new(),
            folder: None,
            environment: Vec::new(),
            hearing: Hearing::Obeyed,
            is_kept: false,
            is_stderr_error: false,
        }
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, argument: impl Into<String>) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments.
    pub(crate) fn args<T: Into<String>>(mut self, arguments: impl IntoIterator<Item = T>) -> Self {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Adds the arguments of a line, split as the vendor's tasks do.
    pub(crate) fn line(self, line: Option<&str>) -> Self {
        self.args(split(line.unwrap_or_default()))
    }

    /// Adds an option and its value, if there is one.
    pub(crate) fn option(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.arg(name).arg(value),
            None => self,
        }
    }

    /// Starts it in this folder.
    pub(crate) fn at(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Adds to its environment.
    pub(crate) fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Adds to its environment.
    pub(crate) fn envs(mut self, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        self.environment.extend(pairs);
        self
    }

    /// Shows its output, but does not obey what stands in it.
    pub(crate) fn plain(mut self) -> Self {
        self.hearing = Hearing::Shown;
        self
    }

    /// Neither shows its output nor obeys it.
    pub(crate) fn silent(mut self) -> Self {
        self.hearing = Hearing::Silent;
        self
    }

    /// Keeps what it writes to stdout.
    pub(crate) fn kept(mut self) -> Self {
        self.is_kept = true;
        self
    }

    /// Each line of stderr is an error, and any of them a failure.
    pub(crate) fn fails_on_stderr(mut self, does: bool) -> Self {
        self.is_stderr_error = does;
        self
    }

    /// The command line, for the log.
    pub(crate) fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        words.map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }
}

impl ToolEnd {
    pub(crate) fn is_success(&self) -> bool {
        self.code == Some(0) && !self.fails_on_stderr
    }

    /// The step's result; a failure is told in the words of the vendor's tool runner.
    pub(crate) async fn judge(&self, step: &StepScope) -> RunResult {
        match self.code {
            None => RunResult::Canceled,
            Some(0) if self.fails_on_stderr => {
                let text = format!(
                    "The process '{}' failed because one or more lines were written to the STDERR \
                     stream",
                    self.program
                );
                step.error(&text).await;
                RunResult::Failed
            }
            Some(0) => RunResult::Succeeded,
            Some(code) => {
                let program = &self.program;
                let text = format!("The process '{program}' failed with exit code {code}");
                step.error(&text).await;
                RunResult::Failed
            }
        }
    }
}

/// Runs a program to its end. An error means that it could not be run at all.
pub(crate) async fn run_tool(step: &StepScope, tool: Tool) -> Result<ToolEnd, RunnerError> {
    let program = find(step, &tool.program)?;
    let folder = tool.folder.clone().unwrap_or_else(|| step.default_folder());
    if !folder.is_dir() {
        return Err(RunnerError::WorkingDirectoryMissing { path: folder });
    }
    if tool.hearing != Hearing::Silent {
        step.line(&format!("##[command]{}", tool.shown())).await;
    }
    let mut environment = step.environment();
    environment.extend(tool.environment);
    let name = program.display().to_string();
    let order = ProcessOrder {
        program,
        arguments: tool.arguments.into_iter().map(Into::into).collect(),
        folder,
        environment,
        marker: step.record.to_string(),
    };
    let mut output = Output::new(step, tool.is_stderr_error).heard(tool.hearing, tool.is_kept);
    let end = run(&order, &mut output, &step.cancel).await?;
    let code = match end {
        ProcessEnd::Exited(code) => Some(code),
        ProcessEnd::Stopped => None,
    };
    let fails_on_stderr = tool.is_stderr_error && output.has_stderr;
    Ok(ToolEnd { program: name, code, stdout: output.kept(), fails_on_stderr })
}

/// Runs a program and judges it: what most tasks end with.
pub(crate) async fn run_judged(step: &StepScope, tool: Tool) -> Result<RunResult, RunnerError> {
    Ok(run_tool(step, tool).await?.judge(step).await)
}

/// The program that a name means on the step's PATH. A path is taken as it is.
pub(crate) fn find(step: &StepScope, program: &str) -> Result<PathBuf, RunnerError> {
    if step.is_in_container() && !program.contains('/') {
        // The container's PATH decides; what this machine has means nothing there.
        return Ok(PathBuf::from(program));
    }
    let folders = path_of(step);
    if program.contains('/') && is_only_inside(step, &step.resolve(program)) {
        return Ok(step.resolve(program));
    }
    let candidates: Vec<PathBuf> = if program.contains('/') {
        vec![step.resolve(program)]
    } else {
        folders.iter().map(|folder| folder.join(program)).collect()
    };
    candidates.into_iter().find(|candidate| is_program(candidate)).ok_or_else(|| {
        RunnerError::ProgramMissing {
            program: program.to_owned(),
            needed_by: step.task(),
            looked_in: if program.contains('/') { Vec::new() } else { folders },
            how: how_to_get(program),
        }
    })
}

/// True for a path of the step's container: what this machine has there means nothing.
pub(crate) fn is_only_inside(step: &StepScope, path: &Path) -> bool {
    step.is_in_container() && !path.starts_with(&step.job.run.work_root)
}

/// True if the step's PATH knows the program.
pub(crate) fn is_there(step: &StepScope, program: &str) -> bool {
    // What a container's own folders hold is only known there.
    path_of(step).iter().any(|folder| is_program(&folder.join(program)))
}

/// The folders of the step's PATH.
fn path_of(step: &StepScope) -> Vec<PathBuf> {
    let environment = step.environment();
    let path = environment.iter().rev().find(|(name, _)| name == "PATH");
    let folders = path.map(|(_, path)| std::env::split_paths(path).collect());
    let mut folders: Vec<PathBuf> = folders.unwrap_or_default();
    if step.is_in_container() {
        folders.retain(|folder| folder.starts_with(&step.job.run.work_root));
    }
    folders
}

/// True for a file that may be started.
pub(crate) fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path)
        .is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
}

/// Where a program comes from, for whoever does not have it.
pub(crate) fn how_to_get(program: &str) -> &'static str {
    let name = program.rsplit('/').next().unwrap_or(program);
    match name {
        "az" => {
            "See https://learn.microsoft.com/cli/azure/install-azure-cli, then sign in with `az login`."
        }
        "docker" => "See https://docs.docker.com/engine/install/; Debian has it as docker.io.",
        "docker-compose" => {
            "Install Docker's compose plugin, or docker-compose from your packages."
        }
        "dotnet" => "See https://dotnet.microsoft.com/download.",
        "go" => "See https://go.dev/dl; Debian has it as golang-go.",
        "gradle" => "Commit the Gradle wrapper (gradlew), or see https://gradle.org/install.",
        "helm" => "See https://helm.sh/docs/intro/install.",
        "java" | "javac" => "Debian has it as default-jdk-headless; see also https://adoptium.net.",
        "kubectl" => "See https://kubernetes.io/docs/tasks/tools.",
        "mvn" => "Debian has it as maven; see also https://maven.apache.org/install.html.",
        "node" | "npm" => "See https://nodejs.org/download; Debian has them as nodejs and npm.",
        "pwsh" => {
            "See https://learn.microsoft.com/powershell/scripting/install/installing-powershell-on-linux."
        }
        "python" | "python3" => "Debian has it as python3; other versions come with pyenv or uv.",
        _ => "",
    }
}
