//! Published test results of a run.

use slipway_core::RunId;
use sqlx::query;
use sqlx::sqlite::SqliteRow;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TestOutcome {
    Passed,
    Failed,
    Skipped,
}

impl TestOutcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "passed" => Some(Self::Passed),
            "failed" => Some(Self::Failed),
            "skipped" => Some(Self::Skipped),
            _ => None,
        }
    }
}

/// One test of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCaseRow {
    /// The title that it was published under.
    pub test_run: String,
    pub suite: String,
    pub name: String,
    pub outcome: TestOutcome,
    pub duration_ms: i64,
    pub message: Option<String>,
    pub stack: Option<String>,
    /// What a failed test printed.
    pub output: Option<String>,
}

/// Test counts of a run.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct TestCounts {
    pub total: u32,
    pub passed: u32,
    pub failed: u32,
    pub skipped: u32,
    pub duration_ms: i64,
}

fn from_row(row: &SqliteRow) -> Result<TestCaseRow, sqlx::Error> {
    Ok(TestCaseRow {
        test_run: row.cell("test_run")?,
        suite: row.cell("suite")?,
        name: row.cell("name")?,
        outcome: row.word("outcome", TestOutcome::parse)?,
        duration_ms: row.cell("duration_ms")?,
        message: row.cell("message")?,
        stack: row.cell("stack")?,
        output: row.cell("output")?,
    })
}

fn counts_from_row(row: &SqliteRow) -> Result<TestCounts, sqlx::Error> {
    Ok(TestCounts {
        total: row.cell("total")?,
        passed: row.cell("passed")?,
        failed: row.cell("failed")?,
        skipped: row.cell("skipped")?,
        duration_ms: row.cell("duration_ms")?,
    })
}

impl Store {
    /// Adds tests to a run's results, all or none.
    pub async fn insert_test_cases(
        &self,
        run: &RunId,
        cases: &[TestCaseRow],
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        let count = query("SELECT COUNT(*) AS n FROM test_case WHERE run_id = ?");
        let before: Option<i64> = write.one(count.bind(run.as_str()), |row| row.cell("n")).await?;
        for (case, position) in cases.iter().zip(before.unwrap_or_default()..) {
            let insert = query(
                "INSERT INTO test_case
                    (run_id, position, test_run, suite, name, outcome, duration_ms, message,
                        stack, output)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(run.as_str())
            .bind(position)
            .bind(case.test_run.as_str())
            .bind(case.suite.as_str())
            .bind(case.name.as_str())
            .bind(case.outcome.as_str())
            .bind(case.duration_ms)
            .bind(case.message.as_deref())
            .bind(case.stack.as_deref())
            .bind(case.output.as_deref());
            write.run(insert).await.map_err(|error| error.or_missing("run", run))?;
        }
        write.commit().await
    }

    /// A run's tests: failed ones first, then as published.
    pub async fn test_cases(&self, run: &RunId) -> Result<Vec<TestCaseRow>, StoreError> {
        let list = query(
            "SELECT * FROM test_case WHERE run_id = ?
             ORDER BY outcome <> 'failed', position",
        );
        self.main.all(list.bind(run.as_str()), from_row).await
    }

    /// A run's test counts; all zero when it published none.
    pub async fn test_counts(&self, run: &RunId) -> Result<TestCounts, StoreError> {
        let sum = query(
            "SELECT COUNT(*) AS total,
                COALESCE(SUM(outcome = 'passed'), 0) AS passed,
                COALESCE(SUM(outcome = 'failed'), 0) AS failed,
                COALESCE(SUM(outcome = 'skipped'), 0) AS skipped,
                COALESCE(SUM(duration_ms), 0) AS duration_ms
             FROM test_case WHERE run_id = ?",
        );
        let counts = self.main.one(sum.bind(run.as_str()), counts_from_row).await?;
        Ok(counts.unwrap_or_default())
    }
}
