//! A pipeline for a repository that has none: proposed, and added once somebody has agreed.

use std::path::PathBuf;

use slipway_core::ErrorKind;
use slipway_git::Change;
use slipway_pipeline::propose::{Wishes, empty};

use crate::app::App;
use crate::commits::FileCommit;
use crate::dto::*;
use crate::error::ApiError;
use crate::proposals::{Source, add_files};

/// The message of a commit that nobody wrote one for.
const MESSAGE: &str = "pipeline: add azure-pipelines.yml";

/// What could be added, and why.
pub async fn pipeline_propose(
    app: &App,
    request: PipelinePropose,
) -> Result<ProposalView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let name = project.name.clone();
    let asked = request.options;
    let proposed = app.git(&project, move |git| {
        let wishes = Wishes {
            name,
            branch: asked.branch.unwrap_or_default(),
            tests: asked.tests,
            image: asked.image,
            deploy: asked.deploy,
            port: asked.port,
            image_name: asked.image_name,
            environment: asked.environment,
            registry: asked.registry,
        };
        Ok(Source::of_repository(git)?.propose(wishes))
    });
    let proposal = proposed.await?;
    let file = |file: slipway_pipeline::propose::ProposedFile| ProposedFileView {
        path: file.path,
        text: file.text,
        why: file.why,
        is_new: file.is_new,
    };
    let found = proposal.detected.into_iter();
    let chosen = proposal.choices;
    Ok(ProposalView {
        files: proposal.files.into_iter().map(file).collect(),
        detected: found.map(|one| DetectedView { what: one.what, file: one.file }).collect(),
        empty: empty(&chosen.branch),
        options: ProposalChoices {
            tests: chosen.tests,
            image: chosen.image,
            deploy: chosen.deploy,
            branch: chosen.branch,
            port: chosen.port,
            image_name: chosen.image_name,
            environment: chosen.environment,
            registry: chosen.registry,
            has_tests: chosen.has_tests,
            can_image: chosen.can_image,
            can_deploy: chosen.can_deploy,
        },
    })
}

/// Adds files that are not there yet, and commits them if a message or a branch is given.
pub async fn pipeline_propose_apply(
    app: &App,
    request: PipelineProposeApply,
) -> Result<ProposalApplied, ApiError> {
    let project = app.project(&request.project_id).await?;
    let paths: Vec<String> = request.files.iter().map(|file| file.path.clone()).collect();
    let message = request.message.or_else(|| request.branch.as_ref().map(|_| MESSAGE.to_owned()));
    let commit = message.map(|message| FileCommit {
        paths: paths.clone(),
        message: message.trim().to_owned(),
        branch: request.branch.clone(),
    });
    if let Some(commit) = &commit {
        commit.check(app, &project).await?;
    }
    let root = PathBuf::from(&project.path);
    let files: Vec<(String, String)> =
        request.files.into_iter().map(|file| (file.path, file.text)).collect();
    let change = Change { added: files.clone(), branch: request.branch, ..Change::default() };
    let under_way = app.begin(&project, change).await?;
    let added = tokio::task::spawn_blocking(move || add_files(&root, &files)).await;
    added.map_err(|error| {
        ApiError::new(ErrorKind::Bug, "files_thread", format!("Adding the files broke: {error}."))
    })??;
    let Some(commit) = commit else {
        return Ok(ProposalApplied {
            paths,
            commit: None,
            branch: None,
            run_id: None,
            trigger_reason: None,
        });
    };
    let CommitCreated { commit, run_id, trigger_reason } =
        commit.make(app, &project, under_way).await?;
    Ok(ProposalApplied {
        paths,
        commit: Some(commit),
        branch: app.git(&project, |git| Ok(git.branch())).await?,
        run_id,
        trigger_reason: Some(trigger_reason),
    })
}
