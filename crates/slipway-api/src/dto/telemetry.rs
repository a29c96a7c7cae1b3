//! Steps 8 and 9: what was observed, and the charts of it.

use slipway_core::{DeploymentId, ProjectId, Timestamp, WorkItemId};

use super::{answer, request};

answer! {
    /// Health, performance and failures over a span of time.
    pub struct TelemetryOverview {
        #[ts(type = "number")]
        pub from: Timestamp,
        #[ts(type = "number")]
        pub to: Timestamp,
        pub requests: u32,
        pub failed_requests: u32,
        /// 0 to 100; null without a request.
        pub failure_rate: Option<f64>,
        pub p50_ms: Option<f64>,
        pub p95_ms: Option<f64>,
        pub p99_ms: Option<f64>,
        pub exceptions: u32,
        pub probes: u32,
        /// 0 to 100; null without a probe.
        pub availability: Option<f64>,
        pub operations: Vec<OperationView>,
        pub exception_groups: Vec<ExceptionGroup>,
        pub intake: IntakeView,
        /// Charts to ask for with `chart_get`.
        pub charts: Vec<ChartKey>,
    }

    /// A chart.
    #[derive(Eq, Copy)]
    pub enum ChartKey { Requests, FailureRate, ResponseTime, Availability }

    /// Requests of one operation.
    pub struct OperationView {
        pub name: String,
        pub requests: u32,
        pub failed_requests: u32,
        pub p50_ms: f64,
        pub p95_ms: f64,
        pub p99_ms: f64,
    }

    /// Exceptions with one problem id.
    pub struct ExceptionGroup {
        pub problem_id: String,
        pub type_name: String,
        pub message: String,
        pub count: u32,
        #[ts(type = "number")]
        pub first_seen: Timestamp,
        #[ts(type = "number")]
        pub last_seen: Timestamp,
        pub operation: Option<String>,
        pub deployment_id: Option<DeploymentId>,
        /// Stack of the newest one.
        pub stack: Vec<String>,
        /// The bug made from it.
        pub work_item: Option<WorkItemId>,
    }

    /// What the telemetry endpoint took and refused since it was made.
    #[derive(Default)]
    pub struct IntakeView {
        #[ts(type = "number")]
        pub accepted: i64,
        #[ts(type = "number")]
        pub rejected_malformed: i64,
        #[ts(type = "number")]
        pub rejected_too_large: i64,
        #[ts(type = "number")]
        pub rejected_unauthorized: i64,
        pub last_error: Option<String>,
        #[ts(type = "number | null")]
        pub last_accepted_at: Option<Timestamp>,
    }

    /// A chart drawn with plotters, and the values behind it.
    pub struct ChartView {
        pub key: ChartKey,
        pub title: String,
        pub unit: String,
        pub svg: String,
        /// Size of the drawing and of the plot inside it, in the drawing's units.
        pub width: u32,
        pub height: u32,
        pub plot_left: f64,
        pub plot_top: f64,
        pub plot_right: f64,
        pub plot_bottom: f64,
        /// Value at the plot's upper edge; its lower edge is 0.
        pub y_max: f64,
        #[ts(type = "number")]
        pub from: Timestamp,
        #[ts(type = "number")]
        pub to: Timestamp,
        pub series: Vec<ChartSeries>,
        pub markers: Vec<ChartMarker>,
    }

    /// A line of a chart.
    pub struct ChartSeries {
        pub name: String,
        /// The line's colour in the theme asked for, such as `#0e7490`.
        pub color: String,
        pub points: Vec<ChartPoint>,
    }

    /// An exact value.
    pub struct ChartPoint {
        #[ts(type = "number")]
        pub at: Timestamp,
        pub value: f64,
    }

    /// A deployment on a chart.
    pub struct ChartMarker {
        #[ts(type = "number")]
        pub at: Timestamp,
        pub label: String,
        pub deployment_id: DeploymentId,
    }

    /// The theme a chart is drawn for.
    #[derive(Eq, Copy)]
    pub enum ChartTheme { Light, Dark }

    /// Files of a written report.
    pub struct ReportFiles {
        pub html: String,
        pub charts: Vec<String>,
    }
}

request! {
    /// The overview of the last minutes.
    pub struct TelemetryGet {
        pub project_id: ProjectId,
        pub environment: String,
        pub minutes: u32,
    }

    /// One chart.
    pub struct ChartGet {
        pub project_id: ProjectId,
        pub environment: String,
        pub key: ChartKey,
        pub minutes: u32,
        pub theme: ChartTheme,
    }

    /// Writes the HTML report and its charts.
    pub struct ReportWrite {
        pub project_id: ProjectId,
        pub environment: String,
    }
}
