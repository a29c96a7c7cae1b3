//! What a step's program prints: lines for the log, and `##vso[…]` commands to carry out (§18).
//!
//! Called by `process` with bytes as they come. Output of tools that tasks run by themselves (image builds)
//! does not come through here, so that it cannot command anything.

use std::sync::Arc;

use slipway_core::{LogLine, LogStream};

use crate::commands::{Effect, Parsed, Turn, carry_out, parse, perform};
use crate::container::Container;
use crate::error::RunnerError;
use crate::log::LineSplitter;
use crate::step_scope::StepScope;

/// What is made of a program's lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hearing {
    /// They are shown, and commands are carried out.
    Obeyed,
    /// They are shown and nothing more.
    Shown,
    /// They are not shown.
    Silent,
}

/// The output of one program.
pub(crate) struct Output<'a> {
    step: &'a StepScope,
    stdout: LineSplitter,
    stderr: LineSplitter,
    /// `failOnStderr`: each line of stderr is an error.
    is_stderr_error: bool,
    pub(crate) has_stderr: bool,
    /// What the program started still held the output when it had ended.
    pub(crate) is_abandoned: bool,
    hearing: Hearing,
    /// Stdout so far, if it is wanted.
    kept: Option<Vec<u8>>,
    effects: Vec<Effect>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(step: &'a StepScope, is_stderr_error: bool) -> Self {
        Self {
            step,
            stdout: LineSplitter::default(),
            stderr: LineSplitter::default(),
            is_stderr_error,
            has_stderr: false,
            is_abandoned: false,
            hearing: Hearing::Obeyed,
            kept: None,
            effects: Vec::new(),
        }
    }

    /// The same output, heard in another way; `is_kept` keeps the lines of stdout.
    pub(crate) fn heard(self, hearing: Hearing, is_kept: bool) -> Self {
        Self { hearing, kept: is_kept.then(Vec::new), ..self }
    }

    /// The container that the program runs in.
    pub(crate) fn container(&self) -> Result<Option<Arc<Container>>, RunnerError> {
        self.step.container()
    }

    /// The task that the program belongs to, such as `Maven@4`.
    pub(crate) fn task(&self) -> String {
        self.step.task()
    }

    /// True if the text must not be written to disk.
    pub(crate) fn holds_secret(&self, text: &str) -> bool {
        self.step.writer.mask(text) != text
    }

    /// What was kept of stdout.
    pub(crate) fn kept(&mut self) -> String {
        String::from_utf8_lossy(&self.kept.take().unwrap_or_default()).into_owned()
    }

    /// Takes bytes; lines that are now whole leave, commands are carried out.
    pub(crate) async fn take(&mut self, stream: LogStream, bytes: &[u8]) {
        let is_stderr = stream == LogStream::Stderr;
        if let Some(kept) = self.kept.as_mut().filter(|_| !is_stderr) {
            kept.extend_from_slice(bytes);
        }
        let hearing = self.hearing;
        let Self { step, stdout, stderr, is_stderr_error, has_stderr, effects, .. } = self;
        *has_stderr |= is_stderr && !bytes.is_empty();
        if hearing == Hearing::Silent {
            return;
        }
        let marks_error = is_stderr && *is_stderr_error;
        let splitter = if is_stderr { stderr } else { stdout };
        // Most output commands nothing: then no line is looked at by itself.
        if !marks_error && let Some(block) = splitter.block(bytes) {
            return step.writer.send_lines(step.writer.make_block(stream, block)).await;
        }
        let mut lines = Vec::new();
        splitter.push(bytes, |line| match hearing {
            Hearing::Obeyed => accept(step, stream, line, marks_error, &mut lines, effects),
            _ => lines.push(show(step, stream, line, marks_error)),
        });
        self.leave(lines).await;
    }

    /// Takes what is left when the streams have ended.
    pub(crate) async fn finish(&mut self) {
        let Self { step, stdout, stderr, is_stderr_error, effects, hearing, .. } = self;
        let mut lines = Vec::new();
        let mut last = |stream, line: &str, marks_error| match hearing {
            Hearing::Obeyed => accept(step, stream, line, marks_error, &mut lines, effects),
            _ => lines.push(show(step, stream, line, marks_error)),
        };
        stdout.finish(|line| last(LogStream::Stdout, line, false));
        stderr.finish(|line| last(LogStream::Stderr, line, *is_stderr_error));
        self.leave(lines).await;
    }

    /// Says that the program has ended, but others hold its output open.
    pub(crate) async fn abandon(&mut self) {
        self.is_abandoned = true;
        let text = "The program has ended, but what it started in the background holds its output \
                    open. The step does not wait for that; the end of the job ends it.";
        self.step.line(text).await;
    }

    async fn leave(&mut self, lines: Vec<LogLine>) {
        self.step.writer.send(lines).await;
        for effect in std::mem::take(&mut self.effects) {
            perform(self.step, effect).await;
        }
    }
}

fn show(step: &StepScope, stream: LogStream, line: &str, marks_error: bool) -> LogLine {
    if marks_error { step.note_error(line) } else { step.writer.make(stream, line) }
}

fn accept(
    step: &StepScope,
    stream: LogStream,
    line: &str,
    marks_error: bool,
    lines: &mut Vec<LogLine>,
    effects: &mut Vec<Effect>,
) {
    match parse(line) {
        Parsed::Text => lines.push(show(step, stream, line, marks_error)),
        Parsed::Command(command) => carry_out(&mut Turn { step, lines, effects }, &command, line),
        Parsed::Illegal => {
            lines.push(step.note_warning(&format!(
                "'{line}' contains logging command keyword '##vso', but it's not a legal command. \
                 Write ##vso[area.event property=value;]message."
            )));
            lines.push(step.writer.make(stream, line));
        }
    }
}
