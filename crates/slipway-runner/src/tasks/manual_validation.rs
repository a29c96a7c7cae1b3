//! `ManualValidation@0` and `@1`: asks a person, in an agentless job.
//!
//! Nobody is sent a mail: the question stands in the page and in the terminal.

use async_trait::async_trait;
use slipway_core::{ApprovalKind, RunResult};
use slipway_pipeline::catalog::{TaskSpec, table};

use super::Task;
use crate::checks::{Decision, Question, by};
use crate::error::RunnerError;
use crate::glob::lines_of;
use crate::step_scope::StepScope;

/// Both versions take and do the same.
pub(crate) struct ManualValidation {
    pub(crate) spec: &'static TaskSpec,
}

impl ManualValidation {
    pub(crate) const V0: Self = Self { spec: &table::MANUAL_VALIDATION_0 };
    pub(crate) const V1: Self = Self { spec: &table::MANUAL_VALIDATION_1 };
}

fn people(text: &str) -> Vec<String> {
    lines_of(text)
        .iter()
        .flat_map(|line| line.split([',', ';']))
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[async_trait]
impl Task for ManualValidation {
    fn spec(&self) -> &'static TaskSpec {
        self.spec
    }

    async fn run(&self, step: &StepScope) -> Result<RunResult, RunnerError> {
        if let Some(names) = step.input("notifyUsers") {
            let names = people(names).join(", ");
            step.line(&format!("notifyUsers is read, but nobody is sent a mail: {names}")).await;
        }
        let instructions = step.writer.mask(step.input("instructions").unwrap_or_default());
        if !instructions.is_empty() {
            step.line(&format!("Instructions: {instructions}")).await;
        }
        let approvers = step.input("approvers").map(people).unwrap_or_default();
        let question = Question {
            kind: ApprovalKind::ManualValidation,
            record: step.record.clone(),
            stage: step.job.variable("System.StageName").unwrap_or_default(),
            subject: step.display_name.clone(),
            instructions,
            approvers,
            // Any one of them may answer.
            minimum_approvers: 1,
            requester_may_approve: step.flag("allowApproversToApproveTheirOwnRuns"),
            in_order: false,
            is_skippable: false,
            // The limit of the step or of its job ends the waiting.
            timeout: None,
        };
        step.line("Waiting for somebody to resume or reject.").await;
        match step.job.run.host.ask(question, &step.cancel).await? {
            Decision::Approved { by: who, comment } => {
                step.line(&format!("Resumed {}", by(&who, &comment))).await;
                Ok(RunResult::Succeeded)
            }
            Decision::Rejected { by: who, comment } => {
                step.error(&format!("The manual validation was rejected {}", by(&who, &comment)))
                    .await;
                Ok(RunResult::Failed)
            }
            Decision::Skipped { .. } | Decision::TimedOut | Decision::Canceled => {
                Ok(RunResult::Canceled)
            }
        }
    }

    fn at_timeout(&self, step: &StepScope) -> Option<(RunResult, &'static str)> {
        let resumes =
            step.input("onTimeout").is_some_and(|word| word.eq_ignore_ascii_case("resume"));
        Some(if resumes {
            (RunResult::Succeeded, "Nobody answered in time; the run goes on (onTimeout: resume).")
        } else {
            (RunResult::Failed, "Nobody answered in time; rejected (onTimeout: reject).")
        })
    }
}
