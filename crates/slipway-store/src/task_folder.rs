//! Folders of tasks that the user points at, and which of their tasks stand in for the runner's own.

use slipway_core::Timestamp;
use sqlx::query;

use crate::cell::Cells;
use crate::{Store, StoreError};

impl Store {
    /// Adds a folder; one that is there already stays where it is in the list.
    pub async fn put_task_folder(&self, path: &str, now: Timestamp) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO task_folder (path, added_at) VALUES (?, ?) ON CONFLICT (path) DO NOTHING",
        );
        self.main.write(put.bind(path).bind(now)).await.map(drop)
    }

    /// The folders in the order they were added.
    pub async fn task_folders(&self) -> Result<Vec<String>, StoreError> {
        let list = query("SELECT path FROM task_folder ORDER BY added_at, path");
        self.main.all(list, |row| row.cell("path")).await
    }

    /// Forgets a folder.
    pub async fn delete_task_folder(&self, path: &str) -> Result<(), StoreError> {
        let delete = query("DELETE FROM task_folder WHERE path = ?");
        self.main.write(delete.bind(path)).await.map(drop)
    }

    /// Lets a folder's task stand in for the runner's own, or no longer.
    pub async fn set_task_replacement(
        &self,
        name: &str,
        version: u32,
        replaces: bool,
    ) -> Result<(), StoreError> {
        let change = if replaces {
            query(
                "INSERT INTO task_replacement (name, version) VALUES (?, ?)
                 ON CONFLICT (name, version) DO NOTHING",
            )
        } else {
            query("DELETE FROM task_replacement WHERE name = ? AND version = ?")
        };
        self.main.write(change.bind(name).bind(version)).await.map(drop)
    }

    /// Names and major versions of tasks that stand in for the runner's own.
    pub async fn task_replacements(&self) -> Result<Vec<(String, u32)>, StoreError> {
        let list = query("SELECT name, version FROM task_replacement ORDER BY name, version");
        self.main.all(list, |row| Ok((row.cell("name")?, row.cell("version")?))).await
    }
}
