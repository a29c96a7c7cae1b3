//! The pipeline file as it is in the working tree.

use std::path::PathBuf;

use indexmap::IndexMap;
use slipway_core::ErrorKind;
use slipway_git::Change;
use slipway_pipeline::assist::board;
use slipway_pipeline::plan::{Plan, PlanJob, PlanStep};
use slipway_store::ProjectRow;

use crate::app::App;
use crate::commits::FileCommit;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::board::board_view;
use crate::pipelines::{PIPELINE_FILE, diagnostic_views};

/// Text, diagnostics and plan.
pub async fn pipeline_get(app: &App, request: ProjectRequest) -> Result<PipelineView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let path = PathBuf::from(&project.path).join(PIPELINE_FILE);
    let text = tokio::fs::read_to_string(&path).await.map_err(|error| unreadable(&path, &error))?;
    let loaded = app.load_pipeline(&project, None, text.clone(), IndexMap::new()).await?;
    let trigger_statement = match app.git(&project, |git| Ok((git.head()?, git.branch()))).await {
        Ok((Some(commit), Some(branch))) => app
            .trigger_verdict(&project, &commit, &branch)
            .await
            .map(|verdict| verdict.reason)
            .unwrap_or_else(|error| error.message),
        _ => "There is no commit yet that could start it.".to_owned(),
    };
    Ok(PipelineView {
        path: PIPELINE_FILE.to_owned(),
        diagnostics: diagnostic_views(&loaded, &text),
        plan: loaded.plan.map(plan_view),
        board: board_view(&text, board(&text)),
        text,
        trigger_statement,
    })
}

/// Saves the file, unless it has changed on disk since it was read.
pub async fn pipeline_save(app: &App, request: PipelineSave) -> Result<PipelineView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let under_way = app.begin(&project, change(&request.text, None)).await?;
    save(&project, &request.base_text, &request.text).await?;
    drop(under_way);
    pipeline_get(app, ProjectRequest { project_id: request.project_id }).await
}

/// Saves the file and commits it, and nothing else; with a branch, on that branch.
pub async fn pipeline_commit(
    app: &App,
    request: PipelineCommit,
) -> Result<PipelineCommitted, ApiError> {
    let project = app.project(&request.project_id).await?;
    let commit = FileCommit {
        paths: vec![PIPELINE_FILE.to_owned()],
        message: request.message.trim().to_owned(),
        branch: request.branch,
    };
    // What cannot be committed is refused before anything is written.
    commit.check(app, &project).await?;
    let under_way = app.begin(&project, change(&request.text, commit.branch.clone())).await?;
    save(&project, &request.base_text, &request.text).await?;
    let CommitCreated { commit, run_id, trigger_reason } =
        commit.make(app, &project, under_way).await?;
    let branch = app.git(&project, |git| Ok(git.branch())).await?.unwrap_or_default();
    let pipeline = pipeline_get(app, ProjectRequest { project_id: request.project_id }).await?;
    Ok(PipelineCommitted { pipeline, commit, branch, run_id, trigger_reason })
}

/// The file as it is in the newest commit.
pub async fn pipeline_committed(
    app: &App,
    request: ProjectRequest,
) -> Result<PipelineCommittedText, ApiError> {
    let project = app.project(&request.project_id).await?;
    let read = app.git(&project, |git| match git.head()? {
        Some(head) => git.read_file_at(&head.sha, PIPELINE_FILE),
        None => Ok(None),
    });
    let bytes = read.await?;
    Ok(PipelineCommittedText {
        text: bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
    })
}

/// The file written over, and perhaps a branch for it.
fn change(text: &str, branch: Option<String>) -> Change {
    let replaced = vec![(PIPELINE_FILE.to_owned(), text.to_owned())];
    Change { replaced, branch, ..Change::default() }
}

/// Writes the file, unless it has changed on disk since it was read.
async fn save(project: &ProjectRow, base_text: &str, text: &str) -> Result<(), ApiError> {
    let path = PathBuf::from(&project.path).join(PIPELINE_FILE);
    let now = match tokio::fs::read_to_string(&path).await {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(unreadable(&path, &error)),
    };
    if now != base_text {
        return Err(ApiError::refused(
            "file_changed",
            format!("{PIPELINE_FILE} has changed on disk since it was opened."),
        )
        .with_hint("Copy your text, reload the file, and put your change in again."));
    }
    // Written beside and moved over, so that a crash leaves the old or the new file and no half.
    let beside = path.with_extension("yml.slipway-new");
    let written = async {
        tokio::fs::write(&beside, text).await?;
        tokio::fs::rename(&beside, &path).await
    };
    written.await.map_err(|error| {
        ApiError::new(
            ErrorKind::Unavailable,
            "file_write",
            format!("{} cannot be written: {error}.", path.display()),
        )
        .with_hint("Check the folder's permissions and the free space.")
    })
}

fn unreadable(path: &std::path::Path, error: &std::io::Error) -> ApiError {
    if error.kind() == std::io::ErrorKind::NotFound {
        return ApiError::refused(
            "pipeline_missing",
            format!("There is no {PIPELINE_FILE} in the working tree."),
        )
        .with_hint(format!("Add a {PIPELINE_FILE} at the repository's root."));
    }
    ApiError::new(
        ErrorKind::Unavailable,
        "file_unreadable",
        format!("{} cannot be read: {error}.", path.display()),
    )
}

pub(crate) fn plan_view(plan: Plan) -> PlanView {
    let Plan { stages, files, .. } = plan;
    let stages = stages.into_iter().map(|stage| PlanStageView {
        jobs: stage.runnable_jobs().into_iter().map(|job| job_view(job, &files)).collect(),
        name: stage.name,
        display_name: stage.display_name,
        depends_on: stage.depends_on,
        condition: stage.condition,
    });
    PlanView { stages: stages.collect() }
}

fn job_view(job: PlanJob, files: &[String]) -> PlanJobView {
    let step_view = |step: PlanStep| PlanStepView {
        task: step.task_reference(),
        reference: step.reference,
        line: step.span.line,
        // The first is the pipeline's own.
        file: files.get(usize::from(step.file)).filter(|_| step.file != 0).cloned(),
        display_name: step.display_name,
    };
    PlanJobView {
        name: job.name,
        display_name: job.display_name,
        depends_on: job.depends_on,
        condition: job.condition,
        environment: job.deployment.map(|deployment| deployment.environment.full_name()),
        steps: job.steps.into_iter().map(step_view).collect(),
    }
}
