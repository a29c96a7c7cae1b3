//! The gate in front of a stage: waits until it may start, or says why it may not.
//!
//! In Azure's order: the hand that starts a manual stage; branch control; approvals and business hours side
//! by side; exclusive locks last. A stage that waits holds no slot. Deliberately not here: the stage's
//! condition, which is decided before.

use std::sync::Arc;
use std::time::Duration;

use slipway_core::{ApprovalKind, Check};
use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{LockBehavior, StageTrigger};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;

use super::ask::{Decision, Question, by};
use super::branches::is_allowed;
use super::hours::Hours;
use super::lock::{Claim, LockGuard, Turn};
use crate::error::RunnerError;
use crate::scope::{RunScope, lock};
use crate::skip::CANCELED;
use crate::timeline::StageShape;
use crate::variables::Variables;

/// Clocks are set and machines sleep: hours are looked at anew at least so often.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// What the gate says.
pub(crate) enum Gate {
    /// The stage may start, and holds these until it ends.
    Open(Vec<LockGuard>),
    Skipped(String),
    Failed(String),
    Canceled(String),
}

/// An environment with one of its checks.
type Demand = (String, Check);

/// Why a stage does not start.
enum Stop {
    Skipped(String),
    Failed(String),
    Canceled(String),
}

impl From<Stop> for Gate {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Skipped(reason) => Self::Skipped(reason),
            Stop::Failed(reason) => Self::Failed(reason),
            Stop::Canceled(reason) => Self::Canceled(reason),
        }
    }
}

/// Waits until a stage may start.
pub(crate) async fn pass(
    run: &Arc<RunScope>,
    shape: &StageShape,
    variables: &Variables,
) -> Result<Gate, RunnerError> {
    let demands = demands(run, shape, variables).await?;
    if demands.is_empty() && shape.plan.trigger == StageTrigger::Automatic {
        return Ok(Gate::Open(Vec::new()));
    }
    let gate = Waiting { run, shape };
    Ok(match gate.all(&demands).await? {
        Ok(guards) => Gate::Open(guards),
        Err(stop) => stop.into(),
    })
}

/// The checks of all environments that the stage's jobs name.
async fn demands(
    run: &RunScope,
    shape: &StageShape,
    variables: &Variables,
) -> Result<Vec<Demand>, RunnerError> {
    let mut names: Vec<String> = Vec::new();
    for job in shape.jobs.iter().filter(|job| job.is_chosen) {
        let Some(deployment) = &job.plan.deployment else { continue };
        let name = environment_name(&deployment.environment.name, variables, job);
        if !names.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            names.push(name);
        }
    }
    // All runs queue for locks in the same order, so that none waits for one that waits for it.
    names.sort_by_key(|name| name.to_lowercase());
    let mut demands = Vec::new();
    for name in names {
        let checks = run.host.checks(&name).await?;
        demands.extend(checks.into_iter().map(|check| (name.clone(), check)));
    }
    Ok(demands)
}

fn environment_name(
    written: &str,
    variables: &Variables,
    job: &crate::timeline::JobShape,
) -> String {
    let mut known = variables.clone();
    for variable in &job.plan.variables {
        known.set(crate::variables::Variable::plain(&variable.name, variable.value.clone()));
    }
    known.expand_values();
    expand(written, |name| known.value(name).map(str::to_owned)).trim().to_owned()
}

struct Waiting<'a> {
    run: &'a Arc<RunScope>,
    shape: &'a StageShape,
}

impl Waiting<'_> {
    async fn all(&self, demands: &[Demand]) -> Result<Result<Vec<LockGuard>, Stop>, RunnerError> {
        if self.shape.plan.trigger == StageTrigger::Manual
            && let Err(stop) = self.started_by_hand().await?
        {
            return Ok(Err(stop));
        }
        if let Some(stop) = self.branch_control(demands) {
            return Ok(Err(stop));
        }
        if let Err(stop) = self.people_and_hours(demands).await? {
            return Ok(Err(stop));
        }
        loop {
            let guards = match self.locks(demands).await {
                Ok(guards) => guards,
                Err(stop) => return Ok(Err(stop)),
            };
            // Hours that ended while something else held the stage up are waited for anew.
            if closed(demands)?.is_none() {
                self.run.recorder.waiting(&self.shape.record, None).await;
                return Ok(Ok(guards));
            }
            drop(guards);
            if let Err(stop) = self.hours(demands).await? {
                return Ok(Err(stop));
            }
        }
    }

    async fn tell(&self, reason: &str) {
        let reason = self.run.masker.mask(&format!("Waiting: {reason}"));
        self.run.recorder.waiting(&self.shape.record, Some(reason)).await;
    }

    async fn canceled(&self) {
        tokio::select! {
            () = self.run.cancel.cancelled() => {}
            () = self.run.recorder.abort.cancelled() => {}
        }
    }

    fn question(&self, kind: ApprovalKind, subject: &str) -> Question {
        Question {
            kind,
            record: self.shape.record.clone(),
            stage: self.shape.plan.name.clone(),
            subject: subject.to_owned(),
            instructions: String::new(),
            approvers: Vec::new(),
            minimum_approvers: 0,
            requester_may_approve: true,
            in_order: false,
            is_skippable: false,
            timeout: None,
        }
    }

    async fn started_by_hand(&self) -> Result<Result<(), Stop>, RunnerError> {
        self.tell("somebody has to start this stage (trigger: manual)").await;
        let question = Question {
            is_skippable: self.shape.plan.is_skippable,
            ..self.question(ApprovalKind::Stage, &self.shape.plan.display_name)
        };
        let withdraw = CancellationToken::new();
        let mut answer = std::pin::pin!(self.run.host.ask(question, &withdraw));
        let decision = tokio::select! {
            decision = &mut answer => decision,
            () = self.canceled() => {
                withdraw.cancel();
                answer.await
            }
        };
        Ok(match decision? {
            Decision::Approved { .. } => Ok(()),
            Decision::Skipped { by } => Err(Stop::Skipped(format!("Skipped: left out by {by}"))),
            Decision::Rejected { by: who, comment } => {
                Err(Stop::Failed(format!("Rejected {}", by(&who, &comment))))
            }
            Decision::TimedOut => {
                Err(Stop::Skipped("Skipped: nobody started this stage in time".to_owned()))
            }
            Decision::Canceled => Err(Stop::Skipped(CANCELED.to_owned())),
        })
    }

    fn branch_control(&self, demands: &[Demand]) -> Option<Stop> {
        let branch = self
            .run
            .predefined
            .iter()
            .find(|variable| variable.name == "Build.SourceBranch")
            .map(|variable| variable.value.as_str())
            .unwrap_or_default();
        demands.iter().find_map(|(environment, check)| {
            let Check::BranchControl { branches } = check else { return None };
            let reason = format!(
                "Branch control of environment {environment}: {branch} is not among the allowed \
                 branches ({}).",
                branches.join(", ")
            );
            (!is_allowed(branches, branch)).then_some(Stop::Failed(reason))
        })
    }

    /// All at once; the first refusal ends the others.
    async fn people_and_hours(&self, demands: &[Demand]) -> Result<Result<(), Stop>, RunnerError> {
        let mut asked = JoinSet::new();
        let mut told = Vec::new();
        let withdraw = CancellationToken::new();
        for (environment, check) in demands {
            if let Some(question) = self.approval(environment, check) {
                told.push(format!("approval for environment {environment}"));
                let (host, withdraw) = (Arc::clone(&self.run.host), withdraw.clone());
                asked.spawn(async move {
                    (question.subject.clone(), host.ask(question, &withdraw).await)
                });
            }
        }
        if let Some((environment, opens)) = closed(demands)? {
            told.push(hours_text(&environment, &opens));
        }
        if !told.is_empty() {
            self.tell(&told.join("; ")).await;
        }
        let mut hours = std::pin::pin!(self.hours(demands));
        let mut are_hours_open = false;
        let mut stop = None;
        while !asked.is_empty() || (!are_hours_open && stop.is_none()) {
            tokio::select! {
                Some(joined) = asked.join_next() => {
                    let (environment, decision) = match joined {
                        Ok(joined) => joined,
                        Err(error) => {
                            let reason = format!("Asking broke for a reason of Slipway's own: {error}.");
                            stop.get_or_insert(Stop::Failed(reason));
                            withdraw.cancel();
                            continue;
                        }
                    };
                    if let Err(why) = approved(&environment, decision?) {
                        stop.get_or_insert(why);
                        withdraw.cancel();
                    }
                }
                open = &mut hours, if !are_hours_open && stop.is_none() => {
                    are_hours_open = true;
                    if let Err(why) = open? {
                        stop.get_or_insert(why);
                        withdraw.cancel();
                    }
                }
                () = self.canceled(), if !withdraw.is_cancelled() => {
                    stop.get_or_insert(Stop::Skipped(CANCELED.to_owned()));
                    withdraw.cancel();
                }
            }
        }
        Ok(stop.map_or(Ok(()), Err))
    }

    fn approval(&self, environment: &str, check: &Check) -> Option<Question> {
        let Check::Approval {
            approvers,
            minimum_approvers,
            instructions,
            requester_may_approve,
            in_order,
            timeout_minutes,
        } = check
        else {
            return None;
        };
        Some(Question {
            instructions: self.run.masker.mask(instructions),
            approvers: approvers.clone(),
            minimum_approvers: *minimum_approvers,
            requester_may_approve: *requester_may_approve,
            in_order: *in_order,
            timeout: Some(minutes(*timeout_minutes)),
            ..self.question(ApprovalKind::Approval, environment)
        })
    }

    /// Waits until the business hours of all environments are open at once.
    async fn hours(&self, demands: &[Demand]) -> Result<Result<(), Stop>, RunnerError> {
        let begun = Instant::now();
        loop {
            let Some((environment, opens)) = closed(demands)? else { return Ok(Ok(())) };
            let limit = demands.iter().filter_map(|(name, check)| match check {
                Check::BusinessHours { timeout_minutes, .. } if *name == environment => {
                    Some(minutes(*timeout_minutes))
                }
                _ => None,
            });
            let due = begun + limit.min().unwrap_or(Duration::MAX.min(minutes(u32::MAX)));
            let ahead = opens.timestamp().duration_since(jiff::Timestamp::now());
            let wait = Duration::try_from(ahead).unwrap_or_default().min(LOOK_AGAIN);
            tokio::select! {
                () = self.canceled() => return Ok(Err(Stop::Skipped(CANCELED.to_owned()))),
                () = sleep_until(due) => {
                    let reason = format!(
                        "Skipped: business hours of environment {environment} did not begin in time"
                    );
                    return Ok(Err(Stop::Skipped(reason)));
                }
                () = sleep(wait.max(Duration::from_millis(1))) => {}
            }
        }
    }

    async fn locks(&self, demands: &[Demand]) -> Result<Vec<LockGuard>, Stop> {
        let mut guards = Vec::new();
        for (environment, check) in demands {
            let Check::ExclusiveLock { timeout_minutes } = check else { continue };
            let due = Instant::now() + minutes(*timeout_minutes);
            guards.push(self.lock(environment, due).await?);
        }
        Ok(guards)
    }

    async fn lock(&self, environment: &str, due: Instant) -> Result<LockGuard, Stop> {
        let number = lock(&self.run.number).clone();
        let claim = Claim {
            build_id: self.run.evidence.build_id,
            name: format!("run {number}, stage {}", self.shape.plan.display_name),
            behavior: self.shape.plan.lock_behavior.unwrap_or(LockBehavior::RunLatest),
        };
        let seat = self.run.host.locks().queue(environment, claim);
        let mut told = String::new();
        loop {
            let changed = seat.changed();
            match seat.look() {
                Turn::Yours(guard) => return Ok(guard),
                Turn::Superseded { by } => {
                    return Err(Stop::Canceled(format!(
                        "Canceled: {by} is newer and waits for the exclusive lock of environment \
                         {environment} (lockBehavior: runLatest)"
                    )));
                }
                Turn::Held { by } => {
                    let reason =
                        format!("{by} holds the exclusive lock of environment {environment}");
                    if told != reason {
                        self.tell(&reason).await;
                        told = reason;
                    }
                }
            }
            tokio::select! {
                () = changed => {}
                () = self.canceled() => return Err(Stop::Skipped(CANCELED.to_owned())),
                () = sleep_until(due) => {
                    return Err(Stop::Skipped(format!(
                        "Skipped: the exclusive lock of environment {environment} was not free in time"
                    )));
                }
            }
        }
    }
}

fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

/// The environment whose hours open last, if any is closed.
fn closed(demands: &[Demand]) -> Result<Option<(String, jiff::Zoned)>, RunnerError> {
    let now = jiff::Timestamp::now();
    let mut last: Option<(String, jiff::Zoned)> = None;
    for (environment, check) in demands {
        let hours = Hours::of(check).map_err(|error| RunnerError::Check {
            environment: environment.clone(),
            message: error.to_string(),
        })?;
        let Some(opens) = hours.and_then(|hours| hours.closed_until(now)) else { continue };
        if last.as_ref().is_none_or(|(_, known)| known.timestamp() < opens.timestamp()) {
            last = Some((environment.clone(), opens));
        }
    }
    Ok(last)
}

fn hours_text(environment: &str, opens: &jiff::Zoned) -> String {
    let zone = opens.time_zone().iana_name().unwrap_or("UTC").to_owned();
    format!(
        "business hours of environment {environment} begin {} {zone}",
        opens.strftime("%a %Y-%m-%d %H:%M")
    )
}

fn approved(environment: &str, decision: Decision) -> Result<(), Stop> {
    match decision {
        Decision::Approved { .. } => Ok(()),
        Decision::Rejected { by: who, comment } => Err(Stop::Failed(format!(
            "The approval for environment {environment} was rejected {}",
            by(&who, &comment)
        ))),
        Decision::TimedOut => Err(Stop::Skipped(format!(
            "Skipped: nobody approved environment {environment} in time"
        ))),
        Decision::Skipped { by } => Err(Stop::Skipped(format!("Skipped: left out by {by}"))),
        Decision::Canceled => Err(Stop::Skipped(CANCELED.to_owned())),
    }
}
