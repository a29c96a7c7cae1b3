//! Steps: which kind, its own keys, and the keys that all of them share (pipelines.md 13).

use indexmap::IndexMap;

use super::Reader;
use super::conditions::Site;
use super::fields::truth;
use crate::plan::{KeyPlaces, PlanStep, is_late, whole_number};
use crate::schema::{self, Key, Value};
use crate::tree::{Entry, Node, NodeValue};

/// More attempts than these are not made.
const MOST_RETRIES: u32 = 10;

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
        let (found, shape) = self.kind(item, schema::steps())?;
        let kind = found.key.as_str();
        let entries = self.mapping(item, shape);
        let value = self.text(&found.value)?;
        let mut inputs = IndexMap::new();
        for entry in &entries {
            let name = entry.key.as_str();
            let Some(key) = schema::key(shape, name) else { continue };
            if key.is_first || schema::is_common(name) || key.values.contains(&Value::Inputs) {
                continue;
            }
            if let Some(text) = self.input_text(entry, key) {
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
    fn input_text(&mut self, entry: &Entry, key: &Key) -> Option<String> {
        let node = &entry.value;
        if let NodeValue::Sequence(_) = node.value {
            return Some(self.words(node).join("\n"));
        }
        let text = self.text(node)?;
        let hint = match key.values {
            _ if text.is_empty() || is_late(&text) => None,
            [Value::Boolean] => truth(&text).is_none().then_some("Write true or false."),
            [Value::Number] => whole_number(&text).is_none().then_some("Write a whole number."),
            _ => None,
        };
        if let Some(hint) = hint {
            let message = format!("Unexpected value '{text}'");
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
