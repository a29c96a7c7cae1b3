//! What steps of a run told by logging command. What a body holds is the caller's business.

use slipway_core::RunId;
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A note of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunNoteRow {
    pub run_id: RunId,
    /// Such as `detail` or `attachment`.
    pub kind: String,
    /// The record of the step that told it; empty for what belongs to the run.
    pub record_id: String,
    pub name: String,
    /// JSON.
    pub body: String,
}

fn from_row(row: &SqliteRow) -> Result<RunNoteRow, sqlx::Error> {
    Ok(RunNoteRow {
        run_id: row.id("run_id")?,
        kind: row.cell("kind")?,
        record_id: row.cell("record_id")?,
        name: row.cell("name")?,
        body: row.cell("body")?,
    })
}

impl Store {
    /// Adds a note, or replaces the one of this kind, record and name.
    pub async fn put_run_note(&self, note: &RunNoteRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO run_note (run_id, kind, record_id, name, body) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (run_id, kind, record_id, name) DO UPDATE SET body = excluded.body",
        )
        .bind(note.run_id.as_str())
        .bind(note.kind.as_str())
        .bind(note.record_id.as_str())
        .bind(note.name.as_str())
        .bind(note.body.as_str());
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("run", &note.run_id))
    }

    /// A run's notes in the order in which they were first told.
    pub async fn run_notes(&self, run: &RunId) -> Result<Vec<RunNoteRow>, StoreError> {
        let list = query("SELECT * FROM run_note WHERE run_id = ? ORDER BY rowid");
        self.main.all(list.bind(run.as_str()), from_row).await
    }
}
