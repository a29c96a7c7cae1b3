//! Step 3: runs, logs and tests.

use slipway_core::RunReason;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::views;

/// Most log lines of one answer.
const MAX_LOG_LINES: u32 = 2_000;

/// The newest runs.
pub async fn run_list(app: &App, request: RunList) -> Result<Vec<RunSummary>, ApiError> {
    let rows = app.store.runs(&request.project_id, request.limit.clamp(1, 500)).await?;
    let mut runs = Vec::with_capacity(rows.len());
    for row in &rows {
        runs.push(app.run_summary(row).await?);
    }
    Ok(runs)
}

/// A run, whole.
pub async fn run_get(app: &App, request: RunRequest) -> Result<RunView, ApiError> {
    let row = app.run_row(&request.run_id).await?;
    let mut images = Vec::new();
    for image in app.store.images_of_run(&row.id).await? {
        images.push(app.image_view(&row.project_id, &image).await?);
    }
    let deployments = app.store.deployments_of_run(&row.id).await?;
    Ok(RunView {
        run: app.run_summary(&row).await?,
        records: app.store.records(&row.id).await?.into_iter().map(views::record).collect(),
        artifacts: app.store.artifacts(&row.id).await?.into_iter().map(views::artifact).collect(),
        images,
        deployments: app.deployment_views(&deployments).await?,
        tags: app.store.run_tags(&row.id).await?,
        coverage: views::coverage(app.store.coverage_totals(&row.id).await?),
    })
}

/// Runs the pipeline of a commit; the newest one if none is named.
pub async fn run_start(app: &App, request: RunStart) -> Result<RunStarted, ApiError> {
    let project = app.project(&request.project_id).await?;
    let commit = match request.commit {
        Some(commit) => commit,
        None => newest_commit(app, &project).await?,
    };
    app.start_run(&project, &commit, RunReason::Manual).await
}

pub(crate) async fn newest_commit(
    app: &App,
    project: &slipway_store::ProjectRow,
) -> Result<slipway_core::CommitSha, ApiError> {
    let head = app.git(project, |git| git.head()).await?;
    head.map(|commit| commit.sha).ok_or_else(|| {
        ApiError::refused(
            "no_commit",
            format!("The repository {} has no commit yet.", project.path),
        )
        .with_hint("Commit something first.")
    })
}

/// Cancels a run; its processes end, steps with `always()` still run.
pub async fn run_cancel(app: &App, request: RunRequest) -> Result<Done, ApiError> {
    let row = app.run_row(&request.run_id).await?;
    match app.going().get(&row.id) {
        Some(cancel) => {
            cancel.cancel();
            Ok(Done {})
        }
        None => Err(ApiError::refused("run_over", format!("Run {} is over already.", row.number))),
    }
}

/// Runs the same commit again.
pub async fn run_rerun(app: &App, request: RunRequest) -> Result<RunStarted, ApiError> {
    let row = app.run_row(&request.run_id).await?;
    let project = app.project(&row.project_id).await?;
    app.start_run(&project, &row.commit, RunReason::Rerun).await
}

/// Lines of a step's log.
pub async fn log_get(app: &App, request: LogGet) -> Result<LogPage, ApiError> {
    let limit = request.limit.clamp(1, MAX_LOG_LINES);
    let (total, from, lines) = app.store.read_log(&request.record_id, request.from, limit).await?;
    let lines = lines
        .into_iter()
        .map(|line| LogLine { at: line.at, stream: line.stream, text: line.text })
        .collect();
    Ok(LogPage { total, from, lines })
}

/// The tests of a run.
pub async fn test_list(app: &App, request: RunRequest) -> Result<Vec<TestCaseView>, ApiError> {
    Ok(app.store.test_cases(&request.run_id).await?.into_iter().map(views::test_case).collect())
}

/// What the tests of a run ran of each file; most lines that were not run first.
pub async fn coverage_list(
    app: &App,
    request: RunRequest,
) -> Result<Vec<FileCoverageView>, ApiError> {
    let rows = app.store.coverage(&request.run_id).await?;
    Ok(rows.into_iter().map(views::file_coverage).collect())
}
