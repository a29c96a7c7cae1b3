//! Steps of a plan, and where the keys of an item stand.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;
use crate::tree::{Entry, Place};

/// Where the keys of a stage, job or step stand, for whoever has to say something about one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct KeyPlaces(Vec<(Arc<str>, Span, Span)>);

impl KeyPlaces {
    pub(crate) fn of(entries: &[Entry]) -> Self {
        let place =
            |entry: &Entry| (entry.key.text.clone(), entry.key_place.span, entry.value.place.span);
        Self(entries.iter().map(place).collect())
    }

    /// The place of a key.
    pub fn key(&self, key: &str) -> Option<Span> {
        self.0.iter().find(|(known, _, _)| &**known == key).map(|(_, place, _)| *place)
    }

    /// The place of a key's value, or of the key when the value takes more than a line.
    pub fn value(&self, key: &str) -> Option<Span> {
        let (_, place, value) = self.0.iter().find(|(known, _, _)| &**known == key)?;
        Some(if value.line == value.end_line { *value } else { *place })
    }
}

/// Where a step runs, and what it may do there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanTarget {
    /// `host`, or the alias of a container; `None` is where the job runs.
    pub container: Option<String>,
    /// `any` or `restricted`.
    pub commands: Option<String>,
    /// The variables that the step may set; an empty list is `none`.
    pub settable_variables: Option<Vec<String>>,
}

impl PlanTarget {
    /// True when the step asks for a container of its own.
    pub fn is_container(&self) -> bool {
        self.container.as_ref().is_some_and(|name| !name.eq_ignore_ascii_case("host"))
    }
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStep {
    /// `name:`, for output variables.
    pub name: Option<String>,
    /// `name`, or the one that the service makes: the task's name and a number.
    pub reference: String,
    pub display_name: String,
    /// The task's name as the catalogue spells it, such as `Docker`.
    pub task: String,
    /// Its major version.
    pub version: u32,
    /// The word that made it: `script`, `task`, `download` and so on.
    pub kind: String,
    /// Inputs as written, keys as written; look up ignoring case.
    pub inputs: IndexMap<String, String>,
    pub env: IndexMap<String, String>,
    pub condition: Option<String>,
    pub enabled: bool,
    /// `true`, `false` or a `$[ ]`/macro text.
    pub continue_on_error: String,
    /// A number, or a text that only a run can fill in.
    pub timeout_in_minutes: Option<String>,
    /// A number, or a text that only a run can fill in.
    pub retry_count_on_task_failure: Option<String>,
    pub target: Option<PlanTarget>,
    /// For a deployment job: `preDeploy`, `deploy`, `routeTraffic`, `postRouteTraffic`, `onFailure`, `onSuccess`.
    pub hook: Option<String>,
    pub span: Span,
    pub file: u16,
    #[serde(skip)]
    pub keys: KeyPlaces,
}

impl PlanStep {
    /// A step with nothing but its task.
    pub fn new(task: &str, version: u32, inputs: IndexMap<String, String>) -> Self {
        Self {
            name: None,
            reference: String::new(),
            display_name: task.to_owned(),
            task: task.to_owned(),
            version,
            kind: "task".to_owned(),
            inputs,
            env: IndexMap::new(),
            condition: None,
            enabled: true,
            continue_on_error: "false".to_owned(),
            timeout_in_minutes: None,
            retry_count_on_task_failure: None,
            target: None,
            hook: None,
            span: Span::default(),
            file: 0,
            keys: KeyPlaces::default(),
        }
    }

    pub(crate) fn at(self, place: Place) -> Self {
        Self { span: place.span, file: place.source.0, ..self }
    }

    /// `Docker@2`.
    pub fn task_reference(&self) -> String {
        format!("{}@{}", self.task, self.version)
    }

    /// An input by its name, ignoring case.
    pub fn input(&self, name: &str) -> Option<&str> {
        self.inputs
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
