//! Names of secure files. Their content lies encrypted elsewhere, under the row's id.

use slipway_core::{ProjectId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A secure file; its name is compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecureFileRow {
    pub project_id: ProjectId,
    pub name: String,
    pub id: String,
    pub size_bytes: i64,
    pub added_at: Timestamp,
}

fn from_row(row: &SqliteRow) -> Result<SecureFileRow, sqlx::Error> {
    Ok(SecureFileRow {
        project_id: row.id("project_id")?,
        name: row.cell("name")?,
        id: row.cell("id")?,
        size_bytes: row.cell("size_bytes")?,
        added_at: row.cell("added_at")?,
    })
}

impl Store {
    /// Adds a file, or replaces the one of this name.
    pub async fn put_secure_file(&self, file: &SecureFileRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO secure_file (project_id, name, id, size_bytes, added_at)
             VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (project_id, name) DO UPDATE SET name = excluded.name, id = excluded.id,
                size_bytes = excluded.size_bytes, added_at = excluded.added_at",
        )
        .bind(file.project_id.as_str())
        .bind(file.name.as_str())
        .bind(file.id.as_str())
        .bind(file.size_bytes)
        .bind(file.added_at);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &file.project_id))
    }

    /// A file.
    pub async fn secure_file(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<Option<SecureFileRow>, StoreError> {
        let find = query("SELECT * FROM secure_file WHERE project_id = ? AND name = ?");
        self.main.one(find.bind(project.as_str()).bind(name), from_row).await
    }

    /// A project's files by name.
    pub async fn secure_files(
        &self,
        project: &ProjectId,
    ) -> Result<Vec<SecureFileRow>, StoreError> {
        let list = query("SELECT * FROM secure_file WHERE project_id = ? ORDER BY name");
        self.main.all(list.bind(project.as_str()), from_row).await
    }

    /// Forgets a file.
    pub async fn delete_secure_file(
        &self,
        project: &ProjectId,
        name: &str,
    ) -> Result<(), StoreError> {
        let delete = query("DELETE FROM secure_file WHERE project_id = ? AND name = ?");
        self.main.write(delete.bind(project.as_str()).bind(name)).await.map(drop)
    }
}
