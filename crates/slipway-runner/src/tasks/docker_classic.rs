//! `Docker@0` and `Docker@1`: any docker command by the docker program, with the inputs as its options.
//!
//! The two say the same with other words; [`Docker`](super::docker::Docker) is the version to use.

use async_trait::async_trait;
use slipway_core::RunResult;
use slipway_pipeline::catalog::TaskSpec;
use slipway_pipeline::plan::PlanStep;

use super::Task;
use super::docker_cli::{
    docker, failed, first_file, qualified, registry_of, run_docker, source_tags, with_tag,
    without_tag,
};
use super::tool::Tool;
use super::tool_line::split;
use crate::error::{OnPath, RunnerError};
use crate::glob::lines_of;
use crate::host::RegistryTarget;
use crate::step_scope::StepScope;

const OUTPUT: &str = "DockerOutput";

pub(crate) struct DockerClassic(pub(crate) &'static TaskSpec);

#[async_trait]
impl Task for DockerClassic {
    fn spec(&self) -> &'static TaskSpec {
        self.0
    }

    fn needs(&self, _: &PlanStep) -> Vec<&'static str> {
        vec!["docker"]
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if step.input("dockerHostEndpoint").is_some() {
            step.warning("dockerHostEndpoint is passed over: the engine of this machine is used.")
                .await;
        }
        let registry = registry_of(step).await?;
        let call = Call { step, registry, is_first: self.0.version == 0 };
        call.run().await
    }
}

struct Call<'a> {
    step: &'a StepScope,
    registry: Option<RegistryTarget>,
    /// `Docker@0`.
    is_first: bool,
}

impl Call<'_> {
    /// The input under the name that this version has for it.
    fn input(&self, first: &str, second: &str) -> Option<&str> {
        self.step.input(if self.is_first { first } else { second })
    }

    fn flag(&self, first: &str, second: &str) -> bool {
        self.step.flag(if self.is_first { first } else { second })
    }

    async fn run(&self) -> Result<RunResult, RunnerError> {
        let step = self.step;
        let word =
            step.required(if self.is_first { "action" } else { "command" })?.to_ascii_lowercase();
        match word.as_str() {
            "login" | "logout" => {
                let text = format!(
                    "docker {word}: nothing to do, registries of this house need no sign-in."
                );
                step.line(&text).await;
                Ok(RunResult::Succeeded)
            }
            "build" | "build an image" => self.build().await,
            "push" | "push an image" | "push images" => self.push().await,
            "tag" | "tag images" => self.tag().await,
            "run" | "run an image" => self.start().await,
            "run a docker command" => {
                let words = split(step.required("customCommand")?);
                self.docker(docker(step).args(words), "command").await
            }
            other => {
                let tool = docker(step).args(other.split_whitespace()).args(self.arguments());
                let image = (other == "pull").then(|| self.image()).transpose()?;
                self.docker(tool.args(image), other).await
            }
        }
    }

    /// Lines are words of one command line.
    fn arguments(&self) -> Vec<String> {
        if self.is_first {
            return Vec::new();
        }
        split(&self.step.input("arguments").unwrap_or_default().replace(['\n', '\r'], " "))
    }

    fn image(&self) -> Result<String, RunnerError> {
        let registry = self.registry.as_ref().filter(|_| self.step.flag("qualifyImageName"));
        Ok(qualified(self.step.required("imageName")?, registry))
    }

    /// The images of a file, or the one that is named.
    fn images(&self, is_many: bool) -> Result<Vec<String>, RunnerError> {
        let Some(path) = self.step.input("imageNamesPath").filter(|_| is_many) else {
            return Ok(vec![self.image()?]);
        };
        let path = self.step.resolve(path);
        let text = std::fs::read_to_string(&path).on("Reading", &path)?;
        let registry = self.registry.as_ref().filter(|_| self.step.flag("qualifyImageName"));
        Ok(lines_of(&text).iter().map(|name| qualified(name, registry)).collect())
    }

    /// Further tags that the inputs ask for.
    async fn tags(&self) -> Result<Vec<String>, RunnerError> {
        let step = self.step;
        let mut tags = if self.is_first { step.lines("additionalImageTags") } else { Vec::new() };
        if step.flag("includeSourceTags") {
            tags.extend(source_tags(step).await?);
        }
        if step.flag("includeLatestTag") {
            tags.push("latest".to_owned());
        }
        Ok(tags)
    }

    async fn docker(&self, tool: Tool, command: &str) -> Result<RunResult, RunnerError> {
        let step = self.step;
        let folder = if self.is_first { "cwd" } else { "currentWorkingDirectory" };
        let tool = tool.at(step.resolve(step.required(folder)?));
        let end = run_docker(step, tool, command, OUTPUT).await?;
        Ok(end.judge(step).await)
    }

    async fn build(&self) -> Result<RunResult, RunnerError> {
        let step = self.step;
        let pattern = step.required("dockerFile")?;
        let Some(file) = first_file(step, pattern).await? else {
            return Err(RunnerError::DockerfileMissing {
                pattern: pattern.to_owned(),
                folder: step.default_folder(),
            });
        };
        let default = file.parent().map(std::path::Path::to_owned).unwrap_or_default();
        let context = match self.input("context", "buildContext") {
            Some(path) if !self.flag("defaultContext", "useDefaultContext") => {
                step.resolve(path.trim_end_matches("/**"))
            }
            _ => default,
        };
        let image = self.image()?;
        let mut tool =
            docker(step).args(["build", "-f", &file.display().to_string(), "-t", &image]);
        for tag in self.tags().await? {
            tool = tool.args(["-t", &with_tag(&image, &tag)]);
        }
        if self.is_first {
            for line in step.lines("buildArguments") {
                tool = tool.args(["--build-arg", &line]);
            }
        }
        let tool = tool.args(self.arguments()).arg(context.display().to_string());
        self.docker(tool, "build").await
    }

    async fn push(&self) -> Result<RunResult, RunnerError> {
        let step = self.step;
        let word = if self.is_first { step.required("action")? } else { "" };
        let is_many = match self.is_first {
            true => word.eq_ignore_ascii_case("Push images"),
            false => step.flag("pushMultipleImages"),
        };
        for image in self.images(is_many)? {
            let mut all = vec![image.clone()];
            for tag in self.tags().await? {
                let tagged = with_tag(&image, &tag);
                if tagged != image {
                    let end = run_docker(
                        step,
                        docker(step).args(["tag", &image, &tagged]),
                        "tag",
                        OUTPUT,
                    )
                    .await?;
                    if let Some(result) = failed(step, &end).await {
                        return Ok(result);
                    }
                    all.push(tagged);
                }
            }
            for reference in &all {
                let tool = docker(step).arg("push").args(self.arguments()).arg(reference);
                let end = run_docker(step, tool, "push", OUTPUT).await?;
                if let Some(result) = failed(step, &end).await {
                    return Ok(result);
                }
            }
            self.tell_pushed(&image, &all).await?;
        }
        Ok(RunResult::Succeeded)
    }

    /// Reads the digest back from a registry of the house: only that is evidence.
    async fn tell_pushed(&self, image: &str, all: &[String]) -> Result<(), RunnerError> {
        let Some(target) = self.registry.as_ref().filter(|target| target.is_plain_http) else {
            return Ok(());
        };
        let Some(repository) = without_tag(image).strip_prefix(&format!("{}/", target.address))
        else {
            return Ok(());
        };
        let tags = all.iter().map(|reference| {
            let tag = reference.strip_prefix(without_tag(reference)).unwrap_or_default();
            tag.strip_prefix(':').unwrap_or("latest").to_owned()
        });
        let host = &self.step.job.run.host;
        let pushed = host.pushed_image(&target.address, repository, tags.collect()).await?;
        self.step.line(&format!("digest: {}", pushed.digest)).await;
        if let Some(path) = self.step.input("imageDigestFile") {
            let path = self.step.resolve(path);
            std::fs::write(&path, pushed.digest.as_str()).on("Writing", &path)?;
        }
        self.step.job.run.recorder.image_pushed(pushed).await;
        Ok(())
    }

    async fn tag(&self) -> Result<RunResult, RunnerError> {
        let step = self.step;
        for image in self.images(self.is_first || step.flag("tagMultipleImages"))? {
            let mut tags = self.tags().await?;
            tags.extend(self.arguments());
            for tag in tags {
                let target = if tag.contains(['/', ':']) { tag } else { with_tag(&image, &tag) };
                let end =
                    run_docker(step, docker(step).args(["tag", &image, &target]), "tag", OUTPUT)
                        .await?;
                if let Some(result) = failed(step, &end).await {
                    return Ok(result);
                }
            }
        }
        Ok(RunResult::Succeeded)
    }

    async fn start(&self) -> Result<RunResult, RunnerError> {
        let step = self.step;
        let is_detached = self.flag("detached", "runInBackground");
        let mut tool = docker(step).arg("run");
        if is_detached {
            tool = tool.arg("-d");
        }
        tool = tool.option("--name", step.input("containerName"));
        for (option, input) in [("-p", "ports"), ("-v", "volumes"), ("-e", "envVars")] {
            for line in step.lines(input) {
                tool = tool.args([option, &line]);
            }
        }
        tool = tool.option("-w", self.input("workDir", "workingDirectory"));
        tool = tool.option("--entrypoint", self.input("entrypoint", "entrypointOverride"));
        tool = tool.option("-m", self.input("memory", "memoryLimit"));
        let retries = self.input("restartMaxRetries", "maxRestartRetries");
        let restart =
            match step.input("restartPolicy").unwrap_or("no").to_ascii_lowercase().as_str() {
                "always" => Some("always".to_owned()),
                "unlessstopped" => Some("unless-stopped".to_owned()),
                "onfailure" => Some(
                    retries.map_or("on-failure".to_owned(), |most| format!("on-failure:{most}")),
                ),
                _ => None,
            };
        tool = match restart {
            Some(policy) => tool.args(["--restart", &policy]),
            // A container that nobody starts again is of no use once it has ended.
            None if !is_detached => tool.arg("--rm"),
            None => tool,
        };
        let tool =
            tool.args(self.arguments()).arg(self.image()?).line(step.input("containerCommand"));
        self.docker(tool, "run").await
    }
}
