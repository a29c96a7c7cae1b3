//! A step's log on its way to the sink: masked, in order, nothing held back but half a line.
//!
//! A step holds a [`LogWriter`]. The sink takes what it is given and makes a writer wait that is too fast for
//! it. Deliberately not here: what `##vso[` lines do (`output`).

use std::sync::Arc;

use memchr::{memchr, memchr_iter, memmem, memrchr};
use slipway_core::{Clock, LogLine, LogLines, LogStream, RecordId, SystemClock};

use crate::commands::KEYWORD;
use crate::scope::RunScope;

/// The writing end.
#[derive(Clone)]
pub(crate) struct LogWriter {
    run: Arc<RunScope>,
    record: RecordId,
}

impl LogWriter {
    /// Opens the log of a record.
    pub(crate) fn open(run: &Arc<RunScope>, record: &RecordId) -> Self {
        Self { run: Arc::clone(run), record: record.clone() }
    }

    /// Makes a line of this instant; secrets are replaced here.
    pub(crate) fn make(&self, stream: LogStream, text: &str) -> LogLine {
        LogLine { at: SystemClock.now_ms(), stream, text: self.mask(text) }
    }

    /// Makes lines of this instant out of a text whose lines all end with a line feed.
    pub(crate) fn make_block(&self, stream: LogStream, block: &str) -> LogLines {
        let masker = &self.run.masker;
        let at = SystemClock.now_ms();
        let mut lines = LogLines::default();
        if !masker.finds(block) {
            lines.push_block(at, stream, block);
            return lines;
        }
        // Line by line, so that no secret can swallow a line feed.
        let mut start = 0;
        for end in memchr_iter(b'\n', block.as_bytes()) {
            lines.push(at, stream, &masker.masked(&block[start..end]));
            start = end + 1;
        }
        lines
    }

    /// Sends lines on, waiting for the sink if it is behind.
    pub(crate) async fn send(&self, lines: Vec<LogLine>) {
        self.send_lines(lines.iter().collect()).await;
    }

    /// Sends lines on, waiting for the sink if it is behind.
    pub(crate) async fn send_lines(&self, lines: LogLines) {
        self.run.recorder.lines(&self.record, lines).await;
    }

    /// One or more lines of Slipway's own.
    pub(crate) async fn system(&self, text: &str) {
        let mut block = String::with_capacity(text.len() + 1);
        for line in text.lines() {
            block.push_str(line);
            block.push('\n');
        }
        self.send_lines(self.make_block(LogStream::System, &block)).await;
    }

    /// The masked text, for issues.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.run.masker.mask(text)
    }
}

/// Cuts a byte stream into lines; half a line is held until it ends.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    held: Vec<u8>,
    /// Where a block is put together.
    joined: Vec<u8>,
}

impl LineSplitter {
    /// Adds bytes and gives every line that is now whole as one text, each line with its line feed.
    ///
    /// Answers `None`, and takes nothing, if a line needs to be looked at by itself: it may hold a command, or
    /// its bytes are not as they are kept (no UTF-8, carriage returns at its end).
    pub(crate) fn block<'a>(&'a mut self, bytes: &'a [u8]) -> Option<&'a str> {
        let Some(last) = memrchr(b'\n', bytes) else {
            self.held.extend_from_slice(bytes);
            return Some("");
        };
        let (whole, rest) = bytes.split_at(last + 1);
        let whole = if self.held.is_empty() {
            whole
        } else {
            self.joined.clear();
            self.joined.extend_from_slice(&self.held);
            self.joined.extend_from_slice(whole);
            &self.joined
        };
        if memmem::find(whole, KEYWORD.as_bytes()).is_some() || has_carriage_return_at_end(whole) {
            return None;
        }
        let block = std::str::from_utf8(whole).ok()?;
        self.held.clear();
        self.held.extend_from_slice(rest);
        Some(block)
    }

    /// Adds bytes and gives every line that is now whole.
    pub(crate) fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(&str)) {
        while let Some(end) = memchr(b'\n', bytes) {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            if self.held.is_empty() {
                each(&text_of(line));
            } else {
                self.held.extend_from_slice(line);
                let line = std::mem::take(&mut self.held);
                each(&text_of(&line));
            }
            bytes = rest;
        }
        self.held.extend_from_slice(bytes);
    }

    /// Gives what is left, when the stream has ended without a line feed.
    pub(crate) fn finish(&mut self, mut each: impl FnMut(&str)) {
        if !self.held.is_empty() {
            let line = std::mem::take(&mut self.held);
            each(&text_of(&line));
        }
    }
}

fn has_carriage_return_at_end(lines: &[u8]) -> bool {
    memchr_iter(b'\r', lines).any(|at| lines.get(at + 1) == Some(&b'\n'))
}

fn text_of(line: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_only_released_whole() {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        for chunk in [&b"on"[..], b"e\r\ntwo\nth", b"", b"ree"] {
            splitter.push(chunk, |line| lines.push(line.to_owned()));
        }
        assert_eq!(lines, ["one", "two"], "the third line has not ended yet");
        splitter.finish(|line| lines.push(line.to_owned()));
        assert_eq!(lines, ["one", "two", "three"], "the end of the stream ends a line");
    }

    #[test]
    fn a_block_is_what_its_lines_would_be() {
        let chunks: [&[u8]; 9] = [
            b"on",
            b"e\ntwo\nth",
            b"",
            b"ree\r\nfour\n",
            b"fi\r",
            b"\nsix ##vs",
            b"o[task.debug]x\ns\xff\n",
            b"\n",
            b"end",
        ];
        let (mut by_line, mut by_block) = (Vec::new(), Vec::new());
        let (mut one, mut other) = (LineSplitter::default(), LineSplitter::default());
        let mut blocks = 0;
        for chunk in chunks {
            one.push(chunk, |line| by_line.push(line.to_owned()));
            if let Some(block) = other.block(chunk) {
                by_block.extend(block.lines().map(str::to_owned));
                blocks += 1;
                continue;
            }
            other.push(chunk, |line| by_block.push(line.to_owned()));
        }
        one.finish(|line| by_line.push(line.to_owned()));
        other.finish(|line| by_block.push(line.to_owned()));
        assert_eq!(by_block, by_line, "it makes no difference how the lines were found");
        assert_eq!(
            blocks, 6,
            "a carriage return, a command and broken bytes are looked at by line"
        );
    }

    #[test]
    fn a_character_cut_in_two_writes_stays_whole() {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        let bytes = "ü\n".as_bytes();
        splitter.push(&bytes[..1], |line| lines.push(line.to_owned()));
        splitter.push(&bytes[1..], |line| lines.push(line.to_owned()));
        assert_eq!(lines, ["ü"], "bytes are decoded by line, not by chunk");
    }
}
