//! Shorthands: `script`, `bash`, `checkout`, `download` and the like, as the tasks that they are.

use indexmap::IndexMap;

use super::Reader;
use crate::plan::{PlanStep, is_late};
use crate::tree::{Entry, Place};

/// Inputs by name.
type Inputs = IndexMap<String, String>;

impl Reader<'_, '_> {
    pub(super) fn shorthand(
        &mut self,
        kind: &str,
        value: String,
        mut inputs: Inputs,
        found: &Entry,
    ) -> PlanStep {
        let place = found.value.place;
        match kind {
            "script" => {
                inputs.insert("script".to_owned(), value);
                PlanStep::new("CmdLine", 2, inputs)
            }
            "bash" => PlanStep::new("Bash", 3, inline(value, inputs)),
            "pwsh" | "powershell" => {
                let mut inputs = inline(value, inputs);
                inputs.insert("pwsh".to_owned(), (kind == "pwsh").to_string());
                PlanStep::new("PowerShell", 2, inputs)
            }
            "checkout" => self.checkout(&value, inputs, place),
            "download" => {
                let inputs = self.download(&value, inputs, place);
                PlanStep::new("DownloadPipelineArtifact", 2, inputs)
            }
            "downloadBuild" => {
                self.check_alias("build", "builds", &value, place);
                inputs.insert("build".to_owned(), value);
                PlanStep::new("DownloadBuildArtifacts", 0, inputs)
            }
            "getPackage" => {
                self.check_alias("package", "packages", &value, place);
                inputs.insert("package".to_owned(), value);
                PlanStep::new("DownloadPackage", 1, inputs)
            }
            "reviewApp" => {
                inputs.insert("resourceName".to_owned(), value);
                PlanStep::new("ReviewApp", 0, inputs)
            }
            _ => self.publish(value, inputs),
        }
    }

    fn publish(&mut self, value: String, mut inputs: Inputs) -> PlanStep {
        const TASK: &str = "PublishPipelineArtifact";
        let artifact = inputs.shift_remove("artifact");
        let path = self.input_name(TASK, 1, &["path", "targetPath"]);
        inputs.insert(path, value);
        if let Some(artifact) = artifact {
            let name = self.input_name(TASK, 1, &["artifactName", "artifact"]);
            inputs.insert(name, artifact);
        }
        PlanStep::new(TASK, 1, inputs)
    }

    /// `self`, `none`, an alias, or `git://Project/Repository@ref`.
    fn checkout(&mut self, value: &str, mut given: Inputs, place: Place) -> PlanStep {
        let folded = value.to_ascii_lowercase();
        let is_own = folded == "self" || folded == "none";
        if !is_own {
            self.check_repository(value, place);
        }
        let repository = if is_own { folded } else { value.to_owned() };
        // What a resource says about checkouts of it holds unless the step says otherwise.
        if let Some(resource) = self.resources.repository(value) {
            for (key, text) in &resource.checkout_options {
                if !given.contains_key(key) {
                    given.insert(key.clone(), text.clone());
                }
            }
        }
        given.insert("repository".to_owned(), repository);
        PlanStep {
            display_name: format!("Checkout {value}"),
            ..PlanStep::new("Checkout", 1, given)
        }
    }

    pub(super) fn check_repository(&mut self, name: &str, place: Place) {
        let is_inline = ["git://", "github://", "bitbucket://"]
            .iter()
            .any(|start| name.to_ascii_lowercase().starts_with(start));
        let is_known = name.eq_ignore_ascii_case("self") || self.knows_repository(name);
        if is_inline || is_late(name) || is_known {
            return;
        }
        let message = format!(
            "The checkout step references the repository '{name}' which is not defined by the pipeline"
        );
        let resources = std::mem::take(&mut self.resources);
        let names = resources.repositories.iter().map(|known| known.repository.as_str());
        let hint = self.near(name, names.chain(["self", "none"]));
        self.resources = resources;
        let hint = hint.or_else(|| Some("Add it under resources: repositories:.".to_owned()));
        self.report.error(place, "unknown_repository", message, hint);
    }

    /// The shorthand's word goes along as the input `download`: with it an artifact gets a folder of
    /// its name, and `none` switches the automatic download of a deployment off.
    fn download(&mut self, value: &str, given: Inputs, place: Place) -> Inputs {
        let folded = value.to_ascii_lowercase();
        let word = if folded == "none" || folded == "current" {
            folded
        } else {
            self.check_alias("pipeline", "pipelines", value, place);
            value.to_owned()
        };
        let mut inputs = IndexMap::from([("download".to_owned(), word)]);
        for (key, names) in [
            ("artifact", ["artifact", "artifactName"]),
            ("patterns", ["patterns", "itemPattern"]),
            ("path", ["path", "targetPath"]),
        ] {
            if let Some(text) = given.get(key) {
                let name = self.input_name("DownloadPipelineArtifact", 2, &names);
                inputs.insert(name, text.clone());
            }
        }
        inputs
    }

    /// An alias that no resource has. The service says so when the run starts, so it is a warning.
    fn check_alias(&mut self, kind: &'static str, list: &str, name: &str, place: Place) {
        if is_late(name) || self.aliases.contains_key(&(kind, name.to_lowercase())) {
            return;
        }
        let message =
            format!("The step references the {kind} '{name}' which is not defined by the pipeline");
        self.report.warning(
            place,
            "unknown_alias",
            message,
            Some(format!("Add it under resources: {list}:.")),
        );
    }
}

fn inline(script: String, mut inputs: Inputs) -> Inputs {
    inputs.insert("targetType".to_owned(), "inline".to_owned());
    inputs.insert("script".to_owned(), script);
    inputs
}
