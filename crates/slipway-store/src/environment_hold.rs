//! What keeps automatic deployments away from an environment: a rollback that somebody made by hand.

use slipway_core::{DeploymentId, EnvironmentName, ProjectId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentHoldRow {
    pub project_id: ProjectId,
    pub environment: EnvironmentName,
    /// The rollback.
    pub deployment_id: DeploymentId,
    pub since: Timestamp,
    pub reason: String,
}

fn from_row(row: &SqliteRow) -> Result<EnvironmentHoldRow, sqlx::Error> {
    Ok(EnvironmentHoldRow {
        project_id: row.id("project_id")?,
        environment: row.id("environment")?,
        deployment_id: row.id("deployment_id")?,
        since: row.cell("since")?,
        reason: row.cell("reason")?,
    })
}

impl Store {
    /// Holds an environment, in place of an earlier hold.
    pub async fn put_environment_hold(&self, hold: &EnvironmentHoldRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT OR REPLACE INTO environment_hold
                (project_id, environment, deployment_id, since, reason) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(hold.project_id.as_str())
        .bind(hold.environment.as_str())
        .bind(hold.deployment_id.as_str())
        .bind(hold.since)
        .bind(hold.reason.as_str());
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &hold.project_id))
    }

    /// What holds an environment.
    pub async fn environment_hold(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<Option<EnvironmentHoldRow>, StoreError> {
        let find = query("SELECT * FROM environment_hold WHERE project_id = ? AND environment = ?");
        self.main.one(find.bind(project.as_str()).bind(environment.as_str()), from_row).await
    }

    /// Lifts a hold; false if there was none.
    pub async fn remove_environment_hold(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<bool, StoreError> {
        let remove = query("DELETE FROM environment_hold WHERE project_id = ? AND environment = ?");
        let removed = self.main.write(remove.bind(project.as_str()).bind(environment.as_str()));
        Ok(removed.await? > 0)
    }
}
