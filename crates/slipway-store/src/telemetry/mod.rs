//! `telemetry.db`: what applications sent, and the questions that charts and verdicts ask of it.
//!
//! `slipway-api` maps the items of `slipway-telemetry` to [`TelemetryRow`]. Counts are always sums of
//! `item_count`, because a sampled item stands for several.

mod insert;
mod intake;
mod query;

pub use intake::{IntakeCounts, IntakeDelta};
pub use query::{AvailabilityPoint, ExceptionGroupRow, RequestPoint, StoredItem, TelemetryCounts};

use slipway_core::{DeploymentId, EnvironmentName, ProjectId, Timestamp};

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TelemetryKind {
    Request,
    Dependency,
    Exception,
    Trace,
    Event,
    Metric,
    Availability,
    PageView,
}

impl TelemetryKind {
    /// The number in the table; never reused.
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Request => 1,
            Self::Dependency => 2,
            Self::Exception => 3,
            Self::Trace => 4,
            Self::Event => 5,
            Self::Metric => 6,
            Self::Availability => 7,
            Self::PageView => 8,
        }
    }

    pub(crate) fn from_number(number: i64) -> Option<Self> {
        Some(match number {
            1 => Self::Request,
            2 => Self::Dependency,
            3 => Self::Exception,
            4 => Self::Trace,
            5 => Self::Event,
            6 => Self::Metric,
            7 => Self::Availability,
            8 => Self::PageView,
            _ => return None,
        })
    }
}

/// One item of telemetry.
#[derive(Debug, Clone, PartialEq)]
pub struct TelemetryRow {
    pub kind: TelemetryKind,
    pub at: Timestamp,
    /// How many items it stands for; 1 without sampling.
    pub item_count: u32,
    pub operation_id: Option<String>,
    pub operation_name: Option<String>,
    pub operation_parent_id: Option<String>,
    pub role_name: Option<String>,
    pub role_instance: Option<String>,
    pub app_version: Option<String>,
    pub name: String,
    pub url: Option<String>,
    pub result_code: Option<String>,
    pub success: Option<bool>,
    pub duration_ms: Option<f64>,
    pub message: Option<String>,
    /// 0 verbose to 4 critical.
    pub severity: Option<u8>,
    pub type_name: Option<String>,
    pub problem_id: Option<String>,
    pub stack: Vec<String>,
    pub value: Option<f64>,
    /// Custom dimensions, as a JSON object's text.
    pub properties: String,
}

impl TelemetryRow {
    /// An item with nothing but its kind, instant and name.
    pub fn new(kind: TelemetryKind, at: Timestamp, name: impl Into<String>) -> Self {
        Self {
            kind,
            at,
            item_count: 1,
            operation_id: None,
            operation_name: None,
            operation_parent_id: None,
            role_name: None,
            role_instance: None,
            app_version: None,
            name: name.into(),
            url: None,
            result_code: None,
            success: None,
            duration_ms: None,
            message: None,
            severity: None,
            type_name: None,
            problem_id: None,
            stack: Vec::new(),
            value: None,
            properties: "{}".to_owned(),
        }
    }
}

/// Which items a question is about: from the first instant up to, not including, the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelemetryRange {
    pub project_id: ProjectId,
    pub environment: EnvironmentName,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Only what this deployment sent.
    pub deployment: Option<DeploymentId>,
}
