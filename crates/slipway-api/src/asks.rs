//! Questions of runs: kept before anybody sees them, answered by people, closed with their run.
//!
//! `run_host` asks, the handlers answer. Deliberately not here: what follows from an answer, which is the
//! runner's.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use slipway_core::{
    ApprovalAnswer, ApprovalKind, ApprovalState, DeploymentId, EnvironmentName, ProjectId, Tag,
    Timestamp, asked_now, judge,
};
use slipway_runner::{Decision, ExclusiveLocks, Question};
use slipway_store::{ApprovalRow, RunRow};
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::error::ApiError;

type DeployKey = (ProjectId, EnvironmentName);

/// What the runs of this app share.
pub(crate) struct Shared {
    /// Rung at every answer.
    answered: Notify,
    locks: Mutex<HashMap<ProjectId, Arc<ExclusiveLocks>>>,
    /// Jobs that may run at once, over all runs.
    pub(crate) job_slots: Arc<Semaphore>,
    /// Two runs never change one environment at the same moment.
    deploying: Mutex<HashMap<DeployKey, Arc<tokio::sync::Mutex<()>>>>,
    /// What cancels the deployments that go on here.
    going_deployments: Mutex<HashMap<DeploymentId, CancellationToken>>,
    told_of_deployments_at: AtomicI64,
}

/// A deployment goes on until this goes.
pub(crate) struct Going<'a> {
    shared: &'a Shared,
    id: DeploymentId,
}

impl Drop for Going<'_> {
    fn drop(&mut self) {
        self.shared.going_deployments().remove(&self.id);
    }
}

impl Default for Shared {
    fn default() -> Self {
        let slots = std::thread::available_parallelism().map_or(2, usize::from);
        Self {
            answered: Notify::new(),
            locks: Mutex::default(),
            job_slots: Arc::new(Semaphore::new(slots)),
            deploying: Mutex::default(),
            going_deployments: Mutex::default(),
            told_of_deployments_at: AtomicI64::new(0),
        }
    }
}

impl Shared {
    pub(crate) fn locks(&self, project: &ProjectId) -> Arc<ExclusiveLocks> {
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(locks.entry(project.clone()).or_default())
    }

    pub(crate) fn deploying(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Arc<tokio::sync::Mutex<()>> {
        let mut deploying = self.deploying.lock().unwrap_or_else(PoisonError::into_inner);
        // A name is compared without regard to case.
        let environment = EnvironmentName::new(environment.as_str().to_lowercase());
        Arc::clone(deploying.entry((project.clone(), environment)).or_default())
    }

    fn going_deployments(&self) -> MutexGuard<'_, HashMap<DeploymentId, CancellationToken>> {
        self.going_deployments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// True a few times a second: a rollout may tell a line for each of many objects.
    pub(crate) fn may_tell_of_deployments(&self, now: Timestamp) -> bool {
        let before = self.told_of_deployments_at.load(Ordering::Relaxed);
        let is_time = now - before >= 200;
        if is_time {
            self.told_of_deployments_at.store(now, Ordering::Relaxed);
        }
        is_time
    }

    /// Notes what cancels a deployment, for as long as it goes on.
    pub(crate) fn going_deployment(
        &self,
        id: &DeploymentId,
        cancel: &CancellationToken,
    ) -> Going<'_> {
        self.going_deployments().insert(id.clone(), cancel.clone());
        Going { shared: self, id: id.clone() }
    }

    /// As [`Self::going_deployment`], for one whose task begins in a moment and takes over.
    pub(crate) fn coming_deployment(&self, id: &DeploymentId, cancel: &CancellationToken) {
        self.going_deployments().insert(id.clone(), cancel.clone());
    }

    /// Cancels a deployment; false if it does not go on here.
    pub(crate) fn cancel_deployment(&self, id: &DeploymentId) -> bool {
        let going = self.going_deployments();
        let cancel = going.get(id);
        cancel.inspect(|cancel| cancel.cancel()).is_some()
    }

    /// Cancels every deployment that goes on here.
    pub(crate) fn cancel_deployments(&self) {
        self.going_deployments().values().for_each(CancellationToken::cancel);
    }
}

/// Who is at this machine.
pub(crate) fn user_of_machine() -> String {
    let named = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
    named("USER").or_else(|| named("LOGNAME")).unwrap_or_else(|| "local".to_owned())
}

impl App {
    /// Keeps a question and waits until it is decided.
    pub(crate) async fn ask(
        &self,
        run: &RunRow,
        question: Question,
        withdraw: &CancellationToken,
    ) -> Result<Decision, ApiError> {
        let now = self.now_ms();
        let limit =
            question.timeout.map(|limit| i64::try_from(limit.as_millis()).unwrap_or(i64::MAX));
        let row = ApprovalRow {
            id: self.next_id(),
            run_id: run.id.clone(),
            record_id: question.record,
            kind: question.kind,
            stage: question.stage,
            subject: question.subject,
            instructions: question.instructions,
            approvers: question.approvers,
            minimum_approvers: question.minimum_approvers,
            requester_may_approve: question.requester_may_approve,
            in_order: question.in_order,
            is_skippable: question.is_skippable,
            requested_by: user_of_machine(),
            requested_at: now,
            expires_at: limit.map(|limit| now.saturating_add(limit)),
            state: ApprovalState::Pending,
            decided_at: None,
            answers: Vec::new(),
        };
        if !row.approvers.is_empty() && row.able_approvers().is_empty() {
            let text = format!(
                "Nobody may approve {}: {} started the run, may not approve it, and is the only approver.",
                row.subject, row.requested_by
            );
            return Err(ApiError::refused("nobody_may_approve", text)
                .with_hint("Name a further approver in the environment's check."));
        }
        self.store.insert_approval(&row).await?;
        self.changed(&[Tag::Approval, Tag::Run]);
        let decided = self.wait_for_answer(&row, withdraw).await?;
        self.changed(&[Tag::Approval, Tag::Run]);
        Ok(decided)
    }

    async fn wait_for_answer(
        &self,
        asked: &ApprovalRow,
        withdraw: &CancellationToken,
    ) -> Result<Decision, ApiError> {
        loop {
            let answered = self.shared.answered.notified();
            let row = self
                .store
                .approval(&asked.id)
                .await?
                .ok_or_else(|| ApiError::not_found("approval", &asked.id))?;
            if row.state != ApprovalState::Pending {
                return Ok(decision(&row));
            }
            let left = row.expires_at.map(|at| at.saturating_sub(self.now_ms()).max(0));
            let expired = async {
                match left.and_then(|left| u64::try_from(left).ok()) {
                    Some(left) => tokio::time::sleep(Duration::from_millis(left)).await,
                    None => std::future::pending().await,
                }
            };
            let state = tokio::select! {
                () = answered => continue,
                () = withdraw.cancelled() => ApprovalState::Canceled,
                () = expired => ApprovalState::TimedOut,
            };
            // Whoever answered in the same moment was first; the next look says so.
            self.store.set_approval(&row.id, state, &row.answers, self.now_ms()).await?;
        }
    }

    /// Takes somebody's answer.
    pub(crate) async fn answer(
        &self,
        id: &str,
        is_approved: bool,
        comment: String,
        approver: Option<String>,
    ) -> Result<ApprovalRow, ApiError> {
        let row =
            self.store.approval(id).await?.ok_or_else(|| ApiError::not_found("approval", id))?;
        let approver = approver
            .map(|name| name.trim().to_owned())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(user_of_machine);
        check_answer(&row, is_approved, &approver)?;
        let at = self.now_ms();
        let mut answers = row.answers.clone();
        answers.push(ApprovalAnswer { approver, is_approved, comment, at });
        let state = match (row.kind, is_approved) {
            (ApprovalKind::Stage, false) => ApprovalState::Skipped,
            _ => judge(&row.able_approvers(), row.minimum_approvers, &answers),
        };
        if !self.store.set_approval(id, state, &answers, at).await? {
            return Err(is_over(&row));
        }
        self.shared.answered.notify_waiters();
        self.store.approval(id).await?.ok_or_else(|| ApiError::not_found("approval", id))
    }
}

fn is_over(row: &ApprovalRow) -> ApiError {
    ApiError::refused("approval_over", format!("The question about {} is over.", row.subject))
        .with_hint("Its run shows how it ended.")
}

fn check_answer(row: &ApprovalRow, is_approved: bool, approver: &str) -> Result<(), ApiError> {
    if row.state != ApprovalState::Pending {
        return Err(is_over(row));
    }
    let is_one = |name: &String| name.eq_ignore_ascii_case(approver);
    if !row.approvers.is_empty() && !row.approvers.iter().any(is_one) {
        let people = row.approvers.join(", ");
        let message = format!("{approver} is not among the approvers ({people}).");
        return Err(ApiError::refused("not_an_approver", message)
            .with_hint("Say which of them you are, or change the environment's check."));
    }
    if is_approved && !row.requester_may_approve && row.requested_by.eq_ignore_ascii_case(approver)
    {
        let message = format!("{approver} started this run and may not approve it.");
        return Err(ApiError::refused("requester_may_not_approve", message)
            .with_hint("Somebody else has to answer."));
    }
    if row.answers.iter().any(|answer| answer.approver.eq_ignore_ascii_case(approver)) {
        let message = format!("{approver} has answered already; others have to answer too.");
        return Err(ApiError::refused("answered_already", message));
    }
    let next = asked_now(&row.able_approvers(), row.in_order, &row.answers);
    if let [next] = &next[..]
        && row.in_order
        && !next.eq_ignore_ascii_case(approver)
        && (is_approved || row.requester_may_approve || row.requested_by != approver)
    {
        let message = format!("{approver} is not asked yet: {next} has to answer first.");
        return Err(ApiError::refused("not_your_turn", message)
            .with_hint("The approvers of this environment are asked one after the other."));
    }
    if row.kind == ApprovalKind::Stage && !is_approved && !row.is_skippable {
        let message = format!("The stage {} cannot be left out (isSkippable: false).", row.subject);
        return Err(
            ApiError::refused("not_skippable", message).with_hint("Start it, or cancel the run.")
        );
    }
    Ok(())
}

fn decision(row: &ApprovalRow) -> Decision {
    let people = |wanted: bool| {
        let named = row.answers.iter().filter(|answer| answer.is_approved == wanted);
        named.map(|answer| answer.approver.clone()).collect::<Vec<_>>().join(", ")
    };
    let comment = row.answers.last().map(|answer| answer.comment.clone()).unwrap_or_default();
    match row.state {
        ApprovalState::Approved => Decision::Approved { by: people(true), comment },
        ApprovalState::Rejected => Decision::Rejected { by: people(false), comment },
        ApprovalState::Skipped => Decision::Skipped { by: people(false) },
        ApprovalState::TimedOut => Decision::TimedOut,
        ApprovalState::Canceled | ApprovalState::Pending => Decision::Canceled,
    }
}
