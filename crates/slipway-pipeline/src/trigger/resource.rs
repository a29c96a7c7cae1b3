//! Triggers of resources: finished runs of other pipelines, pushes to other repositories, new images.

use serde::{Deserialize, Serialize};

use super::pattern::short_branch;
use super::{Filter, Push, Trigger, TriggerVerdict, branch_matches};

/// `trigger:` of a pipeline resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PipelineTrigger {
    /// The resource's alias.
    pub alias: String,
    /// The pipeline whose runs are looked at.
    pub source: String,
    pub project: Option<String>,
    pub enabled: bool,
    pub branches: Filter,
    /// All of them must have gone well; nothing is the whole run.
    pub stages: Vec<String>,
    /// The run must have all of them.
    pub tags: Vec<String>,
}

/// A run that has ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FinishedRun<'a> {
    pub pipeline: &'a str,
    /// Nothing is the same project.
    pub project: Option<&'a str>,
    pub branch: &'a str,
    pub has_succeeded: bool,
    /// The stages that went well.
    pub stages: &'a [String],
    pub tags: &'a [String],
}

impl PipelineTrigger {
    /// Decides about a finished run.
    pub fn decide(&self, run: &FinishedRun<'_>) -> TriggerVerdict {
        let (alias, source) = (&self.alias, &self.source);
        if !self.enabled {
            return TriggerVerdict::no(format!("The trigger of the resource {alias} is off."));
        }
        let is_project = match (&self.project, run.project) {
            (Some(wanted), Some(project)) => wanted.eq_ignore_ascii_case(project),
            _ => true,
        };
        if !source.eq_ignore_ascii_case(run.pipeline) || !is_project {
            return TriggerVerdict::no(format!(
                "The resource {alias} waits for {source}, and this is {}.",
                run.pipeline
            ));
        }
        let branch = short_branch(run.branch);
        if !self.branches.admits(branch) {
            return TriggerVerdict::no(format!(
                "The branch {branch} is not among those of the resource {alias}."
            ));
        }
        let has = |list: &[String], wanted: &String| {
            list.iter().any(|known| known.eq_ignore_ascii_case(wanted))
        };
        if let Some(tag) = self.tags.iter().find(|tag| !has(run.tags, tag)) {
            return TriggerVerdict::no(format!("The run of {source} does not have the tag {tag}."));
        }
        if let Some(stage) = self.stages.iter().find(|stage| !has(run.stages, stage)) {
            return TriggerVerdict::no(format!(
                "The stage {stage} of the run of {source} has not succeeded."
            ));
        }
        if self.stages.is_empty() && !run.has_succeeded {
            return TriggerVerdict::no(format!("The run of {source} has not succeeded."));
        }
        TriggerVerdict::yes(format!("The run of {source} matches the resource {alias}."))
    }
}

/// `trigger:` of a repository resource; Azure Repos only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RepositoryTrigger {
    /// The resource's alias.
    pub alias: String,
    pub trigger: Trigger,
}

impl RepositoryTrigger {
    /// Decides about a push to that repository.
    pub fn decide(&self, push: &Push<'_>) -> TriggerVerdict {
        let verdict = self.trigger.decide(push);
        TriggerVerdict { reason: format!("{}: {}", self.alias, verdict.reason), ..verdict }
    }
}

/// `trigger:` of a container resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerTrigger {
    /// The resource's alias.
    pub alias: String,
    pub enabled: bool,
    pub tags: Filter,
}

impl ContainerTrigger {
    /// Decides about a new tag of the image.
    pub fn decide(&self, tag: &str) -> TriggerVerdict {
        let alias = &self.alias;
        if !self.enabled {
            return TriggerVerdict::no(format!("The trigger of the container {alias} is off."));
        }
        let has = |patterns: &[String]| patterns.iter().any(|it| branch_matches(it, tag));
        let is_included = self.tags.include.is_empty() || has(&self.tags.include);
        if is_included && !has(&self.tags.exclude) {
            TriggerVerdict::yes(format!("The tag {tag} of the container {alias} is new."))
        } else {
            TriggerVerdict::no(format!("The container {alias} does not wait for the tag {tag}."))
        }
    }
}

/// `trigger:` of a package resource: every new version starts a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackageTrigger {
    /// The resource's alias.
    pub alias: String,
}
