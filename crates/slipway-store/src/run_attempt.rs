//! Runs that go on where an earlier one failed, and what they need of it: outputs, artifacts, counters.
//!
//! A later attempt is a run of its own that names the earlier one. Records that it did not run name the record
//! that did, whose log they show. Deliberately not here: what is kept and what runs again.

use slipway_core::{RecordId, RunId, RunReason};
use sqlx::query;

use crate::cell::Cells;
use crate::{Store, StoreError};

/// Where a later attempt comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAttemptRow {
    pub earlier: RunId,
    /// 2 for the first one.
    pub attempt: u32,
    /// Of the first attempt: what the steps see.
    pub build_id: u32,
    pub reason: RunReason,
}

/// What a row of the list says beside the run itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunMarks {
    /// Such as `only stage Build`.
    pub choice: Option<String>,
    /// 1 for a run that is no later attempt.
    pub attempt: u32,
    pub earlier: Option<RunId>,
    /// The attempt that follows, newest first.
    pub later: Option<RunId>,
}

/// An output of a job: `step.name` and its value; none for a secret.
pub type JobOutput = (String, Option<String>);

impl Store {
    /// Says that a run is a later attempt.
    pub async fn put_run_attempt(
        &self,
        run: &RunId,
        row: &RunAttemptRow,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO run_attempt (run_id, earlier_id, attempt, build_id, reason)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(run.as_str())
        .bind(row.earlier.as_str())
        .bind(row.attempt)
        .bind(row.build_id)
        .bind(row.reason.as_str());
        let put = self.main.write(put).await.map(drop);
        put.map_err(|error| error.or_missing("run", run))
    }

    /// Where a run comes from; nothing for a first attempt.
    pub async fn run_attempt(&self, run: &RunId) -> Result<Option<RunAttemptRow>, StoreError> {
        let find = query("SELECT * FROM run_attempt WHERE run_id = ?").bind(run.as_str());
        self.main
            .one(find, |row| {
                Ok(RunAttemptRow {
                    earlier: row.id("earlier_id")?,
                    attempt: row.cell("attempt")?,
                    build_id: row.cell("build_id")?,
                    reason: row.word("reason", RunReason::parse)?,
                })
            })
            .await
    }

    /// What to say beside a run.
    pub async fn run_marks(&self, run: &RunId) -> Result<RunMarks, StoreError> {
        let find = query(
            "SELECT (SELECT text FROM run_choice WHERE run_id = ?1) AS choice,
                COALESCE((SELECT attempt FROM run_attempt WHERE run_id = ?1), 1) AS attempt,
                (SELECT earlier_id FROM run_attempt WHERE run_id = ?1) AS earlier,
                (SELECT run_id FROM run_attempt WHERE earlier_id = ?1
                    ORDER BY rowid DESC LIMIT 1) AS later",
        );
        let found = self.main.one(find.bind(run.to_string()), |row| {
            Ok(RunMarks {
                choice: row.cell("choice")?,
                attempt: row.cell("attempt")?,
                earlier: row.maybe_id("earlier")?,
                later: row.maybe_id("later")?,
            })
        });
        Ok(found.await?.unwrap_or_default())
    }

    /// Keeps the outputs of a job that ended.
    pub async fn put_job_outputs(
        &self,
        job: &RecordId,
        outputs: &[JobOutput],
    ) -> Result<(), StoreError> {
        let mut write = self.main.begin().await?;
        for (name, value) in outputs {
            let put = query(
                "INSERT INTO job_output (record_id, name, value) VALUES (?, ?, ?)
                 ON CONFLICT (record_id, name) DO UPDATE SET value = excluded.value",
            );
            let put = put.bind(job.as_str()).bind(name.as_str()).bind(value.as_deref());
            write.run(put).await.map_err(|error| error.or_missing("record", job))?;
        }
        write.commit().await
    }

    /// The outputs of a job, or of the one that it stands for.
    pub async fn job_outputs(&self, job: &RecordId) -> Result<Vec<JobOutput>, StoreError> {
        let list = query(
            "SELECT name, value FROM job_output
             WHERE record_id = COALESCE((SELECT kept_from FROM record WHERE id = ?1), ?1)
             ORDER BY name",
        );
        let list = list.bind(job.to_string());
        self.main.all(list, |row| Ok((row.cell("name")?, row.cell("value")?))).await
    }

    /// Lets a record stand for the one of an earlier attempt: its state, times and log.
    pub async fn keep_record(&self, id: &RecordId, from: &RecordId) -> Result<(), StoreError> {
        let update = query(
            "UPDATE record SET (state, result, started_at, finished_at, log_lines, error_count,
                    warning_count, issue, kept_from) =
                (SELECT state, result, started_at, finished_at, log_lines, error_count,
                    warning_count, issue, COALESCE(kept_from, id) FROM record WHERE id = ?2)
             WHERE id = ?1 AND EXISTS (SELECT 1 FROM record WHERE id = ?2)",
        );
        match self.main.write(update.bind(id.to_string()).bind(from.to_string())).await? {
            0 => Err(StoreError::RowNotFound { table: "record", id: from.to_string() }),
            _ => Ok(()),
        }
    }

    /// Says which step or job an artifact is from.
    pub async fn put_artifact_record(
        &self,
        run: &RunId,
        name: &str,
        record: &RecordId,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO artifact_record (run_id, name, record_id) VALUES (?, ?, ?)
             ON CONFLICT DO NOTHING",
        );
        let put = put.bind(run.as_str()).bind(name.to_owned()).bind(record.as_str());
        self.main.write(put).await.map(drop)
    }

    /// Artifact names of a run with the records that they are from.
    pub async fn artifact_records(
        &self,
        run: &RunId,
    ) -> Result<Vec<(String, RecordId)>, StoreError> {
        let list = query("SELECT name, record_id FROM artifact_record WHERE run_id = ?");
        let list = list.bind(run.as_str());
        self.main.all(list, |row| Ok((row.cell("name")?, row.id("record_id")?))).await
    }

    /// Remembers what a counter gave to a run.
    pub async fn put_run_counter(
        &self,
        run: &RunId,
        prefix: &str,
        value: i64,
    ) -> Result<(), StoreError> {
        let put = query(
            "INSERT INTO run_counter (run_id, prefix, value) VALUES (?, ?, ?)
             ON CONFLICT (run_id, prefix) DO UPDATE SET value = excluded.value",
        );
        let put = put.bind(run.as_str()).bind(prefix.to_owned()).bind(value);
        self.main.write(put).await.map(drop)
    }

    /// What a counter gave to a run.
    pub async fn run_counter(&self, run: &RunId, prefix: &str) -> Result<Option<i64>, StoreError> {
        let find = query("SELECT value FROM run_counter WHERE run_id = ? AND prefix = ?");
        let find = find.bind(run.as_str()).bind(prefix.to_owned());
        self.main.one(find, |row| row.cell("value")).await
    }
}
