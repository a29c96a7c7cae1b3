//! The docker program of this machine, for what the engine's API does not do in the words of a pipeline.
//!
//! Called by the tasks of Docker and Docker Compose. Deliberately not here: building and pushing for `Docker@2`,
//! which need no program.

use std::path::PathBuf;

use slipway_core::RunResult;

use super::told::tell;
use super::tool::{Tool, ToolEnd, is_there, run_tool};
use crate::error::{OnPath, RunnerError};
use crate::host::RegistryTarget;
use crate::step_scope::StepScope;

/// `docker`, or `podman` where only that is there, against the engine that the run uses.
pub(super) fn docker(step: &StepScope) -> Tool {
    let has_podman_only = !is_there(step, "docker") && is_there(step, "podman");
    let tool = Tool::new(if has_podman_only { "podman" } else { "docker" });
    match step.job.run.engine.as_ref() {
        Some(engine) if !has_podman_only && !is_set(step, "DOCKER_HOST") => {
            let socket = engine.socket();
            let host =
                if socket.contains("://") { socket.to_owned() } else { format!("unix://{socket}") };
            tool.env("DOCKER_HOST", host)
        }
        _ => tool,
    }
}

fn is_set(step: &StepScope, name: &str) -> bool {
    step.environment().iter().any(|(known, _)| known == name)
}

/// Runs it, and makes what it printed the output variable: the path of a file.
pub(super) async fn run_docker(
    step: &StepScope,
    tool: Tool,
    command: &str,
    output: &str,
) -> Result<ToolEnd, RunnerError> {
    let end = run_tool(step, tool.plain().kept()).await?;
    keep_output(step, command, output, &end.stdout)?;
    Ok(end)
}

/// Writes what was printed into a file and tells later steps its path.
pub(super) fn keep_output(
    step: &StepScope,
    command: &str,
    output: &str,
    text: &str,
) -> Result<(), RunnerError> {
    let folder = step.job.folders.temp.join("task_outputs");
    std::fs::create_dir_all(&folder).on("Creating", &folder)?;
    let name: String = command.chars().filter(char::is_ascii_alphanumeric).collect();
    let file = folder.join(format!("{name}_{}.txt", step.record));
    std::fs::write(&file, text).on("Writing", &file)?;
    tell(step, output, &file.display().to_string());
    Ok(())
}

/// The registry that an older task names by two inputs; the Azure one names its address.
pub(super) async fn registry_of(step: &StepScope) -> Result<Option<RegistryTarget>, RunnerError> {
    let kind = step.input("containerregistrytype").unwrap_or_default();
    let host = &step.job.run.host;
    if kind.eq_ignore_ascii_case("Container Registry") {
        return match step.input("dockerRegistryEndpoint") {
            Some(connection) => Ok(Some(host.container_registry(connection).await?)),
            None => Ok(None),
        };
    }
    // The input holds a name, or an object of Azure with the address in it.
    let Some(written) = step.input("azureContainerRegistry") else { return Ok(None) };
    let object = serde_json::from_str::<serde_json::Value>(written).ok();
    let server = object.as_ref().and_then(|object| object.get("loginServer")?.as_str());
    let text = "az and docker have to be signed in to the registry (`az acr login`); the task does not do it.";
    step.warning(text).await;
    let address = server.unwrap_or(written).trim().to_lowercase();
    Ok(Some(RegistryTarget { address, is_plain_http: false }))
}

/// An image's name with the registry before it, unless it is there.
pub(super) fn qualified(name: &str, registry: Option<&RegistryTarget>) -> String {
    let plain: String = name.to_lowercase().split_whitespace().collect();
    match registry {
        Some(target) if !plain.starts_with(&format!("{}/", target.address)) => {
            format!("{}/{plain}", target.address)
        }
        _ => plain,
    }
}

/// The same image with another tag.
pub(super) fn with_tag(image: &str, tag: &str) -> String {
    format!("{}:{tag}", without_tag(image))
}

/// The image's name alone.
pub(super) fn without_tag(image: &str) -> &str {
    match image.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

/// Tags of the commit that runs.
pub(super) async fn source_tags(step: &StepScope) -> Result<Vec<String>, RunnerError> {
    let tool = Tool::new("git").args(["tag", "--points-at", "HEAD"]).silent().kept();
    let end = run_tool(step, tool).await?;
    Ok(end.stdout.lines().map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect())
}

/// Stops a task with the result of a program that failed.
pub(super) async fn failed(step: &StepScope, end: &ToolEnd) -> Option<RunResult> {
    if end.is_success() { None } else { Some(end.judge(step).await) }
}

/// The file that a pattern finds first.
pub(super) async fn first_file(
    step: &StepScope,
    pattern: &str,
) -> Result<Option<PathBuf>, RunnerError> {
    let (folder, wanted) = (step.default_folder(), vec![pattern.to_owned()]);
    let found =
        crate::workspace::blocking(move || crate::glob::find_files(&folder, &wanted)).await?;
    Ok(found.into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_get_a_registry_and_a_tag() {
        let registry = RegistryTarget { address: "127.0.0.1:5000".to_owned(), is_plain_http: true };
        assert_eq!(qualified("Shop API:1", Some(&registry)), "127.0.0.1:5000/shopapi:1");
        assert_eq!(qualified("127.0.0.1:5000/a:1", Some(&registry)), "127.0.0.1:5000/a:1");
        assert_eq!(qualified("a", None), "a", "without a registry the name stays");
        assert_eq!(with_tag("127.0.0.1:5000/a", "2"), "127.0.0.1:5000/a:2", "a port is no tag");
        assert_eq!(with_tag("a:1", "2"), "a:2", "a tag is replaced");
    }
}
