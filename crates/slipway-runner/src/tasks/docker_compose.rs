//! `DockerCompose@0` and `DockerCompose@1`: `docker compose`, or `docker-compose` where only that is there.

use std::path::PathBuf;

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::compose_images::{Images, build, push, write_digests};
use super::docker_cli::{docker, registry_of, run_docker};
use super::tool::{Tool, run_tool};
use super::tool_line::split;
use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::step_scope::StepScope;
use crate::workspace::blocking;

const OUTPUT: &str = "DockerComposeOutput";

pub(crate) struct DockerCompose(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for DockerCompose {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, step: &PlanStep) -> Vec<&'static str> {
        match step.input("dockerComposePath") {
            Some(_) => Vec::new(),
            None => vec!["docker|docker-compose"],
        }
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if step.input("dockerHostEndpoint").is_some() {
            step.warning("dockerHostEndpoint is passed over: the engine of this machine is used.")
                .await;
        }
        let Some(files) = files(step).await? else { return Ok(RunResult::Succeeded) };
        let mut compose = Compose { step, program: program(step).await?, files };
        let registry = registry_of(step).await?.filter(|_| step.flag("qualifyImageNames"));
        let images = Images::of(&compose, registry.as_ref()).await?;
        compose.files.extend(images.override_file(step)?);
        let action = step.required("action")?.to_ascii_lowercase();
        match action.as_str() {
            "build services" => build(&compose, &images).await,
            "push services" => push(&compose, &images).await,
            "run services" => up(&compose).await,
            "run a specific service" => run_service(&compose).await,
            "lock services" => written(&compose, &["config", "--resolve-image-digests"]).await,
            "combine configuration" => written(&compose, &["config"]).await,
            "write service image digests" => write_digests(&compose).await,
            _ => {
                let words = split(step.required("dockerComposeCommand")?);
                let command = words.first().cloned().unwrap_or_default();
                compose.run(&command, words, true).await
            }
        }
    }
}

/// How the program is called for this step.
pub(super) struct Compose<'a> {
    pub(super) step: &'a StepScope,
    /// Which program it is, with its first words.
    program: Program,
    files: Vec<PathBuf>,
}

enum Program {
    Plugin,
    Alone(String),
}

impl Compose<'_> {
    /// The program with the files, the project and these words.
    pub(super) fn tool<T: Into<String>>(
        &self,
        words: impl IntoIterator<Item = T>,
    ) -> Result<Tool, RunnerError> {
        let step = self.step;
        let mut tool = match &self.program {
            Program::Plugin => docker(step).arg("compose"),
            Program::Alone(path) => Tool::new(path.as_str()),
        };
        for file in &self.files {
            tool = tool.args(["-f", &file.display().to_string()]);
        }
        if let Some(name) = step.input("projectName") {
            tool = tool.args(["-p", &project(name)]);
        }
        for line in step.lines("dockerComposeFileArgs") {
            if let Some((name, value)) = line.split_once('=') {
                tool = tool.env(name.trim(), value.trim());
            }
        }
        Ok(tool.args(words).at(step.resolve(step.required("cwd")?)))
    }

    /// Runs a command; the further arguments of the step belong to it.
    pub(super) async fn run<T: Into<String>>(
        &self,
        command: &str,
        words: impl IntoIterator<Item = T>,
        takes_arguments: bool,
    ) -> Result<RunResult, RunnerError> {
        let further = self.step.input("arguments").filter(|_| takes_arguments);
        let further = further.map(|text| text.replace(['\n', '\r'], " "));
        let tool = self.tool(words)?.line(further.as_deref());
        Ok(run_docker(self.step, tool, command, OUTPUT).await?.judge(self.step).await)
    }
}

/// A project's name as Compose takes it.
fn project(name: &str) -> String {
    let name = name.to_lowercase();
    let kept =
        name.chars().filter(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter));
    kept.collect::<String>().trim_start_matches(['-', '_']).to_owned()
}

async fn program(step: &StepScope) -> Result<Program, RunnerError> {
    if let Some(path) = step.input("dockerComposePath") {
        return Ok(Program::Alone(step.resolve(path).display().to_string()));
    }
    // What a container has is only known by trying.
    if step.is_in_container() || super::tool::is_there(step, "docker") {
        let ask = docker(step).args(["compose", "version"]).silent();
        match run_tool(step, ask).await {
            Ok(asked) if asked.is_success() => return Ok(Program::Plugin),
            Ok(_) | Err(RunnerError::ProgramMissingInside { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    super::tool::find(step, "docker-compose")?;
    Ok(Program::Alone("docker-compose".to_owned()))
}

/// The Compose files; `None` if there is none and the step takes that.
async fn files(step: &StepScope) -> Result<Option<Vec<PathBuf>>, RunnerError> {
    let pattern = step.required("dockerComposeFile")?.to_owned();
    let (folder, wanted) = (step.resolve(step.required("cwd")?), vec![pattern.clone()]);
    let start = folder.clone();
    let found = blocking(move || find_files(&start, &wanted)).await?;
    let Some(first) = found.into_iter().next() else {
        if step.flag("nopIfNoDockerComposeFile") {
            step.line(&format!("No Docker Compose file matching {pattern} was found.")).await;
            return Ok(None);
        }
        return Err(RunnerError::PathMissing { path: folder.join(pattern) });
    };
    let mut files = vec![first.clone()];
    let beside = first.parent().unwrap_or(&folder).to_owned();
    for line in step.lines("additionalDockerComposeFiles") {
        let path = crate::workspace::normal(&beside.join(&line));
        match path.is_file() {
            true => files.push(path),
            false if step.flag("requireAdditionalDockerComposeFiles") => {
                return Err(RunnerError::PathMissing { path });
            }
            false => {}
        }
    }
    Ok(Some(files))
}

async fn up(compose: &Compose<'_>) -> Result<RunResult, RunnerError> {
    let step = compose.step;
    let mut words = vec!["up"];
    if step.flag("detached") {
        words.push("-d");
    } else if step.flag("abortOnContainerExit") {
        words.push("--abort-on-container-exit");
    }
    if step.flag("buildImages") {
        words.push("--build");
    }
    compose.run("up", words, true).await
}

async fn run_service(compose: &Compose<'_>) -> Result<RunResult, RunnerError> {
    let step = compose.step;
    let mut words = vec!["run".to_owned()];
    if step.flag("detached") {
        words.push("-d".to_owned());
    }
    for (option, input) in
        [("--name", "containerName"), ("--workdir", "workDir"), ("--entrypoint", "entrypoint")]
    {
        if let Some(value) = step.input(input) {
            words.extend([option.to_owned(), value.to_owned()]);
        }
    }
    words.extend(step.lines("ports").into_iter().flat_map(|port| ["-p".to_owned(), port]));
    words.extend(split(&step.input("arguments").unwrap_or_default().replace('\n', " ")));
    words.push(step.required("serviceName")?.to_owned());
    words.extend(split(step.input("containerCommand").unwrap_or_default()));
    compose.run("run", words, false).await
}

/// The configuration as Compose sees it, written to a file.
async fn written(compose: &Compose<'_>, words: &[&str]) -> Result<RunResult, RunnerError> {
    let step = compose.step;
    let path = step.resolve(step.required("outputDockerComposeFile")?);
    let tool = compose.tool(words.iter().copied())?;
    let end = run_tool(step, tool.plain().kept()).await?;
    if end.is_success() {
        std::fs::write(&path, &end.stdout).on("Writing", &path)?;
        step.line(&format!("Wrote {}", path.display())).await;
    }
    Ok(end.judge(step).await)
}

#[cfg(test)]
mod tests {
    use super::project;

    #[test]
    fn a_projects_name_is_what_compose_takes() {
        assert_eq!(project("My Shop.Web"), "myshopweb", "capitals, blanks and dots are not taken");
        assert_eq!(project("_shop-1"), "shop-1", "it begins with a letter or a digit");
    }
}
