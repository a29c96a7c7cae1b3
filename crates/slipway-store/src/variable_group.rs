//! Variable groups of a project. Values of secrets are not kept here, only that they are set.

use serde::{Deserialize, Serialize};
use slipway_core::{ProjectId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::{Store, StoreError};

/// A variable group; its name is compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariableGroupRow {
    pub project_id: ProjectId,
    pub name: String,
    pub description: String,
    /// Where it was read from; none for a group of this machine.
    pub origin: Option<GroupOrigin>,
    /// In the user's order.
    pub variables: Vec<GroupVariableRow>,
    pub changed_at: Timestamp,
}

/// Where a group was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupOrigin {
    pub organization: String,
    pub project: String,
    pub id: i64,
    /// Set for a group that is linked to a vault.
    pub key_vault: Option<String>,
    pub read_at: Timestamp,
}

/// A variable of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupVariableRow {
    pub name: String,
    /// None for a secret.
    pub value: Option<String>,
    pub is_secret: bool,
    /// When a secret's value was set on this machine.
    pub set_at: Option<Timestamp>,
}

fn from_row(row: &SqliteRow) -> Result<VariableGroupRow, sqlx::Error> {
    Ok(VariableGroupRow {
        project_id: row.id("project_id")?,
        name: row.cell("name")?,
        description: row.cell("description")?,
        origin: row.maybe_json("origin")?,
        variables: row.json("variables")?,
        changed_at: row.cell("changed_at")?,
    })
}

impl Store {
    /// Adds a group, or replaces the one of this name. A value that a secret has by mistake is dropped.
    pub async fn put_variable_group(&self, group: &VariableGroupRow) -> Result<(), StoreError> {
        let mut variables = group.variables.clone();
        variables.iter_mut().filter(|it| it.is_secret).for_each(|it| it.value = None);
        let origin = group.origin.as_ref().map(|origin| to_json("origin", origin)).transpose()?;
        let put = query(
            "INSERT INTO variable_group
                (project_id, name, description, origin, variables, changed_at)
             VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (project_id, name) DO UPDATE SET name = excluded.name,
                description = excluded.description, origin = excluded.origin,
                variables = excluded.variables, changed_at = excluded.changed_at",
        )
        .bind(group.project_id.as_str())
        .bind(group.name.as_str())
        .bind(group.description.as_str())
        .bind(origin)
        .bind(to_json("variables", &variables)?)
        .bind(group.changed_at);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &group.project_id))
    }

    /// A group.
    pub async fn variable_group(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<Option<VariableGroupRow>, StoreError> {
        let find = query("SELECT * FROM variable_group WHERE project_id = ? AND name = ?");
        self.main.one(find.bind(project.as_str()).bind(name), from_row).await
    }

    /// A project's groups by name.
    pub async fn variable_groups(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<VariableGroupRow>, StoreError> {
        let list = query("SELECT * FROM variable_group WHERE project_id = ? ORDER BY name");
        self.main.all(list.bind(project.as_str()), from_row).await
    }

    /// Forgets a group.
    pub async fn delete_variable_group(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<(), StoreError> {
        let delete = query("DELETE FROM variable_group WHERE project_id = ? AND name = ?");
        self.main.write(delete.bind(project.as_str()).bind(name)).await.map(drop)
    }
}
