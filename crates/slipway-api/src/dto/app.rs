//! The app itself, its projects, and the loop picture.

use slipway_core::{ProjectId, RunId, StepOutcome, Timestamp};

use super::{answer, request};
use crate::dto::ObjectRef;

answer! {
    /// The app and what it can do on this machine.
    pub struct AppView {
        pub version: String,
        /// `desktop`, `serve` or `test`.
        pub host: String,
        pub data_dir: String,
        pub capabilities: Vec<CapabilityView>,
        /// Base address of the telemetry endpoint, once it listens.
        pub ingest_endpoint: Option<String>,
        /// `host:port` of the local registry, once it answers.
        pub registry_address: Option<String>,
    }

    /// Something the app needs from the machine.
    pub struct CapabilityView {
        /// `engine`, `registry`, `ingest` or `git`.
        pub key: String,
        pub title: String,
        pub state: CapabilityState,
        /// What was found, such as `Docker 20.10.24`.
        pub detail: String,
        /// What to do when it is missing.
        pub hint: Option<String>,
    }

    /// Whether a capability can be used.
    #[derive(Eq, Copy)]
    pub enum CapabilityState { Ready, Starting, Missing, Failed }

    /// A project: a repository with its pipeline, environments and backlog.
    pub struct ProjectView {
        pub id: ProjectId,
        pub name: String,
        pub path: String,
        pub is_sample: bool,
        pub branch: Option<String>,
        /// The path no longer holds a repository.
        pub is_missing: bool,
        #[ts(type = "number")]
        pub opened_at: Timestamp,
    }

    /// The ten steps of the loop as they stand: the product's face.
    pub struct LoopView {
        pub project: ProjectView,
        pub steps: Vec<LoopStepView>,
        /// The run the picture shows: the going one, else the newest.
        pub run_id: Option<RunId>,
        pub run_number: Option<String>,
        pub is_running: bool,
        /// What the big button does next.
        pub next: NextAction,
    }

    /// One of the ten steps.
    pub struct LoopStepView {
        /// 1 to 10.
        pub number: u8,
        pub key: LoopStepKey,
        /// Such as `Commit`.
        pub title: String,
        pub outcome: StepOutcome,
        /// A few words: `3 files changed`, `12 of 12 tests`, a short digest.
        pub headline: String,
        /// A sentence more.
        pub detail: String,
        #[ts(type = "number | null")]
        pub started_at: Option<Timestamp>,
        #[ts(type = "number | null")]
        pub finished_at: Option<Timestamp>,
        /// What a click opens.
        pub target: Option<ObjectRef>,
    }

    /// The ten steps by name.
    #[derive(Eq, Copy)]
    pub enum LoopStepKey { Change, Commit, Ci, Push, Trigger, Deploy, Launch, Observe, Review, Backlog }

    /// What to do next, said to a first-time user.
    pub struct NextAction {
        pub kind: NextActionKind,
        /// The button's text.
        pub label: String,
        /// A sentence under it.
        pub hint: String,
        /// The message that Run would commit the pending change with.
        pub proposed_message: Option<String>,
    }

    /// What the big button does.
    #[derive(Eq, Copy)]
    pub enum NextActionKind {
        /// Commit the pending change, and so start the run.
        CommitAndRun,
        /// Run the newest commit.
        Run,
        /// Cancel the going run.
        Cancel,
        /// Something is missing: the hint says what.
        Blocked,
    }

    /// A run was started.
    pub struct RunStarted {
        pub run_id: RunId,
        pub number: String,
        pub commit: String,
        /// What may keep it from its end, a line each.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub warnings: Option<Vec<String>>,
    }
}

request! {
    /// Opens a repository as a project.
    pub struct ProjectOpen {
        /// A folder inside a git repository.
        pub path: String,
    }

    /// Presses the big button.
    pub struct LoopRun {
        pub project_id: ProjectId,
        /// Message for the pending change; the proposed one if left out.
        #[serde(default)]
        pub message: Option<String>,
        /// Leaves out all that cannot run here.
        #[serde(default)]
        #[ts(optional)]
        pub skip_unsupported: Option<bool>,
        /// As of `run_start`.
        #[serde(default)]
        #[ts(optional)]
        pub skip: Option<Vec<String>>,
    }
}
