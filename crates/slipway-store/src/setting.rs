//! Settings of the app: texts under a key. No secret ever goes here.

use sqlx::query;

use crate::cell::Cells;
use crate::{Store, StoreError};

impl Store {
    /// The value under a key.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let find = query("SELECT value FROM setting WHERE key = ?").bind(key);
        self.main.one(find, |row| row.cell("value")).await
    }

    /// Sets or replaces the value under a key.
    pub async fn set_setting(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let set = query(
            "INSERT INTO setting (key, value) VALUES (?, ?)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        );
        self.main.write(set.bind(key).bind(value)).await.map(drop)
    }

    /// Forgets a key.
    pub async fn delete_setting(&self, key: &str) -> Result<(), StoreError> {
        self.main.write(query("DELETE FROM setting WHERE key = ?").bind(key)).await.map(drop)
    }
}
