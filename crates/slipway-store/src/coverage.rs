//! How much of the code a run's tests ran, by file.

use slipway_core::RunId;
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// A file and what was run of it. A part that is not known has a total of 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverageRow {
    pub path: String,
    pub lines_covered: u32,
    pub lines_total: u32,
    pub branches_covered: u32,
    pub branches_total: u32,
}

/// The sums of a run's files.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct CoverageTotals {
    pub files: u32,
    pub lines_covered: u32,
    pub lines_total: u32,
    pub branches_covered: u32,
    pub branches_total: u32,
}

fn from_row(row: &SqliteRow) -> Result<CoverageRow, sqlx::Error> {
    Ok(CoverageRow {
        path: row.cell("path")?,
        lines_covered: row.cell("lines_covered")?,
        lines_total: row.cell("lines_total")?,
        branches_covered: row.cell("branches_covered")?,
        branches_total: row.cell("branches_total")?,
    })
}

fn totals_from_row(row: &SqliteRow) -> Result<CoverageTotals, sqlx::Error> {
    Ok(CoverageTotals {
        files: row.cell("files")?,
        lines_covered: row.cell("lines_covered")?,
        lines_total: row.cell("lines_total")?,
        branches_covered: row.cell("branches_covered")?,
        branches_total: row.cell("branches_total")?,
    })
}

impl Store {
    /// Adds files to a run's coverage, all or none.
    pub async fn insert_coverage(
        &self,
        run: &RunId,
        files: &[CoverageRow],
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        let count = query("SELECT COUNT(*) AS n FROM coverage_file WHERE run_id = ?");
        let before: Option<i64> = write.one(count.bind(run.as_str()), |row| row.cell("n")).await?;
        for (file, position) in files.iter().zip(before.unwrap_or_default()..) {
            let insert = query(
                "INSERT INTO coverage_file (run_id, position, path, lines_covered, lines_total,
                    branches_covered, branches_total)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(run.as_str())
            .bind(position)
            .bind(file.path.as_str())
            .bind(file.lines_covered)
            .bind(file.lines_total)
            .bind(file.branches_covered)
            .bind(file.branches_total);
            write.run(insert).await.map_err(|error| error.or_missing("run", run))?;
        }
        write.commit().await
    }

    /// A run's files, the one with most lines that were not run first.
    pub async fn coverage(&self, run: &RunId) -> Result<Vec<CoverageRow>, StoreError> {
        let list = query(
            "SELECT * FROM coverage_file WHERE run_id = ?
             ORDER BY lines_total - lines_covered DESC, path",
        );
        self.main.all(list.bind(run.as_str()), from_row).await
    }

    /// The sums of a run's files; all zero when it published none.
    pub async fn coverage_totals(&self, run: &RunId) -> Result<CoverageTotals, StoreError> {
        let sum = query(
            "SELECT COUNT(*) AS files,
                COALESCE(SUM(lines_covered), 0) AS lines_covered,
                COALESCE(SUM(lines_total), 0) AS lines_total,
                COALESCE(SUM(branches_covered), 0) AS branches_covered,
                COALESCE(SUM(branches_total), 0) AS branches_total
             FROM coverage_file WHERE run_id = ?",
        );
        let totals = self.main.one(sum.bind(run.as_str()), totals_from_row).await?;
        Ok(totals.unwrap_or_default())
    }

    /// Tags a run; a tag that it has already changes nothing.
    pub async fn put_run_tag(&self, run: &RunId, tag: &str) -> Result<(), StoreError> {
        let put = query("INSERT INTO run_tag (run_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(run.as_str())
            .bind(tag);
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("run", run))
    }

    /// A run's tags by name.
    pub async fn run_tags(&self, run: &RunId) -> Result<Vec<String>, StoreError> {
        let list = query("SELECT tag FROM run_tag WHERE run_id = ? ORDER BY tag");
        self.main.all(list.bind(run.as_str()), |row: &SqliteRow| row.cell("tag")).await
    }
}
