//! The text of the proposed pipeline, as a person would write it.

use super::cluster::Cluster;
use super::component::Component;
use super::folder::parent;
use super::{Choices, PIPELINE_FILE, ProposedFile};

/// A step as it is written, without the indentation of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) text: String,
}

impl Step {
    /// Commands in a folder; of several, the first that fails ends the step.
    pub(super) fn script(display: &str, folder: &str, lines: &[&str]) -> Self {
        let mut text = match lines {
            [one] => format!("- script: {}\n", word(one)),
            many => {
                let lines: String = many.iter().map(|line| format!("    {line}\n")).collect();
                format!("- bash: |\n    set -e\n{lines}")
            }
        };
        text.push_str(&format!("  displayName: {}\n", word(display)));
        if !folder.is_empty() {
            text.push_str(&format!("  workingDirectory: {}\n", word(folder)));
        }
        Self { text }
    }

    pub(super) fn task(reference: &str, display: &str, inputs: &[(&str, String)]) -> Self {
        let mut text =
            format!("- task: {reference}\n  displayName: {}\n  inputs:\n", word(display));
        for (name, value) in inputs {
            if value.contains('\n') {
                let lines: String = value.lines().map(|line| format!("      {line}\n")).collect();
                text.push_str(&format!("    {name}: |\n{lines}"));
            } else {
                text.push_str(&format!("    {name}: {}\n", word(value)));
            }
        }
        Self { text }
    }

    /// Shows results in the run, failed ones above all.
    pub(super) fn results(title: &str, files: &str) -> Self {
        let inputs = [
            ("testResultsFormat", "JUnit".to_owned()),
            ("testResultsFiles", files.to_owned()),
            ("failTaskOnFailedTests", "true".to_owned()),
            ("testRunTitle", title.to_owned()),
        ];
        let task = Self::task("PublishTestResults@2", "Publish the test results", &inputs);
        Self { text: task.text.replace("  inputs:", "  condition: succeededOrFailed()\n  inputs:") }
    }

    pub(super) fn publish(display: &str, path: &str, artifact: &str) -> Self {
        Self {
            text: format!(
                "- publish: {}\n  artifact: {}\n  displayName: {}\n",
                word(path),
                word(artifact),
                word(display)
            ),
        }
    }

    /// With a variable of the environment.
    pub(super) fn with(mut self, (name, value): (&str, &str)) -> Self {
        self.text.push_str(&format!("  env:\n    {name}: {}\n", quoted(value)));
        self
    }
}

/// A scalar as it may be written: plain where that means the same text.
pub(super) fn word(text: &str) -> String {
    let is_safe = |letter: char| {
        letter.is_alphanumeric() || "_-./$()=, +<>*&;'\"|:\\@~^%{}!?[]`".contains(letter)
    };
    let starts_plain =
        text.starts_with(|letter: char| letter.is_alphanumeric() || "_./$(".contains(letter));
    let is_other = text.parse::<f64>().is_ok()
        || ["null", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str());
    let is_plain = starts_plain
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !is_other;
    if is_plain { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The pipeline file.
pub(super) fn pipeline(
    components: &[Component],
    cluster: &Cluster,
    choices: &Choices,
    name: &str,
) -> ProposedFile {
    let mut out = Out::default();
    let mut does = vec!["build"];
    does.extend(choices.tests.then_some("test"));
    does.extend(choices.image.then_some("push the image"));
    does.extend(choices.deploy.then_some("deploy it"));
    let name = if name.is_empty() { "This repository" } else { name };
    out.line(0, &format!("# {name}: {}.", does.join(", ")));
    out.line(0, "trigger:");
    out.line(0, &format!("- {}", word(&choices.branch)));
    out.line(0, "");
    out.line(0, "pool:");
    out.line(1, "vmImage: ubuntu-latest");
    let images: Vec<&Component> =
        components.iter().filter(|one| choices.image && one.can_image()).collect();
    if !images.is_empty() {
        out.line(0, "");
        out.line(0, "variables:");
        out.line(1, "# The service connection of the registry.");
        out.line(1, &format!("containerRegistry: {}", word(&choices.registry)));
        if let [one] = images.as_slice() {
            out.line(1, &format!("imageRepository: {}", word(&one.image)));
        }
    }
    out.line(0, "");
    out.line(0, "stages:");
    out.line(0, "- stage: Build");
    out.line(
        1,
        &format!("displayName: {}", if choices.tests { "Build and test" } else { "Build" }),
    );
    out.line(1, "jobs:");
    let mut manifests =
        (choices.deploy && artifact(cluster).is_some()).then(|| artifact(cluster)).flatten();
    let mut names: Vec<String> = Vec::new();
    for component in components {
        let mut steps: Vec<Step> = component.tools.clone();
        if !(choices.tests && component.tests_build && component.has_tests()) {
            steps.extend(component.build.iter().cloned());
        }
        if choices.tests {
            steps.extend(component.tests.iter().cloned());
        }
        if choices.image && component.can_image() {
            steps.push(image_step(component, images.len() == 1));
        }
        if let Some(folder) = manifests.take_if(|_| choices.image && component.can_image()) {
            steps.push(Step::publish("Publish the manifests", &folder, "manifests"));
        }
        if steps.is_empty() {
            continue;
        }
        if !names.is_empty() {
            out.line(0, "");
        }
        let job = job_name(&component.name, &mut names);
        out.job(&job, &component.name, &steps);
    }
    if names.is_empty() {
        let step = Step::script("Build", "", &["echo Say here how this repository is built"]);
        out.job("Build", "Build", &[step]);
    }
    if choices.deploy {
        deploy(&mut out, &images, cluster, choices);
    }
    ProposedFile {
        path: PIPELINE_FILE.to_owned(),
        text: out.text,
        why: why(components, choices, images.len()),
        is_new: true,
    }
}

/// The folder that is handed on to the deployment; none if the deployment reads the sources itself.
fn artifact(cluster: &Cluster) -> Option<String> {
    if !cluster.is_there() {
        return Some("manifests".to_owned());
    }
    if cluster.chart.is_some() || cluster.kustomization.is_some() {
        return None;
    }
    cluster
        .manifests
        .first()
        .map(|path| parent(path).to_owned())
        .filter(|folder| !folder.is_empty())
}

fn image_step(component: &Component, is_only: bool) -> Step {
    let at = |name: &str| match component.folder.as_str() {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let (file, context) = component
        .dockerfile
        .clone()
        .unwrap_or_else(|| (at("Dockerfile"), component.folder.clone()));
    let repository =
        if is_only { "$(imageRepository)".to_owned() } else { component.image.clone() };
    let mut inputs = vec![
        ("command", "buildAndPush".to_owned()),
        ("containerRegistry", "$(containerRegistry)".to_owned()),
        ("repository", repository),
        ("Dockerfile", file.clone()),
    ];
    // Without it the build copies from the Dockerfile's own folder.
    if parent(&file) != context {
        inputs.push(("buildContext", if context.is_empty() { ".".to_owned() } else { context }));
    }
    inputs.push(("tags", "$(Build.BuildId)\nlatest".to_owned()));
    Step::task("Docker@2", "Build and push the image", &inputs)
}

fn deploy(out: &mut Out, images: &[&Component], cluster: &Cluster, choices: &Choices) {
    out.line(0, "");
    out.line(0, "- stage: Deploy");
    out.line(1, "displayName: Deploy");
    out.line(1, "dependsOn: Build");
    out.line(1, "# Other branches and pull requests are built and tested only.");
    let branch = choices.branch.replace('\'', "''");
    out.line(1, &format!("condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/{branch}'))"));
    out.line(1, "jobs:");
    out.line(1, "- deployment: Deploy");
    out.line(2, &format!("displayName: {}", word(&format!("Deploy to {}", choices.environment))));
    out.line(2, &format!("environment: {}", word(&choices.environment)));
    out.line(2, "strategy:");
    out.line(3, "runOnce:");
    out.line(4, "deploy:");
    out.line(5, "steps:");
    let containers = match images {
        [_] => "$(imageRepository):$(Build.BuildId)".to_owned(),
        many => many
            .iter()
            .map(|one| format!("{}:$(Build.BuildId)", one.image))
            .collect::<Vec<_>>()
            .join("\n"),
    };
    let mut steps = Vec::new();
    let has_artifact = artifact(cluster).is_some();
    if !has_artifact {
        steps.push(Step { text: "- checkout: self\n".to_owned() });
    }
    let render = |kind: &str, key: &'static str, path: &str, display: &str| {
        let path = if path.is_empty() {
            "$(Build.SourcesDirectory)".to_owned()
        } else {
            format!("$(Build.SourcesDirectory)/{path}")
        };
        let inputs = [
            ("action", "bake".to_owned()),
            ("renderType", kind.to_owned()),
            (key, path),
            ("containers", containers.clone()),
        ];
        let step = Step::task("KubernetesManifest@1", display, &inputs);
        Step { text: step.text.replace("  displayName:", "  name: bake\n  displayName:") }
    };
    let manifests = if let Some(chart) = &cluster.chart {
        steps.push(render("helm", "helmChart", chart, "Render the chart"));
        "$(bake.manifestsBundle)".to_owned()
    } else if let Some(folder) = &cluster.kustomization {
        steps.push(render("kustomize", "kustomizationPath", folder, "Render the kustomization"));
        "$(bake.manifestsBundle)".to_owned()
    } else if !cluster.is_there() {
        "$(Pipeline.Workspace)/manifests/*.yml".to_owned()
    } else {
        let place = if has_artifact {
            "$(Pipeline.Workspace)/manifests"
        } else {
            "$(Build.SourcesDirectory)"
        };
        let names =
            cluster.manifests.iter().map(|path| format!("{place}/{}", super::folder::last(path)));
        names.collect::<Vec<_>>().join("\n")
    };
    let inputs = [
        ("action", "deploy".to_owned()),
        ("manifests", manifests),
        ("containers", containers.clone()),
        ("rolloutStatusTimeout", "120".to_owned()),
    ];
    steps.push(Step::task("KubernetesManifest@1", "Deploy the manifests", &inputs));
    out.steps(5, &steps);
}

fn why(components: &[Component], choices: &Choices, images: usize) -> Vec<String> {
    let mut why = vec![format!(
        "Starts on every push to {}, the repository's own branch. Slipway runs ubuntu-latest on this machine.",
        choices.branch
    )];
    if components.is_empty() {
        why.push("Nothing was found that says how this repository is built: put its commands in place of the one there.".to_owned());
    }
    let is_several = components.len() > 1;
    for component in components {
        let name = if is_several { format!("{}: ", component.name) } else { String::new() };
        why.extend(component.why.iter().map(|sentence| format!("{name}{sentence}")));
    }
    if images > 0 {
        why.push(format!(
            "The image is pushed as the run's number and as latest. `{}` is {}",
            choices.registry,
            if choices.registry == "local" {
                "Slipway's own registry here; on Azure Pipelines give that name to a service connection of your registry."
            } else {
                "the service connection of your registry."
            }
        ));
    }
    if choices.deploy {
        why.push(format!(
            "A deployment job keeps a history in the environment {} and waits for its approvals. What is deployed is the digest that this run pushed.",
            choices.environment
        ));
    }
    why
}

/// A name for a job: letters, digits and underscores, and no other job's.
fn job_name(name: &str, taken: &mut Vec<String>) -> String {
    let mut word: String = name
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
        .collect();
    if !word.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
        word = format!("Build_{word}");
    }
    let word = word.trim_end_matches('_').to_owned();
    let count = taken
        .iter()
        .filter(|other| **other == word || other.starts_with(&format!("{word}_")))
        .count();
    let word = if taken.contains(&word) { format!("{word}_{}", count + 1) } else { word };
    taken.push(word.clone());
    word
}

/// Lines with their indentation.
#[derive(Default)]
struct Out {
    text: String,
}

impl Out {
    fn line(&mut self, depth: usize, text: &str) {
        if !text.is_empty() {
            self.text.push_str(&"  ".repeat(depth));
            self.text.push_str(text);
        }
        self.text.push('\n');
    }

    fn job(&mut self, job: &str, display: &str, steps: &[Step]) {
        self.line(1, &format!("- job: {job}"));
        if job != display {
            self.line(2, &format!("displayName: {}", word(display)));
        }
        self.line(2, "steps:");
        self.steps(2, steps);
    }

    /// Steps with an empty line between.
    fn steps(&mut self, depth: usize, steps: &[Step]) {
        for (position, step) in steps.iter().enumerate() {
            if position > 0 {
                self.line(0, "");
            }
            for line in step.text.lines() {
                self.line(depth, line);
            }
        }
    }
}
