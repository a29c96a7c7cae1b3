//! What of its pipeline a run was asked for. A run of the whole pipeline has no row.

use slipway_core::RunId;
use sqlx::query;

use crate::cell::{Cells, to_json};
use crate::{Store, StoreError};

/// A choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunChoiceRow {
    /// `stage`, `stage/job` or `stage/job/step`.
    pub targets: Vec<String>,
    pub is_with_needed: bool,
    /// Such as `only stage Build`.
    pub text: String,
}

impl Store {
    /// Keeps a choice with its run.
    pub async fn put_run_choice(
        &self,
        run: &RunId,
        choice: &RunChoiceRow,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO run_choice (run_id, targets, is_with_needed, text) VALUES (?, ?, ?, ?)",
        )
        .bind(run.as_str())
        .bind(to_json("targets", &choice.targets)?)
        .bind(choice.is_with_needed)
        .bind(choice.text.as_str());
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("run", run))
    }

    /// A run's choice.
    pub async fn run_choice(&self, run: &RunId) -> Result<Option<RunChoiceRow>, StoreError> {
        let find = query("SELECT * FROM run_choice WHERE run_id = ?").bind(run.as_str());
        self.main
            .one(find, |row| {
                Ok(RunChoiceRow {
                    targets: row.json("targets")?,
                    is_with_needed: row.cell("is_with_needed")?,
                    text: row.cell("text")?,
                })
            })
            .await
    }
}
