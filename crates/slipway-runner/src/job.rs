//! One job: waits for its slot, makes its workspace and variables, runs its steps in order.
//!
//! Called by `stage`. A deployment job runs its hooks one after the other in one workspace; each hook
//! judges success anew and begins with the job's own variables, as if it were a job (§12). Agentless jobs and
//! hooks take no slot. Deliberately not here: what a step does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use indexmap::IndexMap;
use slipway_core::RunResult;
use slipway_pipeline::macros::expand;
use slipway_pipeline::{DEFAULT_CONDITION, result_word};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::choice::{notes_of_job, reads_unchosen, with_notes};
use crate::container::{remove_containers, start_containers};
use crate::deployment::{Hook, Phase};
use crate::earlier::keep_job;
use crate::error::RunnerError;
use crate::expression::{Dependency, dependencies_value};
use crate::graph::{Ended, NodeFuture};
use crate::groups::groups_of;
use crate::host::EnvironmentFacts;
use crate::late::{Limits, gate, run_legs};
use crate::post_job::run_post_job;
use crate::pre_job::run_before_job;
use crate::predefined::{StageNames, of_deployment, of_job, of_phase};
use crate::recorder::Recorder;
use crate::result::worse;
use crate::scope::{Before, JobScope, RunScope, Sight, StageScope, add_variables, lock};
use crate::skip::{CANCELED, reason};
use crate::step::{StepEnd, run_step};
use crate::sweep::{JOB_MARKER, end_strays, end_strays_now};
use crate::timeline::{JobShape, StepShape};
use crate::variables::{Variable, Variables};
use crate::workspace::{Folders, blocking, wipe};

/// How a job ended.
#[derive(Debug, Clone)]
pub(crate) struct JobEnd {
    pub(crate) result: RunResult,
    pub(crate) issue: Option<String>,
    pub(crate) outputs: IndexMap<String, String>,
    /// It stands as an earlier attempt left it, or as the user's choice does.
    pub(crate) is_kept: bool,
}

impl Ended for JobEnd {
    fn result(&self) -> RunResult {
        self.result
    }

    fn lost(message: String) -> Self {
        let issue = format!("A job ended for a reason of Slipway's own: {message}.");
        Self::without_outputs(RunResult::Failed, Some(issue))
    }
}

impl JobEnd {
    fn without_outputs(result: RunResult, issue: Option<String>) -> Self {
        Self { result, issue, outputs: IndexMap::new(), is_kept: false }
    }

    /// As `dependencies` shows it; outputs of skipped jobs do not exist.
    pub(crate) fn into_dependency(self, name: &str) -> Dependency {
        Dependency { name: name.to_owned(), result: self.result, outputs: self.outputs }
    }
}

/// How a job stands between its steps.
pub(crate) struct Progress {
    /// What `succeeded()` and the like look at.
    pub(crate) status: RunResult,
    /// The step that failed first, by its display name, and its issue.
    pub(crate) first_failure: Option<(String, String)>,
    /// When the job must be over; `None` if it may take as long as it likes.
    pub(crate) due: Option<Instant>,
    pub(crate) limit_minutes: u32,
    /// Set once the job is being canceled: until then, steps like `always()` may still run.
    pub(crate) grace: Option<Instant>,
    grace_span: Duration,
    /// The merged result of earlier hooks.
    earlier: RunResult,
}

impl Progress {
    fn new(limits: &Limits) -> Self {
        let limit_minutes = limits.timeout_minutes;
        Self {
            status: RunResult::Succeeded,
            first_failure: None,
            due: (limit_minutes > 0).then(|| Instant::now() + minutes(limit_minutes)),
            limit_minutes,
            grace: None,
            grace_span: minutes(limits.cancel_timeout_minutes),
            earlier: RunResult::Succeeded,
        }
    }

    /// From now on the job is being canceled.
    pub(crate) fn cancel(&mut self) {
        self.status = RunResult::Canceled;
        if self.grace.is_none() {
            self.grace = Some(Instant::now() + self.grace_span);
        }
    }

    /// A hook judges for itself; what came before is kept aside.
    fn begin_hook(&mut self) {
        self.earlier = worse(self.earlier, self.status);
        if self.grace.is_none() {
            self.status = RunResult::Succeeded;
        }
    }

    /// The hooks are over: from here on, the job is judged as a whole.
    fn end_hooks(&mut self) {
        self.status = worse(self.earlier, self.status);
    }

    /// Tells the steps that follow how the job stands.
    pub(crate) fn tell_status(&self, job: &JobScope) {
        let status = Variable::system("Agent.JobStatus", result_word(self.status));
        lock(&job.variables).set(status);
    }

    pub(crate) fn take(&mut self, step: &str, end: &StepEnd) {
        if end.result == RunResult::Skipped {
            return;
        }
        self.status = worse(self.status, end.result);
        if !end.result.is_success() && self.first_failure.is_none() {
            let issue = end.issue.clone().unwrap_or_default();
            self.first_failure = Some((step.to_owned(), issue));
        }
    }

    fn result(&self) -> RunResult {
        worse(self.earlier, self.status)
    }
}

pub(crate) fn minutes(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 60)
}

/// A leg that its job starts. Boxed: a job may come to legs, which are jobs.
pub(crate) fn leg_job(
    stage: Arc<StageScope>,
    shape: Arc<JobShape>,
    before: Before,
) -> NodeFuture<JobEnd> {
    Box::pin(run_job(stage, shape, before))
}

/// Decides whether a job runs, and runs it.
pub(crate) async fn run_job(
    stage: Arc<StageScope>,
    shape: Arc<JobShape>,
    before: Before,
) -> JobEnd {
    let run = Arc::clone(&stage.run);
    if let Some(kept) = stage.keeping.as_ref().and_then(|it| it.job(&shape.plan.name, &before)) {
        if !shape.is_late() {
            return keep_job(&run, &shape, kept).await;
        }
        // Its legs are what is kept; the same expression finds them again.
        let end = run_legs(&stage, &shape, &before).await;
        if end.is_kept {
            run.recorder.kept(&shape.record, &kept.record).await;
        }
        return end;
    }
    // Held until the job is over: `maxParallel`.
    let _gate;
    let slot = match enter(&stage, &shape, &before).await {
        Ok(Entry::Slot(slot, gate)) => {
            _gate = gate;
            slot
        }
        Ok(Entry::Skipped(reason)) => {
            // A condition shows the values it looked at.
            let reason = run.masker.mask(&reason);
            skip_job(&run.recorder, &shape, &reason).await;
            let is_kept = shape.skip.is_some();
            let end = JobEnd::without_outputs(RunResult::Skipped, Some(reason));
            return JobEnd { is_kept, ..end };
        }
        Ok(Entry::Legs) => return run_legs(&stage, &shape, &before).await,
        Err(error) => return fail_job(&run, &shape, &error).await,
    };
    run.recorder.started(&shape.record).await;
    match open(&stage, &shape, &before).await {
        Ok(job) => work(&Arc::new(job), slot).await,
        Err(error) => fail_job(&run, &shape, &error).await,
    }
}

enum Entry {
    /// Agentless jobs need none.
    Slot(Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>),
    /// Its legs are known only now; each asks for a slot of its own.
    Legs,
    Skipped(String),
}

/// Waits for a slot; a cancel meanwhile asks the condition once more.
async fn enter(
    stage: &StageScope,
    shape: &JobShape,
    before: &Before,
) -> Result<Entry, RunnerError> {
    let run = &stage.run;
    let mut was_canceling = run.is_canceling();
    if let Some(reason) = decide(stage, shape, before)? {
        return Ok(Entry::Skipped(reason));
    }
    if shape.is_late() {
        return Ok(Entry::Legs);
    }
    let gate = gate(stage, shape, before)?;
    let mut passed = None;
    loop {
        tokio::select! {
            biased;
            () = run.recorder.abort.cancelled() => {
                return Ok(Entry::Skipped(CANCELED.to_owned()));
            }
            () = run.cancel.cancelled(), if !was_canceling => {
                was_canceling = true;
                if let Some(reason) = decide(stage, shape, before)? {
                    return Ok(Entry::Skipped(reason));
                }
            }
            slots = slots_of(run, shape, &gate, &mut passed) => {
                return Ok(match slots {
                    Ok(slot) => Entry::Slot(slot, passed),
                    Err(_) => Entry::Skipped(CANCELED.to_owned()),
                });
            }
        }
    }
}

/// First the gate, then the slot: whoever has a slot waits for nobody.
async fn slots_of(
    run: &RunScope,
    shape: &JobShape,
    gate: &Option<Arc<Semaphore>>,
    passed: &mut Option<OwnedSemaphorePermit>,
) -> Result<Option<OwnedSemaphorePermit>, AcquireError> {
    if let (Some(gate), None) = (gate, &passed) {
        *passed = Some(Arc::clone(gate).acquire_owned().await?);
    }
    // Agentless jobs need no slot.
    if shape.plan.pool.is_server {
        return Ok(None);
    }
    Arc::clone(&run.job_slots).acquire_owned().await.map(Some)
}

fn decide(
    stage: &StageScope,
    shape: &JobShape,
    before: &Before,
) -> Result<Option<String>, RunnerError> {
    if let Some(reason) = &shape.skip {
        return Ok(Some(reason.clone()));
    }
    let run = &stage.run;
    if let Some(reason) = rollout_stopped(shape, before) {
        return Ok(Some(reason));
    }
    let condition = shape.plan.condition.as_deref().unwrap_or(DEFAULT_CONDITION);
    let status = before.status(run.is_canceling());
    let scene = sight(stage, before, &run.predefined).scene(&stage.variables, Some(status));
    let verdict = scene.condition(condition, &format!("job {}", shape.plan.name))?;
    Ok((!verdict.holds).then(|| {
        let why = reason("job", condition, before, run.is_canceling(), &verdict);
        let of_stages = reads_unchosen(condition, "stage", &stage.unchosen);
        let of_jobs = reads_unchosen(condition, "job", &before.unchosen);
        with_notes(why, of_stages.into_iter().chain(of_jobs))
    }))
}

/// A rolling deployment goes no further than the batch in which a target failed.
fn rollout_stopped(shape: &JobShape, before: &Before) -> Option<String> {
    shape.target.as_ref()?;
    let (target, _) = before.ancestors.iter().find_map(|(name, result)| {
        let target = name.strip_prefix(&shape.base)?.strip_prefix('.')?;
        (!result.is_success()).then_some((target, result))
    })?;
    Some(format!("Skipped: the deployment to {target} did not succeed"))
}

pub(crate) fn sight<'a>(
    stage: &'a StageScope,
    before: &Before,
    predefined: &'a [Variable],
) -> Sight<'a> {
    Sight {
        dependencies: Some(dependencies_value(before.direct.iter())),
        stage_dependencies: Some(stage.stage_dependencies.clone()),
        predefined,
        ..stage.run.sight()
    }
}

/// Makes everything ready that the steps share.
async fn open(
    stage: &StageScope,
    shape: &Arc<JobShape>,
    before: &Before,
) -> Result<JobScope, RunnerError> {
    let run = &stage.run;
    let folders = Folders::of(&run.work_root, shape.number);
    let mut variables = stage.variables.clone();
    let environment = environment_of(run, shape, &variables).await?;
    for (name, value) in environment.iter().flat_map(|environment| &environment.variables) {
        // What is predefined is set again below.
        variables.set(RunScope::outer_variable(&run.masker, name, value));
    }
    let resource = resource_of(run, shape, environment.as_ref(), &variables).await?;
    let names =
        StageNames { name: &stage.name, display_name: &stage.display_name, attempt: run.attempt() };
    let mut predefined = run.predefined.clone();
    predefined.extend(of_job(shape, &names, &folders));
    if let (Some(environment), Some(deployment)) = (&environment, &shape.plan.deployment) {
        predefined.extend(of_deployment(environment, resource.as_deref(), deployment.strategy));
    }
    for variable in &mut predefined {
        if variable.name == "Build.BuildNumber" {
            variable.value = lock(&run.number).clone();
        }
        variables.set(variable.clone());
    }
    let sight = sight(stage, before, &predefined);
    let groups = groups_of(run.host.as_ref(), &run.masker, &shape.plan.variable_groups).await?;
    add_variables(&mut variables, &shape.plan.variables, &groups, &sight).await?;
    for warning in variables.expand_values() {
        tracing::warn!(job = %shape.plan.name, "{warning}");
    }
    let limits = Limits::of(&shape.plan, &variables, &sight)?;
    let (prepared, clean) = (folders.clone(), shape.plan.workspace_clean.clone());
    let is_deployment = shape.plan.deployment.is_some();
    if !shape.plan.pool.is_server {
        blocking(move || prepared.prepare(clean.as_deref(), is_deployment)).await?;
    }
    let pool_image =
        run.pools.image(&shape.plan.pool, |name| variables.value(name).map(str::to_owned));
    Ok(JobScope {
        run: Arc::clone(run),
        shape: Arc::clone(shape),
        folders,
        variables: Mutex::new(variables),
        outputs: Mutex::new(IndexMap::new()),
        path_entries: Mutex::new(Vec::new()),
        post_job: Mutex::new(Vec::new()),
        task_variables: Mutex::new(Vec::new()),
        spare_script: Mutex::default(),
        pool_image,
        containers: Mutex::new(None),
        endpoints: Mutex::default(),
        limits,
        notes: Mutex::new(notes_of_job(stage, shape, before)),
        environment,
        resource,
    })
}

async fn environment_of(
    run: &RunScope,
    shape: &JobShape,
    variables: &Variables,
) -> Result<Option<EnvironmentFacts>, RunnerError> {
    let Some(deployment) = &shape.plan.deployment else { return Ok(None) };
    let name = expanded(&deployment.environment.name, variables);
    Ok(Some(run.host.environment(&name).await?))
}

fn expanded(text: &str, variables: &Variables) -> String {
    let mut known = variables.clone();
    known.expand_values();
    expand(text, |name| known.value(name).map(str::to_owned)).trim().to_owned()
}

/// The resource of the environment that a deployment goes to. An environment that lists none has any.
async fn resource_of(
    run: &RunScope,
    shape: &JobShape,
    environment: Option<&EnvironmentFacts>,
    variables: &Variables,
) -> Result<Option<String>, RunnerError> {
    if let Some(target) = &shape.target {
        return Ok(Some(target.clone()));
    }
    let written =
        shape.plan.deployment.as_ref().and_then(|it| it.environment.resource_name.as_ref());
    let (Some(environment), Some(written)) = (environment, written) else { return Ok(None) };
    let resource = expanded(written, variables);
    let listed = run.host.environment_targets(&environment.name).await?;
    if !listed.is_empty() && !listed.iter().any(|it| it.name.eq_ignore_ascii_case(&resource)) {
        return Err(RunnerError::ResourceMissing {
            job: shape.base.clone(),
            resource,
            environment: environment.name.clone(),
        });
    }
    Ok(Some(resource))
}

/// Kills what a job left in the background when the run is dropped.
struct JobLeash(Option<String>);

impl Drop for JobLeash {
    fn drop(&mut self) {
        if let Some(marker) = &self.0 {
            end_strays_now(JOB_MARKER, marker);
        }
    }
}

async fn work(job: &Arc<JobScope>, mut slot: Option<OwnedSemaphorePermit>) -> JobEnd {
    let run = Arc::clone(&job.run);
    let shape = Arc::clone(&job.shape);
    let mut leash = JobLeash(Some(job.marker()));
    let mut progress = Progress::new(&job.limits);
    if let Err(issue) = start_containers(job).await {
        return containers_failed(job, &issue).await;
    }
    let mut phase = None;
    let fresh = lock(&job.variables).clone();
    run_before_job(job, &mut progress).await;
    for step in &shape.steps {
        if run.recorder.abort.is_cancelled() {
            break;
        }
        if run.cancel.is_cancelled() && progress.grace.is_none() {
            progress.cancel();
        }
        if phase != step.phase {
            progress.begin_hook();
            begin_phase(job, &fresh, step.phase);
            phase = step.phase;
        }
        let skips = step.phase.and_then(|phase| hook_skips(phase.hook, &progress));
        if skips.is_none() {
            slot_for(job, step, &mut slot).await;
        }
        let end = match skips {
            Some(reason) => skip_step(&run.recorder, step, reason).await,
            None => run_step(job, step, &mut progress).await,
        };
        progress.take(&step.plan.display_name, &end);
        progress.tell_status(job);
    }
    if !run.recorder.abort.is_cancelled() {
        progress.end_hooks();
        progress.tell_status(job);
        run_post_job(job, &mut progress).await;
    }
    remove_containers(job).await;
    let before = (!run.is_canceling()).then_some(&run.processes_before);
    let strays = end_strays(JOB_MARKER, &job.marker(), before).await;
    if strays > 0 {
        tracing::info!(job = %shape.plan.name, strays, "ended processes that the job left behind");
    }
    leash.0 = None;
    let temp = job.folders.temp.clone();
    if let Err(error) = blocking(move || wipe(&temp)).await {
        tracing::warn!(%error, "the job's temporary folder stays until the next run");
    }
    finish(job, &progress).await
}

/// Each hook is a job: what another one set is not seen, but for its outputs in other jobs.
fn begin_phase(job: &JobScope, fresh: &Variables, phase: Option<Phase>) {
    let Some(phase) = phase else { return };
    let mut variables = fresh.clone();
    for variable in of_phase(phase) {
        variables.set(variable);
    }
    *lock(&job.variables) = variables;
    lock(&job.path_entries).clear();
}

/// An agentless hook gives the slot back while it waits; the next one takes one again.
async fn slot_for(job: &JobScope, step: &StepShape, slot: &mut Option<OwnedSemaphorePermit>) {
    if job.shape.plan.pool.is_server {
        return;
    }
    if step.phase.is_some_and(|phase| phase.is_server) {
        slot.take();
    } else if slot.is_none() {
        let run = &job.run;
        tokio::select! {
            biased;
            () = run.recorder.abort.cancelled() => {}
            // Whoever is being canceled cleans up at once.
            () = run.cancel.cancelled() => {}
            taken = Arc::clone(&run.job_slots).acquire_owned() => *slot = taken.ok(),
        }
    }
}

/// The job ends here: none of its steps has a place to run in.
async fn containers_failed(job: &JobScope, issue: &str) -> JobEnd {
    for step in job.shape.before.iter().chain(&job.shape.steps) {
        let reason = "Skipped: the job's containers did not start".to_owned();
        skip_step(&job.run.recorder, step, reason).await;
    }
    let is_canceled = job.run.is_canceling();
    let result = if is_canceled { RunResult::Canceled } else { RunResult::Failed };
    let issue = Some(format!("Initialize containers: {issue}"));
    job.run.recorder.finished(&job.shape.record, result, issue.clone(), (1, 0)).await;
    JobEnd::without_outputs(result, issue)
}

/// Later hooks do not begin after a failed one; `on:` hooks begin only as it says.
fn hook_skips(hook: Hook, progress: &Progress) -> Option<String> {
    let has_failed = !progress.earlier.is_success();
    match hook {
        Hook::OnFailure if !has_failed => {
            Some("Skipped: `on: failure:` is for a failed deployment".to_owned())
        }
        Hook::OnFailure => None,
        Hook::OnSuccess if has_failed => {
            Some("Skipped: `on: success:` is for a deployment that succeeded".to_owned())
        }
        _ if has_failed && progress.grace.is_none() => {
            let step = progress.first_failure.as_ref().map_or("a step", |(step, _)| step.as_str());
            Some(format!("Skipped: {step} failed in an earlier hook"))
        }
        _ => None,
    }
}

async fn finish(job: &JobScope, progress: &Progress) -> JobEnd {
    let shape = &job.shape;
    let mut result = progress.result();
    if result == RunResult::Failed && job.limits.continues_on_error {
        result = RunResult::SucceededWithIssues;
    }
    let issue = progress.first_failure.as_ref().map(|(step, issue)| format!("{step}: {issue}"));
    let errors = u32::from(issue.is_some());
    let outputs = std::mem::take(&mut *lock(&job.outputs));
    // Before the job's end: whoever sees that it succeeded finds its outputs.
    job.run.recorder.outputs(&shape.record, without_secrets(&job.run, &outputs)).await;
    job.run.recorder.finished(&shape.record, result, issue.clone(), (errors, 0)).await;
    JobEnd { result, issue, outputs, is_kept: false }
}

fn without_secrets(
    run: &RunScope,
    outputs: &IndexMap<String, String>,
) -> Vec<(String, Option<String>)> {
    let is_secret = |value: &String| run.masker.finds(value) || run.masker.is_secret(value);
    let shown = |value: &String| (!is_secret(value)).then(|| value.clone());
    outputs.iter().map(|(name, value)| (name.clone(), shown(value))).collect()
}

/// Ends a job that could not begin.
pub(crate) async fn fail_job(run: &RunScope, shape: &JobShape, error: &RunnerError) -> JobEnd {
    let issue = run.masker.mask(&error.to_string());
    skip_records(
        &run.recorder,
        shape,
        &format!("Skipped: job {} could not start", shape.plan.name),
    )
    .await;
    run.recorder.finished(&shape.record, RunResult::Failed, Some(issue.clone()), (1, 0)).await;
    JobEnd::without_outputs(RunResult::Failed, Some(issue))
}

/// Ends a job and its steps as skipped.
pub(crate) async fn skip_job(recorder: &Recorder, shape: &JobShape, reason: &str) {
    skip_records(recorder, shape, reason).await;
    recorder.finished(&shape.record, RunResult::Skipped, Some(reason.to_owned()), (0, 0)).await;
}

/// Ends all that a job has below itself, the start of its containers too.
async fn skip_records(recorder: &Recorder, shape: &JobShape, reason: &str) {
    if let Some(containers) = &shape.containers {
        let reason = Some(reason.to_owned());
        recorder.finished(containers, RunResult::Skipped, reason, (0, 0)).await;
    }
    for step in shape.before.iter().chain(&shape.steps) {
        skip_step(recorder, step, reason.to_owned()).await;
    }
}

/// Ends a step as skipped.
pub(crate) async fn skip_step(recorder: &Recorder, shape: &StepShape, reason: String) -> StepEnd {
    recorder.finished(&shape.record, RunResult::Skipped, Some(reason.clone()), (0, 0)).await;
    StepEnd { result: RunResult::Skipped, issue: Some(reason) }
}
