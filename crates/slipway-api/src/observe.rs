//! Step 9's numbers: rows of the store through the telemetry crate's statistics.

use slipway_core::{DeploymentId, EnvironmentName, ProjectId, Timestamp};
use slipway_store::{AvailabilityPoint, DeploymentRow, RequestPoint, TelemetryRange};
use slipway_telemetry::charts::{ChartSpec, ColorRole, Marker, Series, ValueFormat};
use slipway_telemetry::stats::{
    ProbeRow, RequestRow, availability_series, buckets, request_series,
};

use crate::app::App;
use crate::dto::ChartKey;
use crate::error::ApiError;

/// Points a chart aims at.
const POINTS: usize = 60;

/// Every chart, in the order they are shown.
pub(crate) const CHARTS: [ChartKey; 4] =
    [ChartKey::Requests, ChartKey::ResponseTime, ChartKey::FailureRate, ChartKey::Availability];

/// A span of time in an environment.
#[derive(Debug, Clone)]
pub(crate) struct Span {
    pub(crate) project: ProjectId,
    pub(crate) environment: EnvironmentName,
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

impl Span {
    pub(crate) fn range(&self) -> TelemetryRange {
        TelemetryRange {
            project_id: self.project.clone(),
            environment: self.environment.clone(),
            from: self.from,
            to: self.to,
            deployment: None,
        }
    }
}

/// What a span holds.
pub(crate) struct Observed {
    pub(crate) requests: Vec<RequestRow>,
    pub(crate) probes: Vec<ProbeRow>,
    pub(crate) markers: Vec<(Timestamp, String, DeploymentId)>,
}

impl App {
    /// The last minutes of an environment.
    pub(crate) fn last_minutes(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
        minutes: u32,
    ) -> Span {
        let to = self.now_ms();
        let minutes = i64::from(minutes.clamp(1, 60 * 24 * 30));
        Span {
            project: project.clone(),
            environment: environment.clone(),
            from: to - minutes * 60_000,
            to,
        }
    }

    /// Reads a span.
    pub(crate) async fn observed(&self, span: &Span) -> Result<Observed, ApiError> {
        let range = span.range();
        let requests = self.store.requests(&range).await?.into_iter().map(request_row).collect();
        let probes = self.store.availability(&range).await?.into_iter().map(probe_row).collect();
        let deployments =
            self.store.deployments(&span.project, Some(&span.environment), 50).await?;
        let markers = deployments
            .into_iter()
            .filter(|row| row.finished_at.is_some_and(|at| at >= span.from && at <= span.to))
            .filter(|row| row.result.is_some_and(|result| result.is_success()))
            .map(marker)
            .collect();
        Ok(Observed { requests, probes, markers })
    }
}

pub(crate) fn request_row(point: RequestPoint) -> RequestRow {
    RequestRow {
        at_ms: point.at,
        duration_ms: Some(point.duration_ms),
        success: point.success,
        item_count: point.item_count,
        name: point.name,
    }
}

fn probe_row(point: AvailabilityPoint) -> ProbeRow {
    ProbeRow { at_ms: point.at, duration_ms: point.duration_ms, success: point.success }
}

fn marker(row: DeploymentRow) -> (Timestamp, String, DeploymentId) {
    let label = format!("deployed {}", row.commit.short());
    (row.finished_at.unwrap_or(row.started_at), label, row.id)
}

/// The chart of a span, ready to be drawn.
pub(crate) fn chart(key: ChartKey, span: &Span, observed: &Observed) -> ChartSpec {
    let buckets = buckets(span.from, span.to, POINTS);
    let series = request_series(&observed.requests, &buckets);
    let line = |name: &str, role: ColorRole, points: Vec<(Timestamp, Option<f64>)>, area: bool| {
        Series { name: name.to_owned(), role, points, area }
    };
    let (title, unit, format, lines, y_max, empty) = match key {
        ChartKey::Requests => (
            "Server requests",
            "requests",
            ValueFormat::Count,
            vec![
                line("Requests", ColorRole::Accent, series.requests, true),
                line("Failed", ColorRole::Bad, series.failed, false),
            ],
            None,
            "No requests yet",
        ),
        ChartKey::FailureRate => (
            "Failed requests",
            "%",
            ValueFormat::Percent,
            vec![line("Failed", ColorRole::Bad, series.failure_rate, true)],
            None,
            "No requests yet",
        ),
        ChartKey::ResponseTime => (
            "Server response time",
            "ms",
            ValueFormat::Milliseconds,
            vec![
                line("p50", ColorRole::First, series.p50, true),
                line("p95", ColorRole::Second, series.p95, false),
                line("p99", ColorRole::Third, series.p99, false),
            ],
            None,
            "No requests yet",
        ),
        ChartKey::Availability => (
            "Availability",
            "%",
            ValueFormat::Percent,
            vec![line(
                "Availability",
                ColorRole::Good,
                availability_series(&observed.probes, &buckets),
                true,
            )],
            Some(100.0),
            "No availability probes yet",
        ),
    };
    ChartSpec {
        title: title.to_owned(),
        unit: unit.to_owned(),
        from: span.from,
        to: span.to,
        series: lines,
        markers: observed
            .markers
            .iter()
            .map(|(at, label, _)| Marker { at: *at, label: label.clone() })
            .collect(),
        y_max,
        format,
        empty_text: empty.to_owned(),
        utc_offset_minutes: local_offset_minutes(span.to),
    }
}

/// The machine's offset from UTC at an instant.
pub(crate) fn local_offset_minutes(at: Timestamp) -> i32 {
    let instant = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    jiff::tz::TimeZone::system().to_offset(instant).seconds() / 60
}
