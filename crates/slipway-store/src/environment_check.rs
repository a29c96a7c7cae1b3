//! Checks and targets of an environment.

use serde::{Deserialize, Serialize};
use slipway_core::{Check, EnvironmentName, ProjectId};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::{Store, StoreError};

/// A machine that an environment lists, or what plays one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentTargetRow {
    pub name: String,
    pub tags: Vec<String>,
}

/// What an environment asks of stages; its name is compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentCheckRow {
    pub project_id: ProjectId,
    pub environment: EnvironmentName,
    /// In the user's order.
    pub checks: Vec<Check>,
    pub targets: Vec<EnvironmentTargetRow>,
}

fn from_row(row: &SqliteRow) -> Result<EnvironmentCheckRow, sqlx::Error> {
    Ok(EnvironmentCheckRow {
        project_id: row.id("project_id")?,
        environment: row.id("environment")?,
        checks: row.json("checks")?,
        targets: row.json("targets")?,
    })
}

impl Store {
    /// Replaces the checks and targets of an environment.
    pub async fn put_environment_checks(
        &self,
        row: &EnvironmentCheckRow,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO environment_check (project_id, environment, checks, targets)
             VALUES (?, ?, ?, ?)
             ON CONFLICT (project_id, environment) DO UPDATE SET checks = excluded.checks,
                targets = excluded.targets",
        )
        .bind(row.project_id.as_str())
        .bind(row.environment.as_str())
        .bind(to_json("checks", &row.checks)?)
        .bind(to_json("targets", &row.targets)?);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &row.project_id))
    }

    /// The checks and targets of an environment, if it has some.
    pub async fn environment_checks(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<Option<EnvironmentCheckRow>, StoreError> {
        let find =
            query("SELECT * FROM environment_check WHERE project_id = ? AND environment = ?");
        self.main.one(find.bind(project.as_str()).bind(environment.as_str()), from_row).await
    }
}
