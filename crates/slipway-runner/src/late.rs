//! What of a job is known only when its turn comes: limits, how many legs go at a time, the legs
//! themselves.
//!
//! Called by `job` and `step`. Deliberately not here: what a leg does.

use std::sync::Arc;

use indexmap::IndexMap;
use slipway_core::RunResult;
use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{PlanJob, whole_number};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::error::RunnerError;
use crate::job::{JobEnd, fail_job, leg_job, sight};
use crate::result::worse;
use crate::scope::{Before, JobScope, Sight, StageScope, lock};
use crate::timeline::{JobShape, lay_out_late};
use crate::variables::Variables;

/// Azure's limits when a job says nothing (§21).
const TIMEOUT_MINUTES: u32 = 60;
const CANCEL_TIMEOUT_MINUTES: u32 = 5;

/// A job's limits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// 0 is none.
    pub(crate) timeout_minutes: u32,
    pub(crate) cancel_timeout_minutes: u32,
    pub(crate) continues_on_error: bool,
}

impl Limits {
    /// Reads them with the job's variables, whose values are expanded.
    pub(crate) fn of(
        job: &PlanJob,
        variables: &Variables,
        sight: &Sight<'_>,
    ) -> Result<Self, RunnerError> {
        let number = |key: &str, text: &Option<String>, usual| match text {
            Some(text) => number(text, key, &job.name, variables, sight),
            None => Ok(usual),
        };
        let continues = evaluated(&job.continue_on_error, "continueOnError", variables, sight)?;
        Ok(Self {
            timeout_minutes: number("timeoutInMinutes", &job.timeout_in_minutes, TIMEOUT_MINUTES)?,
            cancel_timeout_minutes: number(
                "cancelTimeoutInMinutes",
                &job.cancel_timeout_in_minutes,
                CANCEL_TIMEOUT_MINUTES,
            )?,
            continues_on_error: continues.trim().eq_ignore_ascii_case("true"),
        })
    }
}

fn evaluated(
    text: &str,
    key: &str,
    variables: &Variables,
    sight: &Sight<'_>,
) -> Result<String, RunnerError> {
    if !text.contains('$') {
        return Ok(text.to_owned());
    }
    let value = sight.scene(variables, None).value(text, key)?;
    Ok(expand(&value, |name| variables.value(name).map(str::to_owned)))
}

fn number(
    text: &str,
    key: &str,
    job: &str,
    variables: &Variables,
    sight: &Sight<'_>,
) -> Result<u32, RunnerError> {
    if let Some(number) = whole_number(text) {
        return Ok(number);
    }
    let value = evaluated(text, key, variables, sight)?;
    whole_number(&value).ok_or_else(|| RunnerError::Expression {
        place: format!("The value of {key} of job {job}, `{text}`,"),
        message: format!("'{value}' is not a whole number"),
    })
}

/// A step's number with the variables of this moment; nothing where it is none.
pub(crate) fn step_number(job: &JobScope, text: Option<&str>) -> Option<u32> {
    let text = text?;
    if let Some(number) = whole_number(text) {
        return Some(number);
    }
    whole_number(&expand(text, |name| job.variable(name)))
}

fn shown(variables: &Variables) -> Variables {
    let mut shown = variables.clone();
    shown.expand_values();
    shown
}

/// How many legs of the job may go at a time; `None` if as many as there are.
pub(crate) fn gate(
    stage: &StageScope,
    shape: &JobShape,
    before: &Before,
) -> Result<Option<Arc<Semaphore>>, RunnerError> {
    let strategy = shape.plan.strategy.as_ref();
    let Some(text) = strategy.and_then(|strategy| strategy.max_parallel.as_deref()) else {
        return Ok(None);
    };
    let Some((base, _)) = shape.plan.name.split_once('.') else { return Ok(None) };
    if let Some(known) = lock(&stage.gates).get(base) {
        return Ok(known.clone());
    }
    let sight = sight(stage, before, &stage.run.predefined);
    let most = number(text, "maxParallel", base, &shown(&stage.variables), &sight)?;
    let mut gates = lock(&stage.gates);
    let gate = gates.entry(base.to_owned()).or_insert_with(|| {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        (most > 0).then(|| Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))))
    });
    Ok(gate.clone())
}

/// Runs the legs of a job whose matrix or slices an expression makes.
pub(crate) async fn run_legs(
    stage: &Arc<StageScope>,
    shape: &Arc<JobShape>,
    before: &Before,
) -> JobEnd {
    let run = &stage.run;
    let strategy = shape.plan.strategy.as_ref();
    let expression = strategy.and_then(|strategy| strategy.expression.as_deref());
    let expression = expression.unwrap_or_default();
    let sight = sight(stage, before, &run.predefined);
    let value = evaluated(expression, "the strategy", &shown(&stage.variables), &sight);
    let legs = value.and_then(|value| {
        shape.plan.late_legs(&value).map_err(|message| RunnerError::Expression {
            place: format!("The strategy of job {}, `{expression}`,", shape.plan.name),
            message,
        })
    });
    run.recorder.started(&shape.record).await;
    let legs = match legs {
        Ok(legs) => legs,
        Err(error) => return fail_job(run, shape, &error).await,
    };
    let shapes = lay_out_late(run, stage, shape, &legs).await;
    let mut running = JoinSet::new();
    for leg in &shapes {
        let name = leg.plan.name.clone();
        let leg = leg_job(Arc::clone(stage), Arc::clone(leg), before.clone());
        running.spawn(async move { (name, leg.await) });
    }
    let mut whole =
        JobEnd { result: RunResult::Skipped, issue: None, outputs: IndexMap::new(), is_kept: true };
    while let Some(joined) = running.join_next().await {
        let (name, end) = match joined {
            Ok(ended) => ended,
            Err(error) => (shape.plan.name.clone(), crate::graph::Ended::lost(error.to_string())),
        };
        take_leg(&mut whole, &name, end);
    }
    // Whoever keeps all of it says so itself.
    if !whole.is_kept {
        run.recorder.finished(&shape.record, whole.result, whole.issue.clone(), (0, 0)).await;
    }
    whole
}

/// The worst leg is the job's result; outputs are named `leg.step.variable`.
fn take_leg(whole: &mut JobEnd, name: &str, end: JobEnd) {
    if end.result != worse(whole.result, end.result) || whole.issue.is_none() {
        whole.issue = end.issue.or(whole.issue.take());
    }
    whole.result = worse(whole.result, end.result);
    whole.is_kept &= end.is_kept;
    let leg = name.split_once('.').map(|(_, leg)| leg);
    whole.outputs.extend(end.outputs.into_iter().map(|(output, value)| match leg {
        Some(leg) => (format!("{leg}.{output}"), value),
        None => (output, value),
    }));
}
