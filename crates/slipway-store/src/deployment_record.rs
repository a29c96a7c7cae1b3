//! What a deployment leaves behind while it goes on: its phase, the objects, its manifests and its log.
//!
//! Written before the step that it speaks of, so that a start after a crash can read how far it came.
//! Deliberately not here: texts with secrets, which lie with the secrets.

use slipway_core::{
    DeploymentId, DeploymentPhase, EnvironmentName, ObjectRef, ProjectId, RunResult, Timestamp,
};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::deployment::{DeploymentProgress, DeploymentRow, from_row};
use crate::{Store, StoreError};

/// A manifest as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentManifestRow {
    pub path: String,
    /// None for one that holds a Secret.
    pub text: Option<String>,
}

/// A line of a deployment's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentLineRow {
    pub at: Timestamp,
    pub text: String,
}

fn manifest(row: &SqliteRow) -> Result<DeploymentManifestRow, sqlx::Error> {
    Ok(DeploymentManifestRow { path: row.cell("path")?, text: row.cell("text")? })
}

fn line(row: &SqliteRow) -> Result<DeploymentLineRow, sqlx::Error> {
    Ok(DeploymentLineRow { at: row.cell("at")?, text: row.cell("text")? })
}

impl Store {
    /// Keeps the manifests of a deployment, in their order.
    pub async fn put_deployment_manifests(
        &self,
        id: &DeploymentId,
        manifests: &[DeploymentManifestRow],
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        for (position, manifest) in (0_i64..).zip(manifests) {
            let put = query(
                "INSERT INTO deployment_manifest (deployment_id, position, path, text)
                 VALUES (?, ?, ?, ?)",
            )
            .bind(id.as_str())
            .bind(position)
            .bind(manifest.path.as_str())
            .bind(manifest.text.as_deref());
            let put = write.run(put).await;
            put.map_err(|error| error.or_missing("deployment", id))?;
        }
        write.commit().await
    }

    /// The manifests of a deployment, in their order.
    pub async fn deployment_manifests(
        &self,
        id: &DeploymentId,
    ) -> Result<Vec<DeploymentManifestRow>, StoreError> {
        let list =
            query("SELECT * FROM deployment_manifest WHERE deployment_id = ? ORDER BY position");
        self.main.all(list.bind(id.as_str()), manifest).await
    }

    /// Says what is done next.
    pub async fn set_deployment_phase(
        &self,
        id: &DeploymentId,
        phase: DeploymentPhase,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET phase = ? WHERE id = ?");
        self.changed_deployment(id, update.bind(phase.as_str()).bind(id.as_str())).await
    }

    /// Takes a deployment up again that a crash interrupted.
    pub async fn reopen_deployment(&self, id: &DeploymentId) -> Result<(), StoreError> {
        let update = query(
            "UPDATE deployment SET state = 'inProgress', result = NULL, finished_at = NULL, issue = NULL
             WHERE id = ?",
        );
        self.changed_deployment(id, update.bind(id.as_str())).await
    }

    /// Says what a deployment that goes on waits for, or that it waits no more.
    pub async fn set_deployment_waiting(
        &self,
        id: &DeploymentId,
        waits_for: Option<&str>,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET issue = ? WHERE id = ?");
        self.changed_deployment(id, update.bind(waits_for.map(str::to_owned)).bind(id.as_str()))
            .await
    }

    /// Writes how a deployment ended, and in the same moment whether it is what its environment runs now.
    pub async fn end_deployment(
        &self,
        id: &DeploymentId,
        progress: &DeploymentProgress,
        is_current: bool,
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        if is_current {
            let clear = query(
                "UPDATE deployment SET is_current = 0 WHERE is_current = 1
                 AND (project_id, environment) =
                    (SELECT project_id, environment FROM deployment WHERE id = ?)",
            );
            write.run(clear.bind(id.as_str())).await?;
        }
        let end = query(
            "UPDATE deployment SET state = ?, result = ?, workload = ?, finished_at = ?, url = ?,
                issue = ?, phase = 'done', is_current = MAX(is_current, ?)
             WHERE id = ?",
        )
        .bind(progress.state.as_str())
        .bind(progress.result.map(RunResult::as_str))
        .bind(progress.workload.as_str())
        .bind(progress.finished_at)
        .bind(progress.url.as_deref())
        .bind(progress.issue.as_deref())
        .bind(is_current)
        .bind(id.as_str());
        if write.run(end).await? == 0 {
            return Err(StoreError::RowNotFound { table: "deployment", id: id.to_string() });
        }
        write.commit().await
    }

    /// Says which objects are applied.
    pub async fn set_deployment_applied(
        &self,
        id: &DeploymentId,
        applied: &[ObjectRef],
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET applied = ? WHERE id = ?");
        let update = update.bind(to_json("applied", &applied)?).bind(id.as_str());
        self.changed_deployment(id, update).await
    }

    /// Keeps what failed.
    pub async fn set_deployment_signal(
        &self,
        id: &DeploymentId,
        signal: &str,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET signal = ? WHERE id = ?");
        self.changed_deployment(id, update.bind(signal.to_owned()).bind(id.as_str())).await
    }

    /// Says which deployment was made because this one failed.
    pub async fn set_rolled_back_by(
        &self,
        id: &DeploymentId,
        by: &DeploymentId,
    ) -> Result<(), StoreError> {
        let update = query("UPDATE deployment SET rolled_back_by = ? WHERE id = ?");
        self.changed_deployment(id, update.bind(by.as_str()).bind(id.as_str())).await
    }

    /// The newest deployment of an environment that was proven, of those before an instant; one that only
    /// ran beside another is none.
    pub async fn last_proven_deployment(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
        before: &DeploymentId,
    ) -> Result<Option<DeploymentRow>, StoreError> {
        let find = query(
            "SELECT * FROM deployment
             WHERE project_id = ?1 AND environment = ?2 AND result = 'succeeded'
               AND (strategy IS NULL OR strategy ->> 'step' <> 'deploy')
               AND rowid < (SELECT rowid FROM deployment WHERE id = ?3)
             ORDER BY is_current DESC, rowid DESC LIMIT 1",
        );
        let find = find.bind(project.as_str()).bind(environment.as_str()).bind(before.as_str());
        self.main.one(find, from_row).await
    }

    /// Deployments that are not over, oldest first: those that go on, and those that a crash interrupted
    /// and nobody has taken up yet.
    pub async fn open_deployments(&self) -> Result<Vec<DeploymentRow>, StoreError> {
        let list = query(
            "SELECT * FROM deployment
             WHERE state <> 'completed' OR (result = 'interrupted' AND phase <> 'done')
             ORDER BY rowid",
        );
        self.main.all(list, from_row).await
    }

    /// Adds a line to a deployment's log.
    pub async fn add_deployment_line(
        &self,
        id: &DeploymentId,
        at: Timestamp,
        text: &str,
    ) -> Result<(), StoreError> {
        let add = query(
            "INSERT INTO deployment_line (deployment_id, number, at, text)
             SELECT ?1, COALESCE(MAX(number), 0) + 1, ?2, ?3
             FROM deployment_line WHERE deployment_id = ?1",
        );
        let add = add.bind(id.as_str()).bind(at).bind(text.to_owned());
        let added = self.main.write(add).await.map(drop);
        added.map_err(|error| error.or_missing("deployment", id))
    }

    /// A deployment's log.
    pub async fn deployment_lines(
        &self,
        id: &DeploymentId,
    ) -> Result<Vec<DeploymentLineRow>, StoreError> {
        let list = query("SELECT * FROM deployment_line WHERE deployment_id = ? ORDER BY number");
        self.main.all(list.bind(id.as_str()), line).await
    }
}
