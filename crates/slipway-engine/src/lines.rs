//! Turns the engine's chunks into lines, and its timestamps into instants.
//!
//! Called by builds, pulls, pushes and logs. Deliberately not here: masking and colours.

use slipway_core::{Clock, LogStream, SystemClock, Timestamp};
use tokio::sync::mpsc::UnboundedSender;

use crate::EngineLine;

/// A line longer than this is cut into several, so that a stream without line ends stays small.
const LONGEST_LINE: usize = 256 * 1024;

/// Collects the chunks of one stream until a line is whole.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    stream: LogStream,
    pending: Vec<u8>,
    at: Timestamp,
}

impl LineSplitter {
    /// Starts with nothing.
    pub(crate) fn new(stream: LogStream) -> Self {
        Self { stream, pending: Vec::new(), at: 0 }
    }

    /// True in the middle of a line.
    pub(crate) fn is_mid_line(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes a chunk and gives every line that it completes. `at` counts for lines that begin now.
    pub(crate) fn push(&mut self, chunk: &[u8], at: Timestamp, mut give: impl FnMut(EngineLine)) {
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            if self.pending.is_empty() {
                self.at = at;
            }
            self.pending.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.pending.len() >= LONGEST_LINE {
                give(self.take());
            }
        }
    }

    /// Gives what is left when the stream ends.
    pub(crate) fn finish(&mut self, mut give: impl FnMut(EngineLine)) {
        if self.is_mid_line() {
            give(self.take());
        }
    }

    fn take(&mut self) -> EngineLine {
        let bytes = std::mem::take(&mut self.pending);
        let text = String::from_utf8_lossy(&bytes);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        EngineLine { stream: self.stream, text: text.to_owned(), at: self.at }
    }
}

/// The instant now, for lines that carry none.
pub(crate) fn now() -> Timestamp {
    SystemClock.now_ms()
}

/// Sends a line; a receiver that went away has lost interest, which is no error.
pub(crate) fn send(lines: &UnboundedSender<EngineLine>, stream: LogStream, text: String) {
    lines.send(EngineLine { stream, text, at: now() }).ok();
}

/// Reads the engine's RFC 3339 instants; year 1 means "never".
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(at.as_millisecond()).filter(|millis| *millis > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_become_lines_with_the_time_they_began() {
        let mut splitter = LineSplitter::new(LogStream::Stdout);
        let mut lines = Vec::new();
        splitter.push(b"one\ntw", 1, |line| lines.push((line.text, line.at)));
        splitter.push(b"o\r\n\nrest", 2, |line| lines.push((line.text, line.at)));
        splitter.finish(|line| lines.push((line.text, line.at)));
        let expected =
            [("one", 1), ("two", 1), ("", 2), ("rest", 2)].map(|(t, a)| (t.to_owned(), a));
        assert_eq!(lines, expected, "a line counts from its first byte; empty lines stay");
    }

    #[test]
    fn never_is_no_instant() {
        assert_eq!(instant("0001-01-01T00:00:00Z"), None);
        assert_eq!(instant("2026-11-22T21:42:00.123456789Z"), Some(1_795_383_720_123));
    }
}
