//! Looks for a word or an expression in a step's log.
//!
//! Chunks are unpacked and searched whole, on as many threads as there are cores, while the next ones are read;
//! a line is only looked at by itself where the expression may have met. Deliberately not here: pages of lines
//! (`log_line`).

use std::borrow::Cow;
use std::collections::VecDeque;

use regex::{Regex, RegexBuilder};
use slipway_core::{LogLines, RecordId};
use sqlx::query;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::cell::Cells;
use crate::log_chunk::unpack;
use crate::{Store, StoreError};

/// Chunks that one thread takes at a time.
const CHUNKS_AT_ONCE: u32 = 16;

/// What to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSearch {
    pub pattern: String,
    /// A regular expression; else a plain word.
    pub is_regex: bool,
    pub is_case_sensitive: bool,
}

/// Where it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogMatches {
    /// Lines the log had.
    pub total: u32,
    /// Lines that match.
    pub count: u32,
    /// The first of them, from 0.
    pub lines: Vec<u32>,
}

struct PackedChunk {
    first_line: u32,
    packing: i64,
    body: Vec<u8>,
}

impl Store {
    /// Finds every line of a record's log that matches; names the first `limit` of them.
    pub async fn search_log(
        &self,
        record: &RecordId,
        search: &LogSearch,
        limit: usize,
    ) -> Result<LogMatches, StoreError> {
        let total = self.log_length(record).await?;
        let mut found = LogMatches { total, ..LogMatches::default() };
        if search.pattern.is_empty() {
            return Ok(found);
        }
        let finder = Finder::new(search)?;
        let record = &self.record_with_log(record).await?;
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let mut going: VecDeque<JoinHandle<Option<Vec<u32>>>> = VecDeque::new();
        let mut next = 0;
        loop {
            let chunks = self.packed_chunks(record, next).await?;
            let is_last = chunks.len() < CHUNKS_AT_ONCE as usize;
            if let Some(chunk) = chunks.last() {
                next = chunk.first_line + 1;
                let finder = finder.clone();
                going.push_back(spawn_blocking(move || finder.lines_of(&chunks)));
            }
            while going.len() >= threads || (is_last && !going.is_empty()) {
                let Some(ended) = going.pop_front() else { break };
                self.keep(ended.await, limit, &mut found)?;
            }
            if is_last {
                return Ok(found);
            }
        }
    }

    fn keep(
        &self,
        ended: Result<Option<Vec<u32>>, tokio::task::JoinError>,
        limit: usize,
        found: &mut LogMatches,
    ) -> Result<(), StoreError> {
        let damaged = |detail: String| StoreError::UnreadableRow {
            file: self.main.file().to_owned(),
            detail,
        };
        let lines = ended
            .map_err(|error| damaged(error.to_string()))?
            .ok_or_else(|| damaged("a chunk of the log is damaged".to_owned()))?;
        found.count += u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let room = limit.saturating_sub(found.lines.len());
        found.lines.extend(lines.into_iter().take(room));
        Ok(())
    }

    async fn packed_chunks(
        &self,
        record: &RecordId,
        from: u32,
    ) -> Result<Vec<PackedChunk>, StoreError> {
        let pick = query(
            "SELECT first_line, packing, body FROM log_chunk
             WHERE record_id = ? AND first_line >= ? ORDER BY first_line LIMIT ?",
        );
        let pick = pick.bind(record.to_string()).bind(from).bind(CHUNKS_AT_ONCE);
        self.main
            .all(pick, |row| {
                Ok(PackedChunk {
                    first_line: row.cell("first_line")?,
                    packing: row.cell("packing")?,
                    body: row.cell("body")?,
                })
            })
            .await
    }
}

#[derive(Clone)]
struct Finder {
    regex: Regex,
    /// The expression speaks of the text's ends: a chunk's are not a line's.
    is_by_line: bool,
}

impl Finder {
    fn new(search: &LogSearch) -> Result<Self, StoreError> {
        let pattern = if search.is_regex {
            Cow::Borrowed(search.pattern.as_str())
        } else {
            Cow::Owned(regex::escape(&search.pattern))
        };
        let regex = RegexBuilder::new(&pattern)
            .case_insensitive(!search.is_case_sensitive)
            .multi_line(true)
            .build()
            .map_err(|error| StoreError::Pattern { detail: last_line(&error.to_string()) })?;
        let is_by_line =
            search.is_regex && ["\\A", "\\z", "-m"].iter().any(|word| pattern.contains(word));
        Ok(Self { regex, is_by_line })
    }

    /// The numbers of lines that match; `None` if a chunk is damaged.
    fn lines_of(&self, chunks: &[PackedChunk]) -> Option<Vec<u32>> {
        let mut found = Vec::new();
        for chunk in chunks {
            let lines = unpack(chunk.packing, &chunk.body)?;
            let mut each = |line: usize| {
                found
                    .push(chunk.first_line.saturating_add(u32::try_from(line).unwrap_or(u32::MAX)));
            };
            if self.is_by_line || memchr::memchr2(b'\x1b', b'\r', lines.text().as_bytes()).is_some()
            {
                self.find_by_line(&lines, &mut each);
            } else {
                self.find_whole(&lines, &mut each);
            }
        }
        Some(found)
    }

    fn find_by_line(&self, lines: &LogLines, each: &mut impl FnMut(usize)) {
        for (line, (_, _, text)) in lines.iter().enumerate() {
            if self.regex.is_match(&visible(text)) {
                each(line);
            }
        }
    }

    /// A match in the whole text may reach over the end of its line, so it is tried on the line alone.
    fn find_whole(&self, lines: &LogLines, each: &mut impl FnMut(usize)) {
        let text = lines.text();
        let mut at = 0;
        while let Some(met) = self.regex.find_at(text, at) {
            let line = lines.line_at(met.start());
            if line >= lines.len() {
                break;
            }
            let range = lines.range(line);
            at = range.end + 1;
            if self.regex.is_match(&text[range]) {
                each(line);
            }
            if at >= text.len() {
                break;
            }
        }
    }
}

/// The last line of what the expression's reader says; the lines before it draw the place.
fn last_line(text: &str) -> String {
    let line = text.lines().next_back().unwrap_or(text).trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// A line as the page shows it: without control sequences of terminals, and of a line that was rewritten with
/// carriage returns the last state.
fn visible(text: &str) -> Cow<'_, str> {
    let text = text.trim_end_matches('\r');
    if !text.contains('\x1b') {
        return Cow::Borrowed(text.rsplit('\r').next().unwrap_or(text));
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\x1b') {
        plain.push_str(&rest[..at]);
        rest = after_sequence(&rest[at + 1..]);
    }
    plain.push_str(rest);
    let from = plain.rfind('\r').map_or(0, |at| at + 1);
    Cow::Owned(plain.split_off(from))
}

/// What follows a control sequence whose escape was taken already.
fn after_sequence(rest: &str) -> &str {
    let bytes = rest.as_bytes();
    match bytes.first() {
        Some(b'[') => {
            let end = bytes.iter().skip(1).position(|byte| (0x40..=0x7e).contains(byte));
            end.map_or("", |end| rest.get(end + 2..).unwrap_or(""))
        }
        Some(b']') => match rest.find(['\x07', '\x1b']) {
            Some(end) if bytes[end] == 0x07 => &rest[end + 1..],
            Some(end) => rest[end + 1..].strip_prefix('\\').unwrap_or(&rest[end + 1..]),
            None => "",
        },
        Some(0x40..=0x5f) => &rest[1..],
        _ => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_searched_as_it_is_shown() {
        for (raw, shown) in [
            ("\x1b[32mok\x1b[0m", "ok"),
            ("\x1b]0;title\x07text", "text"),
            ("10%\r50%\r100%", "100%"),
            ("done\r", "done"),
            ("plain [1m]", "plain [1m]"),
        ] {
            assert_eq!(visible(raw), shown, "{raw:?}");
        }
    }
}
