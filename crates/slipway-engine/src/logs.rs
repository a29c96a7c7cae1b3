//! What containers write.
//!
//! Called by the runner and the local deployment target. Deliberately not here: keeping lines (the
//! store does), masking (the caller does), consoles with a TTY.

use std::time::Duration;

use bollard::container::LogOutput;
use bollard::errors::Error;
use bollard::query_parameters::{LogsOptions, LogsOptionsBuilder};
use futures_util::{Stream, StreamExt};
use slipway_core::LogStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio_util::sync::CancellationToken;

use crate::call::{timed_out, translate};
use crate::container::known;
use crate::lines::{LineSplitter, instant, now};
use crate::{Engine, EngineError, EngineLine};

/// Reading what is there may take this long.
const READ_LIMIT: Duration = Duration::from_secs(120);

impl Engine {
    /// The lines so far, or the last `tail` of them.
    pub async fn logs(
        &self,
        id: &str,
        tail: Option<usize>,
    ) -> Result<Vec<EngineLine>, EngineError> {
        let doing = format!("reading the log of the container {id}");
        let tail = tail.map_or("all".to_owned(), |count| count.to_string());
        let options = options().tail(&tail).build();
        let mut lines = Vec::new();
        let answers = self.docker().logs(id, Some(options));
        let reading = read(&doing, answers, |line| {
            lines.push(line);
            true
        });
        let outcome = tokio::time::timeout(READ_LIMIT, reading).await;
        known(id, outcome.map_err(|_| timed_out(&doing, READ_LIMIT))?)?;
        Ok(lines)
    }

    /// Sends all lines so far and then each new one, until the container ends, the receiver is
    /// dropped or `cancel` fires; none of these is an error.
    pub async fn follow_logs(
        &self,
        id: &str,
        lines: UnboundedSender<EngineLine>,
        cancel: &CancellationToken,
    ) -> Result<(), EngineError> {
        let doing = format!("following the log of the container {id}");
        let options: LogsOptions = options().follow(true).tail("all").build();
        let docker = self.streaming();
        let reading = read(&doing, docker.logs(id, Some(options)), |line| lines.send(line).is_ok());
        tokio::select! {
            () = cancel.cancelled() => Ok(()),
            () = lines.closed() => Ok(()),
            outcome = reading => known(id, outcome),
        }
    }
}

fn options() -> LogsOptionsBuilder {
    LogsOptionsBuilder::default().stdout(true).stderr(true).timestamps(true)
}

async fn read(
    doing: &str,
    answers: impl Stream<Item = Result<LogOutput, Error>>,
    mut give: impl FnMut(EngineLine) -> bool,
) -> Result<(), EngineError> {
    let mut answers = std::pin::pin!(answers);
    let mut reader = LogReader::new();
    let mut wanted = true;
    let failed = loop {
        match answers.next().await {
            Some(Ok(output)) => reader.take(output, |line| wanted = wanted && give(line)),
            Some(Err(error)) => break Err(translate(doing, error)),
            None => break Ok(()),
        }
        if !wanted {
            return Ok(());
        }
    };
    reader.finish(|line| wanted = wanted && give(line));
    failed
}

/// Joins the frames of both streams to lines; a frame is a line or a part of a long one.
struct LogReader {
    stdout: LineSplitter,
    stderr: LineSplitter,
}

impl LogReader {
    fn new() -> Self {
        Self {
            stdout: LineSplitter::new(LogStream::Stdout),
            stderr: LineSplitter::new(LogStream::Stderr),
        }
    }

    fn take(&mut self, output: LogOutput, give: impl FnMut(EngineLine)) {
        let splitter = match &output {
            LogOutput::StdErr { .. } => &mut self.stderr,
            LogOutput::StdOut { .. } | LogOutput::StdIn { .. } | LogOutput::Console { .. } => {
                &mut self.stdout
            }
        };
        let message = output.into_bytes();
        // `2026-11-22T21:42:00.1Z text`: also each part of a long line has its own stamp.
        let stamp_end = message.iter().take(40).position(|byte| *byte == b' ');
        let stamped = stamp_end.and_then(|end| {
            let at = instant(std::str::from_utf8(&message[..end]).ok()?)?;
            Some((at, &message[end + 1..]))
        });
        let (at, text) = stamped.unwrap_or_else(|| (now(), &message[..]));
        splitter.push(text, at, give);
    }

    fn finish(&mut self, mut give: impl FnMut(EngineLine)) {
        self.stdout.finish(&mut give);
        self.stderr.finish(give);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_long_line_are_joined_without_their_stamps() {
        let mut reader = LogReader::new();
        let mut lines = Vec::new();
        for part in ["2026-11-22T21:42:00Z aaa", "2026-11-22T21:42:00Z bbb\n"] {
            let output = LogOutput::StdOut { message: part.to_owned().into() };
            reader.take(output, |line| lines.push(line.text));
        }
        assert_eq!(lines, ["aaabbb"], "the engine cuts lines at 16 KiB and stamps every piece");
    }
}
