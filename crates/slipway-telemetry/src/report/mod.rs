//! The health report of an environment as one HTML file that needs nothing else: no script, no
//! font, no network. Light and dark follow the reader's system; print is light.
//!
//! `slipway-api` fills in the rows and writes the file.

mod page;

pub use page::html_report;

use slipway_core::{HealthVerdict, StepOutcome, Timestamp};

use crate::charts::ChartSpec;
use crate::stats::OperationSummary;

/// What the report says.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportInput {
    /// The project's name.
    pub title: String,
    /// Environment and span, such as `local, last 60 minutes`.
    pub subtitle: String,
    pub generated_at: Timestamp,
    pub utc_offset_minutes: i32,
    pub verdict: HealthVerdict,
    /// The sentence of `verdict::judge`.
    pub reason: String,
    /// The golden thread, first step first.
    pub thread: Vec<ThreadRow>,
    pub tiles: Vec<Tile>,
    pub charts: Vec<ChartSpec>,
    pub operations: Vec<OperationSummary>,
    pub exceptions: Vec<ReportException>,
}

/// A piece of evidence on the golden thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadRow {
    /// What it is, such as `Commit` or `Image`.
    pub kind: String,
    pub title: String,
    pub subtitle: String,
    pub state: StepOutcome,
    /// Name and value, such as `Digest` and `sha256:…`.
    pub facts: Vec<(String, String)>,
}

/// A number that matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub label: String,
    pub value: String,
    pub note: String,
    pub tone: Tone,
}

/// How a number is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Neutral,
    Good,
    Bad,
}

/// Exceptions with one problem id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportException {
    pub type_name: String,
    pub problem_id: String,
    pub message: String,
    pub operation: Option<String>,
    pub count: u64,
    pub last_seen: Timestamp,
    /// The bug made from it, such as `AB#12`.
    pub work_item: Option<String>,
}
