//! What git said of commits that the thread names, kept for when the repository is gone.

use slipway_core::{CommitSha, ProjectId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitRow {
    pub project_id: ProjectId,
    pub sha: CommitSha,
    pub summary: String,
    pub body: String,
    pub author_name: String,
    pub author_email: String,
    /// The branch it was seen on first.
    pub branch: String,
    pub committed_at: Timestamp,
}

fn from_row(row: &SqliteRow) -> Result<CommitRow, sqlx::Error> {
    Ok(CommitRow {
        project_id: row.id("project_id")?,
        sha: row.commit("sha")?,
        summary: row.cell("summary")?,
        body: row.cell("body")?,
        author_name: row.cell("author_name")?,
        author_email: row.cell("author_email")?,
        branch: row.cell("branch")?,
        committed_at: row.cell("committed_at")?,
    })
}

impl Store {
    /// Remembers a commit; one that is known stays as it is.
    pub async fn put_commit(&self, commit: &CommitRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO commit_fact (project_id, sha, summary, body, author_name, author_email,
                branch, committed_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (project_id, sha) DO NOTHING",
        )
        .bind(commit.project_id.as_str())
        .bind(commit.sha.as_str())
        .bind(commit.summary.as_str())
        .bind(commit.body.as_str())
        .bind(commit.author_name.as_str())
        .bind(commit.author_email.as_str())
        .bind(commit.branch.as_str())
        .bind(commit.committed_at);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("project", &commit.project_id))
    }

    /// A commit that is known.
    pub async fn commit(
        &self,
        project: &ProjectId,
        sha: &CommitSha,
    ) -> Result<Option<CommitRow>, StoreError> {
        let find = query("SELECT * FROM commit_fact WHERE project_id = ? AND sha = ?");
        self.main.one(find.bind(project.as_str()).bind(sha.as_str()), from_row).await
    }

    /// The newest commits that are known, newest first.
    pub async fn commits(
        &self,
        project: &ProjectId,
        limit: u32,
    ) -> Result<Vec<CommitRow>, StoreError> {
        let list = query(
            "SELECT * FROM commit_fact WHERE project_id = ?
             ORDER BY committed_at DESC, rowid DESC LIMIT ?",
        );
        self.main.all(list.bind(project.as_str()).bind(limit), from_row).await
    }
}
