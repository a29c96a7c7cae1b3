//! What a step leaves to be done when its job's steps are over: saving a cache, deleting a secure file.
//!
//! A task asks for it with [`StepScope::after_job`]; `job` runs it in reverse order, whatever became of the
//! job, each as a record `Post-job: …` of the timeline. Deliberately not here: what is done, which is a task
//! of its own that sees the inputs of the step that asked.

use std::sync::Arc;

use slipway_core::{RecordId, RecordKind};
use slipway_pipeline::macros::expand;

use crate::job::Progress;
use crate::scope::{JobScope, lock};
use crate::sink::RecordSeed;
use crate::step::run_task;
use crate::step_scope::StepScope;
use crate::tasks::Task;
use crate::timeline::StepShape;

/// An action that waits for the end of its job.
pub(crate) struct PostJob {
    /// The record of the step that asked.
    asked_by: RecordId,
    shape: StepShape,
    task: Arc<dyn Task>,
}

impl StepScope {
    /// Runs the task when the job's steps are over. A later attempt of the step replaces what an earlier
    /// one asked for.
    pub(crate) async fn after_job(&self, task: Arc<dyn Task>) {
        let job = &self.job;
        if let Some(known) =
            lock(&job.post_job).iter_mut().find(|known| known.asked_by == self.record)
        {
            known.task = task;
            return;
        }
        let Some(step) = job.shape.steps.iter().find(|step| step.record == self.record) else {
            // Only a post-job action itself has no step, and it has nobody who would come after it.
            return;
        };
        let written = step.plan.display_name.as_str();
        let display_name = format!("Post-job: {}", expand(written, |name| job.variable(name)));
        let mut plan = step.plan.clone();
        plan.display_name = display_name.clone();
        plan.retry_count_on_task_failure = None;
        let run = &job.run;
        let seed = |id, order| RecordSeed {
            id,
            parent_id: Some(job.shape.record.clone()),
            kind: RecordKind::Step,
            name: format!("{}_post", step.reference),
            display_name,
            task: Some(plan.task_reference()),
            order,
        };
        let record = run.recorder.planned_late(&run.evidence.run_id, seed).await;
        let reference = step.reference.clone();
        let shape = StepShape { record, skip: None, plan, reference, phase: step.phase };
        lock(&job.post_job).push(PostJob { asked_by: self.record.clone(), shape, task });
    }
}

/// Runs what the job's steps left to be done, the last one first.
pub(crate) async fn run_post_job(job: &Arc<JobScope>, progress: &mut Progress) {
    loop {
        let next = lock(&job.post_job).pop();
        let Some(PostJob { shape, task, .. }) = next else { return };
        if job.run.cancel.is_cancelled() && progress.grace.is_none() {
            progress.cancel();
        }
        let end = run_task(job, &shape, progress, task.as_ref()).await;
        progress.take(&shape.plan.display_name, &end);
        progress.tell_status(job);
    }
}
