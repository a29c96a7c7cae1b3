//! What follows a commit, whoever made it, and commits of a few files.
//!
//! The handlers of changes, of the pipeline file and of proposals come here. Deliberately not here: git itself
//! (`slipway-git`), and writing files.

use slipway_core::{ErrorKind, RunReason};
use slipway_git::{CommitFacts, GitError, Repository, Signature, UnderWay};
use slipway_store::ProjectRow;

use crate::app::App;
use crate::dto::CommitCreated;
use crate::error::ApiError;
use crate::run_start::RunInput;
use crate::sample;
use crate::skips::Leaving;

/// Who commits here.
pub(crate) fn author(git: &Repository, is_sample: bool) -> Result<Signature, GitError> {
    match git.signature() {
        // The sample must work on a machine where git was never set up.
        Err(_) if is_sample => Ok(sample::author()),
        known => known,
    }
}

/// A commit of a few files and nothing else.
#[derive(Debug, Clone)]
pub(crate) struct FileCommit {
    /// Relative to the repository's root.
    pub(crate) paths: Vec<String>,
    pub(crate) message: String,
    /// A branch to make for it and to check out.
    pub(crate) branch: Option<String>,
}

impl FileCommit {
    /// Refuses what can be known before the files are written.
    pub(crate) async fn check(&self, app: &App, project: &ProjectRow) -> Result<(), ApiError> {
        let (wanted, is_sample) = (self.clone(), project.is_sample);
        app.git(project, move |git| {
            author(git, is_sample)?;
            git.may_commit_paths(&wanted.paths, &wanted.message, wanted.branch.as_deref())
        })
        .await
    }

    /// Commits, which ends the change that is under way, and does what follows a commit.
    pub(crate) async fn make(
        self,
        app: &App,
        project: &ProjectRow,
        under_way: UnderWay,
    ) -> Result<CommitCreated, ApiError> {
        let is_sample = project.is_sample;
        let (commit, branch) = app
            .git(project, move |git| {
                let author = author(git, is_sample)?;
                let branch = self.branch.as_deref();
                let commit = git.commit_paths(&self.paths, &self.message, &author, branch)?;
                drop(under_way);
                Ok((commit, git.branch().unwrap_or_default()))
            })
            .await?;
        app.committed(project, &commit, &branch, Leaving::default()).await
    }
}

impl App {
    /// Keeps a commit, links what it mentions, and starts the pipeline if its trigger says so.
    pub(crate) async fn committed(
        &self,
        project: &ProjectRow,
        commit: &CommitFacts,
        branch: &str,
        leaving: Leaving,
    ) -> Result<CommitCreated, ApiError> {
        self.keep_commit(project, commit, branch).await?;
        let (run_id, trigger_reason) = match self.trigger_verdict(project, commit, branch).await {
            Ok(verdict) if verdict.starts => {
                let input = RunInput { leaving, ..RunInput::default() };
                match self.start_run(project, &commit.sha, RunReason::IndividualCi, input).await {
                    Ok(started) => (Some(started.run_id), verdict.reason),
                    Err(error) => (None, format!("It starts no run: {}", error.message)),
                }
            }
            Ok(verdict) => (None, verdict.reason),
            Err(error) => (None, format!("It starts no run: {}", error.message)),
        };
        let row = self.commit_row(&project.id, &commit.sha).await?.ok_or_else(|| {
            let lost = format!("Commit {} was not kept", commit.sha);
            ApiError::new(ErrorKind::Bug, "commit_lost", lost)
        })?;
        Ok(CommitCreated { commit: self.commit_view(&row).await?, run_id, trigger_reason })
    }
}
