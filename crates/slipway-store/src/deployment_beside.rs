//! Deployments that run beside another one and wait for a decision.
//!
//! Deliberately not here: what decides.

use slipway_core::{DeploymentId, EnvironmentName, ProjectId, RolloutStrategy};
use sqlx::query;

use crate::cell::to_json;
use crate::deployment::{DeploymentProgress, DeploymentRow, from_row};
use crate::{Store, StoreError};

impl Store {
    /// Writes that a deployment stands beside what its environment runs, and waits. Another one that did
    /// gives its place to it.
    pub async fn park_deployment(
        &self,
        id: &DeploymentId,
        progress: &DeploymentProgress,
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        let replace = query(
            "UPDATE deployment SET phase = 'done', strategy = json_set(strategy, '$.outcome', 'replaced')
             WHERE phase = 'waiting' AND id <> ?1
               AND (project_id, environment) =
                  (SELECT project_id, environment FROM deployment WHERE id = ?1)",
        );
        write.run(replace.bind(id.as_str())).await?;
        let park = query(
            "UPDATE deployment SET state = ?, result = ?, workload = ?, finished_at = ?, url = ?,
                issue = ?, phase = 'waiting'
             WHERE id = ?",
        )
        .bind(progress.state.as_str())
        .bind(progress.result.map(slipway_core::RunResult::as_str))
        .bind(progress.workload.as_str())
        .bind(progress.finished_at)
        .bind(progress.url.as_deref())
        .bind(progress.issue.as_deref())
        .bind(id.as_str());
        if write.run(park).await? == 0 {
            return Err(StoreError::RowNotFound { table: "deployment", id: id.to_string() });
        }
        write.commit().await
    }

    /// What stands beside what an environment runs, and waits.
    pub async fn waiting_deployment(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<Option<DeploymentRow>, StoreError> {
        let find = query(
            "SELECT * FROM deployment
             WHERE project_id = ? AND environment = ? AND phase = 'waiting'
             ORDER BY rowid DESC LIMIT 1",
        );
        self.main.one(find.bind(project.as_str()).bind(environment.as_str()), from_row).await
    }

    /// All that waits, wherever it does.
    pub async fn waiting_deployments(&self) -> Result<Vec<DeploymentRow>, StoreError> {
        let list = query("SELECT * FROM deployment WHERE phase = 'waiting' ORDER BY rowid");
        self.main.all(list, from_row).await
    }

    /// Writes what became of it; it waits no longer.
    pub async fn decide_deployment(
        &self,
        id: &DeploymentId,
        strategy: &RolloutStrategy,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET phase = 'done', strategy = ? WHERE id = ?");
        let update = update.bind(to_json("strategy", strategy)?).bind(id.as_str());
        self.changed_deployment(id, update).await
    }
}
