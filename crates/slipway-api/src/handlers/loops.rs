//! The loop picture and its one big button.

use slipway_core::RunReason;

use slipway_store::RunRow;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::change::{change_list, commit_and_start};
use crate::handlers::run::newest_commit;
use crate::run_start::RunInput;
use crate::skips::Leaving;

/// The ten steps as they stand.
pub async fn loop_get(app: &App, request: ProjectRequest) -> Result<LoopView, ApiError> {
    app.loop_view(&request.project_id).await
}

/// Commits the pending change, which starts the run; or runs the newest commit.
pub async fn loop_run(app: &App, request: LoopRun) -> Result<RunStarted, ApiError> {
    let project = app.project(&request.project_id).await?;
    // A second press while a run works is a mistake; while it waits for people, it is not.
    let waiting = app.store.pending_approvals().await?;
    let going = app.store.unfinished_runs(&project.id).await?;
    let works = |run: &&RunRow| !waiting.iter().any(|approval| approval.run_id == run.id);
    if let Some(going) = going.iter().find(works) {
        return Err(ApiError::refused(
            "run_going",
            format!("Run {} is still going on.", going.number),
        )
        .with_hint("Wait for it, or cancel it."));
    }
    let leaving = Leaving::said(request.skip_unsupported, request.skip.clone());
    let input = RunInput { leaving: leaving.clone(), ..RunInput::default() };
    let changes = change_list(app, ProjectRequest { project_id: project.id.clone() }).await?;
    if changes.files.is_empty() {
        let commit = newest_commit(app, &project).await?;
        return app.start_run(&project, &commit, RunReason::Manual, input).await;
    }
    if changes.files.iter().any(|file| file.status == FileStatus::Conflicted) {
        return Err(ApiError::refused("conflict", "The working tree has conflicts.")
            .with_hint("Resolve them, then run."));
    }
    // What the user has staged is what the user wants to commit; nothing staged means everything.
    if !changes.files.iter().any(|file| file.is_staged || file.is_partly_staged) {
        app.git(&project, |git| git.stage_all()).await?;
    }
    let message = request
        .message
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .unwrap_or(changes.proposed_message);
    let commit = CommitCreate { project_id: project.id.clone(), message };
    let created = commit_and_start(app, commit, leaving).await?;
    match created.run_id {
        Some(run_id) => {
            let run = app.run_row(&run_id).await?;
            Ok(RunStarted {
                run_id,
                number: run.number,
                commit: run.commit.to_string(),
                warnings: None,
            })
        }
        // The trigger leaves this commit out, but the user pressed Run: it runs by hand, or the
        // refusal that kept it from running is said.
        None => app.start_run(&project, &created.commit.sha, RunReason::Manual, input).await,
    }
}
