//! The board of environments: what runs where, how far each is behind the one before, what holds it.
//!
//! Called by `handlers::promotion`. Deliberately not here: deploying (`deploys`), and finding what differs
//! (`drift`).

use std::collections::HashSet;

use futures_util::future::try_join_all;
use slipway_core::{
    AppEvent, CommitSha, DeploymentPhase, EnvironmentName, ErrorKind, ProjectId, RunResult,
    RunState, Tag,
};
use slipway_store::{DeploymentRow, EnvironmentRow, ProjectRow};

use crate::app::App;
use crate::dto::{EnvironmentView, HoldView, PromotionBoard, PromotionColumn};
use crate::error::ApiError;
use crate::handlers::deploy::environment_view;

impl App {
    /// An environment, or a clear answer that there is none.
    pub(crate) async fn environment_row(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<EnvironmentRow, ApiError> {
        let known = self.store.environment(project, &EnvironmentName::new(name.trim())).await?;
        if let Some(known) = known {
            return Ok(known);
        }
        let all = self.store.environments(project).await?;
        let names: Vec<_> = all.iter().map(|row| row.name.as_str()).collect();
        Err(ApiError::not_found("environment", name.trim())
            .with_hint(format!("There is {}. Make others under Environments.", names.join(", "))))
    }

    /// The whole board.
    pub(crate) async fn promotion_board(
        &self,
        project: &ProjectRow,
    ) -> Result<PromotionBoard, ApiError> {
        let rows = self.store.environments(&project.id).await?;
        // A cluster that does not answer must not hold up the others.
        let views = rows.iter().map(|row| environment_view(self, row.clone()));
        let views = try_join_all(views).await?;
        let mut columns = Vec::with_capacity(rows.len());
        for (index, (row, view)) in rows.iter().zip(views).enumerate() {
            let before = index.checked_sub(1).and_then(|before| {
                let column: &PromotionColumn = columns.get(before)?;
                column.environment.current.as_ref().map(|current| current.commit.clone())
            });
            let next = rows.get(index + 1).map(|next| next.name.to_string());
            columns.push(self.column(project, row, view, before, next).await?);
        }
        Ok(PromotionBoard { columns })
    }

    async fn column(
        &self,
        project: &ProjectRow,
        row: &EnvironmentRow,
        environment: EnvironmentView,
        before: Option<CommitSha>,
        next: Option<String>,
    ) -> Result<PromotionColumn, ApiError> {
        let current = environment.current.as_ref().map(|current| current.commit.clone());
        let behind = match (before, current) {
            (Some(before), Some(own)) => self.commits_between(project, own, before).await,
            _ => None,
        };
        let newest = self.store.deployments(&row.project_id, Some(&row.name), 1).await?;
        let hold = self.store.environment_hold(&row.project_id, &row.name).await?;
        let is_open = |row: &&DeploymentRow| row.state != RunState::Completed;
        let under_way = match newest.first().filter(is_open) {
            Some(row) => Some(self.deployment_view(row).await?),
            None => None,
        };
        let waiting = self.store.waiting_deployment(&row.project_id, &row.name).await?;
        let waiting = match waiting {
            Some(waiting) => Some(self.deployment_view(&waiting).await?),
            None => None,
        };
        Ok(PromotionColumn {
            waiting,
            promote_to: next,
            behind,
            hold: hold.map(|hold| HoldView {
                deployment_id: hold.deployment_id,
                since: hold.since,
                reason: hold.reason,
            }),
            drift: self.known_drift(&row.project_id, &row.name),
            under_way,
            is_interrupted: newest.first().is_some_and(is_interrupted),
            environment,
        })
    }

    /// Commits that lead to the one and not to the other; none if history no longer has them.
    async fn commits_between(
        &self,
        project: &ProjectRow,
        own: CommitSha,
        before: CommitSha,
    ) -> Option<u32> {
        let counted = self.git(project, move |git| git.commits_ahead(&before, &own)).await;
        counted.inspect_err(|error| tracing::info!(code = error.code, "{}", error.message)).ok()
    }

    /// Puts environments in another order; those that are not named come after the others.
    pub(crate) async fn order_environments(
        &self,
        project: &ProjectId,
        names: &[EnvironmentName],
    ) -> Result<(), ApiError> {
        let mut seen = HashSet::new();
        for name in names {
            self.environment_row(project, name.as_str()).await?;
            if !seen.insert(name.as_str().to_lowercase()) {
                let message = format!("The environment {name} is there twice.");
                return Err(ApiError::new(ErrorKind::UserInput, "environment_twice", message)
                    .with_hint("Name each environment once."));
            }
        }
        Ok(self.store.set_environment_order(project, names).await?)
    }

    /// Lifts a hold, so that runs deploy again.
    pub(crate) async fn release_environment(
        &self,
        environment: &EnvironmentRow,
    ) -> Result<(), ApiError> {
        let EnvironmentRow { project_id, name, .. } = environment;
        if self.store.remove_environment_hold(project_id, name).await? {
            return Ok(());
        }
        Err(ApiError::refused("not_held", format!("Nothing holds the environment {name}.")))
    }

    /// Forgets an environment; what runs there goes on.
    pub(crate) async fn remove_environment(
        &self,
        environment: &EnvironmentRow,
    ) -> Result<(), ApiError> {
        let EnvironmentRow { project_id, name, .. } = environment;
        let deploying = self.shared.deploying(project_id, name);
        let Ok(_alone) = deploying.try_lock() else {
            return Err(self.under_way(environment).await);
        };
        let current = self.store.current_deployment(project_id, name).await?;
        self.store.remove_environment(project_id, name).await?;
        if let Some(current) = current {
            let place = match environment.context.as_str() {
                "" => "on this machine".to_owned(),
                context => format!("in {context}, namespace {}", environment.namespace),
            };
            self.emit(AppEvent::Noticed {
                title: format!("The environment {name} is forgotten"),
                message: format!(
                    "{} goes on {place}: Slipway neither watches nor removes it.",
                    current.workload
                ),
            });
        }
        self.changed(&[Tag::Environment]);
        Ok(())
    }

    /// Another deployment goes on in the environment.
    pub(crate) async fn under_way(&self, environment: &EnvironmentRow) -> ApiError {
        let EnvironmentRow { project_id, name, .. } = environment;
        let newest = self.store.deployments(project_id, Some(name), 1).await.unwrap_or_default();
        let which = match newest.first() {
            Some(row) => format!("Deployment {} ({})", row.id, row.commit.short()),
            None => "Another deployment".to_owned(),
        };
        ApiError::refused("deployment_under_way", format!("{which} goes on in {name}."))
            .with_hint("Wait for it, or cancel it first.")
    }
}

/// A crash ended it and nobody has taken it up.
pub(crate) fn is_interrupted(row: &DeploymentRow) -> bool {
    row.result == Some(RunResult::Interrupted) && row.phase != DeploymentPhase::Done
}
