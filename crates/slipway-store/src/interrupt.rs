//! What the app finds unfinished when it starts: whatever was going on died with the last process.

use slipway_core::Timestamp;
use sqlx::query;

use crate::run::{RunRow, from_row};
use crate::{Store, StoreError};

impl Store {
    /// Ends unfinished runs, records and deployments as interrupted; answers those runs.
    ///
    /// Called once at start-up, under the lock. Records that had not started are skipped.
    pub async fn interrupt_unfinished(&self, at: Timestamp) -> Result<Vec<RunRow>, StoreError> {
        let mut write = self.main.begin().await?;
        write
            .run(
                query(
                    "UPDATE record SET
                        result = CASE state WHEN 'pending' THEN 'skipped' ELSE 'interrupted' END,
                        finished_at = CASE state WHEN 'pending' THEN NULL ELSE ? END,
                        issue = CASE state
                            WHEN 'pending' THEN 'Slipway stopped before this began.'
                            ELSE COALESCE(issue, 'Slipway stopped while this was running.') END,
                        state = 'completed'
                     WHERE state <> 'completed'
                       AND run_id IN (SELECT id FROM run WHERE state <> 'completed')",
                )
                .bind(at),
            )
            .await?;
        write
            .run(
                query(
                    "UPDATE deployment SET state = 'completed', result = 'interrupted',
                        finished_at = ?,
                        issue = COALESCE(issue, 'Slipway stopped during this deployment.')
                     WHERE state <> 'completed'",
                )
                .bind(at),
            )
            .await?;
        // Nobody waits for an answer any more.
        let close =
            query("UPDATE approval SET state = 'canceled', decided_at = ? WHERE state = 'pending'");
        write.run(close.bind(at)).await?;
        let end = query(
            "UPDATE run SET state = 'completed', result = 'interrupted', finished_at = ?,
                issue = COALESCE(issue, 'Slipway stopped before this run had finished.')
             WHERE state <> 'completed'
             RETURNING *",
        );
        let mut runs = write.all(end.bind(at), from_row).await?;
        write.commit().await?;
        runs.sort_by_key(|run| (run.queued_at, run.build_id));
        Ok(runs)
    }
}
