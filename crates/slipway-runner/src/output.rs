//! What a step's program prints: lines for the log, and `##vso[…]` commands to carry out (§18).
//!
//! Called by `process` with bytes as they come. Output of tools that tasks run by themselves (image builds)
//! does not come through here, so that it cannot command anything.

use std::path::PathBuf;
use std::sync::Arc;

use slipway_core::{LogLine, LogStream, RunResult};

use crate::artifacts::publish;
use crate::command::{Command, Parsed, parse};
use crate::container::Container;
use crate::deployment::output_names;
use crate::error::RunnerError;
use crate::log::LineSplitter;
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::variables::{Variable, Variables};

/// What has to wait for the sink or the disk.
enum Effect {
    BuildNumber(String),
    BuildTag(String),
    Upload { name: String, path: PathBuf },
}

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
    pub(crate) async fn abandon(&self) {
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
        Parsed::Command(command) => carry_out(step, &command, lines, effects),
        Parsed::Illegal => {
            lines.push(step.note_warning(&format!(
                "'{line}' contains logging command keyword '##vso', but it's not a legal command. \
                 Write ##vso[area.event property=value;]message."
            )));
            lines.push(step.writer.make(stream, line));
        }
    }
}

fn carry_out(
    step: &StepScope,
    command: &Command,
    lines: &mut Vec<LogLine>,
    effects: &mut Vec<Effect>,
) {
    let broken = match (command.area.as_str(), command.event.as_str()) {
        ("task", "setvariable") => set_variable(step, command, lines),
        ("task", "logissue" | "issue") => log_issue(step, command, lines),
        ("task", "complete") => complete(step, command),
        ("task", "prependpath") => prepend_path(step, command),
        ("task", "setsecret") => {
            step.job.run.masker.add(&command.message);
            Ok(())
        }
        ("task", "debug") => {
            if step.job.is_debug() {
                let text = format!("##[debug]{}", command.message);
                lines.push(step.writer.make(LogStream::System, &text));
            }
            Ok(())
        }
        ("task" | "build", "uploadsummary") => {
            let text = format!("Summary: {}", command.message);
            lines.push(step.writer.make(LogStream::System, &text));
            Ok(())
        }
        ("task", "settaskvariable") => needed(command, "variable").map(|name| {
            if command.is_set("issecret") {
                step.job.run.masker.add(&command.message);
            }
            step.set_task_variable(name, &command.message);
        }),
        ("task", "setprogress") => Ok(()),
        ("build", "addbuildtag") => {
            effects.push(Effect::BuildTag(command.message.trim().to_owned()));
            Ok(())
        }
        ("build", "updatebuildnumber") => {
            effects.push(Effect::BuildNumber(command.message.clone()));
            Ok(())
        }
        ("artifact", "upload") => upload(step, command, effects),
        (area @ ("task" | "build" | "artifact"), event) => {
            lines.push(step.note_warning(&format!(
                "##vso[{area}.{event}] is not a recognized command for {area} command extension."
            )));
            Ok(())
        }
        (area, _) => {
            lines.push(step.note_warning(&format!(
                "Cannot find command extension for ##vso[{area}.command]."
            )));
            Ok(())
        }
    };
    if let Err(message) = broken {
        let name = format!("##vso[{}.{}]", command.area, command.event);
        lines.push(
            step.note_error(&format!("Unable to process command '{name}' successfully. {message}")),
        );
        step.note_broken_command();
    }
}

fn needed<'a>(command: &'a Command, field: &str) -> Result<&'a str, String> {
    command.property(field).ok_or_else(|| {
        let name = format!("##vso[{}.{}]", command.area, command.event);
        format!("Required field '{field}' is missing in {name} command.")
    })
}

fn refuse_readonly(variables: &Variables, name: &str) -> Result<(), String> {
    match variables.get(name) {
        Some(known) if known.is_readonly => {
            Err(format!("Overwriting readonly variable '{name}' is not permitted."))
        }
        _ => Ok(()),
    }
}

fn set_variable(
    step: &StepScope,
    command: &Command,
    lines: &mut Vec<LogLine>,
) -> Result<(), String> {
    let name = needed(command, "variable")?;
    let value = command.message.as_str();
    let (is_secret, is_output) = (command.is_set("issecret"), command.is_set("isoutput"));
    if is_secret {
        if value.contains(['\r', '\n']) {
            return Err("Secrets cannot contain multiple lines.".to_owned());
        }
        step.job.run.masker.add(value);
    }
    let mut variables = lock(&step.job.variables);
    if is_output {
        set_output(step, name, value, is_secret, &mut variables);
    } else {
        refuse_readonly(&variables, name)?;
        variables.set(Variable {
            is_secret,
            is_readonly: command.is_set("isreadonly"),
            keeps_case: command.is_set("preservecase"),
            ..Variable::plain(name, value)
        });
    }
    drop(variables);
    if step.job.is_debug() {
        let text = format!("##[debug]Set the variable {name}.");
        lines.push(step.writer.make(LogStream::System, &text));
    }
    Ok(())
}

/// An output is known as `step.name` in its job; other jobs address it by the job's kind (§5.5).
pub(crate) fn set_output(
    step: &StepScope,
    name: &str,
    value: &str,
    is_secret: bool,
    variables: &mut Variables,
) {
    let key = format!("{}.{name}", step.reference);
    variables.set(Variable { is_secret, is_readonly: true, ..Variable::plain(key.clone(), value) });
    let mut outputs = lock(&step.job.outputs);
    let shape = &step.job.shape;
    if let (Some(deployment), Some(phase)) = (&shape.plan.deployment, step.phase) {
        let resource = step.job.resource.as_deref();
        for name in output_names(&shape.base, deployment.strategy, phase, resource, &key) {
            outputs.insert(name, value.to_owned());
        }
    } else {
        outputs.insert(key, value.to_owned());
    }
}

fn log_issue(step: &StepScope, command: &Command, lines: &mut Vec<LogLine>) -> Result<(), String> {
    let kind = needed(command, "type")?;
    let mut text = String::new();
    if let Some(path) = command.property("sourcepath") {
        let at = |key| command.property(key).unwrap_or("0");
        text = format!("{path}({},{}): {kind} ", at("linenumber"), at("columnnumber"));
        if let Some(code) = command.property("code") {
            text.push_str(code);
        }
        text = format!("{}: ", text.trim_end());
    }
    text.push_str(&command.message);
    match kind.to_ascii_lowercase().as_str() {
        "error" => lines.push(step.note_error(&text)),
        "warning" => lines.push(step.note_warning(&text)),
        other => return Err(format!("The issue type '{other}' is neither error nor warning.")),
    }
    Ok(())
}

fn complete(step: &StepScope, command: &Command) -> Result<(), String> {
    let Some(word) = command.property("result") else { return Ok(()) };
    let result = match word.to_ascii_lowercase().as_str() {
        "succeeded" => RunResult::Succeeded,
        "succeededwithissues" => RunResult::SucceededWithIssues,
        "failed" => RunResult::Failed,
        "canceled" | "cancelled" => RunResult::Canceled,
        "skipped" => RunResult::Skipped,
        _ => return Err(format!("'{word}' is not a result.")),
    };
    step.note_completed(result);
    if result == RunResult::Failed && !command.message.trim().is_empty() {
        // The message explains the failure; it is shown with the record, not as a further line.
        step.note_error(command.message.trim());
    }
    Ok(())
}

fn prepend_path(step: &StepScope, command: &Command) -> Result<(), String> {
    let folder = command.message.trim();
    if folder.is_empty() {
        return Err("The message must name a folder.".to_owned());
    }
    let mut entries = lock(&step.job.path_entries);
    entries.retain(|known| known != folder);
    entries.insert(0, folder.to_owned());
    Ok(())
}

fn upload(step: &StepScope, command: &Command, effects: &mut Vec<Effect>) -> Result<(), String> {
    let name = needed(command, "artifactname")?.to_owned();
    let path = step.resolve(command.message.trim());
    effects.push(Effect::Upload { name, path });
    Ok(())
}

/// Masks a secret from now on.
pub(crate) fn add_secret(step: &StepScope, secret: &str) {
    step.job.run.masker.add(secret);
}

async fn perform(step: &StepScope, effect: Effect) {
    match effect {
        Effect::BuildTag(tag) => {
            let tag = step.writer.mask(&tag);
            step.line(&format!("Build tag added: {tag}")).await;
            step.job.run.recorder.build_tag(tag).await;
        }
        Effect::BuildNumber(number) => {
            let run = &step.job.run;
            let number = number.trim().to_owned();
            *lock(&run.number) = number.clone();
            lock(&step.job.variables).set(Variable::system("Build.BuildNumber", number.clone()));
            run.recorder.build_number(step.writer.mask(&number)).await;
            step.line(&format!("Build number updated to {number}")).await;
        }
        Effect::Upload { name, path } => {
            if let Err(error) = publish(step, &name, &path).await {
                step.fail(&error).await;
                step.note_broken_command();
            }
        }
    }
}
