//! Opens and closes the two database files of a data folder.
//!
//! A host takes the [`crate::DataFolderLock`] first; a command line that only looks uses
//! [`Store::open_read_only`] and needs no lock.

use std::path::Path;

use crate::cell::Cells;
use crate::database::{Database, Schema};
use crate::error::StoreError;

/// `slipway.db`.
pub(crate) const MAIN: Schema = Schema {
    file_name: "slipway.db",
    version: 1,
    migrations: &[
        (
            20_261_122_090_000,
            "first_loop",
            include_str!("../migrations/main/20261122090000_first_loop.sql"),
        ),
        (
            20_261_124_170_000,
            "repository_mapping",
            include_str!("../migrations/main/20261124170000_repository_mapping.sql"),
        ),
        (
            20_261_130_095_500,
            "packed_log_chunk",
            include_str!("../migrations/main/20261130095500_packed_log_chunk.sql"),
        ),
        (
            20_261_130_101_500,
            "library",
            include_str!("../migrations/main/20261130101500_library.sql"),
        ),
        (
            20_261_130_103_100,
            "pool_mapping",
            include_str!("../migrations/main/20261130103100_pool_mapping.sql"),
        ),
        (
            20_261_130_103_900,
            "test_details_coverage_tags",
            include_str!("../migrations/main/20261130103900_test_details_coverage_tags.sql"),
        ),
        (
            20_261_130_104_700,
            "checks",
            include_str!("../migrations/main/20261130104700_checks.sql"),
        ),
        (
            20_261_130_104_800,
            "task_folder",
            include_str!("../migrations/main/20261130104800_task_folder.sql"),
        ),
        (
            20_261_130_111_900,
            "run_note",
            include_str!("../migrations/main/20261130111900_run_note.sql"),
        ),
        (
            20_261_130_134_600,
            "approval_order",
            include_str!("../migrations/main/20261130134600_approval_order.sql"),
        ),
        (
            20_261_130_171_500,
            "run_choice_and_attempts",
            include_str!("../migrations/main/20261130171500_run_choice_and_attempts.sql"),
        ),
        (
            20_261_130_200_000,
            "promotion",
            include_str!("../migrations/main/20261130200000_promotion.sql"),
        ),
        (
            20_261_201_001_500,
            "deployment_strategy",
            include_str!("../migrations/main/20261201001500_deployment_strategy.sql"),
        ),
    ],
};

/// `telemetry.db`.
pub(crate) const TELEMETRY: Schema = Schema {
    file_name: "telemetry.db",
    version: 1,
    migrations: &[(
        20_261_122_090_000,
        "first_items",
        include_str!("../migrations/telemetry/20261122090000_first_items.sql"),
    )],
};

/// How a store is opened.
#[derive(Debug, Default, Clone)]
pub struct StoreOptions {
    /// Most pages (of 8 KiB) that either file may have: a disk that fills up, for tests.
    pub max_page_count: Option<u32>,
}

/// The open data folder.
#[derive(Debug)]
pub struct Store {
    pub(crate) main: Database,
    pub(crate) telemetry: Database,
}

impl Store {
    /// Opens the data folder, makes what is missing and brings it up to date.
    pub async fn open(dir: &Path, options: StoreOptions) -> Result<Self, StoreError> {
        std::fs::create_dir_all(dir)
            .map_err(|source| StoreError::DataFolder { path: dir.to_owned(), source })?;
        let main = Database::open(dir, &MAIN, options.max_page_count).await?;
        let telemetry = Database::open(dir, &TELEMETRY, options.max_page_count).await?;
        Ok(Self { main, telemetry })
    }

    /// Opens the data folder beside a running Slipway; whatever writes is refused.
    pub async fn open_read_only(dir: &Path) -> Result<Self, StoreError> {
        let main = Database::open_read_only(dir, &MAIN).await?;
        let telemetry = Database::open_read_only(dir, &TELEMETRY).await?;
        Ok(Self { main, telemetry })
    }

    /// Lets go of both files; later calls are refused.
    pub async fn close(&self) {
        self.main.close().await;
        self.telemetry.close().await;
    }

    /// Has SQLite check both files page by page.
    pub async fn check_integrity(&self) -> Result<(), StoreError> {
        for database in [&self.main, &self.telemetry] {
            let found = database
                .all(sqlx::query("PRAGMA integrity_check"), |row| {
                    row.cell::<String>("integrity_check")
                })
                .await?;
            if found != ["ok"] {
                return Err(StoreError::Corrupt {
                    file: database.file().to_owned(),
                    detail: found.join("; "),
                });
            }
        }
        Ok(())
    }
}
