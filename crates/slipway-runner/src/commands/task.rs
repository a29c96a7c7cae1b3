//! What a step says about itself: issues, progress, result, PATH.

use slipway_core::{LogStream, RunResult};

use super::{Broken, Command, Effect, Turn, needed};
use crate::scope::lock;
use crate::sink::RunNote;

pub(super) fn log_issue(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let Some(kind) = command.property("type") else {
        turn.warn("Can't create TaskIssue from logging event.");
        return Ok(());
    };
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
        "error" => turn.lines.push(turn.step.note_error(&text)),
        "warning" => turn.warn(&text),
        other => return Err(format!("issue type {other} is not an expected issue type.")),
    }
    Ok(())
}

pub(super) fn complete(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let word = command.property("result").unwrap_or_default();
    let result = match word.to_ascii_lowercase().as_str() {
        "succeeded" => RunResult::Succeeded,
        "succeededwithissues" => RunResult::SucceededWithIssues,
        "failed" => RunResult::Failed,
        "canceled" | "cancelled" => RunResult::Canceled,
        "skipped" => RunResult::Skipped,
        _ => return Err("Command doesn't have valid result value.".to_owned()),
    };
    turn.step.note_completed(result);
    if result == RunResult::Failed && !command.message.trim().is_empty() {
        // The message explains the failure; it is shown with the record, not as a further line.
        turn.step.note_error(command.message.trim());
    }
    if command.is_set("done") {
        turn.effects.push(Effect::Done);
    }
    Ok(())
}

pub(super) fn prepend_path(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let folder = command.message.trim();
    if folder.is_empty() {
        return Err("The message must name a folder.".to_owned());
    }
    if !turn.step.policy.may_set("PATH") {
        turn.warn("Setting variable 'PATH' has been disabled by the task or build definition.");
        return Ok(());
    }
    let mut entries = lock(&turn.step.job.path_entries);
    entries.retain(|known| known != folder);
    entries.insert(0, folder.to_owned());
    Ok(())
}

pub(super) fn debug(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    if turn.step.job.is_debug() {
        let text = format!("##[debug]{}", command.message);
        turn.lines.push(turn.step.writer.make(LogStream::System, &text));
    }
    Ok(())
}

/// What is no number counts as the beginning, as on the vendor's agent.
pub(super) fn set_progress(turn: &mut Turn<'_>, command: &Command) -> Result<(), Broken> {
    let given = command.property("value").and_then(|value| value.trim().parse::<i64>().ok());
    let percent = u8::try_from(given.unwrap_or_default().clamp(0, 100)).unwrap_or_default();
    let operation = turn.step.writer.mask(command.message.trim());
    turn.effects.push(Effect::Note(RunNote::Progress { percent, operation }));
    Ok(())
}

/// A property that must be there, and is masked: it goes to the timeline.
pub(super) fn shown(turn: &Turn<'_>, command: &Command, field: &str) -> Result<String, Broken> {
    Ok(turn.step.writer.mask(needed(command, field)?))
}
