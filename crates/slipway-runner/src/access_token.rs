//! `System.AccessToken`: there is no server here that would give one, and whoever reads it is told so once.
//!
//! `support` finds it in a plan before the run; `step` says it in the log of the first step that gets none.
//! A secret variable of the pipeline with this name takes its place. Deliberately not here: any token.

use std::sync::atomic::Ordering;

use slipway_pipeline::diagnostic::Span;
use slipway_pipeline::plan::{Plan, PlanStep, PlanVariable};

use crate::step_scope::StepScope;

const NAME: &str = "system.accesstoken";
/// What it is, for logs and lists.
pub(crate) const WHAT: &str = "System.AccessToken has no value here: no Azure DevOps server is behind this run to give a token.";
/// What to do about it.
pub(crate) const INSTEAD: &str = "If a step needs one, make a personal access token and keep it as the \
    pipeline's secret variable System.AccessToken (Library, or: slipway variable set System.AccessToken \
    --secret).";

fn reads(text: &str) -> bool {
    // Most texts have no such word at all, and are not copied to find out.
    memchr::memmem::find(text.as_bytes(), b"cces").is_some()
        && text.to_ascii_lowercase().contains(NAME)
}

fn step_reads(step: &PlanStep) -> bool {
    let inputs = step.inputs.iter().map(|(_, value)| value);
    let env = step.env.iter().map(|(_, value)| value);
    inputs.chain(env).chain(&step.condition).any(|text| reads(text))
}

/// The first place in a plan that reads it.
pub(crate) fn first_reader(plan: &Plan) -> Option<(u16, Span)> {
    let of_variables = |list: &[PlanVariable]| {
        list.iter().find(|one| reads(&one.value)).map(|one| (one.file, one.span))
    };
    of_variables(&plan.variables).or_else(|| {
        plan.stages.iter().find_map(|stage| {
            of_variables(&stage.variables).or_else(|| {
                stage.jobs.iter().find_map(|job| {
                    of_variables(&job.variables).or_else(|| {
                        let step = job.steps.iter().find(|step| step_reads(step))?;
                        Some((step.file, step.span))
                    })
                })
            })
        })
    })
}

/// Says once a run that a step got none.
pub(crate) async fn tell(step: &StepScope, plan: &PlanStep) {
    let run = &step.job.run;
    let is_asked = step.given().any(reads) || plan.condition.as_deref().is_some_and(reads);
    if is_asked
        && step.job.variable("System.AccessToken").is_none()
        && !run.is_token_told.swap(true, Ordering::SeqCst)
    {
        step.warning(WHAT).await;
        step.line(INSTEAD).await;
    }
}
