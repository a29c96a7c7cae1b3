//! The step “Initialize containers” of a job's timeline, and the end of its containers.
//!
//! Called by `job`. Deliberately not here: what is started (`start`).

use std::sync::Arc;

use slipway_core::{Explain as _, RecordId, RecordKind, RunResult};

use super::JobContainers;
use crate::log::LogWriter;
use crate::scope::{JobScope, lock};
use crate::sink::RecordSeed;

/// Starts the job's containers, if it has any. An error says why its steps have no place to run in.
pub(crate) async fn start_containers(job: &Arc<JobScope>) -> Result<(), String> {
    let run = &job.run;
    let record = match &job.shape.containers {
        Some(record) => record.clone(),
        // Only the job's own variables told which pool it is for.
        None if job.pool_image.is_some() => late_record(job).await,
        None => return Ok(()),
    };
    run.recorder.started(&record).await;
    let answer = start(job, &LogWriter::open(run, &record)).await;
    let (result, count) = match &answer {
        Ok(()) => (RunResult::Succeeded, 0),
        Err(_) if run.is_canceling() => (RunResult::Canceled, 1),
        Err(_) => (RunResult::Failed, 1),
    };
    run.recorder.finished(&record, result, answer.clone().err(), (count, 0)).await;
    answer
}

async fn start(job: &Arc<JobScope>, writer: &LogWriter) -> Result<(), String> {
    writer.system("##[section]Starting: Initialize containers").await;
    let cancel = &job.run.cancel;
    let started = JobContainers::start(job, writer).await;
    let answer = match started {
        Ok(None) => {
            writer.system("There is nothing to start: the container's name is empty.").await;
            Ok(())
        }
        Ok(Some(containers)) => {
            let containers = Arc::new(containers);
            *lock(&job.containers) = Some(Arc::clone(&containers));
            if cancel.is_cancelled() {
                writer.system("The run was canceled.").await;
            }
            Ok(())
        }
        Err(error) => {
            writer.system(&format!("##[error]{error}")).await;
            if let Some(hint) = error.hint() {
                writer.system(&hint).await;
            }
            Err(writer.mask(&error.to_string()))
        }
    };
    writer.system("##[section]Finishing: Initialize containers").await;
    answer
}

async fn late_record(job: &JobScope) -> RecordId {
    let run = &job.run;
    let seed = |id, order| RecordSeed {
        id,
        parent_id: Some(job.shape.record.clone()),
        kind: RecordKind::Step,
        name: "InitializeContainers".to_owned(),
        display_name: "Initialize containers".to_owned(),
        task: None,
        order,
    };
    run.recorder.planned_late(&run.evidence.run_id, seed).await
}

/// Removes the job's containers after its last step.
pub(crate) async fn remove_containers(job: &JobScope) {
    let containers = lock(&job.containers).take();
    if let Some(containers) = containers {
        containers.remove().await;
    }
}
