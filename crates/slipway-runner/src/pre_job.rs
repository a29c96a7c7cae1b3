//! What tasks do before the first step of their job: a node task's `prejobexecution`.
//!
//! Called by `job`. Each is a record `Pre-job: …` ahead of the steps; if one fails, the job has failed before
//! its first step. Deliberately not here: what is left for the end of a job (`post_job`).

use std::sync::Arc;

use crate::job::{Progress, skip_step};
use crate::scope::JobScope;
use crate::skip::CANCELED;
use crate::step::run_task;

/// Runs them in the order of their steps.
pub(crate) async fn run_before_job(job: &Arc<JobScope>, progress: &mut Progress) {
    let run = &job.run;
    for shape in &job.shape.before {
        if run.is_canceling() || !progress.status.is_success() {
            let reason = if run.is_canceling() {
                CANCELED.to_owned()
            } else {
                "Skipped: something before the job failed".to_owned()
            };
            skip_step(&run.recorder, shape, reason).await;
            continue;
        }
        let task = run.tasks.find(&shape.plan.task, shape.plan.version);
        let Some(task) = task.and_then(|task| task.before_job()) else { continue };
        let end = run_task(job, shape, progress, task.as_ref()).await;
        progress.take(&shape.plan.display_name, &end);
        progress.tell_status(job);
    }
}
