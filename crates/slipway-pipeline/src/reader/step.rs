//! Steps: which kind, its own keys, and the keys that all of them share (pipelines.md 13).

use indexmap::IndexMap;

use super::Reader;
use super::conditions::Site;
use super::fields::truth;
use super::resources::CHECKOUT;
use crate::plan::{KeyPlaces, PlanStep, is_late, whole_number};
use crate::tree::{Entry, Node, NodeValue};

/// More attempts than these are not made.
const MOST_RETRIES: u32 = 10;

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

const KINDS: [&str; 13] = [
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
    "template",
];

const PREFERENCES: [&str; 11] = [
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
    "runScriptInSeparateScope",
];

/// What a kind of step takes beside the common keys.
fn own_keys(kind: &str) -> &'static [&'static str] {
    match kind {
        "script" => &["workingDirectory", "failOnStderr"],
        "bash" => &["workingDirectory", "failOnStderr", "bashEnvValue", "noProfile", "noRc"],
        "pwsh" | "powershell" => &PREFERENCES,
        "task" => &["inputs"],
        "checkout" => &CHECKOUT,
        "download" | "downloadBuild" => &["artifact", "patterns", "path"],
        "publish" | "upload" => &["artifact"],
        "getPackage" => &["path"],
        _ => &[],
    }
}

/// Keys whose values are true or false.
const SWITCHES: [&str; 9] = [
    "failOnStderr",
    "ignoreLASTEXITCODE",
    "showWarnings",
    "runScriptInSeparateScope",
    "clean",
    "fetchTags",
    "lfs",
    "persistCredentials",
    "workspaceRepo",
];

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
        // Templates are put in by now; one that is left stands where none can.
        let found = self.kind(item, &KINDS[..KINDS.len() - 1], &KINDS, &COMMON)?;
        let kind = found.key.as_str();
        let own = own_keys(kind);
        let mut known: Vec<&str> = Vec::with_capacity(1 + own.len() + COMMON.len());
        known.push(kind);
        known.extend(own);
        known.extend(COMMON);
        let entries = self.mapping(item, &known);
        let value = self.text(&found.value)?;
        let mut inputs = IndexMap::new();
        for entry in entries.iter().filter(|entry| own.contains(&entry.key.as_str())) {
            if entry.key.as_str() == "inputs" {
                continue;
            }
            if let Some(text) = self.input_text(entry) {
                inputs.insert(entry.key.text.to_string(), text);
            }
        }
        let mut step = match kind {
            "task" => self.task_step(item, &value, found.value.place)?,
            _ => self.shorthand(kind, value, inputs, found),
        };
        step = step.at(item.place);
        kind.clone_into(&mut step.kind);
        step.keys = KeyPlaces::of(item.entries().unwrap_or_default());
        for entry in entries {
            self.common(entry, &mut step);
        }
        Some(step)
    }

    /// `patterns` and sparse folders may be lists.
    fn input_text(&mut self, entry: &Entry) -> Option<String> {
        let node = &entry.value;
        if let NodeValue::Sequence(_) = node.value {
            return Some(self.words(node).join("\n"));
        }
        let text = self.text(node)?;
        let key = entry.key.as_str();
        let is_right = text.is_empty()
            || is_late(&text)
            || (!SWITCHES.contains(&key) || truth(&text).is_some())
                && (key != "fetchDepth" || whole_number(&text).is_some());
        if !is_right {
            let message = format!("Unexpected value '{text}'");
            let hint =
                if key == "fetchDepth" { "Write a whole number." } else { "Write true or false." };
            self.report.error(node.place, "wrong_type", message, Some(hint.to_owned()));
        }
        Some(text)
    }

    fn common(&mut self, entry: &Entry, step: &mut PlanStep) {
        let node = &entry.value;
        match entry.key.as_str() {
            "name" => {
                step.name = self.some_text(node);
                if let Some(name) = step.name.as_deref() {
                    self.check_name("Step", name, node.place);
                }
            }
            "displayName" => {
                if let Some(text) = self.some_text(node) {
                    step.display_name = text;
                }
            }
            "condition" => step.condition = self.condition(node, Site::StepCondition),
            "continueOnError" => {
                if let Some(text) = self.late_boolean(node) {
                    step.continue_on_error = text;
                }
            }
            "enabled" => step.enabled = self.boolean(node).unwrap_or(true),
            "env" => step.env = self.environment(node),
            "timeoutInMinutes" => step.timeout_in_minutes = self.late_number(node),
            "retryCountOnTaskFailure" => {
                step.retry_count_on_task_failure = self.late_number(node);
                let count = step.retry_count_on_task_failure.as_deref().and_then(whole_number);
                if let Some(count) = count.filter(|count| *count > MOST_RETRIES) {
                    let message = format!(
                        "The maximum allowed number of attempts is {MOST_RETRIES} but got {count}."
                    );
                    self.report.warning(node.place, "out_of_range", message, None);
                }
            }
            "target" if !node.is_null() => step.target = self.target(node),
            _ => {}
        }
    }
}
