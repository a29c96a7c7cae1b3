//! What the user chose to leave out of a run.

use slipway_core::RunId;
use sqlx::query;

use crate::cell::Cells;
use crate::{Store, StoreError};

impl Store {
    /// Keeps a choice with its run.
    pub async fn put_run_skip(
        &self,
        run: &RunId,
        target: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO run_skip (run_id, target, reason) VALUES (?, ?, ?)
             ON CONFLICT (run_id, target) DO UPDATE SET reason = excluded.reason",
        );
        self.main.write(put.bind(run.as_str()).bind(target).bind(reason)).await.map(drop)
    }

    /// A run's choices: what is left out, and why.
    pub async fn run_skips(&self, run: &RunId) -> Result<Vec<(String, String)>, StoreError> {
        let list = query("SELECT target, reason FROM run_skip WHERE run_id = ? ORDER BY target");
        let list = list.bind(run.as_str());
        self.main.all(list, |row| Ok((row.cell("target")?, row.cell("reason")?))).await
    }
}
