//! `task:` steps, checked against the catalogue.

use indexmap::IndexMap;

use super::Reader;
use super::fields::{is_late, truth};
use crate::catalog::{InputKind, InputSpec, TaskSpec};
use crate::diagnostic::Span;
use crate::hints::{did_you_mean, nearest};
use crate::plan::PlanStep;
use crate::tree::{Node, Place};

impl Reader<'_, '_> {
    pub(super) fn task_step(
        &mut self,
        item: &Node,
        reference: &str,
        place: Place,
    ) -> Option<PlanStep> {
        let Some((name, version)) = reference.trim().rsplit_once('@') else {
            let message = format!("The task '{reference}' has no version.");
            let hint = Some(format!("Write the major version after an @, such as {reference}@1."));
            self.report.error(place, "invalid_task", message, hint);
            return None;
        };
        // `@1.2.3` pins a version; the major one is what we know.
        let major = version.split('.').next().unwrap_or_default();
        let Ok(major) = major.parse::<u32>() else {
            let message = format!("The version '{version}' of the task '{name}' is not a number.");
            let hint = Some(format!("Write the major version, such as {name}@1."));
            self.report.error(place, "invalid_task", message, hint);
            return None;
        };
        let catalog = self.catalog;
        let Some(spec) = catalog.task(name, major) else {
            self.unknown_task(reference, name, major, place);
            return None;
        };
        let mut inputs = IndexMap::new();
        if let Some(node) = item.get("inputs") {
            for (key, value, key_place) in self.text_map(node) {
                self.check_input(spec, &key, &value, key_place);
                inputs.insert(key, value);
            }
        }
        for input in spec.inputs.iter().filter(|input| input.is_required) {
            let given =
                inputs.iter().any(|(key, value)| is_named(input, key) && !value.trim().is_empty());
            if !given && input.default.is_none_or(str::is_empty) {
                let message = format!(
                    "The task {}@{} needs the input '{}'.",
                    spec.name, spec.version, input.name
                );
                let hint = Some(format!("Add it under inputs: {}", input.help));
                self.report.error(place, "missing_input", message, hint);
            }
        }
        Some(new_step(spec.name, spec.version, inputs, item.place.span))
    }

    fn check_input(&mut self, spec: &TaskSpec, key: &str, value: &str, place: Place) {
        let task = format!("{}@{}", spec.name, spec.version);
        let Some(input) = spec.inputs.iter().find(|input| is_named(input, key)) else {
            let names = spec
                .inputs
                .iter()
                .flat_map(|input| std::iter::once(&input.name).chain(input.aliases))
                .copied();
            let hint = did_you_mean(key, names);
            let message = format!("The task {task} has no input '{key}'; it is passed over.");
            self.report.warning(place, "unknown_input", message, hint);
            return;
        };
        if value.trim().is_empty() || is_late(value) {
            return;
        }
        let problem = match input.kind {
            InputKind::Pick(words)
                if !words.iter().any(|word| word.eq_ignore_ascii_case(value.trim())) =>
            {
                let hint = nearest(value, words.iter().copied())
                    .map(|word| format!("Did you mean '{word}'? "))
                    .unwrap_or_default();
                Some(format!("{hint}Allowed: {}.", words.join(", ")))
            }
            InputKind::Boolean if truth(value.trim()).is_none() => {
                Some("Write true or false.".to_owned())
            }
            InputKind::Number if value.trim().parse::<f64>().is_err() => {
                Some("Write a number.".to_owned())
            }
            _ => None,
        };
        if let Some(hint) = problem {
            let message = format!("The input '{key}' of the task {task} cannot be '{value}'.");
            self.report.error(place, "bad_input_value", message, Some(hint));
        }
    }

    pub(super) fn unknown_task(&mut self, reference: &str, name: &str, major: u32, place: Place) {
        let tasks = self.catalog.tasks();
        let mut known: Vec<String> =
            tasks.iter().map(|task| format!("{}@{}", task.name, task.version)).collect();
        known.sort();
        let other_versions: Vec<String> = tasks
            .iter()
            .filter(|task| task.name.eq_ignore_ascii_case(name) && task.version != major)
            .map(|task| format!("{}@{}", task.name, task.version))
            .collect();
        let near = if other_versions.is_empty() {
            nearest(name, tasks.iter().map(|task| task.name))
                .map(|near| format!("Did you mean '{near}'? "))
        } else {
            Some(format!("Here is {}. ", other_versions.join(" and ")))
        };
        let hint = format!("{}Supported: {}.", near.unwrap_or_default(), known.join(", "));
        let message = format!(
            "A task is missing. The pipeline references a task called '{reference}' (line {}), which cannot run here.",
            place.span.line
        );
        self.report.error(place, "unknown_task", message, Some(hint));
    }

    /// An input's name as the catalogue spells it, given the names it goes by.
    pub(super) fn input_name(&self, task: &str, version: u32, names: &[&str]) -> String {
        self.catalog
            .task(task, version)
            .and_then(|spec| {
                spec.inputs.iter().find(|input| names.iter().any(|name| is_named(input, name)))
            })
            .map_or(names[0], |input| input.name)
            .to_owned()
    }
}

fn is_named(input: &InputSpec, key: &str) -> bool {
    std::iter::once(&input.name).chain(input.aliases).any(|name| name.eq_ignore_ascii_case(key))
}

/// A step with nothing but its task.
pub(super) fn new_step(
    task: &str,
    version: u32,
    inputs: IndexMap<String, String>,
    span: Span,
) -> PlanStep {
    PlanStep {
        name: None,
        display_name: task.to_owned(),
        task: task.to_owned(),
        version,
        inputs,
        env: IndexMap::new(),
        condition: None,
        enabled: true,
        continue_on_error: "false".to_owned(),
        timeout_minutes: None,
        retry_count: 0,
        target: None,
        hook: None,
        span,
    }
}
