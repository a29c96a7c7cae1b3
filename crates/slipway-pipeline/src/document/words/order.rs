//! The order in which a careful person writes keys.

use crate::document::part::Part;

/// What a mapping is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::document) enum Level {
    Root,
    Stage,
    Job,
    Step,
    Variable,
    Parameter,
    Trigger,
    /// No order: at the end.
    Other,
}

const ROOT: &[&str] = &[
    "name",
    "appendCommitMessageToRunName",
    "trigger",
    "pr",
    "schedules",
    "lockBehavior",
    "parameters",
    "resources",
    "pool",
    "variables",
    "container",
    "services",
    "workspace",
    "strategy",
    "continueOnError",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "extends",
    "stages",
    "jobs",
    "phases",
    "steps",
];
const STAGE: &[&str] = &[
    "stage",
    "template",
    "displayName",
    "group",
    "dependsOn",
    "condition",
    "lockBehavior",
    "trigger",
    "isSkippable",
    "pool",
    "variables",
    "templateContext",
    "parameters",
    "jobs",
];
const JOB: &[&str] = &[
    "job",
    "deployment",
    "template",
    "displayName",
    "dependsOn",
    "condition",
    "continueOnError",
    "timeoutInMinutes",
    "cancelTimeoutInMinutes",
    "pool",
    "container",
    "services",
    "workspace",
    "uses",
    "variables",
    "environment",
    "templateContext",
    "parameters",
    "strategy",
    "steps",
];
const STEP: &[&str] = &[
    "task",
    "script",
    "bash",
    "pwsh",
    "powershell",
    "checkout",
    "download",
    "downloadBuild",
    "getPackage",
    "publish",
    "upload",
    "reviewApp",
    "template",
    "name",
    "displayName",
    "condition",
    "continueOnError",
    "enabled",
    "timeoutInMinutes",
    "retryCountOnTaskFailure",
    "target",
    "workingDirectory",
    "failOnStderr",
    "artifact",
    "patterns",
    "path",
    "parameters",
    "inputs",
    "env",
];
const VARIABLE: &[&str] = &["name", "group", "template", "value", "readonly"];
const PARAMETER: &[&str] = &["name", "displayName", "type", "default", "values"];
const TRIGGER: &[&str] = &["batch", "autoCancel", "drafts", "branches", "paths", "tags"];

impl Level {
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Root => ROOT,
            Self::Stage => STAGE,
            Self::Job => JOB,
            Self::Step => STEP,
            Self::Variable => VARIABLE,
            Self::Parameter => PARAMETER,
            Self::Trigger => TRIGGER,
            Self::Other => &[],
        }
    }

    /// A key's place among those of its mapping.
    pub(in crate::document) fn rank(self, key: &str) -> Option<usize> {
        self.keys().iter().position(|known| *known == key)
    }

    /// Where a new key goes: behind the last of those that come before it.
    pub(in crate::document) fn position(self, map: &Part<'_>, key: &str) -> Option<usize> {
        let rank = |key: &str| self.rank(key);
        let own = rank(key)?;
        let before =
            |child: &Part<'_>| child.key_text().and_then(rank).is_some_and(|rank| rank < own);
        let found = map.children.iter().rposition(before).map(|index| index + 1);
        // Whatever opens an item of a list stays first.
        let is_item = !matches!(self, Self::Root | Self::Trigger);
        let first = usize::from(is_item).min(map.children.len());
        Some(found.unwrap_or(first))
    }
}
