//! Published artifacts of a run; the files themselves lie in the data folder.

use slipway_core::RunId;
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A published artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArtifactRow {
    pub run_id: RunId,
    pub name: String,
    pub path: String,
    pub size_bytes: i64,
    pub file_count: u32,
}

fn from_row(row: &SqliteRow) -> Result<ArtifactRow, sqlx::Error> {
    Ok(ArtifactRow {
        run_id: row.id("run_id")?,
        name: row.cell("name")?,
        path: row.cell("path")?,
        size_bytes: row.cell("size_bytes")?,
        file_count: row.cell("file_count")?,
    })
}

impl Store {
    /// Adds an artifact, or replaces the one of this name.
    pub async fn put_artifact(&self, artifact: &ArtifactRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO artifact (run_id, name, path, size_bytes, file_count)
             VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (run_id, name) DO UPDATE SET path = excluded.path,
                size_bytes = excluded.size_bytes, file_count = excluded.file_count",
        )
        .bind(artifact.run_id.as_str())
        .bind(artifact.name.as_str())
        .bind(artifact.path.as_str())
        .bind(artifact.size_bytes)
        .bind(artifact.file_count);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("run", &artifact.run_id))
    }

    /// A run's artifacts by name.
    pub async fn artifacts(&self, run: &RunId) -> Result<Vec<ArtifactRow>, StoreError> {
        let list = query("SELECT * FROM artifact WHERE run_id = ? ORDER BY name");
        self.main.all(list.bind(run.as_str()), from_row).await
    }
}
