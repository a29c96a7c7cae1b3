//! Why an edit was refused. A refused edit has changed nothing.

use slipway_core::{ErrorKind, Explain};

/// An edit that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    #[error("The file cannot be edited while line {line}, column {column} is wrong: {message}")]
    Broken { line: u32, column: u32, message: String, hint: Option<String> },
    #[error("'{path}' is not a path")]
    BadPath { path: String },
    #[error("No {what} '{name}' was found{}", below(place))]
    NotFound { what: &'static str, name: String, place: String, nearest: Option<String> },
    #[error("There are {count} {what}s '{name}'")]
    Ambiguous { what: &'static str, name: String, count: usize },
    #[error("'{place}' is not a {expected}")]
    WrongShape { place: String, expected: &'static str },
    #[error("Position {index} is too far: '{place}' has {count} entries")]
    OutOfRange { place: String, index: usize, count: usize },
    #[error("'{name}' is already defined{}", below(place))]
    AlreadyThere { name: String, place: String },
    #[error("'{name}' is not a valid name for a {what}")]
    BadName { what: &'static str, name: String },
    #[error("The YAML to insert is not valid: {message}")]
    BadFragment { message: String },
    #[error("'{place}' cannot be edited: {why}")]
    Layout { place: String, why: &'static str },
    #[error("The file has no {what} that could be edited: {why}")]
    NoBody { what: &'static str, why: &'static str },
    #[error("The edit would change more than it says: {why}")]
    Unfaithful { why: String },
    #[error("{what} cannot go into {into}: {why}")]
    Misplaced { what: String, into: String, why: String },
    #[error("{left} and {right} cannot be moved together")]
    Mixed { left: String, right: String },
    #[error("{left} and {right} are no neighbours")]
    Apart { left: String, right: String },
    #[error("{what} stays where it is")]
    Fixed { what: String },
    #[error("'{directive}' belongs to what stands directly before it")]
    Chained { directive: String },
    #[error("'{to}' cannot wait for '{from}': {round}")]
    Cycle { from: String, to: String, round: String },
    #[error("{from} and {to} cannot be connected like that: {why}")]
    Unconnectable { from: String, to: String, why: String },
    #[error("{job} cannot be converted: {why}")]
    Inconvertible { job: String, why: String },
    #[error("Bytes {start} to {end} cannot be replaced")]
    BadRange { start: usize, end: usize },
}

fn below(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" in '{place}'") }
}

impl Explain for EditError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Broken { .. }
            | Self::Layout { .. }
            | Self::NoBody { .. }
            | Self::Misplaced { .. }
            | Self::Mixed { .. }
            | Self::Apart { .. }
            | Self::Fixed { .. }
            | Self::Chained { .. }
            | Self::Cycle { .. }
            | Self::Unconnectable { .. }
            | Self::Inconvertible { .. }
            | Self::Unfaithful { .. } => ErrorKind::Refused,
            Self::BadPath { .. }
            | Self::NotFound { .. }
            | Self::Ambiguous { .. }
            | Self::WrongShape { .. }
            | Self::OutOfRange { .. }
            | Self::AlreadyThere { .. }
            | Self::BadName { .. }
            | Self::BadFragment { .. }
            | Self::BadRange { .. } => ErrorKind::UserInput,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "edit_broken_file",
            Self::BadPath { .. } => "edit_bad_path",
            Self::NotFound { .. } => "edit_not_found",
            Self::Ambiguous { .. } => "edit_ambiguous",
            Self::WrongShape { .. } => "edit_wrong_shape",
            Self::OutOfRange { .. } => "edit_out_of_range",
            Self::AlreadyThere { .. } => "edit_already_there",
            Self::BadName { .. } => "edit_bad_name",
            Self::BadFragment { .. } => "edit_bad_fragment",
            Self::Layout { .. } => "edit_layout",
            Self::NoBody { .. } => "edit_no_body",
            Self::Unfaithful { .. } => "edit_unfaithful",
            Self::Misplaced { .. } => "edit_misplaced",
            Self::Mixed { .. } => "edit_mixed",
            Self::Apart { .. } => "edit_apart",
            Self::Fixed { .. } => "edit_fixed",
            Self::Chained { .. } => "edit_chained",
            Self::Cycle { .. } => "edit_cycle",
            Self::Unconnectable { .. } => "edit_unconnectable",
            Self::Inconvertible { .. } => "edit_inconvertible",
            Self::BadRange { .. } => "edit_bad_range",
        }
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Broken { hint, .. } => {
                return hint.clone().or_else(|| Some("Correct it in the text first.".to_owned()));
            }
            Self::NotFound { nearest: Some(name), .. } => {
                return Some(format!("Did you mean '{name}'?"));
            }
            Self::BadPath { .. } => {
                "Write /key/0/key: keys and numbers from the root down, with ~1 for a slash."
            }
            Self::NotFound { nearest: None, .. } => "Look the name up in the file.",
            Self::Ambiguous { .. } => "Say the stage as well, or give the path.",
            Self::WrongShape { .. } => "Give the path of something that has this shape.",
            Self::OutOfRange { .. } => "Count from 0; leave the position out to append.",
            Self::AlreadyThere { .. } => "Choose another name, or change what is there.",
            Self::BadName { .. } => "Use letters, digits and underscores, and no digit first.",
            Self::BadFragment { .. } => "Give one item or value in valid YAML.",
            Self::Layout { .. } | Self::Unfaithful { .. } => "Make this change in the text.",
            Self::NoBody { .. } => "Write it out in the text first.",
            Self::Misplaced { .. } => {
                "Steps go into jobs and hooks, jobs into stages, stages into the file."
            }
            Self::Mixed { .. } => "Choose only stages, only jobs or only steps.",
            Self::Apart { .. } => "Choose nodes that stand directly below each other.",
            Self::Fixed { .. } => "Choose what it holds, or what holds it.",
            Self::Chained { .. } => "Take that away first, or choose a place beside all of it.",
            Self::Cycle { .. } => "Take one of these connections away first.",
            Self::Unconnectable { .. } => "Write dependsOn in the text.",
            Self::Inconvertible { .. } => "Change that first.",
            Self::BadRange { .. } => {
                "Give ascending ranges of the current text that cut no letter in two."
            }
        };
        Some(text.to_owned())
    }
}
