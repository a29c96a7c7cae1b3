//! The lines of a step's log, kept in chunks: one row for each batch that arrived.
//!
//! A chunk's body is, for each line: the instant (8 bytes, little endian), the stream (1 byte), the
//! length of the text (4 bytes, little endian) and the text. A page at any position reads only the
//! chunks that overlap it. Masking is done before a line comes here.

use slipway_core::{LogStream, RecordId, RunId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, unreadable};
use crate::{Store, StoreError};

/// Bounds of a chunk, so that a page never reads far beyond what it shows.
const CHUNK_LINES: usize = 2_000;
const CHUNK_BYTES: usize = 256 * 1024;

/// A line of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    pub at: Timestamp,
    pub stream: LogStream,
    pub text: String,
}

struct Chunk {
    first_line: u32,
    lines: Vec<LogLine>,
}

impl Store {
    /// Adds lines to the end of a record's log; answers how many it has now.
    ///
    /// All lines or none; once it answers they are on disk.
    pub async fn append_log(
        &self,
        run: &RunId,
        record: &RecordId,
        lines: &[LogLine],
    ) -> Result<u32, StoreError> {
        let mut write = self.main.begin().await?;
        let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let grow = query(
            "UPDATE record SET log_lines = log_lines + ? WHERE id = ? AND run_id = ?
             RETURNING log_lines",
        );
        let grow = grow.bind(count).bind(record.as_str()).bind(run.as_str());
        let total: u32 =
            write.one(grow, |row| row.cell("log_lines")).await?.ok_or_else(|| missing(record))?;
        let mut first_line = total - count;
        for (body, line_count) in encode(lines) {
            let insert = query(
                "INSERT INTO log_chunk (record_id, first_line, line_count, body)
                 VALUES (?, ?, ?, ?)",
            );
            let insert = insert.bind(record.as_str()).bind(first_line).bind(line_count).bind(body);
            write.run(insert).await?;
            first_line += line_count;
        }
        write.commit().await?;
        Ok(total)
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
        let count = query("SELECT log_lines FROM record WHERE id = ?").bind(record.as_str());
        let total: u32 = self
            .main
            .one(count, |row| row.cell("log_lines"))
            .await?
            .ok_or_else(|| missing(record))?;
        let from = if from < 0 { (i64::from(total) + from).max(0) } else { from };
        let from = u32::try_from(from).unwrap_or(u32::MAX).min(total);
        let to = from.saturating_add(limit).min(total);
        if from == to {
            return Ok((total, from, Vec::new()));
        }
        let pick = query(
            "SELECT first_line, body FROM log_chunk
             WHERE record_id = ?1 AND first_line < ?3 AND first_line >= COALESCE(
                (SELECT MAX(first_line) FROM log_chunk WHERE record_id = ?1 AND first_line <= ?2), 0)
             ORDER BY first_line",
        );
        let pick = pick.bind(record.as_str()).bind(from).bind(to);
        let chunks = self.main.all(pick, chunk_from_row).await?;
        let mut page = Vec::with_capacity((to - from) as usize);
        for chunk in chunks {
            for (line, at) in chunk.lines.into_iter().zip(chunk.first_line..) {
                if (from..to).contains(&at) {
                    page.push(line);
                }
            }
        }
        Ok((total, from, page))
    }
}

fn missing(record: &RecordId) -> StoreError {
    StoreError::RowNotFound { table: "record", id: record.to_string() }
}

fn encode(lines: &[LogLine]) -> Vec<(Vec<u8>, u32)> {
    let mut chunks = Vec::new();
    let mut body = Vec::new();
    let mut count = 0_u32;
    for line in lines {
        body.extend_from_slice(&line.at.to_le_bytes());
        body.push(match line.stream {
            LogStream::Stdout => 0,
            LogStream::Stderr => 1,
            LogStream::System => 2,
        });
        let length = u32::try_from(line.text.len()).expect("BUG: a log line of over 4 GiB");
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(line.text.as_bytes());
        count += 1;
        if count as usize >= CHUNK_LINES || body.len() >= CHUNK_BYTES {
            chunks.push((std::mem::take(&mut body), std::mem::take(&mut count)));
        }
    }
    if count > 0 {
        chunks.push((body, count));
    }
    chunks
}

fn chunk_from_row(row: &SqliteRow) -> Result<Chunk, sqlx::Error> {
    let body: &[u8] = row.cell("body")?;
    let lines = decode(body).ok_or_else(|| unreadable("body", "the chunk is cut off"))?;
    Ok(Chunk { first_line: row.cell("first_line")?, lines })
}

fn decode(mut body: &[u8]) -> Option<Vec<LogLine>> {
    let mut lines = Vec::new();
    while !body.is_empty() {
        let (at, rest) = body.split_first_chunk::<8>()?;
        let (stream, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let stream = match stream {
            0 => LogStream::Stdout,
            1 => LogStream::Stderr,
            2 => LogStream::System,
            _ => return None,
        };
        let text = std::str::from_utf8(text).ok()?.to_owned();
        lines.push(LogLine { at: i64::from_le_bytes(*at), stream, text });
        body = rest;
    }
    Some(lines)
}
