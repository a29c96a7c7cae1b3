//! What a run tells, kept in the store before any face hears of it.
//!
//! Called by the runner. Deliberately not here: gathering lines and progress (`run_journal`).

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use slipway_core::{LogLines, PushedImage, RecordId, RunResult, RunState, Tag, Timestamp};
use slipway_runner::{
    FileCoverage, RecordSeed, RunNote, RunSink, SinkError, TestCase, TestOutcome,
};
use slipway_store::{
    ArtifactRow, CoverageRow, RecordProgress, RecordRow, RunRow, StoreError, TestCaseRow,
    TestOutcome as StoredOutcome,
};

use crate::app::App;
use crate::run_journal::{Journal, explained};

/// Writes one run into the store.
pub(crate) struct StoreSink {
    app: Arc<App>,
    run: RunRow,
    journal: Arc<Journal>,
    started: Mutex<HashMap<RecordId, Timestamp>>,
}

impl StoreSink {
    pub(crate) fn new(app: Arc<App>, run: RunRow) -> Self {
        let journal = Journal::open(&app, &run.id);
        Self { app, run, journal, started: Mutex::default() }
    }

    fn changed(&self, tags: &[Tag]) {
        self.app.changed(tags);
    }
}

impl Drop for StoreSink {
    fn drop(&mut self) {
        self.journal.close();
    }
}

fn refused(error: StoreError) -> SinkError {
    broken(explained(&error))
}

fn broken(message: String) -> SinkError {
    SinkError { message }
}

#[async_trait]
impl RunSink for StoreSink {
    async fn record_planned(&self, seeds: Vec<RecordSeed>) -> Result<(), SinkError> {
        let rows: Vec<RecordRow> = seeds
            .into_iter()
            .map(|seed| RecordRow {
                id: seed.id,
                run_id: self.run.id.clone(),
                parent_id: seed.parent_id,
                kind: seed.kind,
                name: seed.name,
                display_name: seed.display_name,
                task: seed.task,
                order: seed.order,
                state: RunState::Pending,
                result: None,
                started_at: None,
                finished_at: None,
                log_lines: 0,
                error_count: 0,
                warning_count: 0,
                issue: None,
                kept_from: None,
            })
            .collect();
        self.app.store.insert_records(&rows).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn record_started(&self, id: &RecordId, at: Timestamp) -> Result<(), SinkError> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), at);
        let progress = RecordProgress {
            state: RunState::InProgress,
            result: None,
            started_at: Some(at),
            finished_at: None,
            error_count: 0,
            warning_count: 0,
            issue: None,
        };
        self.journal.progress(id, progress).map_err(broken)
    }

    async fn record_waiting(&self, id: &RecordId, reason: Option<String>) -> Result<(), SinkError> {
        let progress = RecordProgress {
            state: RunState::Pending,
            result: None,
            started_at: None,
            finished_at: None,
            error_count: 0,
            warning_count: 0,
            issue: reason,
        };
        self.app.store.set_record_progress(id, &progress).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn record_finished(
        &self,
        id: &RecordId,
        at: Timestamp,
        result: RunResult,
        issue: Option<String>,
        error_count: u32,
        warning_count: u32,
    ) -> Result<(), SinkError> {
        let started_at = self.started.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        let progress = RecordProgress {
            state: RunState::Completed,
            result: Some(result),
            started_at,
            finished_at: Some(at),
            error_count,
            warning_count,
            issue,
        };
        self.journal.progress(id, progress).map_err(broken)
    }

    async fn job_outputs(
        &self,
        job: &RecordId,
        outputs: Vec<(String, Option<String>)>,
    ) -> Result<(), SinkError> {
        self.app.store.put_job_outputs(job, &outputs).await.map_err(refused)
    }

    async fn record_kept(&self, id: &RecordId, from: &RecordId) -> Result<(), SinkError> {
        // What was told of it before shall not come after.
        self.journal.flush().await.map_err(broken)?;
        self.app.store.keep_record(id, from).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn lines(&self, id: &RecordId, lines: LogLines) -> Result<(), SinkError> {
        self.journal.lines(id, &lines).await.map_err(broken)
    }

    async fn flush(&self) -> Result<(), SinkError> {
        self.journal.flush().await.map_err(broken)
    }

    async fn tests(
        &self,
        title: &str,
        _: &RecordId,
        cases: Vec<TestCase>,
    ) -> Result<(), SinkError> {
        let rows: Vec<TestCaseRow> = cases
            .into_iter()
            .map(|case| TestCaseRow {
                test_run: title.to_owned(),
                suite: case.suite,
                name: case.name,
                outcome: match case.outcome {
                    TestOutcome::Passed => StoredOutcome::Passed,
                    TestOutcome::Failed => StoredOutcome::Failed,
                    TestOutcome::Skipped => StoredOutcome::Skipped,
                },
                duration_ms: case.duration_ms,
                message: case.message,
                stack: case.stack,
                output: case.output,
            })
            .collect();
        self.app.store.insert_test_cases(&self.run.id, &rows).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn coverage(&self, _: &RecordId, files: Vec<FileCoverage>) -> Result<(), SinkError> {
        let rows: Vec<CoverageRow> = files
            .into_iter()
            .map(|file| CoverageRow {
                path: file.path,
                lines_covered: file.lines_covered,
                lines_total: file.lines_total,
                branches_covered: file.branches_covered,
                branches_total: file.branches_total,
            })
            .collect();
        self.app.store.insert_coverage(&self.run.id, &rows).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn build_tag(&self, tag: String) -> Result<(), SinkError> {
        self.app.store.put_run_tag(&self.run.id, &tag).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn artifact(
        &self,
        from: &RecordId,
        name: &str,
        path: &Path,
        size_bytes: i64,
        file_count: u32,
    ) -> Result<(), SinkError> {
        let row = ArtifactRow {
            run_id: self.run.id.clone(),
            name: name.to_owned(),
            path: path.display().to_string(),
            size_bytes,
            file_count,
        };
        let store = &self.app.store;
        store.put_artifact(&row).await.map_err(refused)?;
        store.put_artifact_record(&self.run.id, name, from).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn image_pushed(&self, image: PushedImage) -> Result<(), SinkError> {
        self.app.store.put_image(&self.run.id, &image).await.map_err(refused)?;
        self.changed(&[Tag::Image, Tag::Run, Tag::Thread]);
        Ok(())
    }

    async fn build_number(&self, number: String) -> Result<(), SinkError> {
        self.app.store.set_run_number(&self.run.id, &number).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }

    async fn note(&self, step: &RecordId, note: RunNote) -> Result<(), SinkError> {
        let row = crate::run_notes::row(&self.run.id, step, note);
        self.app.store.put_run_note(&row).await.map_err(refused)?;
        self.changed(&[Tag::Run]);
        Ok(())
    }
}
