//! Steps 8 and 9: overview, charts, report.

use slipway_core::{EnvironmentName, ProjectId};
use slipway_store::ExceptionGroupRow;
use slipway_telemetry::charts::{Theme, render};
use slipway_telemetry::stats::{availability, summarize_operations, summarize_requests};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::observe::{CHARTS, chart};

/// The size a chart has on the page at 1280 pixels, so that its text is as large as the page's.
const CHART_WIDTH: u32 = 560;
const CHART_HEIGHT: u32 = 230;

/// Health, performance and failures of the last minutes.
pub async fn telemetry_get(
    app: &App,
    request: TelemetryGet,
) -> Result<TelemetryOverview, ApiError> {
    let environment = EnvironmentName::new(&request.environment);
    let span = app.last_minutes(&request.project_id, &environment, request.minutes);
    let observed = app.observed(&span).await?;
    let summary = summarize_requests(&observed.requests);
    let counts = app.store.telemetry_counts(&span.range()).await?;
    let mut exception_groups = Vec::new();
    for group in app.store.exception_groups(&span.range()).await? {
        exception_groups.push(exception_group(app, &request.project_id, group).await?);
    }
    let intake = app.store.intake().await?;
    Ok(TelemetryOverview {
        from: span.from,
        to: span.to,
        requests: counts.requests,
        failed_requests: counts.failed_requests,
        failure_rate: summary.failure_rate,
        p50_ms: summary.p50,
        p95_ms: summary.p95,
        p99_ms: summary.p99,
        exceptions: counts.exceptions,
        probes: counts.probes,
        availability: availability(&observed.probes),
        operations: summarize_operations(&observed.requests)
            .into_iter()
            .map(|operation| OperationView {
                name: operation.name,
                requests: count(operation.summary.requests),
                failed_requests: count(operation.summary.failed),
                p50_ms: operation.summary.p50.unwrap_or_default(),
                p95_ms: operation.summary.p95.unwrap_or_default(),
                p99_ms: operation.summary.p99.unwrap_or_default(),
            })
            .collect(),
        exception_groups,
        intake: IntakeView {
            accepted: intake.accepted,
            rejected_malformed: intake.rejected_malformed,
            rejected_too_large: intake.rejected_too_large,
            rejected_unauthorized: intake.rejected_unauthorized,
            last_error: intake.last_error,
            last_accepted_at: intake.last_accepted_at,
        },
        charts: CHARTS.to_vec(),
    })
}

fn count(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

pub(crate) async fn exception_group(
    app: &App,
    project: &ProjectId,
    group: ExceptionGroupRow,
) -> Result<ExceptionGroup, ApiError> {
    let work_item = app.store.work_item_of_problem(project, &group.problem_id).await?;
    Ok(ExceptionGroup {
        problem_id: group.problem_id,
        type_name: group.type_name,
        message: group.message,
        count: group.count,
        first_seen: group.first_seen,
        last_seen: group.last_seen,
        operation: group.operation,
        deployment_id: group.deployment_id,
        stack: group.stack,
        work_item: work_item.map(|item| item.id),
    })
}

/// One chart, drawn, with the values behind it.
pub async fn chart_get(app: &App, request: ChartGet) -> Result<ChartView, ApiError> {
    let environment = EnvironmentName::new(&request.environment);
    let span = app.last_minutes(&request.project_id, &environment, request.minutes);
    let observed = app.observed(&span).await?;
    let spec = chart(request.key, &span, &observed);
    let theme = match request.theme {
        ChartTheme::Light => Theme::Light,
        ChartTheme::Dark => Theme::Dark,
    };
    let drawn = render(&spec, theme, CHART_WIDTH, CHART_HEIGHT)?;
    let series = spec.series.iter().zip(&drawn.series_colors).map(|(series, color)| ChartSeries {
        name: series.name.clone(),
        color: color.clone(),
        points: series
            .points
            .iter()
            .filter_map(|(at, value)| value.map(|value| ChartPoint { at: *at, value }))
            .collect(),
    });
    Ok(ChartView {
        key: request.key,
        title: spec.title.clone(),
        unit: spec.unit.clone(),
        series: series.collect(),
        svg: drawn.svg,
        width: drawn.width,
        height: drawn.height,
        plot_left: drawn.plot.left,
        plot_top: drawn.plot.top,
        plot_right: drawn.plot.right,
        plot_bottom: drawn.plot.bottom,
        y_max: drawn.y_max,
        from: span.from,
        to: span.to,
        markers: observed
            .markers
            .into_iter()
            .map(|(at, label, deployment_id)| ChartMarker { at, label, deployment_id })
            .collect(),
    })
}

/// Writes the HTML report and the charts as files.
pub async fn report_write(app: &App, request: ReportWrite) -> Result<ReportFiles, ApiError> {
    app.write_report(&request.project_id, &EnvironmentName::new(&request.environment)).await
}
