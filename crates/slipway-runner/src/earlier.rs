//! What an earlier attempt of a run has left: jobs that succeeded are kept, the others run again.
//!
//! Given by the house with `RunRequest`, looked at by `stage` and `job`. Kept is what succeeded and waits, directly
//! or through others, for nothing that runs again; a stage that succeeded is kept with what it skipped. All
//! else is decided anew. Deliberately not here: finding the earlier attempt.

use std::path::PathBuf;

use indexmap::IndexMap;
use slipway_core::{RecordId, RunResult};

use crate::artifacts::{copy_whole, extent_of};
use crate::error::RunnerError;
use crate::job::{JobEnd, fail_job};
use crate::scope::{Before, RunScope, lock};
use crate::timeline::{JobShape, StageShape};
use crate::workspace::blocking;

/// An attempt that is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// The number of the attempt that begins: 2 after the first one.
    pub attempt: u32,
    pub stages: Vec<EarlierStage>,
}

/// A stage of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierStage {
    pub name: String,
    pub record: RecordId,
    pub result: RunResult,
    /// Without those that cannot be kept.
    pub jobs: Vec<EarlierJob>,
}

/// A job of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlierJob {
    /// A leg is named `Job.leg`.
    pub name: String,
    pub record: RecordId,
    pub result: RunResult,
    pub issue: Option<String>,
    /// `step.name` to value.
    pub outputs: IndexMap<String, String>,
    /// What stands below it, by name.
    pub records: Vec<(String, RecordId)>,
    /// What it published, and the folder that holds it.
    pub artifacts: Vec<(String, PathBuf)>,
}

/// How far a stage keeps what its earlier attempt did.
#[derive(Debug, Clone)]
pub(crate) struct Keeping {
    /// All of it; else the jobs that succeeded.
    pub(crate) is_whole: bool,
    stage: EarlierStage,
}

impl Keeping {
    /// What of a stage may be kept; nothing if it waits for something that ran again.
    pub(crate) fn of(run: &RunScope, shape: &StageShape, before: &Before) -> Option<Self> {
        if !before.is_kept {
            return None;
        }
        let mut stages = run.earlier.as_ref()?.stages.iter();
        let stage = stages.find(|it| it.name.eq_ignore_ascii_case(&shape.plan.name))?.clone();
        let has = |job: &JobShape| stage.job(&job.plan.name).is_some();
        let is_whole = stage.result.is_success() && shape.jobs.iter().all(|job| has(job));
        Some(Self { is_whole, stage })
    }

    pub(crate) fn record(&self) -> &RecordId {
        &self.stage.record
    }

    /// The job as it was, if it is kept.
    pub(crate) fn job(&self, name: &str, before: &Before) -> Option<&EarlierJob> {
        let job = self.stage.job(name)?;
        (self.is_whole || (before.is_kept && job.result.is_success())).then_some(job)
    }
}

impl EarlierStage {
    fn job(&self, name: &str) -> Option<&EarlierJob> {
        self.jobs.iter().find(|job| job.name.eq_ignore_ascii_case(name))
    }
}

/// Ends a job as it ended before, with its outputs and artifacts.
pub(crate) async fn keep_job(run: &RunScope, shape: &JobShape, kept: &EarlierJob) -> JobEnd {
    for (name, path) in &kept.artifacts {
        if let Err(error) = take_artifact(run, shape, name, path.clone()).await {
            return fail_job(run, shape, &error).await;
        }
    }
    let mut left = kept.records.clone();
    let of_containers = shape.containers.iter().map(|id| (id, "InitializeContainers".to_owned()));
    let of_before = shape.before.iter().map(|it| (&it.record, format!("{}_pre", it.reference)));
    let of_steps = shape.steps.iter().map(|it| (&it.record, it.reference.clone()));
    for (record, name) in of_containers.chain(of_before).chain(of_steps) {
        match left.iter().position(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some(at) => run.recorder.kept(record, &left.remove(at).1).await,
            None => {
                let why = Some("Skipped: the job is kept from an earlier attempt".to_owned());
                run.recorder.finished(record, RunResult::Skipped, why, (0, 0)).await;
            }
        }
    }
    run.recorder.kept(&shape.record, &kept.record).await;
    JobEnd {
        result: kept.result,
        issue: kept.issue.clone(),
        outputs: kept.outputs.clone(),
        is_kept: true,
    }
}

/// Copied: a later job may add to it, and the earlier run's files are removed some day.
async fn take_artifact(
    run: &RunScope,
    shape: &JobShape,
    name: &str,
    from: PathBuf,
) -> Result<(), RunnerError> {
    if !from.exists() {
        return Err(RunnerError::PathMissing { path: from });
    }
    let target = run.artifact_folder().join(name);
    // Two kept jobs may have added to one artifact.
    if lock(&run.artifacts).insert(name.to_owned(), target.clone()).is_none() {
        let to = target.clone();
        blocking(move || copy_whole(&from, &to)).await?;
    }
    let of = target.clone();
    let extent = blocking(move || extent_of(&of)).await?;
    let size = i64::try_from(extent.bytes).unwrap_or(i64::MAX);
    run.recorder.artifact(&shape.record, name, &target, size, extent.files).await;
    Ok(())
}
