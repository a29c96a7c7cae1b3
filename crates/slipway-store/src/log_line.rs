//! The lines of a step's log, kept in chunks: a row for each batch that arrived, several for a large one.
//!
//! A page at any position reads only the chunks that overlap it. Masking is done before a line comes here.
//! Deliberately not here: what a chunk looks like (`log_chunk`), looking for a word (`log_search`).

use std::collections::HashMap;

use serde_json::{Value, json};
use slipway_core::{LogLine, LogLines, RecordId, RunId, RunResult};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, unreadable};
use crate::database::Query;
use crate::log_chunk::{Body, PACKED, pack, unpack};
use crate::record::RecordProgress;
use crate::{Store, StoreError};

/// What is to be written of one record: how far it has come, and the next lines of its log.
#[derive(Debug, Clone)]
pub struct RecordChange {
    pub id: RecordId,
    pub progress: Option<RecordProgress>,
    pub lines: LogLines,
}

/// A chunk as it was read.
pub(crate) struct Chunk {
    pub(crate) first_line: u32,
    pub(crate) lines: LogLines,
}

impl Store {
    /// Writes changes of a run's records together; answers how many lines the log of each has now.
    ///
    /// Each record is named once. All or none; once it answers they are on disk.
    pub async fn change_records(
        &self,
        run: &RunId,
        changes: &[RecordChange],
    ) -> Result<Vec<u32>, StoreError> {
        let mut bytes = Vec::new();
        let bodies: Vec<Vec<Body>> =
            changes.iter().map(|change| pack(&change.lines, &mut bytes)).collect();
        let mut write = self.main.begin().await?;
        let totals: HashMap<String, u32> = write
            .all(grow(run, changes), |row| Ok((row.cell("id")?, row.cell("log_lines")?)))
            .await?
            .into_iter()
            .collect();
        let total_of = |change: &RecordChange| {
            totals.get(change.id.as_str()).copied().ok_or_else(|| missing(&change.id))
        };
        let totals: Vec<u32> = changes.iter().map(total_of).collect::<Result<_, _>>()?;
        if let Some(insert) = insert(changes, &totals, &bodies, bytes) {
            write.run(insert).await?;
        }
        write.commit().await?;
        Ok(totals)
    }

    /// Adds lines to the end of a record's log; answers how many it has now.
    pub async fn append_log(
        &self,
        run: &RunId,
        record: &RecordId,
        lines: &[LogLine],
    ) -> Result<u32, StoreError> {
        let lines = lines.iter().collect();
        let change = RecordChange { id: record.clone(), progress: None, lines };
        Ok(self.change_records(run, &[change]).await?.first().copied().unwrap_or_default())
    }

    /// Reads up to `limit` lines from a position; a negative one counts from the end.
    ///
    /// Answers how many lines the log has, the position of the first line read, and the lines.
    pub async fn read_log(
        &self,
        record: &RecordId,
        from: i64,
        limit: u32,
    ) -> Result<(u32, u32, Vec<LogLine>), StoreError> {
        let total = self.log_length(record).await?;
        let from = if from < 0 { (i64::from(total) + from).max(0) } else { from };
        let from = u32::try_from(from).unwrap_or(u32::MAX).min(total);
        let to = from.saturating_add(limit).min(total);
        if from == to {
            return Ok((total, from, Vec::new()));
        }
        let pick = query(
            "SELECT first_line, packing, body FROM log_chunk
             WHERE record_id = ?1 AND first_line < ?3 AND first_line >= COALESCE(
                (SELECT MAX(first_line) FROM log_chunk WHERE record_id = ?1 AND first_line <= ?2), 0)
             ORDER BY first_line",
        );
        let record = self.record_with_log(record).await?;
        let pick = pick.bind(record.to_string()).bind(from).bind(to);
        let chunks = self.main.all(pick, chunk_from_row).await?;
        let mut page = Vec::with_capacity((to - from) as usize);
        for chunk in chunks {
            for ((at, stream, text), line) in chunk.lines.iter().zip(chunk.first_line..) {
                if (from..to).contains(&line) {
                    page.push(LogLine { at, stream, text: text.to_owned() });
                }
            }
        }
        Ok((total, from, page))
    }

    /// The record whose log a record shows: its own, or that of the one it stands for.
    pub(crate) async fn record_with_log(&self, record: &RecordId) -> Result<RecordId, StoreError> {
        let find = query("SELECT COALESCE(kept_from, id) AS id FROM record WHERE id = ?");
        let found = self.main.one(find.bind(record.to_string()), |row| row.id("id")).await?;
        Ok(found.unwrap_or_else(|| record.clone()))
    }

    /// How many lines a record's log has.
    pub(crate) async fn log_length(&self, record: &RecordId) -> Result<u32, StoreError> {
        let count = query("SELECT log_lines FROM record WHERE id = ?").bind(record.as_str());
        let total = self.main.one(count, |row| row.cell("log_lines")).await?;
        total.ok_or_else(|| missing(record))
    }
}

/// Counts the lines of all changes and writes their progress: one statement, so that a change costs no way to
/// the database's thread and back.
fn grow(run: &RunId, changes: &[RecordChange]) -> Query {
    let rows = changes.iter().map(|change| {
        let progress = change.progress.as_ref();
        json!([
            change.id.as_str(),
            change.lines.len(),
            progress.map(|progress| progress.state.as_str()),
            progress.and_then(|progress| progress.result).map(RunResult::as_str),
            progress.and_then(|progress| progress.started_at),
            progress.and_then(|progress| progress.finished_at),
            progress.map(|progress| progress.error_count),
            progress.map(|progress| progress.warning_count),
            progress.and_then(|progress| progress.issue.as_deref()),
        ])
    });
    // A change without progress has no state: then all is left as it is. The plus keeps SQLite from walking
    // through all records of the run for each change: each is found by its id.
    query(
        "WITH change AS (
            SELECT value ->> 0 AS id, value ->> 1 AS grown, value ->> 2 AS state, value AS told
            FROM json_each(?)
         )
         UPDATE record SET
            log_lines = log_lines + grown,
            state = COALESCE(change.state, record.state),
            result = IIF(change.state IS NULL, result, told ->> 3),
            started_at = IIF(change.state IS NULL, started_at, told ->> 4),
            finished_at = IIF(change.state IS NULL, finished_at, told ->> 5),
            error_count = IIF(change.state IS NULL, error_count, told ->> 6),
            warning_count = IIF(change.state IS NULL, warning_count, told ->> 7),
            issue = IIF(change.state IS NULL, issue, told ->> 8)
         FROM change WHERE record.id = change.id AND +record.run_id = ?
         RETURNING id, log_lines",
    )
    .bind(Value::from_iter(rows).to_string())
    .bind(run.to_string())
}

/// Writes the chunks of all changes: their bytes one behind the other, and where each one lies in them.
fn insert(
    changes: &[RecordChange],
    totals: &[u32],
    bodies: &[Vec<Body>],
    bytes: Vec<u8>,
) -> Option<Query> {
    let mut places = Vec::new();
    for ((change, total), bodies) in changes.iter().zip(totals).zip(bodies) {
        let mut first_line = total - bodies.iter().map(|body| body.line_count).sum::<u32>();
        for Body { bytes, line_count } in bodies {
            // Positions count from 1.
            let (from, length) = (bytes.start + 1, bytes.len());
            places.push(json!([change.id.as_str(), first_line, line_count, from, length]));
            first_line += line_count;
        }
    }
    if places.is_empty() {
        return None;
    }
    let insert = query(
        "INSERT INTO log_chunk (record_id, first_line, line_count, packing, body)
         SELECT value ->> 0, value ->> 1, value ->> 2, ?, substr(?, value ->> 3, value ->> 4)
         FROM json_each(?)",
    );
    Some(insert.bind(PACKED).bind(bytes).bind(Value::from(places).to_string()))
}

fn missing(record: &RecordId) -> StoreError {
    StoreError::RowNotFound { table: "record", id: record.to_string() }
}

pub(crate) fn chunk_from_row(row: &SqliteRow) -> Result<Chunk, sqlx::Error> {
    let body: &[u8] = row.cell("body")?;
    let lines = unpack(row.cell("packing")?, body)
        .ok_or_else(|| unreadable("body", "the chunk is damaged"))?;
    Ok(Chunk { first_line: row.cell("first_line")?, lines })
}
