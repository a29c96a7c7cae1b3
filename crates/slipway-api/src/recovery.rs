//! Deployments that a crash interrupted: taken up where their phase says, to fully new or fully old.
//!
//! Runs once after a start, for clusters at once and for local environments when the telemetry endpoint is
//! there. What was applied to its end is watched; else all of it is applied, which changes nothing where it is
//! applied already. What fails then is rolled back as always, and a cluster that is away is waited for.
//! Deliberately not here: phases themselves (`rollouts`).

use futures_util::future::join_all;
use slipway_core::{
    AppEvent, DeploymentPhase, DeploymentReason, RunResult, RunState, Tag, TargetKind,
};
use slipway_store::{DeploymentProgress, DeploymentRow, EnvironmentRow};

use crate::app::App;
use crate::error::ApiError;
use crate::rollouts::Along;

impl App {
    /// Takes up what was interrupted in environments of a kind.
    pub(crate) fn spawn_recovery(&self, kind: TargetKind) {
        let app = self.handle();
        self.tasks.spawn(async move {
            if let Err(error) = app.recover(kind).await {
                tracing::warn!(code = error.code, "deployments stay open: {}", error.message);
            }
        });
    }

    /// One environment does not wait for the cluster of another.
    pub(crate) async fn recover(&self, kind: TargetKind) -> Result<(), ApiError> {
        let mut places: Vec<(EnvironmentRow, Vec<DeploymentRow>)> = Vec::new();
        for row in self.store.open_deployments().await? {
            let environment = self.store.environment(&row.project_id, &row.environment).await?;
            let Some(environment) = environment.filter(|it| it.target == kind) else { continue };
            let known = places.iter_mut().find(|(known, _)| {
                known.project_id == environment.project_id && known.name == environment.name
            });
            match known {
                Some((_, rows)) => rows.push(row),
                None => places.push((environment, vec![row])),
            }
        }
        let each = places.into_iter().map(|(place, rows)| self.recover_one(place, rows));
        join_all(each).await;
        Ok(())
    }

    async fn recover_one(&self, environment: EnvironmentRow, rows: Vec<DeploymentRow>) {
        let deploying = self.shared.deploying(&environment.project_id, &environment.name);
        for row in &rows {
            let _alone = deploying.lock().await;
            if self.shutdown.is_cancelled() {
                return;
            }
            let taken_up = async || -> Result<(), ApiError> {
                // What began after this start is not interrupted.
                let row = self.store.deployment(&row.id).await?;
                let Some(mut row) = row.filter(crate::promotion::is_interrupted) else {
                    return Ok(());
                };
                // A rollback that had begun and was not known to its cause yet.
                let back = rows.iter().find(|it| it.rollback_of.as_ref() == Some(&row.id));
                if let (None, Some(back)) = (&row.rolled_back_by, back) {
                    self.store.set_rolled_back_by(&row.id, &back.id).await?;
                    row.rolled_back_by = Some(back.id.clone());
                }
                Box::pin(self.take_up(environment.clone(), &row)).await
            };
            if let Err(error) = taken_up().await {
                tracing::warn!(code = error.code, "deployment {}: {}", row.id, error.message);
            }
        }
    }

    async fn take_up(
        &self,
        environment: EnvironmentRow,
        row: &DeploymentRow,
    ) -> Result<(), ApiError> {
        let name = environment.name.clone();
        let is_back = row.reason == DeploymentReason::AutomaticRollback;
        // What made a rollback necessary has changed something.
        if row.phase == DeploymentPhase::Planning && !is_back {
            let text = "Slipway ended before this deployment had changed anything.";
            self.store.add_deployment_line(&row.id, self.now_ms(), text).await?;
            return self.end_interrupted(row, RunResult::Interrupted, text).await;
        }
        let applied: Vec<String> = row.applied.iter().map(ToString::to_string).collect();
        let applied = match applied.as_slice() {
            [] => "nothing was noted as applied yet".to_owned(),
            names => format!("applied were {}", names.join(", ")),
        };
        let said = format!(
            "Slipway ended during this deployment ({}); {applied}. It goes on now.",
            row.phase
        );
        if let (DeploymentPhase::RollingBack, Some(back)) = (row.phase, &row.rolled_back_by) {
            // The rollback is a deployment of its own and is taken up after this one.
            let text = format!(
                "Slipway ended during this deployment ({}); deployment {back} goes on with going back.",
                row.phase
            );
            self.store.add_deployment_line(&row.id, self.now_ms(), &text).await?;
            let signal = row.signal.clone().unwrap_or_default();
            let text = format!("{signal}\n{text}");
            return self.end_interrupted(row, RunResult::Failed, text.trim()).await;
        }
        self.store.add_deployment_line(&row.id, self.now_ms(), &said).await?;
        self.store.reopen_deployment(&row.id).await?;
        self.changed(&[Tag::Deployment]);
        let along = Along { step: None, cancel: &self.shutdown, masker: &self.masker };
        let wanted = match self.wanted_of_row(environment, row).await {
            Ok(wanted) => wanted,
            Err(error) => {
                self.fail_deployment(row, &error).await?;
                return Err(error);
            }
        };
        let outcome = if is_back {
            self.finish_roll_back(&wanted, row, along).await
        } else if row.phase == DeploymentPhase::RollingBack {
            self.roll_back_again(&wanted, row, along).await
        } else {
            self.roll_out(&wanted, row, along).await.map(drop)
        };
        let message = match &outcome {
            Ok(()) if row.phase == DeploymentPhase::RollingBack => {
                format!("It was rolled back: {name} runs what it ran before.")
            }
            Ok(()) => format!("It was continued: {name} runs commit {}.", row.commit.short()),
            Err(error) => error.message.clone(),
        };
        let title = format!("A deployment to {name} was interrupted");
        self.emit(AppEvent::Noticed { title, message });
        outcome
    }

    async fn end_interrupted(
        &self,
        row: &DeploymentRow,
        result: RunResult,
        issue: &str,
    ) -> Result<(), ApiError> {
        let progress = DeploymentProgress {
            state: RunState::Completed,
            result: Some(result),
            workload: row.workload.clone(),
            finished_at: Some(self.now_ms()),
            url: None,
            issue: Some(issue.to_owned()),
        };
        self.store.end_deployment(&row.id, &progress, false).await?;
        self.changed(&[Tag::Deployment, Tag::Environment, Tag::Thread]);
        Ok(())
    }
}
