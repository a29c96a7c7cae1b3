//! The lines of a step's log, kept in chunks: a row for each batch that arrived, several for a large one.
//!
//! A page at any position reads only the chunks that overlap it. Masking is done before a line comes here.
//! Deliberately not here: what a chunk looks like (`log_chunk`), looking for a word (`log_search`).

use slipway_core::{LogLine, LogLines, RecordId, RunId};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, unreadable};
use crate::database::{Query, Write};
use crate::log_chunk::{Body, PACKED, pack, unpack};
use crate::record::{RecordProgress, bind_progress};
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
    /// All or none; once it answers they are on disk.
    pub async fn change_records(
        &self,
        run: &RunId,
        changes: &[RecordChange],
    ) -> Result<Vec<u32>, StoreError> {
        let packed: Vec<Vec<Body>> = changes.iter().map(|change| pack(&change.lines)).collect();
        let mut write = self.main.begin().await?;
        let mut totals = Vec::with_capacity(changes.len());
        for (change, bodies) in changes.iter().zip(packed) {
            let count = u32::try_from(change.lines.len()).unwrap_or(u32::MAX);
            let grow = grow(run, change, count);
            let total: u32 = write
                .one(grow, |row| row.cell("log_lines"))
                .await?
                .ok_or_else(|| missing(&change.id))?;
            insert(&mut write, &change.id, total - count, bodies).await?;
            totals.push(total);
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
        let pick = pick.bind(record.as_str()).bind(from).bind(to);
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

    /// How many lines a record's log has.
    pub(crate) async fn log_length(&self, record: &RecordId) -> Result<u32, StoreError> {
        let count = query("SELECT log_lines FROM record WHERE id = ?").bind(record.as_str());
        let total = self.main.one(count, |row| row.cell("log_lines")).await?;
        total.ok_or_else(|| missing(record))
    }
}

fn grow(run: &RunId, change: &RecordChange, count: u32) -> Query {
    match &change.progress {
        None => query(
            "UPDATE record SET log_lines = log_lines + ? WHERE id = ? AND run_id = ?
             RETURNING log_lines",
        )
        .bind(count),
        Some(progress) => bind_progress(
            query(
                "UPDATE record SET log_lines = log_lines + ?, state = ?, result = ?, started_at = ?,
                    finished_at = ?, error_count = ?, warning_count = ?, issue = ?
                 WHERE id = ? AND run_id = ?
                 RETURNING log_lines",
            )
            .bind(count),
            progress,
        ),
    }
    .bind(change.id.to_string())
    .bind(run.to_string())
}

async fn insert(
    write: &mut Write<'_>,
    record: &RecordId,
    mut first_line: u32,
    bodies: Vec<Body>,
) -> Result<(), StoreError> {
    for Body { packed, line_count } in bodies {
        let insert = query(
            "INSERT INTO log_chunk (record_id, first_line, line_count, packing, body)
             VALUES (?, ?, ?, ?, ?)",
        );
        let insert = insert.bind(record.to_string()).bind(first_line).bind(line_count);
        write.run(insert.bind(PACKED).bind(packed)).await?;
        first_line += line_count;
    }
    Ok(())
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
