//! One step: its condition, its attempts, its limits, its log from first line to last.
//!
//! Called by `job`. Deliberately not here: what a task does (`tasks`), what its output means (`output`).

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use slipway_core::RunResult;
use slipway_pipeline::macros::expand;
use slipway_pipeline::{DEFAULT_CONDITION, Status};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::access_token;
use crate::error::RunnerError;
use crate::expression::Verdict;
use crate::job::{Progress, minutes, skip_step};
use crate::late::step_number;
use crate::log::LogWriter;
use crate::scope::{JobScope, lock};
use crate::skip::{CANCELED, by_condition};
use crate::step_scope::{Notes, StepScope};
use crate::tasks::Task;
use crate::timeline::StepShape;

/// More attempts than these are not made (§21).
const MOST_RETRIES: u32 = 10;
/// How long a stopped step may take to put its things away.
const STOP_PATIENCE: Duration = Duration::from_secs(30);
const RULER: &str =
    "==============================================================================";

/// How a step ended.
#[derive(Debug)]
pub(crate) struct StepEnd {
    pub(crate) result: RunResult,
    pub(crate) issue: Option<String>,
}

/// Why a step was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// By the user, or because the run can no longer be recorded.
    Canceled,
    StepTimedOut,
    JobTimedOut,
    /// The time for cleaning up is over.
    GraceOver,
}

/// Decides whether a step runs, and runs it.
pub(crate) async fn run_step(
    job: &Arc<JobScope>,
    shape: &StepShape,
    progress: &mut Progress,
) -> StepEnd {
    let recorder = &job.run.recorder;
    if let Some(reason) = &shape.skip {
        return skip_step(recorder, shape, reason.clone()).await;
    }
    if !shape.plan.enabled {
        let reason = "Skipped: the step says `enabled: false`".to_owned();
        return skip_step(recorder, shape, reason).await;
    }
    let condition = shape.plan.condition.as_deref().unwrap_or(DEFAULT_CONDITION);
    let decided = decide(job, shape, progress, condition);
    if let Ok(verdict) = &decided
        && !verdict.holds
    {
        return skip(job, shape, progress, condition, verdict).await;
    }
    let known = job.run.tasks.find(&shape.plan.task, shape.plan.version);
    record_step(job, shape, progress, decided.map(|_| known)).await
}

/// Runs a task in a record of its own, whatever the condition of the step that it is made from.
pub(crate) async fn run_task(
    job: &Arc<JobScope>,
    shape: &StepShape,
    progress: &mut Progress,
    task: &dyn Task,
) -> StepEnd {
    record_step(job, shape, progress, Ok(Some(task))).await
}

async fn record_step(
    job: &Arc<JobScope>,
    shape: &StepShape,
    progress: &mut Progress,
    task: Result<Option<&dyn Task>, RunnerError>,
) -> StepEnd {
    let recorder = &job.run.recorder;
    recorder.started(&shape.record).await;
    let writer = LogWriter::open(&job.run, &shape.record);
    let (result, notes) = match task {
        Ok(task) => perform(job, shape, progress, &writer, task).await,
        Err(error) => (RunResult::Failed, failed_notes(&writer, &error).await),
    };
    let issue = if result == RunResult::Succeeded { None } else { notes.issue };
    let counts = (notes.errors, notes.warnings);
    recorder.finished(&shape.record, result, issue.clone(), counts).await;
    StepEnd { result, issue }
}

async fn failed_notes(writer: &LogWriter, error: &RunnerError) -> Notes {
    writer.system(&format!("##[error]{error}")).await;
    Notes { errors: 1, issue: Some(writer.mask(&error.to_string())), ..Notes::default() }
}

fn decide(
    job: &JobScope,
    shape: &StepShape,
    progress: &Progress,
    condition: &str,
) -> Result<Verdict, RunnerError> {
    // Most steps say nothing; if all went well, that needs no copy of the variables.
    if shape.plan.condition.is_none() && progress.status.is_success() {
        return Ok(Verdict { holds: true, trace: Vec::new() });
    }
    let variables = lock(&job.variables).clone();
    let status = Status::Step { job: progress.status };
    let scene = job.run.sight().scene(&variables, Some(status));
    scene.condition(condition, &format!("step '{}'", shape.plan.display_name))
}

async fn skip(
    job: &JobScope,
    shape: &StepShape,
    progress: &Progress,
    condition: &str,
    verdict: &Verdict,
) -> StepEnd {
    let asks = condition.to_ascii_lowercase();
    let reason = match (&progress.first_failure, progress.status) {
        (_, RunResult::Canceled) if asks.contains("succeeded") => CANCELED.to_owned(),
        (Some((step, _)), RunResult::Failed) if asks.contains("succeeded") => {
            format!("Skipped: {step} failed")
        }
        _ => by_condition(condition, verdict),
    };
    let writer = LogWriter::open(&job.run, &shape.record);
    let first = [
        format!("##[section]Starting: {}", shape.plan.display_name),
        "Skipping step due to condition evaluation.".to_owned(),
    ];
    let last = [format!("##[section]Finishing: {}", shape.plan.display_name)];
    let trace = first.iter().chain(&verdict.trace).chain(&last);
    let lines = trace.map(|line| writer.make(slipway_core::LogStream::System, line));
    writer.send(lines.collect()).await;
    let reason = writer.mask(&reason);
    skip_step(&job.run.recorder, shape, reason).await
}

/// The step's log from `Starting:` to `Finishing:`.
async fn perform(
    job: &Arc<JobScope>,
    shape: &StepShape,
    progress: &mut Progress,
    writer: &LogWriter,
    task: Option<&dyn Task>,
) -> (RunResult, Notes) {
    let display_name = expand(&shape.plan.display_name, |name| job.variable(name));
    let (result, notes) = match task {
        Some(task) => {
            let spec = task.spec();
            let frame = format!(
                "##[section]Starting: {display_name}\n{RULER}\nTask         : {}\n\
                 Description  : {}\nVersion      : {}\n{RULER}",
                spec.name,
                spec.help,
                task.version()
            );
            writer.system(&frame).await;
            let notes = std::mem::take(&mut *lock(&job.notes));
            for note in notes {
                writer.system(&note).await;
            }
            attempts(job, shape, progress, writer, task).await
        }
        None => {
            writer.system(&format!("##[section]Starting: {display_name}")).await;
            let error = RunnerError::TaskUnknown { task: shape.plan.task_reference() };
            (RunResult::Failed, failed_notes(writer, &error).await)
        }
    };
    let result = match result {
        RunResult::Failed if continues_on_error(job, shape) => {
            writer.system("The step failed; `continueOnError` lets the job go on.").await;
            RunResult::SucceededWithIssues
        }
        other => other,
    };
    writer.system(&format!("##[section]Finishing: {display_name}")).await;
    (result, notes)
}

fn continues_on_error(job: &JobScope, shape: &StepShape) -> bool {
    let written = expand(&shape.plan.continue_on_error, |name| job.variable(name));
    let variables = lock(&job.variables).clone();
    let scene = job.run.sight().scene(&variables, None);
    // An expression that cannot be evaluated does not excuse a failure.
    scene
        .value(&written, "continueOnError")
        .is_ok_and(|value| value.trim().eq_ignore_ascii_case("true"))
}

async fn attempts(
    job: &Arc<JobScope>,
    shape: &StepShape,
    progress: &mut Progress,
    writer: &LogWriter,
    task: &dyn Task,
) -> (RunResult, Notes) {
    let got = shape.plan.retry_count_on_task_failure.as_deref();
    let got = step_number(job, got).unwrap_or_default();
    let retries = got.min(MOST_RETRIES);
    if got > MOST_RETRIES {
        let text =
            format!("The maximum allowed number of attempts is {MOST_RETRIES} but got {got}.");
        writer.system(&format!("##[warning]{text}")).await;
    }
    let mut counts = (0, 0);
    let mut attempt = 0;
    loop {
        let (result, stop, mut notes) = one_attempt(job, shape, progress, writer, task).await;
        counts = (counts.0 + notes.errors, counts.1 + notes.warnings);
        (notes.errors, notes.warnings) = counts;
        if result != RunResult::Failed || stop.is_some() || attempt == retries {
            return (result, notes);
        }
        attempt += 1;
        let wait = Duration::from_secs(u64::from(attempt) * u64::from(attempt));
        let text = format!(
            "RetryHelper encountered task failure, will retry (attempt #: {attempt} out of \
             {retries}) after {} ms",
            wait.as_millis()
        );
        writer.system(&text).await;
        tokio::select! {
            () = sleep(wait) => {}
            stop = stopped(job, progress, None) => {
                return (stop_result(job, stop, shape, progress, &mut notes, writer).await, notes);
            }
        }
    }
}

/// The step's own limit; 0 is none.
fn limit_of(job: &JobScope, shape: &StepShape) -> Option<u32> {
    let written = shape.plan.timeout_in_minutes.as_deref();
    step_number(job, written).filter(|limit| *limit > 0)
}

async fn one_attempt(
    job: &Arc<JobScope>,
    shape: &StepShape,
    progress: &mut Progress,
    writer: &LogWriter,
    task: &dyn Task,
) -> (RunResult, Option<Stop>, Notes) {
    let cancel = CancellationToken::new();
    let scope = StepScope::open(job, shape, task.spec(), writer.clone(), cancel.clone());
    access_token::tell(&scope, &shape.plan).await;
    let limit = limit_of(job, shape);
    let step_due = limit.map(|limit| Instant::now() + minutes(limit));
    let mut work = pin!(task.run(&scope));
    let (outcome, stop) = tokio::select! {
        biased;
        outcome = &mut work => (Some(outcome), None),
        stop = stopped(job, progress, step_due) => {
            writer.system("The Operation will be canceled. The next steps may not contain expected logs.").await;
            cancel.cancel();
            (timeout(STOP_PATIENCE, &mut work).await.ok(), Some(stop))
        }
    };
    let result = match (outcome, stop) {
        (Some(Ok(result)), None) => result,
        (Some(Err(error)), None) => {
            scope.fail(&error).await;
            RunResult::Failed
        }
        _ => RunResult::Failed,
    };
    let mut notes = scope.notes();
    let result = match stop {
        None => notes.apply_to(result),
        Some(Stop::StepTimedOut) if task.at_timeout(&scope).is_some() => {
            let (result, why) = task.at_timeout(&scope).unwrap_or((RunResult::Failed, ""));
            if result == RunResult::Failed {
                scope.error(why).await;
            } else {
                scope.line(why).await;
            }
            notes = scope.notes();
            result
        }
        Some(stop) => stop_result(job, stop, shape, progress, &mut notes, writer).await,
    };
    (result, stop, notes)
}

/// Waits until something ends the step from outside.
async fn stopped(job: &JobScope, progress: &Progress, step_due: Option<Instant>) -> Stop {
    let run = &job.run;
    let at = |due: Option<Instant>| async move {
        match due {
            Some(due) => sleep_until(due).await,
            None => std::future::pending().await,
        }
    };
    let is_canceling = progress.grace.is_some();
    tokio::select! {
        biased;
        () = run.recorder.abort.cancelled() => Stop::Canceled,
        () = run.cancel.cancelled(), if !is_canceling => Stop::Canceled,
        () = at(progress.grace) => Stop::GraceOver,
        () = at(progress.due), if !is_canceling => Stop::JobTimedOut,
        () = at(step_due) => Stop::StepTimedOut,
    }
}

async fn stop_result(
    job: &JobScope,
    stop: Stop,
    shape: &StepShape,
    progress: &mut Progress,
    notes: &mut Notes,
    writer: &LogWriter,
) -> RunResult {
    let (result, issue) = match stop {
        Stop::StepTimedOut => {
            let limit = limit_of(job, shape).unwrap_or_default();
            (
                RunResult::Failed,
                format!("The task has timed out. Its limit is {limit} min (`timeoutInMinutes`)."),
            )
        }
        Stop::JobTimedOut => {
            progress.cancel();
            let limit = progress.limit_minutes;
            (
                RunResult::Canceled,
                format!(
                    "The job running on agent Slipway ran longer than the maximum time of {limit} \
                     minutes."
                ),
            )
        }
        Stop::Canceled => {
            progress.cancel();
            (RunResult::Canceled, "The run was canceled while this step was running.".to_owned())
        }
        Stop::GraceOver => (
            RunResult::Canceled,
            "The step took longer than `cancelTimeoutInMinutes` allows after the cancel."
                .to_owned(),
        ),
    };
    writer.system(&format!("##[error]{issue}")).await;
    notes.errors += 1;
    notes.issue = Some(issue);
    result
}
