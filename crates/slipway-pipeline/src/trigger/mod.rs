//! What starts a run: `trigger`, `pr`, `schedules` and the triggers of resources (pipelines.md 3, 16).
//!
//! Each answers "would this push, pull request, moment or finished run start the pipeline" with a
//! [`TriggerVerdict`], whose reason is a sentence. Whoever notices such a thing asks. Deliberately not
//! here: queues (a verdict that `waits` is the caller's to hold back) and the clock.

mod pattern;
mod pull_request;
mod push;
mod resource;

use serde::{Deserialize, Serialize};

pub use crate::schedule::Schedule;
pub use pattern::{branch_matches, path_matches};
pub use pull_request::{PrFilter, PrTrigger, PullRequest};
pub use push::{Filter, Push, Trigger, TriggerFilter};
pub use resource::{
    ContainerTrigger, FinishedRun, PackageTrigger, PipelineTrigger, RepositoryTrigger,
};

/// Everything in a file that can start a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Triggers {
    /// `trigger:`
    pub ci: Trigger,
    /// `pr:`
    pub pr: PrTrigger,
    pub schedules: Vec<Schedule>,
    /// Of `resources: pipelines:`, those that have a trigger.
    pub pipelines: Vec<PipelineTrigger>,
    /// Of `resources: repositories:`, those that have a trigger.
    pub repositories: Vec<RepositoryTrigger>,
    /// Of `resources: containers:`, those that have a trigger.
    pub containers: Vec<ContainerTrigger>,
    /// Of `resources: packages:`, those that have a trigger.
    pub packages: Vec<PackageTrigger>,
}

/// The answer, with its reason in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TriggerVerdict {
    pub starts: bool,
    /// True when the run is to wait for the one that is going on (`batch: true`).
    pub waits: bool,
    pub reason: String,
}

impl TriggerVerdict {
    fn yes(reason: impl Into<String>) -> Self {
        Self { starts: true, waits: false, reason: reason.into() }
    }

    fn no(reason: impl Into<String>) -> Self {
        Self { starts: false, waits: false, reason: reason.into() }
    }
}

const SKIP_WORDS: [&str; 12] = [
    "[skip ci]",
    "[ci skip]",
    "skip-checks: true",
    "skip-checks:true",
    "[skip azurepipelines]",
    "[azurepipelines skip]",
    "[skip azpipelines]",
    "[azpipelines skip]",
    "[skip azp]",
    "[azp skip]",
    "[no ci]",
    "***no_ci***",
];

/// The words of a commit message that ask for no run, if there are some.
fn skip_word(message: &str) -> Option<&'static str> {
    let folded = message.to_lowercase();
    SKIP_WORDS.iter().copied().find(|word| folded.contains(word))
}
