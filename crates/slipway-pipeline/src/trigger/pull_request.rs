//! `pr:`: which pull requests start a run. GitHub and Bitbucket ask here; Azure Repos uses branch
//! policies instead.

use serde::{Deserialize, Serialize};

use super::pattern::short_branch;
use super::{Filter, TriggerVerdict};

/// The pull request trigger of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PrTrigger {
    /// The file says nothing: pull requests to every branch.
    #[default]
    Implied,
    /// `pr: none`.
    Off,
    Filtered(PrFilter),
}

/// What a `pr:` asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PrFilter {
    /// True unless the file says no: a new push ends the run of the one before.
    pub auto_cancel: bool,
    /// True unless the file says no: drafts start runs as well.
    pub drafts: bool,
    /// Of the target.
    pub branches: Filter,
    pub paths: Filter,
}

impl Default for PrFilter {
    fn default() -> Self {
        let (branches, paths) = (Filter::default(), Filter::default());
        Self { auto_cancel: true, drafts: true, branches, paths }
    }
}

/// A pull request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PullRequest<'a> {
    pub target_branch: &'a str,
    pub changed_paths: &'a [String],
    pub is_draft: bool,
}

impl PrTrigger {
    /// Decides about a pull request.
    pub fn decide(&self, request: &PullRequest<'_>) -> TriggerVerdict {
        let filter = match self {
            Self::Off => {
                let reason = "The pipeline says pr: none, so pull requests start no run.";
                return TriggerVerdict::no(reason);
            }
            Self::Implied => {
                let reason = "The pipeline has no pr: every pull request starts a run.";
                return TriggerVerdict::yes(reason);
            }
            Self::Filtered(filter) => filter,
        };
        if request.is_draft && !filter.drafts {
            return TriggerVerdict::no("It is a draft, and the pipeline says drafts: false.");
        }
        let name = short_branch(request.target_branch);
        if !filter.branches.admits(name) {
            return TriggerVerdict::no(format!(
                "The target branch {name} is not among those of pr."
            ));
        }
        if filter.paths.is_empty() {
            return TriggerVerdict::yes(format!("The target branch {name} matches pr."));
        }
        match filter.paths.first_path(request.changed_paths) {
            Some(path) => TriggerVerdict::yes(format!(
                "The target branch {name} and the path {path} match pr."
            )),
            None => TriggerVerdict::no("None of the changed paths matches pr."),
        }
    }
}
