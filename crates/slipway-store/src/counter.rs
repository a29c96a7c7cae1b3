//! The numbers of `counter(prefix, seed)`: each project counts for itself.

use slipway_core::ProjectId;
use sqlx::query;

use crate::cell::Cells;
use crate::{Store, StoreError};

impl Store {
    /// The next number of a prefix: the seed the first time, then one more each time.
    pub async fn next_counter(
        &self,
        project: &ProjectId,
        prefix: &str,
        seed: i64,
    ) -> Result<i64, StoreError> {
        let next = query(
            "INSERT INTO counter (project_id, prefix, value) VALUES (?, ?, ?)
             ON CONFLICT (project_id, prefix) DO UPDATE SET value = value + 1
             RETURNING value",
        )
        .bind(project.as_str())
        .bind(prefix)
        .bind(seed);
        let next = self.main.write_one(next, |row| row.cell("value")).await;
        let next = next.map_err(|error| error.or_missing("project", project))?;
        Ok(next.unwrap_or(seed))
    }
}
