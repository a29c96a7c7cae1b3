//! Checks of an environment, and what people are asked on their account; named as in Azure DevOps.
//!
//! The store keeps them, the runner obeys them, the page edits them. Deliberately not here: waiting.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ApprovalState, Timestamp, Weekday};

/// Azure's own limit: 30 days.
pub const LONGEST_WAIT_MINUTES: u32 = 43_200;

/// What must hold before a stage may use an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Check {
    /// People agree.
    Approval {
        /// Who may answer; whoever is at this machine if empty.
        approvers: Vec<String>,
        /// How many of them must agree; 0 is all of them.
        minimum_approvers: u32,
        instructions: String,
        requester_may_approve: bool,
        /// One after the other, as they are named; then all of them must agree.
        #[serde(default)]
        in_order: bool,
        timeout_minutes: u32,
    },
    /// One stage at a time uses the environment, over all runs.
    ExclusiveLock { timeout_minutes: u32 },
    /// The stage starts only at certain hours.
    BusinessHours {
        days: Vec<Weekday>,
        /// `09:00`.
        from: String,
        /// `17:00`; before `from` it is on the next day.
        to: String,
        /// `Europe/Berlin`.
        time_zone: String,
        timeout_minutes: u32,
    },
    /// Only runs of these branches; `*` stands for anything.
    BranchControl { branches: Vec<String> },
}

impl Check {
    /// As Azure calls it.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Approval { .. } => "Approvals",
            Self::ExclusiveLock { .. } => "Exclusive lock",
            Self::BusinessHours { .. } => "Business hours",
            Self::BranchControl { .. } => "Branch control",
        }
    }
}

/// One person's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalAnswer {
    pub approver: String,
    pub is_approved: bool,
    pub comment: String,
    #[ts(type = "number")]
    pub at: Timestamp,
}

/// The approvers who may agree: all of them but for one who started the run and may not.
pub fn able_approvers(approvers: &[String], barred: Option<&str>) -> Vec<String> {
    let is_able = |name: &&String| barred.is_none_or(|barred| !name.eq_ignore_ascii_case(barred));
    approvers.iter().filter(is_able).cloned().collect()
}

/// Who of them is asked now: those who have not answered, in order only the first of these.
pub fn asked_now(able: &[String], in_order: bool, answers: &[ApprovalAnswer]) -> Vec<String> {
    let has_answered =
        |name: &String| answers.iter().any(|it| it.approver.eq_ignore_ascii_case(name));
    let left = able.iter().filter(|name| !has_answered(name)).cloned();
    if in_order { left.take(1).collect() } else { left.collect() }
}

/// How a question stands after these answers: one no is a no; else it takes enough people.
pub fn judge(approvers: &[String], minimum: u32, answers: &[ApprovalAnswer]) -> ApprovalState {
    if answers.iter().any(|answer| !answer.is_approved) {
        return ApprovalState::Rejected;
    }
    let all = u32::try_from(approvers.len()).unwrap_or(u32::MAX).max(1);
    let needed = if minimum == 0 { all } else { minimum.min(all) };
    let mut people: Vec<String> =
        answers.iter().map(|answer| answer.approver.to_lowercase()).collect();
    people.sort();
    people.dedup();
    if u32::try_from(people.len()).unwrap_or(u32::MAX) >= needed {
        ApprovalState::Approved
    } else {
        ApprovalState::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(approver: &str, is_approved: bool) -> ApprovalAnswer {
        ApprovalAnswer { approver: approver.to_owned(), is_approved, comment: String::new(), at: 1 }
    }

    #[test]
    fn one_no_is_a_no_and_enough_people_are_a_yes() {
        let people = ["Ada".to_owned(), "Bob".to_owned(), "Cid".to_owned()];
        let yes = [answer("Ada", true), answer("ada", true), answer("Bob", true)];
        assert_eq!(judge(&people, 2, &yes[..2]), ApprovalState::Pending, "Ada counts once");
        assert_eq!(judge(&people, 2, &yes), ApprovalState::Approved, "two of three are enough");
        assert_eq!(judge(&people, 0, &yes), ApprovalState::Pending, "0 asks for all of them");
        assert_eq!(
            judge(&[], 0, &yes[..1]),
            ApprovalState::Approved,
            "nobody named: one is enough"
        );
        assert_eq!(judge(&people, 9, &yes), ApprovalState::Pending, "never more than there are");
        let able = able_approvers(&people, Some("bob"));
        assert_eq!(able, ["Ada", "Cid"], "whoever started the run is not asked");
        assert_eq!(asked_now(&able, false, &yes[..1]), ["Cid"], "who has not answered");
        assert_eq!(asked_now(&people, true, &yes[..1]), ["Bob"], "one after the other");
        assert!(asked_now(&people, true, &[]).starts_with(&people[..1]), "the first one first");
        let no = [answer("Ada", true), answer("Bob", false)];
        assert_eq!(judge(&people, 1, &no), ApprovalState::Rejected, "a no beats every yes");
    }
}
