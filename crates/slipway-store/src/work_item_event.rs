//! What happened to a work item.

use slipway_core::{ProjectId, Timestamp, WorkItemId};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// Something that happened to a work item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemEventRow {
    pub at: Timestamp,
    pub text: String,
}

fn from_row(row: &SqliteRow) -> Result<WorkItemEventRow, sqlx::Error> {
    Ok(WorkItemEventRow { at: row.cell("at")?, text: row.cell("text")? })
}

impl Store {
    /// Adds an event to a work item's history.
    pub async fn add_work_item_event(
        &self,
        project: &ProjectId,
        id: WorkItemId,
        at: Timestamp,
        text: &str,
    ) -> Result<(), StoreError> {
        let add = query(
            "INSERT INTO work_item_event (project_id, work_item_id, at, text) VALUES (?, ?, ?, ?)",
        );
        let add = add.bind(project.as_str()).bind(id.0).bind(at).bind(text);
        let add = self.main.write(add).await.map(drop);
        add.map_err(|error| error.or_missing("work item", id))
    }

    /// A work item's history, newest first.
    pub async fn work_item_events(
        &self,
        project: &ProjectId,
        id: WorkItemId,
    ) -> Result<Vec<WorkItemEventRow>, StoreError> {
        let list = query(
            "SELECT at, text FROM work_item_event WHERE project_id = ? AND work_item_id = ?
             ORDER BY at DESC, id DESC",
        );
        self.main.all(list.bind(project.as_str()).bind(id.0), from_row).await
    }
}
