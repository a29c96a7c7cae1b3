//! Where repositories that a pipeline names lie on this machine.

use slipway_core::ProjectId;
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A repository of `resources: repositories:` and its checkout; names are compared without regard to
/// case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepositoryMappingRow {
    pub project_id: ProjectId,
    /// As the pipeline names it, such as `Contoso/Templates`.
    pub name: String,
    /// Absolute.
    pub path: String,
}

fn from_row(row: &SqliteRow) -> Result<RepositoryMappingRow, sqlx::Error> {
    Ok(RepositoryMappingRow {
        project_id: row.id("project_id")?,
        name: row.cell("name")?,
        path: row.cell("path")?,
    })
}

impl Store {
    /// Adds a mapping, or replaces the one of this name.
    pub async fn put_repository_mapping(
        &self,
        mapping: &RepositoryMappingRow,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO repository_mapping (project_id, name, path) VALUES (?, ?, ?)
             ON CONFLICT (project_id, name) DO UPDATE SET name = excluded.name,
                path = excluded.path",
        )
        .bind(mapping.project_id.as_str())
        .bind(mapping.name.as_str())
        .bind(mapping.path.as_str());
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &mapping.project_id))
    }

    /// A project's mappings by name.
    pub async fn repository_mappings(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<RepositoryMappingRow>, StoreError> {
        let list = query("SELECT * FROM repository_mapping WHERE project_id = ? ORDER BY name");
        self.main.all(list.bind(project.as_str()), from_row).await
    }

    /// Forgets a mapping.
    pub async fn delete_repository_mapping(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<(), StoreError> {
        let delete = query("DELETE FROM repository_mapping WHERE project_id = ? AND name = ?");
        self.main.write(delete.bind(project.as_str()).bind(name)).await.map(drop)
    }
}
