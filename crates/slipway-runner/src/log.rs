//! A step's log on its way to the sink: masked, in order, in batches.
//!
//! A step holds a [`LogWriter`]; [`forward`] runs beside it and empties the channel. The channel is
//! bounded, so a step that writes faster than the sink keeps up waits. Deliberately not here: what
//! `##vso[` lines do (`output`).

use std::sync::Arc;
use std::time::Duration;

use slipway_core::{Clock, LogStream, Masker, RecordId, SystemClock};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::recorder::Recorder;
use crate::sink::LogLine;

/// A batch leaves when it is this long …
const BATCH_LINES: usize = 200;
/// … or this old.
const BATCH_AGE: Duration = Duration::from_millis(30);
/// Batches on their way before a writer has to wait.
const QUEUE: usize = 8;

/// The writing end.
#[derive(Debug, Clone)]
pub(crate) struct LogWriter {
    to_sink: mpsc::Sender<Vec<LogLine>>,
    masker: Arc<Masker>,
}

/// Opens a log.
pub(crate) fn open(masker: Arc<Masker>) -> (LogWriter, mpsc::Receiver<Vec<LogLine>>) {
    let (to_sink, from_step) = mpsc::channel(QUEUE);
    (LogWriter { to_sink, masker }, from_step)
}

impl LogWriter {
    /// Makes a line of this instant; secrets are replaced here.
    pub(crate) fn make(&self, stream: LogStream, text: &str) -> LogLine {
        LogLine { at: SystemClock.now_ms(), stream, text: self.masker.mask(text) }
    }

    /// Sends lines on, waiting for the sink if it is behind.
    pub(crate) async fn send(&self, lines: Vec<LogLine>) {
        if !lines.is_empty() {
            // The receiver lives as long as the step; it only goes first when the run is dropped.
            self.to_sink.send(lines).await.ok();
        }
    }

    /// One or more lines of Slipway's own.
    pub(crate) async fn system(&self, text: &str) {
        let lines = text.lines().map(|line| self.make(LogStream::System, line)).collect();
        self.send(lines).await;
    }

    /// The masked text, for issues.
    pub(crate) fn mask(&self, text: &str) -> String {
        self.masker.mask(text)
    }
}

/// Hands lines to the sink until every writer is gone.
pub(crate) async fn forward(
    id: &RecordId,
    mut from_step: mpsc::Receiver<Vec<LogLine>>,
    recorder: &Recorder,
) {
    let mut is_open = true;
    let mut waiting: Vec<LogLine> = Vec::new();
    while is_open {
        match from_step.recv().await {
            Some(lines) => waiting.extend(lines),
            None => break,
        }
        let due = Instant::now() + BATCH_AGE;
        while waiting.len() < BATCH_LINES {
            match timeout_at(due, from_step.recv()).await {
                Ok(Some(lines)) => waiting.extend(lines),
                Ok(None) => {
                    is_open = false;
                    break;
                }
                Err(_) => break,
            }
        }
        while waiting.len() > BATCH_LINES {
            let rest = waiting.split_off(BATCH_LINES);
            recorder.lines(id, std::mem::replace(&mut waiting, rest)).await;
        }
        recorder.lines(id, std::mem::take(&mut waiting)).await;
    }
}

/// Cuts a byte stream into lines; half a line is held until it ends.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    held: Vec<u8>,
}

impl LineSplitter {
    /// Adds bytes and gives every line that is now whole.
    pub(crate) fn push(&mut self, mut bytes: &[u8], mut each: impl FnMut(&str)) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
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
    fn a_character_cut_in_two_writes_stays_whole() {
        let mut splitter = LineSplitter::default();
        let mut lines = Vec::new();
        let bytes = "ü\n".as_bytes();
        splitter.push(&bytes[..1], |line| lines.push(line.to_owned()));
        splitter.push(&bytes[1..], |line| lines.push(line.to_owned()));
        assert_eq!(lines, ["ü"], "bytes are decoded by line, not by chunk");
    }
}
