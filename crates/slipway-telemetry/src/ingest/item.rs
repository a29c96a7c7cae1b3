//! One telemetry item, flat: the store makes a row of it without knowing the wire format.

use slipway_core::Timestamp;

/// What an item is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TelemetryKind {
    Request,
    Dependency,
    Exception,
    #[default]
    Trace,
    Event,
    /// Also browser timings and performance counters.
    Metric,
    PageView,
    Availability,
}

impl TelemetryKind {
    /// The word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Dependency => "dependency",
            Self::Exception => "exception",
            Self::Trace => "trace",
            Self::Event => "event",
            Self::Metric => "metric",
            Self::PageView => "pageView",
            Self::Availability => "availability",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "request" => Self::Request,
            "dependency" => Self::Dependency,
            "exception" => Self::Exception,
            "trace" => Self::Trace,
            "event" => Self::Event,
            "metric" => Self::Metric,
            "pageView" => Self::PageView,
            "availability" => Self::Availability,
            _ => return None,
        })
    }
}

/// An item as the store keeps it. Absent and empty are the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TelemetryItem {
    /// Position in the payload, to answer for it.
    pub index: usize,
    pub kind: TelemetryKind,
    pub at_ms: Timestamp,
    /// Instrumentation key, lower case with dashes if it is a UUID; empty if none was sent.
    pub ikey: String,
    /// How many items this one stands for after sampling, at least 1. Every count is a sum of it.
    pub item_count: u32,
    pub operation_id: Option<String>,
    pub operation_name: Option<String>,
    pub operation_parent_id: Option<String>,
    pub synthetic_source: Option<String>,
    pub role_name: Option<String>,
    pub role_instance: Option<String>,
    /// `ai.application.ver`, if the app tells its version.
    pub app_version: Option<String>,
    pub sdk_version: Option<String>,
    pub user_id: Option<String>,
    pub session_id: Option<String>,
    /// The item's own id, which children name as their parent.
    pub id: Option<String>,
    pub name: Option<String>,
    pub url: Option<String>,
    /// Status code of a request or result of a dependency.
    pub result_code: Option<String>,
    /// Set for requests, dependencies and availability results.
    pub success: Option<bool>,
    pub duration_ms: Option<f64>,
    /// Source of a request.
    pub source: Option<String>,
    /// Called host of a dependency.
    pub target: Option<String>,
    /// Kind of a dependency, such as `HTTP` or `SQL`.
    pub dependency_type: Option<String>,
    /// Command or full address of a dependency.
    pub data: Option<String>,
    /// Place an availability result was measured from.
    pub run_location: Option<String>,
    pub message: Option<String>,
    /// 0 verbose, 1 information, 2 warning, 3 error, 4 critical.
    pub severity: Option<u8>,
    pub exception: Option<ExceptionDetail>,
    pub metric: Option<MetricValue>,
    /// JSON object of texts.
    pub properties: Option<String>,
    /// JSON object of numbers.
    pub measurements: Option<String>,
}

impl TelemetryItem {
    /// True for the metric by which exporters describe the process; it measures nothing.
    pub(super) fn is_resource_note(&self) -> bool {
        self.kind == TelemetryKind::Metric && self.name.as_deref() == Some("_OTELRESOURCE_")
    }
}

/// The outermost exception of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExceptionDetail {
    pub type_name: String,
    /// What groups exceptions; computed from type and top frame if the client sent none.
    pub problem_id: String,
    /// Stack from the throwing frame outwards, one text per frame.
    pub stack: Vec<String>,
}

/// What a metric measured.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MetricValue {
    /// The value, or the sum if `count` is more than 1.
    pub value: f64,
    pub count: Option<u32>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub std_dev: Option<f64>,
}
