//! Takes items in, and lets old ones go.

use slipway_core::{DeploymentId, EnvironmentName, ProjectId, Timestamp};
use sqlx::query;

use super::TelemetryRow;
use crate::cell::{Cells, to_json};
use crate::database::Query;
use crate::{Store, StoreError};

impl Store {
    /// Keeps items and counts them as accepted, all or none; once it answers they are on disk.
    pub async fn insert_items(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
        deployment: Option<&DeploymentId>,
        received_at: Timestamp,
        items: &[TelemetryRow],
    ) -> Result<(), StoreError> {
        self.keep_items((project, environment), deployment, Some(received_at), items).await
    }

    /// Keeps what Slipway itself observed, such as a probe: nothing was received, so nothing is counted.
    pub async fn insert_own_items(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
        deployment: Option<&DeploymentId>,
        items: &[TelemetryRow],
    ) -> Result<(), StoreError> {
        self.keep_items((project, environment), deployment, None, items).await
    }

    async fn keep_items(
        &self,
        (project, environment): (&ProjectId, &EnvironmentName),
        deployment: Option<&DeploymentId>,
        received_at: Option<Timestamp>,
        items: &[TelemetryRow],
    ) -> Result<(), StoreError> {
        let mut write = self.telemetry.begin().await?;
        // The update that changes nothing makes RETURNING answer for a row that was there.
        let source = query(
            "INSERT INTO source (project_id, environment) VALUES (?, ?)
             ON CONFLICT (project_id, environment) DO UPDATE SET project_id = excluded.project_id
             RETURNING id",
        );
        let source = source.bind(project.as_str()).bind(environment.as_str());
        let source: i64 = write
            .one(source, |row| row.cell("id"))
            .await?
            .expect("BUG: an insert that returns its row returned none");
        for item in items {
            write.run(insert(source, deployment, item)?).await?;
        }
        if let Some(received_at) = received_at {
            let count = query(
                "UPDATE intake SET accepted = accepted + ?1,
                    last_accepted_at = CASE WHEN ?1 > 0 THEN ?2 ELSE last_accepted_at END",
            );
            let accepted = i64::try_from(items.len()).unwrap_or(i64::MAX);
            write.run(count.bind(accepted).bind(received_at)).await?;
        }
        write.commit().await
    }

    /// Forgets items older than an instant; answers how many.
    pub async fn delete_items_before(&self, at: Timestamp) -> Result<u64, StoreError> {
        // In portions, so that intake never waits long behind a clean-up.
        const PORTION: u32 = 10_000;
        let mut deleted = 0;
        loop {
            let delete =
                query("DELETE FROM item WHERE id IN (SELECT id FROM item WHERE at < ? LIMIT ?)");
            let portion = self.telemetry.write(delete.bind(at).bind(PORTION)).await?;
            deleted += portion;
            if portion < u64::from(PORTION) {
                return Ok(deleted);
            }
        }
    }
}

fn insert(
    source: i64,
    deployment: Option<&DeploymentId>,
    item: &TelemetryRow,
) -> Result<Query, StoreError> {
    let stack = if item.stack.is_empty() { None } else { Some(to_json("stack", &item.stack)?) };
    Ok(query(
        "INSERT INTO item (source_id, deployment_id, kind, at, item_count, operation_id,
            operation_name, operation_parent_id, role_name, role_instance, app_version, name, url,
            result_code, success, duration_ms, message, severity, type_name, problem_id, stack,
            value, properties)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(source)
    .bind(deployment.map(DeploymentId::as_str))
    .bind(item.kind.number())
    .bind(item.at)
    .bind(item.item_count)
    .bind(item.operation_id.as_deref())
    .bind(item.operation_name.as_deref())
    .bind(item.operation_parent_id.as_deref())
    .bind(item.role_name.as_deref())
    .bind(item.role_instance.as_deref())
    .bind(item.app_version.as_deref())
    .bind(item.name.as_str())
    .bind(item.url.as_deref())
    .bind(item.result_code.as_deref())
    .bind(item.success)
    .bind(item.duration_ms)
    .bind(item.message.as_deref())
    .bind(item.severity)
    .bind(item.type_name.as_deref())
    .bind(item.problem_id.as_deref())
    .bind(stack)
    .bind(item.value)
    .bind(item.properties.as_str()))
}
