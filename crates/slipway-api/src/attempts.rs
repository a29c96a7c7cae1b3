//! A run that goes on where an earlier one failed: gathers what is kept, hands on what belongs to both.
//!
//! A later attempt is a run of its own with its own records and log. It has the number, the build id and the
//! reason of the first attempt, because kept jobs have named images and packages after them. Called when a
//! run is started. Deliberately not here: deciding what is kept (the runner does, along the graph).

use std::collections::HashMap;
use std::path::PathBuf;

use slipway_core::{RecordId, RecordKind, RunId, RunReason, RunResult, RunState};
use slipway_runner::{Earlier, EarlierJob, EarlierStage};
use slipway_store::{RecordRow, RunAttemptRow, RunRow};

use crate::app::App;
use crate::error::ApiError;

/// An attempt that is to begin.
#[derive(Debug, Clone)]
pub(crate) struct NextAttempt {
    pub(crate) row: RunAttemptRow,
    /// Of the first attempt.
    pub(crate) number: String,
    pub(crate) earlier: Earlier,
    /// Jobs that succeeded and run again all the same, and why.
    pub(crate) warnings: Vec<String>,
}

impl App {
    /// What the attempt after a run keeps of it.
    pub(crate) async fn next_attempt(&self, run: &RunRow) -> Result<NextAttempt, ApiError> {
        refuse_good(run)?;
        let before = self.store.run_attempt(&run.id).await?;
        let attempt = before.as_ref().map_or(1, |row| row.attempt) + 1;
        let row = RunAttemptRow {
            earlier: run.id.clone(),
            attempt,
            build_id: before.as_ref().map_or(run.build_id, |row| row.build_id),
            reason: before.as_ref().map_or(run.reason, |row| row.reason),
        };
        let mut warnings = Vec::new();
        let records = self.store.records(&run.id).await?;
        let published = self.published_by(run).await?;
        let mut stages = Vec::new();
        for stage in records.iter().filter(|it| it.kind == RecordKind::Stage) {
            let mut jobs = Vec::new();
            for job in below(&records, &stage.id) {
                match self.earlier_job(run, job, &records, &published).await? {
                    Kept::Job(job) => jobs.push(job),
                    Kept::No(why) => warnings.push(why),
                }
            }
            stages.push(EarlierStage {
                name: stage.name.clone(),
                record: stage.id.clone(),
                result: stage.result.unwrap_or(RunResult::Interrupted),
                jobs,
            });
        }
        let earlier = Earlier { attempt, stages };
        Ok(NextAttempt { row, number: run.number.clone(), earlier, warnings })
    }

    /// Artifacts of a run, by the job or step that they are from.
    async fn published_by(
        &self,
        run: &RunRow,
    ) -> Result<HashMap<RecordId, Vec<(String, PathBuf)>>, ApiError> {
        let rows = self.store.artifacts(&run.id).await?;
        let mut published: HashMap<RecordId, Vec<(String, PathBuf)>> = HashMap::new();
        for (name, record) in self.store.artifact_records(&run.id).await? {
            if let Some(row) = rows.iter().find(|row| row.name == name) {
                published.entry(record).or_default().push((name, row.path.clone().into()));
            }
        }
        Ok(published)
    }

    async fn earlier_job(
        &self,
        run: &RunRow,
        job: &RecordRow,
        records: &[RecordRow],
        published: &HashMap<RecordId, Vec<(String, PathBuf)>>,
    ) -> Result<Kept, ApiError> {
        let result = job.result.unwrap_or(RunResult::Interrupted);
        let mut outputs = indexmap::IndexMap::new();
        for (name, value) in self.store.job_outputs(&job.id).await? {
            let Some(value) = value else {
                return Ok(Kept::No(format!(
                    "Job {} runs again: its output '{name}' is a secret, which is not kept.",
                    job.display_name
                )));
            };
            outputs.insert(name, value);
        }
        let steps: Vec<&RecordRow> = below(records, &job.id).collect();
        let ids = std::iter::once(&job.id).chain(steps.iter().map(|step| &step.id));
        let artifacts: Vec<(String, PathBuf)> =
            ids.filter_map(|id| published.get(id)).flatten().cloned().collect();
        let gone = artifacts.iter().find(|(_, path)| !path.exists());
        if let Some((name, _)) = gone.filter(|_| result.is_success()) {
            let text = format!(
                "The artifact '{name}' of run {} is no longer on this machine, so that its job \
                 cannot be kept.",
                run.number
            );
            return Err(ApiError::refused("artifact_gone", text)
                .with_hint("Run all of it again: files of old runs are removed."));
        }
        Ok(Kept::Job(EarlierJob {
            name: job.name.clone(),
            record: job.id.clone(),
            result,
            issue: job.issue.clone(),
            outputs,
            records: steps.iter().map(|step| (step.name.clone(), step.id.clone())).collect(),
            artifacts,
        }))
    }

    /// Gives a new attempt what belongs to all attempts of a run: tags and images.
    pub(crate) async fn hand_on(&self, earlier: &RunId, run: &RunId) -> Result<(), ApiError> {
        for tag in self.store.run_tags(earlier).await? {
            self.store.put_run_tag(run, &tag).await?;
        }
        for image in self.store.images_of_run(earlier).await? {
            self.store.put_image(run, &image).await?;
        }
        Ok(())
    }

    /// The number that a counter gave to the attempt before.
    pub(crate) async fn counted_before(
        &self,
        run: &RunId,
        prefix: &str,
    ) -> Result<Option<i64>, slipway_store::StoreError> {
        match self.store.run_attempt(run).await? {
            Some(attempt) => self.store.run_counter(&attempt.earlier, prefix).await,
            None => Ok(None),
        }
    }
}

enum Kept {
    Job(EarlierJob),
    /// It cannot be, and why.
    No(String),
}

fn below<'a>(
    records: &'a [RecordRow],
    parent: &'a RecordId,
) -> impl Iterator<Item = &'a RecordRow> {
    records.iter().filter(move |record| record.parent_id.as_ref() == Some(parent))
}

fn refuse_good(run: &RunRow) -> Result<(), ApiError> {
    if run.state != RunState::Completed {
        let text = format!("Run {} is still going on.", run.number);
        return Err(
            ApiError::refused("run_going", text).with_hint("Wait for its end, or cancel it.")
        );
    }
    if run.result.is_some_and(RunResult::is_success) {
        let text = format!("Run {} has no job that failed.", run.number);
        return Err(ApiError::refused("nothing_failed", text).with_hint("Run all of it again."));
    }
    Ok(())
}

/// What steps see of the run's reason: that of the first attempt.
pub(crate) fn reason_of(attempt: Option<&RunAttemptRow>, own: RunReason) -> RunReason {
    attempt.map_or(own, |row| row.reason)
}
