//! Steps: every shorthand becomes its task (pipelines.md 13).

use indexmap::IndexMap;

use super::Reader;
use super::conditions::Owner;
use super::fields::{is_late, truth};
use super::task::new_step;
use crate::plan::PlanStep;
use crate::tree::{Entry, Node, NodeValue, Place};

const COMMON: [&str; 9] = [
    "name",
    "displayName",
    "condition",
    "continueOnError",
    "enabled",
    "env",
    "timeoutInMinutes",
    "retryCountOnTaskFailure",
    "target",
];

const KINDS: [&str; 14] = [
    "script",
    "bash",
    "pwsh",
    "powershell",
    "task",
    "checkout",
    "download",
    "publish",
    "upload",
    "downloadBuild",
    "getPackage",
    "reviewApp",
    "restoreCache",
    "template",
];

const PREFERENCES: [&str; 10] = [
    "workingDirectory",
    "failOnStderr",
    "errorActionPreference",
    "warningPreference",
    "informationPreference",
    "verbosePreference",
    "debugPreference",
    "progressPreference",
    "ignoreLASTEXITCODE",
    "showWarnings",
];

const CHECKOUT: [&str; 12] = [
    "clean",
    "fetchDepth",
    "fetchFilter",
    "fetchTags",
    "lfs",
    "submodules",
    "persistCredentials",
    "path",
    "sparseCheckoutDirectories",
    "sparseCheckoutPatterns",
    "workspaceRepo",
    "workspaceRepoPath",
];

/// What a kind of step takes beside the common keys.
fn own_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "script" => &["workingDirectory", "failOnStderr"],
        "bash" => &["workingDirectory", "failOnStderr", "bashEnvValue", "noProfile", "noRc"],
        "pwsh" | "powershell" => &PREFERENCES,
        "task" => &["inputs"],
        "checkout" => &CHECKOUT,
        "download" => &["artifact", "patterns", "path"],
        "publish" | "upload" => &["artifact"],
        _ => &[],
    }
}

impl Reader<'_, '_> {
    pub(super) fn steps(&mut self, node: &Node, hook: Option<&str>) -> Vec<PlanStep> {
        let mut steps = Vec::new();
        for item in self.sequence(node) {
            if let Some(mut step) = self.step(item) {
                step.hook = hook.map(str::to_owned);
                // A step that is off is not part of the run.
                if step.enabled {
                    steps.push(step);
                }
            }
        }
        steps
    }

    fn step(&mut self, item: &Node) -> Option<PlanStep> {
        let found = item
            .entries()
            .and_then(|entries| entries.iter().find(|at| KINDS.contains(&at.key.as_str())))
            // Templates are put in by now; one that is left stands where none can.
            .filter(|found| found.key.as_str() != "template");
        let Some(found) = found else {
            self.missing_kind(item, &KINDS, &COMMON);
            return None;
        };
        let kind = found.key.as_str();
        if matches!(kind, "downloadBuild" | "getPackage" | "reviewApp" | "restoreCache") {
            let instead = "Use a task or a script that does the same.";
            self.report.not_yet(found.key_place, &format!("The step '{kind}' is"), instead);
            return None;
        }
        let own = own_keys(kind);
        let mut known: Vec<&str> = vec![kind];
        known.extend(own);
        known.extend(COMMON);
        let entries = self.mapping(item, &known);
        let value = self.text(&found.value)?;
        let mut inputs = IndexMap::new();
        for entry in entries.iter().filter(|entry| own.contains(&entry.key.as_str())) {
            if entry.key.as_str() == "inputs" {
                continue;
            }
            if let Some(text) = self.input_text(&entry.value) {
                inputs.insert(entry.key.text.to_string(), text);
            }
        }
        let mut step = match kind {
            "task" => self.task_step(item, &value, found.value.place)?,
            _ => self.shorthand(kind, value, inputs, item, found)?,
        };
        for entry in entries {
            self.common(entry, &mut step);
        }
        Some(step)
    }

    /// `patterns` and sparse folders may be lists.
    fn input_text(&mut self, node: &Node) -> Option<String> {
        match node.value {
            NodeValue::Sequence(_) => {
                let lines: Vec<String> =
                    self.texts(node).into_iter().map(|(text, _)| text).collect();
                Some(lines.join("\n"))
            }
            _ => self.text(node),
        }
    }

    fn shorthand(
        &mut self,
        kind: &str,
        value: String,
        mut inputs: IndexMap<String, String>,
        item: &Node,
        found: &Entry,
    ) -> Option<PlanStep> {
        let span = item.place.span;
        let text = |text: &str| text.to_owned();
        let (task, version) = match kind {
            "script" => {
                inputs.insert(text("script"), value);
                ("CmdLine", 2)
            }
            "bash" => {
                inputs.insert(text("targetType"), text("inline"));
                inputs.insert(text("script"), value);
                ("Bash", 3)
            }
            "pwsh" | "powershell" => {
                inputs.insert(text("targetType"), text("inline"));
                inputs.insert(text("script"), value);
                inputs.insert(text("pwsh"), (kind == "pwsh").to_string());
                ("PowerShell", 2)
            }
            "checkout" => return self.checkout(&value, inputs, item, found),
            "download" => {
                inputs = self.download(&value, inputs, found.value.place)?;
                ("DownloadPipelineArtifact", 2)
            }
            _ => {
                let artifact = inputs.shift_remove("artifact");
                let path = self.input_name("PublishPipelineArtifact", 1, &["path", "targetPath"]);
                inputs.insert(path, value);
                if let Some(artifact) = artifact {
                    let name = ["artifactName", "artifact"];
                    let name = self.input_name("PublishPipelineArtifact", 1, &name);
                    inputs.insert(name, artifact);
                }
                ("PublishPipelineArtifact", 1)
            }
        };
        if self.catalog.task(task, version).is_none() {
            self.unknown_task(&format!("{task}@{version}"), task, version, found.key_place);
            return None;
        }
        Some(new_step(task, version, inputs, span))
    }

    fn checkout(
        &mut self,
        value: &str,
        mut inputs: IndexMap<String, String>,
        item: &Node,
        found: &Entry,
    ) -> Option<PlanStep> {
        if !value.eq_ignore_ascii_case("self") && !value.eq_ignore_ascii_case("none") {
            let what = format!("Checking out another repository ('{value}') is");
            self.report.not_yet(
                found.value.place,
                &what,
                "Use checkout: self, and git in a script.",
            );
            return None;
        }
        inputs.insert("repository".to_owned(), value.to_ascii_lowercase());
        Some(PlanStep {
            display_name: format!("Checkout {value}"),
            ..new_step("Checkout", 1, inputs, item.place.span)
        })
    }

    /// The shorthand's word goes along as the input `download`: with it an artifact gets a folder of
    /// its name, and `none` switches the automatic download of a deployment off.
    fn download(
        &mut self,
        value: &str,
        given: IndexMap<String, String>,
        place: Place,
    ) -> Option<IndexMap<String, String>> {
        let word = value.to_ascii_lowercase();
        if word != "none" && word != "current" {
            let what = format!("Downloading from another pipeline ('{value}') is");
            self.report.not_yet(place, &what, "Use download: current.");
            return None;
        }
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
        Some(inputs)
    }

    fn common(&mut self, entry: &Entry, step: &mut PlanStep) {
        let node = &entry.value;
        match entry.key.as_str() {
            "name" => {
                step.name = self.some_text(node);
                if let Some(name) = step.name.clone() {
                    self.check_name("Step", &name, node.place);
                }
            }
            "displayName" => {
                if let Some(text) = self.some_text(node) {
                    step.display_name = text;
                }
            }
            "condition" => step.condition = self.condition(node, Owner::Step),
            "continueOnError" => {
                if let Some(text) = self.some_text(node) {
                    match truth(&text) {
                        Some(truth) => step.continue_on_error = truth.to_string(),
                        None if is_late(&text) => step.continue_on_error = text,
                        None => {
                            self.boolean(node);
                        }
                    }
                }
            }
            "enabled" => step.enabled = self.boolean(node).unwrap_or(true),
            "env" => step.env = self.environment(node),
            "timeoutInMinutes" => step.timeout_minutes = self.number(node, "A time limit"),
            "retryCountOnTaskFailure" => {
                step.retry_count = self.number(node, "A retry count").unwrap_or(0);
            }
            "target" => step.target = self.target(node),
            _ => {}
        }
    }

    fn target(&mut self, node: &Node) -> Option<String> {
        let name = match &node.value {
            NodeValue::Mapping(_) => {
                let mut name = None;
                for entry in self.mapping(node, &["container", "commands", "settableVariables"]) {
                    if entry.key.as_str() == "container" {
                        name = self.some_text(&entry.value);
                    }
                }
                name
            }
            _ => self.some_text(node),
        }?;
        if !name.eq_ignore_ascii_case("host") {
            let what = format!("Running a step in the container '{name}' is");
            self.report.not_yet(node.place, &what, "Take target: out: the step then runs here.");
        }
        Some(name)
    }
}
