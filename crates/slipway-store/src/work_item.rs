//! Work items of the local backlog, and the commits that mention them.

use slipway_core::{CommitSha, ProjectId, Timestamp, WorkItemId, WorkItemState, WorkItemType};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A work item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkItemRow {
    pub project_id: ProjectId,
    pub id: WorkItemId,
    pub item_type: WorkItemType,
    pub title: String,
    pub description: String,
    pub state: WorkItemState,
    /// Why the state last changed.
    pub state_reason: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// The exception it was made from.
    pub problem_id: Option<String>,
}

/// A work item to be made; its number is given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWorkItem {
    pub item_type: WorkItemType,
    pub title: String,
    pub description: String,
    pub state_reason: String,
    /// The exception it is made from; a project has at most one item for each.
    pub problem_id: Option<String>,
}

/// What to change of a work item; what is left out stays.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct WorkItemChange {
    pub title: Option<String>,
    pub description: Option<String>,
    /// The new state and why.
    pub state: Option<(WorkItemState, String)>,
}

fn from_row(row: &SqliteRow) -> Result<WorkItemRow, sqlx::Error> {
    Ok(WorkItemRow {
        project_id: row.id("project_id")?,
        id: WorkItemId(row.cell("id")?),
        item_type: row.word("item_type", WorkItemType::parse)?,
        title: row.cell("title")?,
        description: row.cell("description")?,
        state: row.word("state", WorkItemState::parse)?,
        state_reason: row.cell("state_reason")?,
        created_at: row.cell("created_at")?,
        changed_at: row.cell("changed_at")?,
        problem_id: row.cell("problem_id")?,
    })
}

fn number(row: &SqliteRow) -> Result<WorkItemId, sqlx::Error> {
    Ok(WorkItemId(row.cell("id")?))
}

impl Store {
    /// Makes a work item in state To Do, or finds the one already made from the same exception.
    ///
    /// Answers the item and whether it is new.
    pub async fn create_work_item(
        &self,
        project: &ProjectId,
        item: &NewWorkItem,
        at: Timestamp,
    ) -> Result<(WorkItemRow, bool), StoreError> {
        let mut write = self.main.begin().await?;
        if let Some(problem_id) = &item.problem_id {
            let find = query("SELECT * FROM work_item WHERE project_id = ? AND problem_id = ?");
            let find = find.bind(project.as_str()).bind(problem_id.as_str());
            if let Some(known) = write.one(find, from_row).await? {
                return Ok((known, false));
            }
        }
        let next = query(
            "UPDATE project SET next_work_item_id = next_work_item_id + 1 WHERE id = ?
             RETURNING next_work_item_id - 1 AS id",
        );
        let id = write.one(next.bind(project.as_str()), number).await?;
        let id = id
            .ok_or_else(|| StoreError::RowNotFound { table: "project", id: project.to_string() })?;
        let insert = query(
            "INSERT INTO work_item (project_id, id, item_type, title, description, state,
                state_reason, created_at, changed_at, problem_id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
        )
        .bind(project.as_str())
        .bind(id.0)
        .bind(item.item_type.as_str())
        .bind(item.title.as_str())
        .bind(item.description.as_str())
        .bind(WorkItemState::ToDo.as_str())
        .bind(item.state_reason.as_str())
        .bind(at)
        .bind(at)
        .bind(item.problem_id.as_deref());
        let row = write.one(insert, from_row).await?;
        write.commit().await?;
        Ok((row.expect("BUG: an insert that returns its row returned none"), true))
    }

    /// Changes a work item; answers it as it is now.
    pub async fn update_work_item(
        &self,
        project: &ProjectId,
        id: WorkItemId,
        change: &WorkItemChange,
        at: Timestamp,
    ) -> Result<WorkItemRow, StoreError> {
        let (state, reason) = change.state.clone().unzip();
        let update = query(
            "UPDATE work_item SET title = COALESCE(?, title),
                description = COALESCE(?, description), state = COALESCE(?, state),
                state_reason = COALESCE(?, state_reason), changed_at = ?
             WHERE project_id = ? AND id = ? RETURNING *",
        )
        .bind(change.title.as_deref())
        .bind(change.description.as_deref())
        .bind(state.map(WorkItemState::as_str))
        .bind(reason)
        .bind(at)
        .bind(project.as_str())
        .bind(id.0);
        let row = self.main.write_one(update, from_row).await?;
        row.ok_or_else(|| StoreError::RowNotFound { table: "work item", id: id.to_string() })
    }

    /// A work item.
    pub async fn work_item(
        &self,
        project: &ProjectId,
        id: WorkItemId,
    ) -> Result<Option<WorkItemRow>, StoreError> {
        let find = query("SELECT * FROM work_item WHERE project_id = ? AND id = ?");
        self.main.one(find.bind(project.as_str()).bind(id.0), from_row).await
    }

    /// The work item made from an exception.
    pub async fn work_item_of_problem(
        &self,
        project: &ProjectId,
        problem_id: &str,
    ) -> Result<Option<WorkItemRow>, StoreError> {
        let find = query("SELECT * FROM work_item WHERE project_id = ? AND problem_id = ?");
        self.main.one(find.bind(project.as_str()).bind(problem_id), from_row).await
    }

    /// A project's work items by number.
    pub async fn work_items(&self, project: &ProjectId) -> Result<Vec<WorkItemRow>, StoreError> {
        let list = query("SELECT * FROM work_item WHERE project_id = ? ORDER BY id");
        self.main.all(list.bind(project.as_str()), from_row).await
    }

    /// Links a commit to a work item; answers whether the link is new.
    pub async fn link_commit(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
        id: WorkItemId,
    ) -> Result<bool, StoreError> {
        let link = query(
            "INSERT INTO commit_link (project_id, commit_sha, work_item_id) VALUES (?, ?, ?)
             ON CONFLICT DO NOTHING",
        );
        let link = link.bind(project.as_str()).bind(commit.as_str()).bind(id.0);
        let added = self.main.write(link).await;
        Ok(added.map_err(|error| error.or_missing("work item", id))? > 0)
    }

    /// The work items that a commit mentions, by number.
    pub async fn work_items_of_commit(
        &self,
        project: &ProjectId,
        commit: &CommitSha,
    ) -> Result<Vec<WorkItemId>, StoreError> {
        let list = query(
            "SELECT work_item_id AS id FROM commit_link WHERE project_id = ? AND commit_sha = ?
             ORDER BY work_item_id",
        );
        self.main.all(list.bind(project.as_str()).bind(commit.as_str()), number).await
    }

    /// The commits that mention a work item; the newest known first.
    pub async fn commits_of_work_item(
        &self,
        project: &ProjectId,
        id: WorkItemId,
    ) -> Result<Vec<CommitSha>, StoreError> {
        let list = query(
            "SELECT link.commit_sha FROM commit_link AS link
             LEFT JOIN commit_fact AS fact
                ON fact.project_id = link.project_id AND fact.sha = link.commit_sha
             WHERE link.project_id = ? AND link.work_item_id = ?
             ORDER BY fact.committed_at DESC, fact.rowid DESC, link.commit_sha",
        );
        let list = list.bind(project.as_str()).bind(id.0);
        self.main.all(list, |row| row.commit("commit_sha")).await
    }
}
