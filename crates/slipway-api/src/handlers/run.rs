//! Step 3: runs, logs and tests.

use slipway_core::RunReason;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::library::variable_view;
use crate::pipelines::PIPELINE_FILE;
use crate::run_start::{Chosen, RunInput};
use crate::skips::{self, Leaving};
use crate::views;

/// Most log lines of one answer.
const MAX_LOG_LINES: u32 = 2_000;
/// Most lines that one search names.
const MAX_MATCHES: usize = 10_000;

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
        notes: app.run_notes_view(&row.id).await?,
    })
}

/// The text of a file that a step attached to its run, such as a summary.
pub async fn run_attachment(
    app: &App,
    request: AttachmentRequest,
) -> Result<AttachmentText, ApiError> {
    app.attachment_text(request).await
}

/// Runs the pipeline of a commit; the newest one if none is named.
pub async fn run_start(app: &App, request: RunStart) -> Result<RunStarted, ApiError> {
    let project = app.project(&request.project_id).await?;
    let mut input = RunInput::of(request.parameters, request.variables);
    if let Some(file) = request.file {
        input.file = file;
    }
    let branch = request.branch.map(|name| name.trim_start_matches("refs/heads/").to_owned());
    let commit = match request.commit {
        Some(commit) => commit,
        None if request.is_working_tree => app.git(&project, |git| git.snapshot()).await?,
        None => commit_of(app, &project, branch.as_deref()).await?.sha,
    };
    input.branch = branch;
    input.leaving = Leaving::said(request.skip_unsupported, request.skip);
    input.chosen = Chosen::said(request.only, request.is_with_needed);
    app.start_run(&project, &commit, RunReason::Manual, input).await
}

/// What of a commit's pipeline cannot run here; the newest one if none is named.
pub async fn run_check(app: &App, request: RunCheck) -> Result<RunCheckView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let commit = match request.commit {
        Some(commit) => commit,
        None => newest_commit(app, &project).await?,
    };
    let kept = match (&request.file, &request.run_id) {
        (None, Some(run)) => app.store.run_input(run).await?.file,
        _ => None,
    };
    let file = request.file.or(kept).unwrap_or_else(|| PIPELINE_FILE.to_owned());
    let chosen = match (request.only, &request.run_id) {
        (None, Some(run)) => chosen_of(app, run).await?,
        (only, _) => Chosen::said(only, request.is_with_needed),
    };
    let found = app.run_obstacles(&project, &commit, &file, request.parameters, &chosen);
    let obstacles = found.await?;
    Ok(RunCheckView { obstacles: obstacles.into_iter().map(skips::view).collect() })
}

/// What a run was asked for.
async fn chosen_of(app: &App, run: &slipway_core::RunId) -> Result<Chosen, ApiError> {
    let row = app.store.run_choice(run).await?;
    let chosen = row.map(|row| Chosen { targets: row.targets, is_with_needed: row.is_with_needed });
    Ok(chosen.unwrap_or_default())
}

async fn commit_of(
    app: &App,
    project: &slipway_store::ProjectRow,
    branch: Option<&str>,
) -> Result<slipway_git::CommitFacts, ApiError> {
    let Some(branch) = branch.map(str::to_owned) else {
        let head = app.git(project, |git| git.head()).await?;
        return head.ok_or_else(|| no_commit(project));
    };
    let name = branch.clone();
    let found = app.git(project, move |git| git.commit_of(&name)).await?;
    found.ok_or_else(|| {
        ApiError::not_found("branch", branch).with_hint("Choose one that the repository has.")
    })
}

/// What to ask before a run of a branch starts.
pub async fn run_form_get(app: &App, request: RunFormGet) -> Result<RunForm, ApiError> {
    let project = app.project(&request.project_id).await?;
    let commit = match request.commit {
        Some(sha) => {
            let text = sha.to_string();
            let found = app.git(&project, move |git| git.commit(&text)).await?;
            found.ok_or_else(|| ApiError::not_found("commit", sha))?
        }
        None => commit_of(app, &project, request.branch.as_deref()).await?,
    };
    let (here, branches) = app.git(&project, |git| Ok((git.branch(), git.branches()?))).await?;
    let text = app.pipeline_text_at(&project, &commit.sha, PIPELINE_FILE).await?;
    let variables = indexmap::IndexMap::new();
    let loaded = app.load_pipeline(&project, Some(&commit.sha), text, variables).await?;
    let rows = app.store.pipeline_variables(&project.id).await?;
    Ok(RunForm {
        commit: commit.sha,
        commit_summary: commit.summary,
        branch: request.branch.or(here).unwrap_or_default(),
        branches,
        parameters: loaded.parameters.into_iter().map(parameter_view).collect(),
        variables: rows.into_iter().map(variable_view).collect(),
    })
}

/// A declared parameter, as a form asks for it.
pub(crate) fn parameter_view(declared: slipway_pipeline::ParameterDeclaration) -> RunParameterView {
    RunParameterView {
        name: declared.name,
        display_name: declared.display_name,
        kind: declared.kind,
        default: declared.default,
        values: declared.values,
    }
}

pub(crate) async fn newest_commit(
    app: &App,
    project: &slipway_store::ProjectRow,
) -> Result<slipway_core::CommitSha, ApiError> {
    let head = app.git(project, |git| git.head()).await?;
    head.map(|commit| commit.sha).ok_or_else(|| no_commit(project))
}

fn no_commit(project: &slipway_store::ProjectRow) -> ApiError {
    let message = format!("The repository {} has no commit yet.", project.path);
    ApiError::refused("no_commit", message).with_hint("Commit something first.")
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

/// Runs the same commit again: all that was asked for, or what did not succeed.
pub async fn run_rerun(app: &App, request: RunRerun) -> Result<RunStarted, ApiError> {
    let row = app.run_row(&request.run_id).await?;
    let project = app.project(&row.project_id).await?;
    let attempt = match request.failed_only {
        Some(true) => Some(app.next_attempt(&row).await?),
        _ => None,
    };
    let kept = app.store.run_input(&row.id).await?;
    if !kept.secret_names.is_empty() {
        let message = format!(
            "Run {} was given secrets that are not kept: {}.",
            row.number,
            kept.secret_names.join(", ")
        );
        return Err(ApiError::refused("run_secrets", message)
            .with_hint("Start it with Run pipeline, and give them again."));
    }
    let variable = |(name, value)| RunVariable { name, value: SecretText(value), is_secret: false };
    let input = RunInput {
        file: kept.file.unwrap_or_else(|| PIPELINE_FILE.to_owned()),
        branch: Some(row.branch.clone()),
        parameters: kept.parameters,
        variables: kept.variables.into_iter().map(variable).collect(),
        // The same choice as for the run before.
        leaving: Leaving { kept: app.kept_skips(&row.id).await?, ..Leaving::default() },
        chosen: chosen_of(app, &row.id).await?,
        attempt,
    };
    app.start_run(&project, &row.commit, RunReason::Rerun, input).await
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

/// The lines of a step's log that match.
pub async fn log_search(app: &App, request: LogSearch) -> Result<LogMatches, ApiError> {
    let search = slipway_store::LogSearch {
        pattern: request.pattern,
        is_regex: request.is_regex,
        is_case_sensitive: request.is_case_sensitive,
    };
    let found = app.store.search_log(&request.record_id, &search, MAX_MATCHES).await?;
    Ok(LogMatches { total: found.total, count: found.count, lines: found.lines })
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
