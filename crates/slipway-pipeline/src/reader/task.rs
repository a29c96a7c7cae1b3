//! `task:` steps, checked against the catalogue. A task that it does not have is taken as it is.

use indexmap::IndexMap;

use super::Reader;
use super::fields::truth;
use crate::catalog::{InputKind, InputSpec, TaskSpec};
use crate::hints::nearest;
use crate::plan::{PlanStep, is_late};
use crate::tree::{Node, Place};

impl Reader<'_, '_> {
    pub(super) fn task_step(
        &mut self,
        item: &Node,
        reference: &str,
        place: Place,
    ) -> Option<PlanStep> {
        let reference = reference.trim();
        let Some((name, version)) = reference.rsplit_once('@') else {
            let message = format!("The task '{reference}' has no version.");
            let hint = Some(format!("Write the major version after an @, such as {reference}@1."));
            self.report.error(place, "invalid_task", message, hint);
            return None;
        };
        if name.is_empty() {
            let message = format!("The task '{reference}' has no name.");
            let hint = Some("Write its name and its major version, such as Bash@3.".to_owned());
            self.report.error(place, "invalid_task", message, hint);
            return None;
        }
        // `@1.2.3` pins a version; the major one is what we know.
        let is_version = version.split('.').all(|part| part.parse::<u32>().is_ok());
        let major = version.split('.').next().and_then(|part| part.parse::<u32>().ok());
        let Some(major) = major.filter(|_| is_version) else {
            let message = format!("The version '{version}' of the task '{name}' is not a number.");
            let hint = Some(format!("Write the major version, such as {name}@1."));
            self.report.error(place, "invalid_task", message, hint);
            return None;
        };
        let given = item.get("inputs").map(|node| self.text_map(node)).unwrap_or_default();
        // `publisher.extension.contribution.Name` is the task's full name.
        let catalog = self.catalog;
        let last = name.rsplit('.').next().unwrap_or(name);
        let spec = catalog.task(name, major).or_else(|| catalog.task(last, major));
        let Some(spec) = spec else {
            self.unknown_task(reference, name, major, place);
            let inputs = given.into_iter().map(|(key, value, _)| (key, value)).collect();
            return Some(PlanStep::new(name, major, inputs));
        };
        let mut inputs = IndexMap::with_capacity(given.len());
        for (key, value, key_place) in given {
            self.check_input(spec, &key, &value, key_place);
            inputs.insert(key, value);
        }
        self.check_required(spec, &inputs, place);
        Some(PlanStep::new(spec.name, spec.version, inputs))
    }

    fn check_required(&mut self, spec: &TaskSpec, inputs: &IndexMap<String, String>, place: Place) {
        let given = |input: &InputSpec| {
            let found = inputs.iter().find(|(key, _)| input.is_named(key));
            found.map(|(_, value)| value.as_str())
        };
        for input in spec.missing(&given) {
            let message = format!(
                "The task {}@{} needs the input '{}'.",
                spec.name, spec.version, input.name
            );
            let hint = Some(format!("Add it under inputs: {}", input.help));
            self.report.error(place, "missing_input", message, hint);
        }
    }

    fn check_input(&mut self, spec: &TaskSpec, key: &str, value: &str, place: Place) {
        let task = format!("{}@{}", spec.name, spec.version);
        let Some(input) = spec.inputs.iter().find(|input| input.is_named(key)) else {
            let names = spec
                .inputs
                .iter()
                .flat_map(|input| std::iter::once(&input.name).chain(input.aliases))
                .copied();
            let hint = self.near(key, names);
            let message = format!("The task {task} has no input '{key}'; it is passed over.");
            self.report.warning(place, "unknown_input", message, hint);
            return;
        };
        if value.trim().is_empty() || is_late(value) {
            return;
        }
        let problem = match input.kind {
            InputKind::Pick(words)
                if !input.is_open
                    && !words.iter().any(|word| word.eq_ignore_ascii_case(value.trim())) =>
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

    /// The service asks its own list, and the Marketplace adds to it: so it is a warning.
    fn unknown_task(&mut self, reference: &str, name: &str, major: u32, place: Place) {
        if is_guid(name) || self.report.is_full() {
            return;
        }
        let hint = match self.task_hints.get(reference) {
            Some(known) => known.clone(),
            None => {
                let hint = self.task_hint(name, major);
                self.task_hints.insert(reference.to_owned(), hint.clone());
                hint
            }
        };
        let message = format!(
            "A task is missing. The pipeline references a task called '{reference}'. This usually indicates the task isn't installed, and you may be able to install it from the Marketplace."
        );
        self.report.warning(place, "unknown_task", message, hint);
    }

    fn task_hint(&self, name: &str, major: u32) -> Option<String> {
        let tasks = self.catalog.tasks();
        let other_versions: Vec<String> = tasks
            .iter()
            .filter(|task| task.name.eq_ignore_ascii_case(name) && task.version != major)
            .map(|task| format!("{}@{}", task.name, task.version))
            .collect();
        if other_versions.is_empty() {
            nearest(name, tasks.iter().map(|task| task.name))
                .map(|near| format!("Did you mean '{near}'?"))
        } else {
            Some(format!("Known here is {}.", other_versions.join(" and ")))
        }
    }

    /// An input's name as the catalogue spells it, given the names it goes by.
    pub(super) fn input_name(&self, task: &str, version: u32, names: &[&str]) -> String {
        self.catalog
            .task(task, version)
            .and_then(|spec| {
                spec.inputs.iter().find(|input| names.iter().any(|name| input.is_named(name)))
            })
            .map_or(names[0], |input| input.name)
            .to_owned()
    }
}

/// Tasks may be named by their id.
fn is_guid(name: &str) -> bool {
    name.len() == 36
        && name.char_indices().all(|(at, letter)| match at {
            8 | 13 | 18 | 23 => letter == '-',
            _ => letter.is_ascii_hexdigit(),
        })
}
