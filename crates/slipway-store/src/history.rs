//! Records of the last finished runs of a project, for durations and failure rates.
//!
//! Bounded by the number of runs that are looked at, not by how many there are. Runs of another file are left
//! out. Deliberately not here: what is made of them.

use slipway_core::{ProjectId, RecordId, RecordKind, RunId, RunResult, Timestamp};
use sqlx::query;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A record that ended, as history needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryRow {
    pub id: RecordId,
    pub run_id: RunId,
    pub parent_id: Option<RecordId>,
    pub kind: RecordKind,
    pub name: String,
    pub display_name: String,
    pub task: Option<String>,
    pub result: Option<RunResult>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// It did not run: an earlier attempt stands for it, or it has the issue that was asked about.
    pub is_left: bool,
}

/// The records; the newest run first, each run in order of its plan.
pub(crate) const HISTORY: &str = "
    SELECT record.id, record.run_id, record.parent_id, record.kind, record.name,
        record.display_name, record.task, record.result, record.started_at, record.finished_at,
        (record.kept_from IS NOT NULL OR COALESCE(record.issue = ?3, 0)) AS is_left
    FROM (SELECT run.id, run.build_id FROM run
            WHERE project_id = ?1 AND state = 'completed' AND NOT EXISTS
                (SELECT 1 FROM run_input WHERE run_id = run.id AND file IS NOT NULL)
            ORDER BY build_id DESC LIMIT ?2) AS recent
        JOIN record ON record.run_id = recent.id
    ORDER BY recent.build_id DESC, record.position
    LIMIT 60000";

impl Store {
    /// The records of a project's last finished runs; `left` is the issue of those that were left out.
    pub async fn history(
        &self,
        project: &ProjectId,
        runs: u32,
        left: &str,
    ) -> Result<Vec<HistoryRow>, StoreError> {
        let list = query(HISTORY).bind(project.to_string()).bind(runs).bind(left.to_owned());
        self.main
            .all(list, |row| {
                Ok(HistoryRow {
                    id: row.id("id")?,
                    run_id: row.id("run_id")?,
                    parent_id: row.maybe_id("parent_id")?,
                    kind: row.word("kind", RecordKind::parse)?,
                    name: row.cell("name")?,
                    display_name: row.cell("display_name")?,
                    task: row.cell("task")?,
                    result: row.maybe_word("result", RunResult::parse)?,
                    started_at: row.cell("started_at")?,
                    finished_at: row.cell("finished_at")?,
                    is_left: row.cell("is_left")?,
                })
            })
            .await
    }

    /// How SQLite finds the history, a line for each part of it.
    pub async fn history_plan(&self, project: &ProjectId) -> Result<Vec<String>, StoreError> {
        let text = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {HISTORY}"));
        let list = query(text).bind(project.to_string()).bind(50).bind("");
        self.main.all(list, |row| row.cell("detail")).await
    }
}
