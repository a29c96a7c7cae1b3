//! What the telemetry endpoint took and refused, counted in the database so that a restart keeps it.

use slipway_core::Timestamp;
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// Counts since the data folder was made.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct IntakeCounts {
    pub accepted: i64,
    pub rejected_malformed: i64,
    pub rejected_too_large: i64,
    pub rejected_unauthorized: i64,
    pub last_error: Option<String>,
    pub last_accepted_at: Option<Timestamp>,
}

/// What was refused; what is accepted is counted by [`Store::insert_items`].
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct IntakeDelta {
    pub malformed: u32,
    pub too_large: u32,
    pub unauthorized: u32,
    /// Replaces the last error, if there is one.
    pub last_error: Option<String>,
}

fn from_row(row: &SqliteRow) -> Result<IntakeCounts, sqlx::Error> {
    Ok(IntakeCounts {
        accepted: row.cell("accepted")?,
        rejected_malformed: row.cell("rejected_malformed")?,
        rejected_too_large: row.cell("rejected_too_large")?,
        rejected_unauthorized: row.cell("rejected_unauthorized")?,
        last_error: row.cell("last_error")?,
        last_accepted_at: row.cell("last_accepted_at")?,
    })
}

impl Store {
    /// Counts what was refused.
    pub async fn count_rejected(&self, delta: &IntakeDelta) -> Result<(), StoreError> {
        let count = query(
            "UPDATE intake SET rejected_malformed = rejected_malformed + ?,
                rejected_too_large = rejected_too_large + ?,
                rejected_unauthorized = rejected_unauthorized + ?,
                last_error = COALESCE(?, last_error)",
        )
        .bind(delta.malformed)
        .bind(delta.too_large)
        .bind(delta.unauthorized)
        .bind(delta.last_error.as_deref());
        self.telemetry.write(count).await.map(drop)
    }

    /// The counts.
    pub async fn intake(&self) -> Result<IntakeCounts, StoreError> {
        let counts = self.telemetry.one(query("SELECT * FROM intake"), from_row).await?;
        Ok(counts.unwrap_or_default())
    }
}
