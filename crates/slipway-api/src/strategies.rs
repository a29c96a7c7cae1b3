//! What stands beside what an environment runs, and how it is promoted or rejected.
//!
//! A deployment by a strategy is a row that waits, for as long as nobody decides: the runs of a pipeline, a
//! person, or the verdict (`gate`). A promotion is a deployment of its own. Deliberately not here: what a
//! strategy is made of, which the deploy crate knows.

use std::sync::{Mutex, PoisonError};

use slipway_core::{
    DeploymentId, DeploymentPhase, DeploymentReason, ErrorKind, HealthVerdict, LogStream,
    RolloutStrategy, StrategyKind, StrategyOutcome, StrategyStep, Tag, TrafficSplit,
};
use slipway_deploy::{ObjectKey, Progress, Withdrawn, is_companion};
use slipway_runner::StepLog;
use slipway_store::{DeploymentRow, EnvironmentRow, ProjectRow, RunRow};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::deploys::Rollout;
use crate::dto::{StrategyAction, StrategyChoice, StrategyFinish};
use crate::error::ApiError;
use crate::rollouts::{Along, Teller, object_key, whose};
use crate::wanted::Wanted;

/// Keeps lines until they can be written.
#[derive(Default)]
struct Lines(Mutex<Vec<String>>);

impl Progress for Lines {
    fn line(&self, _: LogStream, text: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}

impl Lines {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl StrategyChoice {
    /// The strategy, if its numbers make one.
    pub(crate) fn strategy(self) -> Result<RolloutStrategy, ApiError> {
        let strategy = match (self.kind, self.percentage) {
            (StrategyKind::Canary, Some(percentage @ 1..=100)) => {
                RolloutStrategy::canary(percentage)
            }
            (StrategyKind::BlueGreen, None) => RolloutStrategy::blue_green(),
            (StrategyKind::Canary, _) => {
                let message = "A canary needs a percentage from 1 to 100.";
                return Err(ApiError::new(ErrorKind::UserInput, "percentage_invalid", message)
                    .with_hint("Say which share of the pods it has, such as 20."));
            }
            (StrategyKind::BlueGreen, Some(_)) => {
                let message =
                    "Blue-green has no percentage: all of the new pods stand beside the old.";
                return Err(ApiError::new(ErrorKind::UserInput, "percentage_invalid", message)
                    .with_hint("Leave the percentage out, or choose a canary."));
            }
        };
        Ok(RolloutStrategy { is_automatic: self.is_automatic, ..strategy })
    }
}

impl App {
    /// What a run should know of before it deploys where something waits.
    pub(crate) async fn tell_waiting(
        &self,
        environment: &EnvironmentRow,
        strategy: Option<RolloutStrategy>,
        log: &dyn StepLog,
    ) -> Result<(), ApiError> {
        let EnvironmentRow { project_id, name, .. } = environment;
        let waiting = self.store.waiting_deployment(project_id, name).await?;
        match (waiting, strategy) {
            (Some(waiting), Some(strategy)) if !is_of_kind(&waiting, strategy.kind) => {
                Err(waits(&waiting))
            }
            (Some(waiting), None) => {
                log.warning(&format!("{} It stays.", sentence(&waiting))).await;
                Ok(())
            }
            (None, Some(strategy)) if !strategy.is_beside() => {
                let text =
                    format!("Nothing waits in {name}: the manifests are deployed as always.");
                log.warning(&text).await;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// By hand nothing else is deployed where something waits, except another of its kind in its place.
    pub(crate) async fn refuse_waiting(
        &self,
        environment: &EnvironmentRow,
        strategy: Option<RolloutStrategy>,
    ) -> Result<(), ApiError> {
        let EnvironmentRow { project_id, name, .. } = environment;
        match self.store.waiting_deployment(project_id, name).await? {
            Some(waiting) if !strategy.is_some_and(|it| is_of_kind(&waiting, it.kind)) => {
                Err(waits(&waiting))
            }
            _ => Ok(()),
        }
    }

    /// What stood beside until now and would be left over: the next one may be made of other objects.
    pub(crate) async fn replaced_companions(
        &self,
        wanted: &Wanted,
    ) -> Result<Vec<ObjectKey>, ApiError> {
        if !wanted.strategy.is_some_and(RolloutStrategy::is_beside) {
            return Ok(Vec::new());
        }
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let waiting = self.store.waiting_deployment(project_id, name).await?;
        let applied = waiting.map(|row| row.applied).unwrap_or_default().into_iter();
        Ok(applied.filter(|it| is_companion(&it.name)).map(object_key).collect())
    }

    /// The last line of a deployment that waits from now on.
    pub(crate) fn waiting_line(&self, wanted: &Wanted) -> String {
        let shown = wanted.strategy.map(RolloutStrategy::shown).unwrap_or_default();
        let name = &wanted.environment.name;
        format!("The {shown} stands beside what runs in {name}, until it is promoted or rejected.")
    }

    /// What waited is in the place of what ran.
    pub(crate) async fn promoted(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
    ) -> Result<(), ApiError> {
        if wanted.strategy.is_none_or(RolloutStrategy::is_beside) {
            return Ok(());
        }
        let waiting = self.store.waiting_deployment(&row.project_id, &row.environment).await?;
        match waiting {
            Some(waiting) => self.decide(&waiting, StrategyOutcome::Promoted).await,
            None => Ok(()),
        }
    }

    async fn decide(&self, row: &DeploymentRow, outcome: StrategyOutcome) -> Result<(), ApiError> {
        let Some(strategy) = row.strategy else { return Ok(()) };
        let decided = RolloutStrategy { outcome: Some(outcome), ..strategy };
        self.store.decide_deployment(&row.id, &decided).await?;
        self.changed(&[Tag::Deployment, Tag::Environment, Tag::Thread]);
        Ok(())
    }

    /// Takes away what a failed deployment left beside what runs, before all is put back. That it cannot is
    /// a line of the log: the deployment has failed already.
    pub(crate) async fn withdraw_failed(
        &self,
        wanted: &Wanted,
        row: &DeploymentRow,
        along: Along<'_>,
    ) {
        let Some(strategy) = wanted.strategy else { return };
        if !strategy.is_beside() && strategy.split == TrafficSplit::Pod {
            return;
        }
        let cancel = self.shutdown.child_token();
        let lines = match Box::pin(self.withdraw(wanted, strategy, along, &cancel)).await {
            Ok(lines) => lines,
            Err(error) => {
                vec![format!("What stands beside could not be removed: {}", error.message)]
            }
        };
        let teller = Teller::new(self, &row.id, along);
        for line in &lines {
            teller.line(line).await;
        }
    }

    /// Removes what stands beside; answers what was done.
    async fn withdraw(
        &self,
        wanted: &Wanted,
        strategy: RolloutStrategy,
        along: Along<'_>,
        cancel: &CancellationToken,
    ) -> Result<Vec<String>, ApiError> {
        let prepared = self.prepare(wanted, along.masker).await?;
        let target = self.target(&wanted.environment).await?;
        let EnvironmentRow { project_id, name, .. } = &wanted.environment;
        let labels: Vec<_> = whose(project_id, name, target.kind()).into_iter().collect();
        let beside = Wanted { is_pruning: false, strategy: None, ..wanted.clone() };
        let request = self.request(&beside, prepared, &labels, &target).await?;
        let lines = Lines::default();
        let withdrawn = match strategy.step {
            StrategyStep::Deploy => target.withdraw(&strategy, &request, &lines, cancel).await?,
            StrategyStep::Promote => {
                target.send_back(&strategy, &request, &lines, cancel).await?;
                Withdrawn::default()
            }
        };
        let mut said = lines.take();
        said.extend(withdrawn.notes);
        if strategy.is_beside() && withdrawn.removed.is_empty() {
            said.push("There was nothing beside what runs.".to_owned());
        }
        Ok(said)
    }

    /// A run takes away what an earlier step put beside what runs.
    pub(crate) async fn reject(
        &self,
        project: &ProjectRow,
        run: &RunRow,
        rollout: Rollout<'_>,
    ) -> Result<(), ApiError> {
        let Rollout { order, log, cancel, masker } = rollout;
        let environment = self.environment(project, &order.environment).await?;
        let _alone = self.alone_in(&environment, log, cancel).await?;
        let EnvironmentRow { project_id, name, .. } = &environment;
        let waiting = self.store.waiting_deployment(project_id, name).await?;
        let along = Along { step: Some(log), cancel, masker };
        if let Some(waiting) = waiting {
            return Box::pin(self.reject_waiting(environment, &waiting, along)).await;
        }
        // A deployment that failed was withdrawn by itself; another house may have made one.
        let strategy = order.strategy.unwrap_or_else(|| RolloutStrategy::canary(0));
        let strategy = RolloutStrategy { step: StrategyStep::Deploy, ..strategy };
        let wanted = self.wanted_of_order(project, run, environment.clone(), order, Vec::new());
        for line in Box::pin(self.withdraw(&wanted, strategy, along, cancel)).await? {
            log.line(&masker.mask(&line)).await;
        }
        Ok(())
    }

    async fn reject_waiting(
        &self,
        environment: EnvironmentRow,
        waiting: &DeploymentRow,
        along: Along<'_>,
    ) -> Result<(), ApiError> {
        let Some(strategy) = waiting.strategy else { return Ok(()) };
        let wanted = self.wanted_of_row(environment, waiting).await?;
        let lines = Box::pin(self.withdraw(&wanted, strategy, along, along.cancel)).await?;
        let teller = Teller::new(self, &waiting.id, along);
        for line in &lines {
            teller.line(line).await;
        }
        self.decide(waiting, StrategyOutcome::Rejected).await?;
        self.drift_unknown(&waiting.project_id, &waiting.environment);
        Ok(())
    }

    /// Somebody decides what becomes of what waits. The answer is the deployment that promotes it; a
    /// rejection is done when this answers.
    pub(crate) async fn finish_strategy(
        &self,
        request: StrategyFinish,
    ) -> Result<Option<DeploymentId>, ApiError> {
        self.refuse_inactive()?;
        let id = &request.deployment_id;
        let row = self.store.deployment(id).await?;
        let row = row.ok_or_else(|| ApiError::not_found("deployment", id))?;
        let environment = self.environment_row(&row.project_id, row.environment.as_str()).await?;
        let deploying = self.shared.deploying(&row.project_id, &row.environment);
        let Ok(alone) = deploying.try_lock_owned() else {
            return Err(self.under_way(&environment).await);
        };
        // Somebody else may have decided a moment ago.
        let row = self.store.deployment(id).await?.unwrap_or(row);
        let strategy = row.strategy.filter(|_| row.phase == DeploymentPhase::Waiting);
        let strategy = strategy.ok_or_else(|| {
            ApiError::refused(
                "not_waiting",
                format!("Deployment {id} does not wait for a decision."),
            )
            .with_hint("Look at the board for what waits.")
        })?;
        if request.action == StrategyAction::Reject {
            let cancel = self.shutdown.child_token();
            let along = Along { step: None, cancel: &cancel, masker: &self.masker };
            Box::pin(self.reject_waiting(environment, &row, along)).await?;
            return Ok(None);
        }
        if !request.is_forced {
            refuse_unhealthy(&row)?;
        }
        let wanted = self.wanted_of_row(environment, &row).await?;
        let reason = match row.reason {
            DeploymentReason::Run => DeploymentReason::Deploy,
            reason => reason,
        };
        let from = Some(row.id.clone());
        let strategy = Some(strategy.promoted());
        let wanted = Wanted { reason, from, strategy, has_rollback: true, ..wanted };
        Box::pin(self.begin_by_hand(wanted, None, alone)).await.map(Some)
    }
}

/// A verdict is not gone against without saying so.
fn refuse_unhealthy(row: &DeploymentRow) -> Result<(), ApiError> {
    match &row.health {
        Some(health) if health.verdict == HealthVerdict::Unhealthy => {
            let message =
                format!("What waits in {} is unhealthy: {}", row.environment, health.reason);
            Err(ApiError::refused("verdict_unhealthy", message)
                .with_hint("Reject it, or promote it against the verdict (`--yes`)."))
        }
        _ => Ok(()),
    }
}

fn is_of_kind(waiting: &DeploymentRow, kind: StrategyKind) -> bool {
    waiting.strategy.is_some_and(|strategy| strategy.kind == kind)
}

/// Such as `The canary of 20 % of commit 1a2b3c4 waits in production.`
fn sentence(waiting: &DeploymentRow) -> String {
    let shown = waiting.strategy.map(RolloutStrategy::shown).unwrap_or_default();
    format!("The {shown} of commit {} waits in {}.", waiting.commit.short(), waiting.environment)
}

fn waits(waiting: &DeploymentRow) -> ApiError {
    ApiError::refused("strategy_waiting", sentence(waiting)).with_hint(format!(
        "Promote or reject it first: on the board, or `slipway deploy {} --finish promote` (or reject).",
        waiting.environment
    ))
}
