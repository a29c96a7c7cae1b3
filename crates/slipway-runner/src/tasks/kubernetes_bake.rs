//! The action `bake` of `KubernetesManifest`: a chart, a kustomization or a Compose file becomes one file of
//! manifests, with the images of `containers:` put in.
//!
//! Called by `kubernetes_manifest`. Deliberately not here: deploying what was baked.

use slipway_core::RunResult;

use super::told::tell;
use super::tool::{Tool, run_tool};
use crate::error::{OnPath, RunnerError};
use crate::step_scope::StepScope;

/// Renders, and tells `manifestsBundle`.
pub(super) async fn bake(step: &StepScope) -> Result<RunResult, RunnerError> {
    let tool = match step.required("renderType")?.to_ascii_lowercase().as_str() {
        "kustomize" => {
            let folder = step.resolve(step.input("kustomizationPath").unwrap_or("."));
            Tool::new("kubectl").arg("kustomize").arg(folder.display().to_string())
        }
        "kompose" => {
            let file = step.resolve(step.required("dockerComposeFile")?);
            Tool::new("kompose").args(["convert", "--stdout", "-f"]).arg(file.display().to_string())
        }
        _ => helm(step)?,
    };
    let end = run_tool(step, tool.kept().plain()).await?;
    if !end.is_success() {
        return Ok(end.judge(step).await);
    }
    let path = step.job.folders.temp.join(format!("baked-manifests-{}.yaml", step.record));
    let text = with_images(&end.stdout, &step.lines("containers"));
    std::fs::write(&path, text).on("Writing", &path)?;
    let path = path.display().to_string();
    step.line(&format!("The manifests are in {path}")).await;
    tell(step, "manifestsBundle", &path);
    Ok(RunResult::Succeeded)
}

fn helm(step: &StepScope) -> Result<Tool, RunnerError> {
    let chart = step.resolve(step.required("helmChart")?);
    let mut tool = Tool::new("helm").arg("template");
    if let Some(name) = step.input("releaseName") {
        tool = tool.arg(name);
    }
    tool = tool.arg(chart.display().to_string()).option("--namespace", step.input("namespace"));
    for file in step.lines("overrideFiles") {
        tool = tool.arg("-f").arg(step.resolve(&file).display().to_string());
    }
    for line in step.lines("overrides") {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| step.invalid("overrides", "name:value, one a line"))?;
        tool = tool.arg("--set").arg(format!("{}={}", name.trim(), value.trim()));
    }
    Ok(tool)
}

/// Puts images in place of those with the same name and another tag or digest.
fn with_images(manifests: &str, images: &[String]) -> String {
    let mut text = String::with_capacity(manifests.len());
    for line in manifests.lines() {
        text.push_str(&replaced(line, images).unwrap_or_else(|| line.to_owned()));
        text.push('\n');
    }
    text
}

fn replaced(line: &str, images: &[String]) -> Option<String> {
    let (before, value) = line.split_once("image:")?;
    if !before.trim_start_matches([' ', '-']).is_empty() {
        return None;
    }
    let is_quote = |sign: char| sign == '"' || sign == '\'';
    let name = name_of(value.trim().trim_matches(is_quote));
    let image = images.iter().find(|image| name_of(image) == name)?;
    Some(format!("{before}image: {image}"))
}

/// An image without its tag and its digest.
fn name_of(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        // The colon of a port stands before a slash.
        Some((name, tag)) if !tag.contains('/') => name,
        _ => image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_replaced_by_its_name() {
        let manifests = "spec:\n  - image: \"r:5000/shop:1\"\n    name: shop\n    image: other\n";
        let images = ["r:5000/shop:7".to_owned(), "third:1".to_owned()];
        let wanted = "spec:\n  - image: r:5000/shop:7\n    name: shop\n    image: other\n";
        assert_eq!(with_images(manifests, &images), wanted, "whatever tag it had");
    }
}
