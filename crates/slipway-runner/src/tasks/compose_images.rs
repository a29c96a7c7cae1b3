//! The images of a Compose file's services: their names, tags and digests.
//!
//! Called by `docker_compose`. What Compose makes of its files is asked of itself, as JSON. Deliberately not here:
//! reading Compose files.

use std::path::PathBuf;

use serde_json::{Value, json};
use slipway_core::RunResult;

use super::docker_cli::{docker, failed, qualified, run_docker, source_tags, with_tag};
use super::docker_compose::Compose;
use super::tool::run_tool;
use crate::error::{OnPath, RunnerError};
use crate::host::RegistryTarget;
use crate::step_scope::StepScope;

const OUTPUT: &str = "DockerComposeOutput";

/// What the services' images are called.
pub(super) struct Images {
    /// Service and image of what is built.
    built: Vec<(String, String)>,
    /// The names differ from those that the files say.
    is_renamed: bool,
}

impl Images {
    /// Asks Compose, if the step needs to know.
    pub(super) async fn of(
        compose: &Compose<'_>,
        registry: Option<&RegistryTarget>,
    ) -> Result<Self, RunnerError> {
        let step = compose.step;
        let action = step.required("action")?.to_ascii_lowercase();
        let is_asked = matches!(action.as_str(), "build services" | "push services");
        if !is_asked {
            return Ok(Self { built: Vec::new(), is_renamed: false });
        }
        let tool = compose.tool(["config", "--format", "json"])?;
        let end = run_tool(step, tool.silent().kept()).await?;
        let read: Value = serde_json::from_str(&end.stdout).unwrap_or_default();
        let project = read.get("name").and_then(Value::as_str).unwrap_or("default").to_owned();
        let services = read.get("services").and_then(Value::as_object);
        let built =
            services.into_iter().flatten().filter(|(_, service)| service.get("build").is_some());
        let built = built.map(|(name, service)| {
            let own = service.get("image").and_then(Value::as_str).map(str::to_owned);
            let image = own.unwrap_or_else(|| format!("{project}-{name}"));
            (name.clone(), qualified(&image, registry))
        });
        Ok(Self { built: built.collect(), is_renamed: registry.is_some() })
    }

    /// A Compose file that gives the services their names; JSON is YAML too.
    pub(super) fn override_file(&self, step: &StepScope) -> Result<Option<PathBuf>, RunnerError> {
        if !self.is_renamed || self.built.is_empty() {
            return Ok(None);
        }
        let services: serde_json::Map<String, Value> = self
            .built
            .iter()
            .map(|(name, image)| (name.clone(), json!({ "image": image })))
            .collect();
        let path = step.job.folders.temp.join(format!("compose-images-{}.yml", step.record));
        let text = json!({ "services": services }).to_string();
        std::fs::write(&path, text).on("Writing", &path)?;
        Ok(Some(path))
    }
}

async fn tags(step: &StepScope) -> Result<Vec<String>, RunnerError> {
    let mut tags = step.lines("additionalImageTags");
    if step.flag("includeSourceTags") {
        tags.extend(source_tags(step).await?);
    }
    if step.flag("includeLatestTag") {
        tags.push("latest".to_owned());
    }
    Ok(tags)
}

/// Gives each image its further tags.
async fn tag(step: &StepScope, images: &Images) -> Result<Option<RunResult>, RunnerError> {
    for (_, image) in &images.built {
        for tag in tags(step).await? {
            let tool = docker(step).args(["tag", image, &with_tag(image, &tag)]);
            let end = run_tool(step, tool.plain()).await?;
            if let Some(result) = failed(step, &end).await {
                return Ok(Some(result));
            }
        }
    }
    Ok(None)
}

/// Builds the services' images and tags them.
pub(super) async fn build(
    compose: &Compose<'_>,
    images: &Images,
) -> Result<RunResult, RunnerError> {
    let built = compose.run("build", ["build"], true).await?;
    if built != RunResult::Succeeded {
        return Ok(built);
    }
    Ok(tag(compose.step, images).await?.unwrap_or(RunResult::Succeeded))
}

/// Pushes the services' images with all of their tags.
pub(super) async fn push(compose: &Compose<'_>, images: &Images) -> Result<RunResult, RunnerError> {
    let step = compose.step;
    if let Some(result) = tag(step, images).await? {
        return Ok(result);
    }
    for (_, image) in &images.built {
        let further = tags(step).await?;
        let all =
            std::iter::once(image.clone()).chain(further.iter().map(|tag| with_tag(image, tag)));
        for reference in all {
            let end =
                run_docker(step, docker(step).args(["push", &reference]), "push", OUTPUT).await?;
            if let Some(result) = failed(step, &end).await {
                return Ok(result);
            }
        }
    }
    Ok(RunResult::Succeeded)
}

/// A Compose file that names each service's image by its digest.
pub(super) async fn write_digests(compose: &Compose<'_>) -> Result<RunResult, RunnerError> {
    let step = compose.step;
    let path = step.resolve(step.required("imageDigestComposeFile")?);
    let tool = compose.tool(["config", "--resolve-image-digests", "--format", "json"])?;
    let end = run_tool(step, tool.silent().kept()).await?;
    if let Some(result) = failed(step, &end).await {
        return Ok(result);
    }
    let read: Value = serde_json::from_str(&end.stdout).unwrap_or_default();
    let services = read.get("services").and_then(Value::as_object);
    let mut text = String::from("services:\n");
    for (name, service) in services.into_iter().flatten() {
        if let Some(image) = service.get("image").and_then(Value::as_str) {
            text.push_str(&format!("  {name}:\n    image: {image}\n"));
        }
    }
    std::fs::write(&path, text).on("Writing", &path)?;
    step.line(&format!("Wrote {}", path.display())).await;
    Ok(RunResult::Succeeded)
}
