//! The run's one way to its sink: the first failure stops the run and is remembered.
//!
//! Called by everything that records. Deliberately not here: what is recorded.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use indexmap::IndexSet;
use slipway_core::{Clock, LogLines, PushedImage, RecordId, RunId, RunResult, SystemClock};
use tokio_util::sync::CancellationToken;

use crate::scope::lock;
use crate::sink::{FileCoverage, RecordSeed, RunNote, RunSink, SinkError, TestCase};

/// Wraps the sink.
pub(crate) struct Recorder {
    sink: Arc<dyn RunSink>,
    broken: OnceLock<String>,
    /// Records that were planned and have not ended.
    open: Mutex<IndexSet<RecordId>>,
    /// Records planned so far.
    count: AtomicU32,
    /// Cancelled when the sink fails: nothing more starts, what runs is stopped.
    pub(crate) abort: CancellationToken,
}

impl Recorder {
    pub(crate) fn new(sink: Arc<dyn RunSink>) -> Self {
        Self {
            sink,
            broken: OnceLock::new(),
            open: Mutex::default(),
            count: AtomicU32::new(0),
            abort: CancellationToken::new(),
        }
    }

    /// Why the run could not be recorded any more.
    pub(crate) fn issue(&self) -> Option<String> {
        self.broken.get().map(|message| {
            format!("The run was stopped because it could not be recorded: {message}")
        })
    }

    /// True as long as the sink takes what it is given.
    pub(crate) fn is_whole(&self) -> bool {
        self.broken.get().is_none()
    }

    fn keep(&self, answer: Result<(), SinkError>) {
        if let Err(error) = answer {
            tracing::error!(%error, "the run's sink failed");
            // Only the first failure is told; the others follow from it.
            self.broken.set(error.message).ok();
            self.abort.cancel();
        }
    }

    /// Adds a record that only a running step knows of; it comes after all that were planned.
    pub(crate) async fn planned_late(
        &self,
        run: &RunId,
        seed: impl FnOnce(RecordId, u32) -> RecordSeed,
    ) -> RecordId {
        // Taken at once: two jobs may ask at the same time.
        let order = self.count.fetch_add(1, Ordering::SeqCst);
        let id = RecordId::new(format!("{run}.{}", order + 1));
        self.plan(vec![seed(id.clone(), order)]).await;
        id
    }

    /// Takes places for records that become known now; answers the first one's order.
    pub(crate) fn reserve(&self, count: usize) -> u32 {
        self.count.fetch_add(u32::try_from(count).unwrap_or(u32::MAX), Ordering::SeqCst)
    }

    /// Plans records whose places were reserved.
    pub(crate) async fn planned_at_last(&self, seeds: Vec<RecordSeed>) {
        self.plan(seeds).await;
    }

    pub(crate) async fn planned(&self, seeds: Vec<RecordSeed>) {
        let count = u32::try_from(seeds.len()).unwrap_or(u32::MAX);
        self.count.fetch_add(count, Ordering::SeqCst);
        self.plan(seeds).await;
    }

    async fn plan(&self, seeds: Vec<RecordSeed>) {
        lock(&self.open).extend(seeds.iter().map(|seed| seed.id.clone()));
        if self.is_whole() {
            self.keep(self.sink.record_planned(seeds).await);
        }
    }

    pub(crate) async fn started(&self, id: &RecordId) {
        if self.is_whole() {
            self.keep(self.sink.record_started(id, SystemClock.now_ms()).await);
        }
    }

    /// Says why a record has not begun yet; `None` once nothing holds it up.
    pub(crate) async fn waiting(&self, id: &RecordId, reason: Option<String>) {
        if self.is_whole() {
            self.keep(self.sink.record_waiting(id, reason).await);
        }
    }

    /// Ends a record; `errors` and `warnings` are counts.
    pub(crate) async fn finished(
        &self,
        id: &RecordId,
        result: RunResult,
        issue: Option<String>,
        (errors, warnings): (u32, u32),
    ) {
        lock(&self.open).swap_remove(id);
        if self.is_whole() {
            let at = SystemClock.now_ms();
            let answer = self.sink.record_finished(id, at, result, issue, errors, warnings).await;
            self.keep(answer);
        }
    }

    /// Ends a record as one of an earlier attempt ended.
    pub(crate) async fn kept(&self, id: &RecordId, from: &RecordId) {
        lock(&self.open).swap_remove(id);
        if self.is_whole() {
            self.keep(self.sink.record_kept(id, from).await);
        }
    }

    /// What later attempts may need of a job.
    pub(crate) async fn outputs(&self, job: &RecordId, outputs: Vec<(String, Option<String>)>) {
        if !outputs.is_empty() && self.is_whole() {
            self.keep(self.sink.job_outputs(job, outputs).await);
        }
    }

    /// Ends what is still open; only a task that died leaves a record behind.
    pub(crate) async fn close_rest(&self) {
        let open = std::mem::take(&mut *lock(&self.open));
        for id in open {
            let issue = "It ended for a reason of Slipway's own; its log says how far it came.";
            self.finished(&id, RunResult::Failed, Some(issue.to_owned()), (1, 0)).await;
        }
        if self.is_whole() {
            self.keep(self.sink.flush().await);
        }
    }

    pub(crate) async fn lines(&self, id: &RecordId, lines: LogLines) {
        if !lines.is_empty() && self.is_whole() {
            self.keep(self.sink.lines(id, lines).await);
        }
    }

    pub(crate) async fn tests(&self, title: &str, step: &RecordId, cases: Vec<TestCase>) {
        if self.is_whole() {
            self.keep(self.sink.tests(title, step, cases).await);
        }
    }

    pub(crate) async fn coverage(&self, step: &RecordId, files: Vec<FileCoverage>) {
        if self.is_whole() {
            self.keep(self.sink.coverage(step, files).await);
        }
    }

    pub(crate) async fn build_tag(&self, tag: String) {
        if self.is_whole() {
            self.keep(self.sink.build_tag(tag).await);
        }
    }

    pub(crate) async fn artifact(
        &self,
        from: &RecordId,
        name: &str,
        path: &Path,
        size: i64,
        files: u32,
    ) {
        if self.is_whole() {
            self.keep(self.sink.artifact(from, name, path, size, files).await);
        }
    }

    pub(crate) async fn image_pushed(&self, image: PushedImage) {
        if self.is_whole() {
            self.keep(self.sink.image_pushed(image).await);
        }
    }

    pub(crate) async fn build_number(&self, number: String) {
        if self.is_whole() {
            self.keep(self.sink.build_number(number).await);
        }
    }

    pub(crate) async fn note(&self, step: &RecordId, note: RunNote) {
        if self.is_whole() {
            self.keep(self.sink.note(step, note).await);
        }
    }
}
