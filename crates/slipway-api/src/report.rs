//! The HTML report of an environment and its charts as files in the data folder.

use std::path::{Path, PathBuf};

use slipway_core::{EnvironmentName, ErrorKind, HealthVerdict, ProjectId, StepOutcome};
use slipway_telemetry::charts::{Theme, ValueFormat, humanize, render_file};
use slipway_telemetry::report::{ReportException, ReportInput, ThreadRow, Tile, Tone, html_report};
use slipway_telemetry::stats::{availability, summarize_operations, summarize_requests};

use crate::app::App;
use crate::dto::{ChartKey, ObjectKind, ReportFiles, ThreadNode};
use crate::error::ApiError;
use crate::observe::{CHARTS, Observed, chart, local_offset_minutes};

const MINUTES: u32 = 15;

impl App {
    pub(crate) async fn write_report(
        &self,
        project_id: &ProjectId,
        environment: &EnvironmentName,
    ) -> Result<ReportFiles, ApiError> {
        let project = self.project(project_id).await?;
        let span = self.last_minutes(project_id, environment, MINUTES);
        let observed = self.observed(&span).await?;
        let current = self.store.current_deployment(project_id, environment).await?;
        let thread = match &current {
            Some(deployment) => self.thread(Some(project_id), deployment.id.as_str()).await?.nodes,
            None => Vec::new(),
        };
        let mut exceptions = Vec::new();
        for group in self.store.exception_groups(&span.range()).await? {
            let item = self.store.work_item_of_problem(project_id, &group.problem_id).await?;
            exceptions.push(ReportException {
                type_name: group.type_name,
                problem_id: group.problem_id,
                message: group.message,
                operation: group.operation,
                count: group.count.into(),
                last_seen: group.last_seen,
                work_item: item.map(|item| format!("AB#{}", item.id)),
            });
        }
        let health = current.as_ref().and_then(|deployment| deployment.health.clone());
        let specs: Vec<_> = CHARTS.iter().map(|key| chart(*key, &span, &observed)).collect();
        let input = ReportInput {
            title: format!("{} in {environment}", project.name),
            subtitle: match &current {
                Some(deployment) => {
                    format!("{} at {}", deployment.image, deployment.commit.short())
                }
                None => "Nothing is deployed".to_owned(),
            },
            generated_at: span.to,
            utc_offset_minutes: local_offset_minutes(span.to),
            verdict: health.as_ref().map_or(HealthVerdict::Waiting, |health| health.verdict),
            reason: health
                .map(|health| health.reason)
                .unwrap_or_else(|| "No deployment was judged yet.".to_owned()),
            thread: thread.iter().map(thread_row).collect(),
            tiles: tiles(&observed),
            charts: specs.clone(),
            operations: summarize_operations(&observed.requests),
            exceptions,
        };
        let html = html_report(&input)?;
        let folder =
            self.data_dir().join("reports").join(project_id.as_str()).join(environment.as_str());
        let mut files = vec![(folder.join("report.html"), html)];
        for (key, spec) in CHARTS.iter().zip(&specs) {
            for (word, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
                let svg = render_file(spec, theme, 900, 320)?;
                files.push((folder.join(format!("{}-{word}.svg", file_word(*key))), svg));
            }
        }
        let written = files.clone();
        tokio::task::spawn_blocking(move || write_all(&folder, &written))
            .await
            .map_err(|error| ApiError::new(ErrorKind::Bug, "report_thread", error.to_string()))??;
        let mut names = files.into_iter().map(|(path, _)| path.display().to_string());
        Ok(ReportFiles { html: names.next().unwrap_or_default(), charts: names.collect() })
    }
}

fn write_all(folder: &Path, files: &[(PathBuf, String)]) -> Result<(), ApiError> {
    let failed = |path: &Path, error: &std::io::Error| {
        ApiError::new(
            ErrorKind::Unavailable,
            "report_write",
            format!("{} cannot be written: {error}.", path.display()),
        )
        .with_hint("Check the folder's permissions and the free space.")
    };
    std::fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    for (path, text) in files {
        std::fs::write(path, text).map_err(|error| failed(path, &error))?;
    }
    Ok(())
}

fn file_word(key: ChartKey) -> &'static str {
    match key {
        ChartKey::Requests => "requests",
        ChartKey::FailureRate => "failure-rate",
        ChartKey::ResponseTime => "response-time",
        ChartKey::Availability => "availability",
    }
}

fn thread_row(node: &ThreadNode) -> ThreadRow {
    ThreadRow {
        kind: kind_word(node.object.kind).to_owned(),
        title: node.title.clone(),
        subtitle: node.subtitle.clone(),
        state: outcome(&node.state),
        facts: node.facts.iter().map(|fact| (fact.name.clone(), fact.value.clone())).collect(),
    }
}

fn kind_word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Change => "Change",
        ObjectKind::Commit => "Commit",
        ObjectKind::Run => "Run",
        ObjectKind::Image => "Image",
        ObjectKind::Environment => "Environment",
        ObjectKind::Deployment => "Deployment",
        ObjectKind::Pod => "Pod",
        ObjectKind::Telemetry => "Telemetry",
        ObjectKind::Exception => "Exception",
        ObjectKind::WorkItem => "Work item",
    }
}

fn outcome(state: &str) -> StepOutcome {
    match state {
        "failed" | "not proven" | "unhealthy" => StepOutcome::Failed,
        "canceled" | "interrupted" | "seen" => StepOutcome::Warning,
        "pending" | "waiting" | "toDo" => StepOutcome::Idle,
        "inProgress" | "doing" => StepOutcome::Running,
        _ => StepOutcome::Succeeded,
    }
}

fn tiles(observed: &Observed) -> Vec<Tile> {
    let summary = summarize_requests(&observed.requests);
    let shown = |value: Option<f64>, format| {
        value.map_or("–".to_owned(), |value| humanize(value, format))
    };
    let tile = |label: &str, value: String, note: String, tone: Tone| Tile {
        label: label.to_owned(),
        value,
        note,
        tone,
    };
    let rate = summary.failure_rate;
    let available = availability(&observed.probes);
    vec![
        tile(
            "Requests",
            humanize(summary.requests as f64, ValueFormat::Count),
            String::new(),
            Tone::Neutral,
        ),
        tile(
            "Failed",
            shown(rate, ValueFormat::Percent),
            format!("{} requests", summary.failed),
            if rate.is_some_and(|rate| rate > 5.0) { Tone::Bad } else { Tone::Neutral },
        ),
        tile(
            "Response time p95",
            shown(summary.p95, ValueFormat::Milliseconds),
            format!(
                "p50 {}, p99 {}",
                shown(summary.p50, ValueFormat::Milliseconds),
                shown(summary.p99, ValueFormat::Milliseconds)
            ),
            Tone::Neutral,
        ),
        tile(
            "Availability",
            shown(available, ValueFormat::Percent),
            format!("{} probes", observed.probes.len()),
            match available {
                Some(share) if share >= 95.0 => Tone::Good,
                Some(_) => Tone::Bad,
                None => Tone::Neutral,
            },
        ),
    ]
}
