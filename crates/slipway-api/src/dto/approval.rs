//! Checks of environments, and what people are asked.

use slipway_core::{
    ApprovalAnswer, ApprovalKind, ApprovalState, Check, ProjectId, RecordId, RunId, Timestamp,
};

use super::{answer, request};

answer! {
    /// A question that waits or waited for people.
    pub struct ApprovalView {
        pub id: String,
        pub project_id: ProjectId,
        pub run_id: RunId,
        pub run_number: String,
        /// The stage or step that waits.
        pub record_id: RecordId,
        pub kind: ApprovalKind,
        pub stage: String,
        /// An environment, or the display name of a step or stage.
        pub subject: String,
        pub instructions: String,
        /// Whoever is at this machine if empty.
        pub approvers: Vec<String>,
        /// 0 is all of them.
        pub minimum_approvers: u32,
        pub requester_may_approve: bool,
        /// One approver after the other.
        pub in_order: bool,
        /// The approvers who are asked now.
        pub asked_now: Vec<String>,
        pub is_skippable: bool,
        pub requested_by: String,
        #[ts(type = "number")]
        pub requested_at: Timestamp,
        #[ts(type = "number | null")]
        pub expires_at: Option<Timestamp>,
        pub state: ApprovalState,
        #[ts(type = "number | null")]
        pub decided_at: Option<Timestamp>,
        pub answers: Vec<ApprovalAnswer>,
    }

    /// What an environment asks of stages.
    pub struct EnvironmentChecks {
        pub environment: String,
        pub checks: Vec<Check>,
        /// What a rolling deployment goes to, one after the other.
        pub targets: Vec<EnvironmentTargetView>,
    }

    /// A machine, or what plays one.
    pub struct EnvironmentTargetView {
        pub name: String,
        pub tags: Vec<String>,
    }
}

request! {
    /// Questions: of a run, all of them; else those that wait, of a project or of all.
    pub struct ApprovalList {
        #[serde(default)]
        pub project_id: Option<ProjectId>,
        #[serde(default)]
        pub run_id: Option<RunId>,
    }

    /// Somebody's answer.
    pub struct ApprovalAnswerGive {
        pub approval_id: String,
        pub is_approved: bool,
        #[serde(default)]
        pub comment: String,
        /// Whoever is at this machine if left out.
        #[serde(default)]
        pub approver: Option<String>,
    }

    /// Starts a stage that waits for a hand, or leaves it out.
    pub struct StageStart {
        pub run_id: RunId,
        pub stage: String,
        #[serde(default)]
        pub is_skipped: bool,
    }

    /// A request about one environment.
    pub struct CheckList {
        pub project_id: ProjectId,
        pub environment: String,
    }

    /// Replaces what an environment asks of stages.
    pub struct CheckSave {
        pub project_id: ProjectId,
        pub environment: String,
        pub checks: Vec<Check>,
        #[serde(default)]
        pub targets: Vec<EnvironmentTargetView>,
    }
}
