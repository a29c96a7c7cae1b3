//! Where the jobs of each pool run; the same for all projects, since it is a fact of the machine.

use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A pool's label and what the user chose for it; labels are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolMappingRow {
    /// What `vmImage:` says, or a pool's name.
    pub label: String,
    /// An image, or nothing for this machine itself.
    pub image: Option<String>,
}

fn from_row(row: &SqliteRow) -> Result<PoolMappingRow, sqlx::Error> {
    Ok(PoolMappingRow { label: row.cell("label")?, image: row.cell("image")? })
}

impl Store {
    /// Adds a mapping, or replaces the one of this label.
    pub async fn put_pool_mapping(&self, mapping: &PoolMappingRow) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO pool_mapping (label, image) VALUES (?, ?)
             ON CONFLICT (label) DO UPDATE SET label = excluded.label, image = excluded.image",
        );
        let put = put.bind(mapping.label.as_str()).bind(mapping.image.as_deref());
        self.main.write(put).await.map(drop)
    }

    /// All mappings by label.
    pub async fn pool_mappings(&self) -> Result<Vec<PoolMappingRow>, StoreError> {
        self.main.all(query("SELECT * FROM pool_mapping ORDER BY label"), from_row).await
    }

    /// Forgets a mapping.
    pub async fn delete_pool_mapping(&self, label: &str) -> Result<(), StoreError> {
        let delete = query("DELETE FROM pool_mapping WHERE label = ?").bind(label);
        self.main.write(delete).await.map(drop)
    }
}
