//! Timeline records of a run: its stages, jobs and steps.

use slipway_core::{RecordId, RecordKind, RunId, RunResult, RunState, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::database::Query;
use crate::{Store, StoreError};

/// A stage, job or step of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    pub id: RecordId,
    pub run_id: RunId,
    pub parent_id: Option<RecordId>,
    pub kind: RecordKind,
    pub name: String,
    pub display_name: String,
    /// For a step, such as `Docker@2`.
    pub task: Option<String>,
    /// Place in the plan's order.
    pub order: u32,
    pub state: RunState,
    pub result: Option<RunResult>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Counted by [`Store::change_records`] alone; a new record has none.
    pub log_lines: u32,
    pub error_count: u32,
    pub warning_count: u32,
    /// First error, or why it was skipped.
    pub issue: Option<String>,
    /// The record of an earlier attempt that it stands for; set by [`Store::keep_record`] alone.
    pub kept_from: Option<RecordId>,
}

/// What changes of a record while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordProgress {
    pub state: RunState,
    pub result: Option<RunResult>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub error_count: u32,
    pub warning_count: u32,
    pub issue: Option<String>,
}

fn from_row(row: &SqliteRow) -> Result<RecordRow, sqlx::Error> {
    Ok(RecordRow {
        id: row.id("id")?,
        run_id: row.id("run_id")?,
        parent_id: row.maybe_id("parent_id")?,
        kind: row.word("kind", RecordKind::parse)?,
        name: row.cell("name")?,
        display_name: row.cell("display_name")?,
        task: row.cell("task")?,
        order: row.cell("position")?,
        state: row.word("state", RunState::parse)?,
        result: row.maybe_word("result", RunResult::parse)?,
        started_at: row.cell("started_at")?,
        finished_at: row.cell("finished_at")?,
        log_lines: row.cell("log_lines")?,
        error_count: row.cell("error_count")?,
        warning_count: row.cell("warning_count")?,
        issue: row.cell("issue")?,
        kept_from: row.maybe_id("kept_from")?,
    })
}

/// Binds what a record's progress has, in the order of its fields.
pub(crate) fn bind_progress(query: Query, progress: &RecordProgress) -> Query {
    query
        .bind(progress.state.as_str())
        .bind(progress.result.map(RunResult::as_str))
        .bind(progress.started_at)
        .bind(progress.finished_at)
        .bind(progress.error_count)
        .bind(progress.warning_count)
        .bind(progress.issue.clone())
}

impl Store {
    /// Adds records, all or none; their log starts empty.
    pub async fn insert_records(&self, records: &[RecordRow]) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        for record in records {
            let insert = query(
                "INSERT INTO record (id, run_id, parent_id, kind, name, display_name, task, position,
                    state, result, started_at, finished_at, error_count, warning_count, issue)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(record.id.as_str())
            .bind(record.run_id.as_str())
            .bind(record.parent_id.as_ref().map(RecordId::as_str))
            .bind(record.kind.as_str())
            .bind(record.name.as_str())
            .bind(record.display_name.as_str())
            .bind(record.task.as_deref())
            .bind(record.order)
            .bind(record.state.as_str())
            .bind(record.result.map(RunResult::as_str))
            .bind(record.started_at)
            .bind(record.finished_at)
            .bind(record.error_count)
            .bind(record.warning_count)
            .bind(record.issue.as_deref());
            write.run(insert).await.map_err(|error| {
                error.or_exists("record", &record.id).or_missing("run", &record.run_id)
            })?;
        }
        write.commit().await
    }

    /// Writes how far a record has come.
    pub async fn set_record_progress(
        &self,
        id: &RecordId,
        progress: &RecordProgress,
    ) -> Result<(), StoreError> {
        let update = query(
            "UPDATE record SET state = ?, result = ?, started_at = ?, finished_at = ?,
                error_count = ?, warning_count = ?, issue = ?
             WHERE id = ?",
        );
        let update = bind_progress(update, progress).bind(id.to_string());
        match self.main.write(update).await? {
            0 => Err(StoreError::RowNotFound { table: "record", id: id.to_string() }),
            _ => Ok(()),
        }
    }

    /// A record.
    pub async fn record(&self, id: &RecordId) -> Result<Option<RecordRow>, StoreError> {
        self.main.one(query("SELECT * FROM record WHERE id = ?").bind(id.as_str()), from_row).await
    }

    /// The records of a run in the plan's order.
    pub async fn records(&self, run: &RunId) -> Result<Vec<RecordRow>, StoreError> {
        let list = query("SELECT * FROM record WHERE run_id = ? ORDER BY position, id");
        self.main.all(list.bind(run.as_str()), from_row).await
    }
}
