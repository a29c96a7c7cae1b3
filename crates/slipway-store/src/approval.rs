//! What people are asked on account of runs, and what they answered.

use slipway_core::{ApprovalAnswer, ApprovalKind, ApprovalState, RecordId, RunId, Timestamp};
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::{Cells, to_json};
use crate::{Store, StoreError};

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    pub id: String,
    pub run_id: RunId,
    /// The stage or step that waits.
    pub record_id: RecordId,
    pub kind: ApprovalKind,
    pub stage: String,
    /// An environment, or the display name of a step or stage.
    pub subject: String,
    pub instructions: String,
    pub approvers: Vec<String>,
    /// 0 is all of them.
    pub minimum_approvers: u32,
    pub requester_may_approve: bool,
    /// One approver after the other.
    pub in_order: bool,
    pub is_skippable: bool,
    pub requested_by: String,
    pub requested_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub state: ApprovalState,
    pub decided_at: Option<Timestamp>,
    pub answers: Vec<ApprovalAnswer>,
}

impl ApprovalRow {
    /// The approvers who may agree.
    pub fn able_approvers(&self) -> Vec<String> {
        let barred = (!self.requester_may_approve).then_some(self.requested_by.as_str());
        slipway_core::able_approvers(&self.approvers, barred)
    }
}

fn from_row(row: &SqliteRow) -> Result<ApprovalRow, sqlx::Error> {
    Ok(ApprovalRow {
        id: row.cell("id")?,
        run_id: row.id("run_id")?,
        record_id: row.id("record_id")?,
        kind: row.word("kind", ApprovalKind::parse)?,
        stage: row.cell("stage")?,
        subject: row.cell("subject")?,
        instructions: row.cell("instructions")?,
        approvers: row.json("approvers")?,
        minimum_approvers: row.cell("minimum_approvers")?,
        requester_may_approve: row.cell("requester_may_approve")?,
        in_order: row.cell("in_order")?,
        is_skippable: row.cell("is_skippable")?,
        requested_by: row.cell("requested_by")?,
        requested_at: row.cell("requested_at")?,
        expires_at: row.cell("expires_at")?,
        state: row.word("state", ApprovalState::parse)?,
        decided_at: row.cell("decided_at")?,
        answers: row.json("answers")?,
    })
}

impl Store {
    /// Adds a question.
    pub async fn insert_approval(&self, row: &ApprovalRow) -> Result<(), StoreError> {
        let insert = query(
            "INSERT INTO approval (id, run_id, record_id, kind, stage, subject, instructions,
                approvers, minimum_approvers, requester_may_approve, is_skippable, requested_by,
                requested_at, expires_at, state, decided_at, answers, in_order)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(row.id.clone())
        .bind(row.run_id.as_str())
        .bind(row.record_id.as_str())
        .bind(row.kind.as_str())
        .bind(row.stage.as_str())
        .bind(row.subject.as_str())
        .bind(row.instructions.as_str())
        .bind(to_json("approvers", &row.approvers)?)
        .bind(row.minimum_approvers)
        .bind(row.requester_may_approve)
        .bind(row.is_skippable)
        .bind(row.requested_by.as_str())
        .bind(row.requested_at)
        .bind(row.expires_at)
        .bind(row.state.as_str())
        .bind(row.decided_at)
        .bind(to_json("answers", &row.answers)?)
        .bind(row.in_order);
        let inserted = self.main.write(insert).await.map(drop);
        inserted.map_err(|error| error.or_missing("run", &row.run_id))
    }

    /// Writes how a pending question stands now; false if it was not pending any more.
    pub async fn set_approval(
        &self,
        id: &str,
        state: ApprovalState,
        answers: &[ApprovalAnswer],
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let decided_at = (state != ApprovalState::Pending).then_some(at);
        let update = query(
            "UPDATE approval SET state = ?, answers = ?, decided_at = ?
             WHERE id = ? AND state = 'pending'",
        )
        .bind(state.as_str())
        .bind(to_json("answers", &answers)?)
        .bind(decided_at)
        .bind(id.to_owned());
        Ok(self.main.write(update).await? > 0)
    }

    /// A question.
    pub async fn approval(&self, id: &str) -> Result<Option<ApprovalRow>, StoreError> {
        let find = query("SELECT * FROM approval WHERE id = ?").bind(id.to_owned());
        self.main.one(find, from_row).await
    }

    /// The questions of a run, oldest first.
    pub async fn approvals_of_run(&self, run: &RunId) -> Result<Vec<ApprovalRow>, StoreError> {
        let list = query("SELECT * FROM approval WHERE run_id = ? ORDER BY requested_at, id");
        self.main.all(list.bind(run.as_str()), from_row).await
    }

    /// Every question that waits, oldest first.
    pub async fn pending_approvals(&self) -> Result<Vec<ApprovalRow>, StoreError> {
        let list =
            query("SELECT * FROM approval WHERE state = 'pending' ORDER BY requested_at, id");
        self.main.all(list, from_row).await
    }
}
