//! Projects, and the two counters that each has of its own.

use slipway_core::{ProjectId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectRow {
    pub id: ProjectId,
    pub name: String,
    /// Root of its repository; no two projects share one.
    pub path: String,
    pub is_sample: bool,
    pub opened_at: Timestamp,
}

fn from_row(row: &SqliteRow) -> Result<ProjectRow, sqlx::Error> {
    Ok(ProjectRow {
        id: row.id("id")?,
        name: row.cell("name")?,
        path: row.cell("path")?,
        is_sample: row.cell("is_sample")?,
        opened_at: row.cell("opened_at")?,
    })
}

impl Store {
    /// Adds a project, or renews the one with this path; answers the row as it is now.
    ///
    /// The id of a path never changes: opening a repository again finds its runs.
    pub async fn put_project(&self, project: &ProjectRow) -> Result<ProjectRow, StoreError> {
        let put = query(
            "INSERT INTO project (id, name, path, is_sample, opened_at) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (path) DO UPDATE SET
                name = excluded.name, is_sample = excluded.is_sample, opened_at = excluded.opened_at
             RETURNING *",
        )
        .bind(project.id.as_str())
        .bind(project.name.as_str())
        .bind(project.path.as_str())
        .bind(project.is_sample)
        .bind(project.opened_at);
        let row = self.main.write_one(put, from_row).await;
        let row = row.map_err(|error| error.or_exists("project", &project.id))?;
        Ok(row.expect("BUG: an insert that returns its row returned none"))
    }

    /// A project.
    pub async fn project(&self, id: &ProjectId) -> Result<Option<ProjectRow>, StoreError> {
        let find = query("SELECT * FROM project WHERE id = ?").bind(id.as_str());
        self.main.one(find, from_row).await
    }

    /// The project of a repository's root.
    pub async fn project_at(&self, path: &str) -> Result<Option<ProjectRow>, StoreError> {
        self.main.one(query("SELECT * FROM project WHERE path = ?").bind(path), from_row).await
    }

    /// All projects, the last opened first.
    pub async fn projects(&self) -> Result<Vec<ProjectRow>, StoreError> {
        self.main
            .all(query("SELECT * FROM project ORDER BY opened_at DESC, id DESC"), from_row)
            .await
    }

    /// Forgets a project with everything that hangs on it; its repository is not touched.
    pub async fn delete_project(&self, id: &ProjectId) -> Result<(), StoreError> {
        let forget = query("DELETE FROM source WHERE project_id = ?").bind(id.as_str());
        self.telemetry.write(forget).await?;
        self.main.write(query("DELETE FROM project WHERE id = ?").bind(id.as_str())).await.map(drop)
    }

    /// Gives out the next `Build.BuildId`; none is given out twice.
    pub async fn next_build_id(&self, project: &ProjectId) -> Result<u32, StoreError> {
        let next = query(
            "UPDATE project SET next_build_id = next_build_id + 1 WHERE id = ?
             RETURNING next_build_id - 1 AS id",
        );
        let given = self.main.write_one(next.bind(project.as_str()), |row| row.cell("id")).await?;
        given.ok_or_else(|| missing(project))
    }

    /// Gives out the next revision (`$(Rev:r)`, from 1) of a run number.
    pub async fn next_revision(
        &self,
        project: &ProjectId,
        prefix: &str,
    ) -> Result<u32, StoreError> {
        let next = query(
            "INSERT INTO run_revision (project_id, prefix, last) VALUES (?, ?, 1)
             ON CONFLICT (project_id, prefix) DO UPDATE SET last = last + 1
             RETURNING last",
        );
        let next = next.bind(project.as_str()).bind(prefix);
        let given = self.main.write_one(next, |row| row.cell("last")).await;
        given.map_err(|error| error.or_missing("project", project))?.ok_or_else(|| missing(project))
    }
}

fn missing(project: &ProjectId) -> StoreError {
    StoreError::RowNotFound { table: "project", id: project.to_string() }
}
