//! What a run asks people, and what they decide.
//!
//! Made by `gate` and by `ManualValidation`; answered through [`crate::RunHost::ask`]. Deliberately not here:
//! who is who, which the house knows.

use std::time::Duration;

use slipway_core::{ApprovalKind, RecordId};

/// A question that waits for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub kind: ApprovalKind,
    /// The stage or step that waits.
    pub record: RecordId,
    pub stage: String,
    /// What it is about: an environment, a step's or a stage's display name.
    pub subject: String,
    /// Masked, macros expanded.
    pub instructions: String,
    /// Whoever is at this machine if empty.
    pub approvers: Vec<String>,
    /// 0 is all of them.
    pub minimum_approvers: u32,
    pub requester_may_approve: bool,
    /// One approver after the other.
    pub in_order: bool,
    /// A manual stage may be left out.
    pub is_skippable: bool,
    /// `None` waits as long as the run.
    pub timeout: Option<Duration>,
}

/// How a question ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Approved {
        by: String,
        comment: String,
    },
    Rejected {
        by: String,
        comment: String,
    },
    /// A manual stage was left out.
    Skipped {
        by: String,
    },
    TimedOut,
    /// The run withdrew it.
    Canceled,
}

/// `by ada: too late`.
pub(crate) fn by(who: &str, comment: &str) -> String {
    match comment.trim() {
        "" => format!("by {who}"),
        comment => format!("by {who}: {comment}"),
    }
}
