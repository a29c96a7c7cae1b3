//! Logging commands (§18.2): what a step's output may order, one file for each area.
//!
//! Called by `output` for each line that holds a command. A command either changes the step and its job
//! at once, or leaves an [`Effect`] for what waits for the sink or the disk. Deliberately not here:
//! cutting output into lines (`output`).

mod artifact;
mod attach;
mod build;
mod detail;
mod effect;
mod endpoint;
mod parse;
mod policy;
mod results;
mod secret;
mod task;
mod variable;

pub(crate) use effect::{Effect, perform};
pub(crate) use parse::{Command, KEYWORD, Parsed, parse};
pub(crate) use policy::{Policy, Restrictions};
pub(crate) use secret::add_secret;
pub(crate) use variable::set_output;

use slipway_core::LogStream;

use crate::step_scope::StepScope;
use slipway_core::LogLine;

/// What a command works on.
pub(crate) struct Turn<'a> {
    pub(crate) step: &'a StepScope,
    /// Lines for the log, in order.
    pub(crate) lines: &'a mut Vec<LogLine>,
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Turn<'_> {
    fn say(&mut self, text: &str) {
        self.lines.push(self.step.writer.make(LogStream::System, text));
    }

    fn warn(&mut self, text: &str) {
        self.lines.push(self.step.note_warning(text));
    }

    fn debug(&mut self, text: &str) {
        if self.step.job.is_debug() {
            self.say(&format!("##[debug]{text}"));
        }
    }
}

/// What went wrong in a command, in the words that follow Azure's own sentence.
type Broken = String;
type Carry = fn(&mut Turn<'_>, &Command) -> Result<(), Broken>;

/// Every command by area and event.
const COMMANDS: &[(&str, &str, Carry)] = &[
    ("artifact", "associate", artifact::associate),
    ("artifact", "upload", artifact::upload),
    ("build", "addbuildtag", build::add_tag),
    ("build", "updatebuildnumber", build::update_number),
    ("build", "uploadlog", build::upload_log),
    ("build", "uploadsummary", attach::upload_summary),
    ("codecoverage", "publish", results::coverage),
    ("results", "publish", results::publish),
    ("results", "publishtoevidencestore", results::evidence),
    ("task", "addattachment", attach::add_attachment),
    ("task", "complete", task::complete),
    ("task", "debug", task::debug),
    ("task", "issue", task::log_issue),
    ("task", "logdetail", detail::log_detail),
    ("task", "logissue", task::log_issue),
    ("task", "prependpath", task::prepend_path),
    ("task", "setendpoint", endpoint::set_endpoint),
    ("task", "setprogress", task::set_progress),
    ("task", "setsecret", secret::set_secret),
    ("task", "settaskvariable", variable::set_task_variable),
    ("task", "setvariable", variable::set_variable),
    ("task", "uploadfile", attach::upload_file),
    ("task", "uploadsummary", attach::upload_summary),
    ("telemetry", "publish", results::telemetry),
];

/// Carries out a command; `line` is the text that held it.
pub(crate) fn carry_out(turn: &mut Turn<'_>, command: &Command, line: &str) {
    let (area, event) = (command.area.as_str(), command.event.as_str());
    let known = COMMANDS.iter().find(|(a, e, _)| *a == area && *e == event);
    let Some((_, _, carry)) = known else { return unknown(turn, command) };
    if !turn.step.policy.allows(area, event) {
        let text = format!(
            "##vso[{area}.{event}] is not allowed in this step due to policy restrictions."
        );
        return turn.warn(&text);
    }
    match carry(turn, command) {
        Ok(()) if event != "debug" => turn.debug(&format!("Processed: {line}")),
        Ok(()) => {}
        Err(message) => broken(turn, command, &message),
    }
}

fn unknown(turn: &mut Turn<'_>, command: &Command) {
    let (area, event) = (command.area.as_str(), command.event.as_str());
    if area == "release" {
        let message = "Release commands are not supported for Build flow.";
        return broken(turn, command, message);
    }
    if area == "plugininternal" {
        return;
    }
    let text = if COMMANDS.iter().any(|(known, _, _)| *known == area) {
        format!("##vso[{area}.{event}] is not a recognized command for {area} command extension.")
    } else {
        format!("Cannot find command extension for ##vso[{area}.command].")
    };
    turn.warn(&text);
}

fn broken(turn: &mut Turn<'_>, command: &Command, message: &str) {
    // The line itself is not repeated: its message may hold what was meant to be a secret.
    let text = format!("Unable to process command '{command}' successfully. {message}");
    turn.lines.push(turn.step.note_error(&text));
    turn.step.note_broken_command();
}

/// A property that a command must have.
fn needed<'a>(command: &'a Command, field: &str) -> Result<&'a str, Broken> {
    let missing = || format!("Required field '{field}' is missing in {command} command.");
    command.property(field).ok_or_else(missing)
}
