//! Runs of a project's pipeline.

use slipway_core::{CommitSha, ProjectId, RunId, RunReason, RunResult, RunState, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    pub id: RunId,
    pub project_id: ProjectId,
    /// From [`Store::next_build_id`]; unique in the project.
    pub build_id: u32,
    pub number: String,
    pub state: RunState,
    pub result: Option<RunResult>,
    pub reason: RunReason,
    pub commit: CommitSha,
    pub commit_summary: String,
    pub branch: String,
    pub queued_at: Timestamp,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Why it failed, in a sentence.
    pub issue: Option<String>,
}

/// What changes of a run while it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProgress {
    pub state: RunState,
    pub result: Option<RunResult>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub issue: Option<String>,
}

pub(crate) fn from_row(row: &SqliteRow) -> Result<RunRow, sqlx::Error> {
    Ok(RunRow {
        id: row.id("id")?,
        project_id: row.id("project_id")?,
        build_id: row.cell("build_id")?,
        number: row.cell("number")?,
        state: row.word("state", RunState::parse)?,
        result: row.maybe_word("result", RunResult::parse)?,
        reason: row.word("reason", RunReason::parse)?,
        commit: row.commit("commit_sha")?,
        commit_summary: row.cell("commit_summary")?,
        branch: row.cell("branch")?,
        queued_at: row.cell("queued_at")?,
        started_at: row.cell("started_at")?,
        finished_at: row.cell("finished_at")?,
        issue: row.cell("issue")?,
    })
}

impl Store {
    /// Adds a run.
    pub async fn insert_run(&self, run: &RunRow) -> Result<(), StoreError> {
        let insert = query(
            "INSERT INTO run (id, project_id, build_id, number, state, result, reason, commit_sha,
                commit_summary, branch, queued_at, started_at, finished_at, issue)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(run.id.as_str())
        .bind(run.project_id.as_str())
        .bind(run.build_id)
        .bind(run.number.as_str())
        .bind(run.state.as_str())
        .bind(run.result.map(RunResult::as_str))
        .bind(run.reason.as_str())
        .bind(run.commit.as_str())
        .bind(run.commit_summary.as_str())
        .bind(run.branch.as_str())
        .bind(run.queued_at)
        .bind(run.started_at)
        .bind(run.finished_at)
        .bind(run.issue.as_deref());
        self.main
            .write(insert)
            .await
            .map(drop)
            .map_err(|error| error.or_exists("run", &run.id).or_missing("project", &run.project_id))
    }

    /// Writes how far a run has come.
    pub async fn set_run_progress(
        &self,
        id: &RunId,
        progress: &RunProgress,
    ) -> Result<(), StoreError> {
        let update = query(
            "UPDATE run SET state = ?, result = ?, started_at = ?, finished_at = ?, issue = ?
             WHERE id = ?",
        )
        .bind(progress.state.as_str())
        .bind(progress.result.map(RunResult::as_str))
        .bind(progress.started_at)
        .bind(progress.finished_at)
        .bind(progress.issue.as_deref())
        .bind(id.as_str());
        self.changed_run(id, update).await
    }

    /// Renumbers a run (`##vso[build.updatebuildnumber]`).
    pub async fn set_run_number(&self, id: &RunId, number: &str) -> Result<(), StoreError> {
        let update = query("UPDATE run SET number = ? WHERE id = ?").bind(number).bind(id.as_str());
        self.changed_run(id, update).await
    }

    async fn changed_run(
        &self,
        id: &RunId,
        update: crate::database::Query,
    ) -> Result<(), StoreError> {
        match self.main.write(update).await? {
            0 => Err(StoreError::RowNotFound { table: "run", id: id.to_string() }),
            _ => Ok(()),
        }
    }

    /// A run.
    pub async fn run(&self, id: &RunId) -> Result<Option<RunRow>, StoreError> {
        self.main.one(query("SELECT * FROM run WHERE id = ?").bind(id.as_str()), from_row).await
    }

    /// The newest runs of a project, newest first.
    pub async fn runs(&self, project: &ProjectId, limit: u32) -> Result<Vec<RunRow>, StoreError> {
        let list = query("SELECT * FROM run WHERE project_id = ? ORDER BY build_id DESC LIMIT ?");
        self.main.all(list.bind(project.as_str()).bind(limit), from_row).await
    }

    /// The runs of a commit, newest first.
    pub async fn runs_of_commit(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> Result<Vec<RunRow>, StoreError> {
        let list = query(
            "SELECT * FROM run WHERE project_id = ? AND commit_sha = ? ORDER BY build_id DESC",
        );
        self.main.all(list.bind(project.as_str()).bind(commit.as_str()), from_row).await
    }

    /// Runs that are not finished, oldest first.
    pub async fn unfinished_runs(&self, project: &ProjectId) -> Result<Vec<RunRow>, StoreError> {
        let list = query(
            "SELECT * FROM run WHERE project_id = ? AND state <> 'completed' ORDER BY build_id",
        );
        self.main.all(list.bind(project.as_str()), from_row).await
    }
}
