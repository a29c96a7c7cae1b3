//! Where a run writes what happens: the timeline, logs, tests, artifacts, images.
//!
//! `slipway-api` implements [`RunSink`] on the store; tests keep it in memory. Every call is awaited, so
//! a slow sink slows the run down and nothing is dropped. A sink may gather what it is told and write it
//! together; it shows nothing before that is done. All texts are masked already.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
pub use slipway_core::LogLine;
use slipway_core::{LogLines, PushedImage, RecordId, RecordKind, RunResult, Timestamp};

/// Keeps what a run tells.
#[async_trait]
pub trait RunSink: Send + Sync {
    /// The whole timeline before anything starts, in order of the plan; later, one by one, what steps leave
    /// to be done after their job (`Post-job: …`), which stands behind all else.
    async fn record_planned(&self, seeds: Vec<RecordSeed>) -> Result<(), SinkError>;

    /// A stage, job or step began.
    async fn record_started(&self, id: &RecordId, at: Timestamp) -> Result<(), SinkError>;

    /// A stage waits before it begins, and why; `None` once it waits no more.
    async fn record_waiting(
        &self,
        _id: &RecordId,
        _reason: Option<String>,
    ) -> Result<(), SinkError> {
        Ok(())
    }

    /// A stage, job or step ended. `issue` is its first error, or why it was skipped.
    async fn record_finished(
        &self,
        id: &RecordId,
        at: Timestamp,
        result: RunResult,
        issue: Option<String>,
        error_count: u32,
        warning_count: u32,
    ) -> Result<(), SinkError>;

    /// The outputs of a job that ended: `step.name` to value. Secret ones have no value.
    async fn job_outputs(
        &self,
        _job: &RecordId,
        _outputs: Vec<(String, Option<String>)>,
    ) -> Result<(), SinkError> {
        Ok(())
    }

    /// A record did not run: it ended as the one of an earlier attempt did.
    async fn record_kept(&self, _id: &RecordId, _from: &RecordId) -> Result<(), SinkError> {
        Ok(())
    }

    /// Lines of one step's log, in order. Whoever writes more than the sink can keep waits here.
    async fn lines(&self, id: &RecordId, lines: LogLines) -> Result<(), SinkError>;

    /// Results of a test run that a step published.
    async fn tests(
        &self,
        title: &str,
        step: &RecordId,
        cases: Vec<TestCase>,
    ) -> Result<(), SinkError>;

    /// How much of the code was run, by file.
    async fn coverage(&self, step: &RecordId, files: Vec<FileCoverage>) -> Result<(), SinkError>;

    /// A step gave the run a tag.
    async fn build_tag(&self, tag: String) -> Result<(), SinkError>;

    /// A published artifact, the folder that holds it, and the step or job that it is from.
    async fn artifact(
        &self,
        from: &RecordId,
        name: &str,
        path: &Path,
        size_bytes: i64,
        file_count: u32,
    ) -> Result<(), SinkError>;

    /// An image that a registry confirmed.
    async fn image_pushed(&self, image: PushedImage) -> Result<(), SinkError>;

    /// A step changed the run's number.
    async fn build_number(&self, number: String) -> Result<(), SinkError>;

    /// A step told something about itself or the run; a later note of the same thing replaces it.
    async fn note(&self, step: &RecordId, note: RunNote) -> Result<(), SinkError>;

    /// Answers once all that was told is kept for good.
    async fn flush(&self) -> Result<(), SinkError> {
        Ok(())
    }
}

/// What a step tells by logging command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunNote {
    /// How far the step is, and what it does now.
    Progress { percent: u8, operation: String },
    /// A record below the step.
    Detail(DetailRecord),
    /// A file, copied to where it outlives the job. A summary's type is `Distributedtask.Core.Summary`.
    Attachment { kind: String, name: String, path: PathBuf },
    /// An artifact that stays where it is.
    Association { artifact: String, kind: String, location: String },
}

/// A record that a step keeps below itself (`task.logdetail`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetailRecord {
    pub id: String,
    pub parent_id: Option<String>,
    pub kind: String,
    pub name: String,
    pub order: i64,
    /// As the step wrote them.
    pub started_at: Option<String>,
    pub finished_at: Option<String>,
    pub progress: u8,
    pub state: String,
    pub result: Option<String>,
    pub message: String,
}

/// A record of the timeline before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSeed {
    pub id: RecordId,
    pub parent_id: Option<RecordId>,
    pub kind: RecordKind,
    pub name: String,
    pub display_name: String,
    /// For a step, such as `Docker@2`.
    pub task: Option<String>,
    /// Counts up through the whole timeline: a stage, its jobs, their steps.
    pub order: u32,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCase {
    pub suite: String,
    pub name: String,
    pub outcome: TestOutcome,
    pub duration_ms: i64,
    /// What went wrong, or why it was skipped.
    pub message: Option<String>,
    /// Where it went wrong.
    pub stack: Option<String>,
    /// What a failed test printed.
    pub output: Option<String>,
}

/// How much of a file was run. A part that is not known has a total of 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCoverage {
    pub path: String,
    pub lines_covered: u32,
    pub lines_total: u32,
    pub branches_covered: u32,
    pub branches_total: u32,
}

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TestOutcome {
    Passed,
    Failed,
    Skipped,
}

/// The sink cannot keep what it is given; the run stops.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SinkError {
    pub message: String,
}
