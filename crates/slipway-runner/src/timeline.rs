//! The whole timeline of a run before it starts: every stage, job and step with its record.
//!
//! Called once by `run`. Adds the steps that the service adds (checkout of a job, download of artifacts of
//! a deployment) and drops those that only switch them off (`checkout: none`, `download: none`): the plan
//! holds what the file says, no more. Deliberately not here: results.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use slipway_core::{RecordId, RecordKind, RunId};
use slipway_pipeline::macros::expand;
use slipway_pipeline::plan::{
    LockBehavior, PipelineResource, Plan, PlanDeployment, PlanJob, PlanStage, PlanStep, PlanTarget,
    PlanVariable,
};

use crate::choice::{Choice, NOT_CHOSEN};
use crate::deployment::{Phase, life_cycle, with_targets};
use crate::pools::PoolTable;
use crate::scope::{RunScope, StageScope};
use crate::sink::RecordSeed;
use crate::support::Skip;
use crate::tasks::Catalog;

/// A stage with its records.
#[derive(Debug)]
pub(crate) struct StageShape {
    pub(crate) record: RecordId,
    /// Why it is left out, if the user chose so.
    pub(crate) skip: Option<String>,
    /// False if the user chose other parts of the pipeline; it holds nothing up then.
    pub(crate) is_chosen: bool,
    /// Its jobs are in `jobs`.
    pub(crate) plan: PlanStage,
    pub(crate) jobs: Vec<Arc<JobShape>>,
}

/// A job with its records.
#[derive(Debug)]
pub(crate) struct JobShape {
    pub(crate) record: RecordId,
    /// 1 for the first job of the run; names its workspace.
    pub(crate) number: usize,
    /// Why it is left out, if the user chose so.
    pub(crate) skip: Option<String>,
    /// False if the user chose other parts of the pipeline; it holds nothing up then.
    pub(crate) is_chosen: bool,
    /// What tasks do before the first step.
    pub(crate) before: Vec<StepShape>,
    /// The one of a rolling deployment's targets that it is for.
    pub(crate) target: Option<String>,
    /// The name that the file gave it: its own, unless it is for one of several targets.
    pub(crate) base: String,
    /// Which of how many legs or slices it is; 1 of 1 for a job without.
    pub(crate) position: usize,
    pub(crate) total: usize,
    /// Its steps are in `steps`.
    pub(crate) plan: PlanJob,
    /// The record of starting its containers, if it has any.
    pub(crate) containers: Option<RecordId>,
    pub(crate) steps: Vec<StepShape>,
}

impl JobShape {
    /// True if its legs are known only when its turn comes; its steps are in its plan then.
    pub(crate) fn is_late(&self) -> bool {
        self.plan.strategy.as_ref().is_some_and(|strategy| strategy.expression.is_some())
    }

    /// The name under which others see it: targets of one deployment are one job to them.
    pub(crate) fn seen_as(&self) -> &str {
        if self.target.is_some() { &self.base } else { &self.plan.name }
    }
}

/// A step with its record.
#[derive(Debug)]
pub(crate) struct StepShape {
    pub(crate) record: RecordId,
    /// Why it is left out, if the user chose so.
    pub(crate) skip: Option<String>,
    pub(crate) plan: PlanStep,
    /// `name:`, or the task's name and a number; the plan's, but for steps that the service adds.
    pub(crate) reference: String,
    /// Set in a deployment job.
    pub(crate) phase: Option<Phase>,
}

/// What of a plan does not run, by the user's choice.
#[derive(Clone, Copy)]
pub(crate) struct Left<'a> {
    pub(crate) skips: &'a [Skip],
    pub(crate) choice: Option<&'a Choice>,
}

/// Lays out the plan; `targets` are those that a deployment goes to one by one.
pub(crate) fn lay_out(
    run: &RunId,
    plan: &Plan,
    left: Left<'_>,
    tasks: &Catalog,
    pools: &PoolTable,
    lookup: &dyn Fn(&str) -> Option<String>,
    targets: &dyn Fn(&PlanDeployment) -> Vec<String>,
) -> (Vec<Arc<StageShape>>, Vec<RecordSeed>) {
    let mut layout = Layout {
        run,
        pipelines: &plan.resources.pipelines,
        lock_behavior: plan.lock_behavior,
        left,
        leg_of: None,
        tasks,
        pools,
        seeds: Vec::new(),
        first: 0,
        jobs: 0,
        of_stage: Vec::new(),
        of_job: Vec::new(),
        lookup,
        targets,
    };
    let stages = plan.stages.iter().map(|stage| Arc::new(layout.stage(stage))).collect();
    (stages, layout.seeds)
}

/// Lays out the legs of a job that become known during the run.
pub(crate) async fn lay_out_late(
    run: &RunScope,
    stage: &StageScope,
    job: &JobShape,
    legs: &[PlanJob],
) -> Vec<Arc<JobShape>> {
    let names = late_names(run, stage);
    let lookup = |name: &str| names.get(&name.to_lowercase()).cloned();
    let lay_out = |first, jobs| {
        let mut layout = Layout {
            run: &run.evidence.run_id,
            pipelines: &run.resources.pipelines,
            left: Left { skips: &run.skips, choice: run.choice.as_ref() },
            leg_of: Some(&job.base),
            tasks: &run.tasks,
            seeds: Vec::new(),
            first,
            jobs,
            of_stage: Vec::new(),
            of_job: Vec::new(),
            lookup: &lookup,
            lock_behavior: None,
            pools: &run.pools,
            targets: &|_| Vec::new(),
        };
        let shapes: Vec<JobShape> = legs
            .iter()
            .map(|leg| {
                let mut shape = layout.job(&stage.record, &stage.name, leg);
                shape.base.clone_from(&job.base);
                shape
            })
            .collect();
        (shapes, layout.seeds)
    };
    // Laid out once to know how many there are, and once at their places.
    let first = run.recorder.reserve(lay_out(0, 0).1.len());
    let jobs = run.job_count.fetch_add(legs.len(), Ordering::SeqCst);
    let (mut shapes, seeds) = lay_out(first, jobs);
    number_legs(&mut shapes);
    run.recorder.planned_at_last(seeds).await;
    shapes.into_iter().map(Arc::new).collect()
}

fn late_names(run: &RunScope, stage: &StageScope) -> HashMap<String, String> {
    let mut shown = stage.variables.clone();
    shown.expand_values();
    let known = shown.iter().filter(|variable| !variable.is_secret);
    known.map(|variable| (variable.name.to_lowercase(), run.masker.mask(&variable.value))).collect()
}

/// Tells each leg which of how many it is.
fn number_legs(shapes: &mut [JobShape]) {
    let base = |shape: &JobShape| {
        let (base, _) = shape.plan.name.split_once('.')?;
        shape.plan.strategy.as_ref()?;
        Some(base.to_owned())
    };
    let mut totals: HashMap<String, usize> = HashMap::new();
    for shape in shapes.iter_mut() {
        if let Some(base) = base(shape) {
            let total = totals.entry(base).or_default();
            *total += 1;
            shape.position = *total;
        }
    }
    for shape in shapes {
        shape.total = base(shape).and_then(|base| totals.get(&base).copied()).unwrap_or(1);
    }
}

struct Layout<'a> {
    run: &'a RunId,
    /// Whose artifacts a deployment gets by itself.
    pipelines: &'a [PipelineResource],
    /// Of the pipeline; a stage may have its own.
    lock_behavior: Option<LockBehavior>,
    left: Left<'a>,
    /// The job whose legs are laid out late: what is left out was chosen by its name.
    leg_of: Option<&'a str>,
    tasks: &'a Catalog,
    seeds: Vec<RecordSeed>,
    /// The order of the first seed.
    first: u32,
    jobs: usize,
    pools: &'a PoolTable,
    /// Variables of the stage and the job at hand, a leg's own among them: names of records may hold them.
    of_stage: Vec<PlanVariable>,
    of_job: Vec<PlanVariable>,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    targets: &'a dyn Fn(&PlanDeployment) -> Vec<String>,
}

impl Layout<'_> {
    fn seed(
        &mut self,
        kind: RecordKind,
        parent: Option<&RecordId>,
        (name, display_name): (&str, &str),
        task: Option<String>,
    ) -> RecordId {
        let count = u32::try_from(self.seeds.len()).unwrap_or(u32::MAX);
        let order = self.first.saturating_add(count);
        let id = RecordId::new(format!("{}.{}", self.run, order + 1));
        self.seeds.push(RecordSeed {
            id: id.clone(),
            parent_id: parent.cloned(),
            kind,
            name: name.to_owned(),
            display_name: expand(display_name, |name| self.variable(name)),
            task,
            order,
        });
        id
    }

    fn variable(&self, name: &str) -> Option<String> {
        let mut own = self.of_job.iter().rev().chain(self.of_stage.iter().rev());
        let own = own.find(|one| one.name.eq_ignore_ascii_case(name));
        own.map(|one| one.value.clone()).or_else(|| (self.lookup)(name))
    }

    fn stage(&mut self, stage: &PlanStage) -> StageShape {
        self.of_stage.clone_from(&stage.variables);
        self.of_job.clear();
        let names = (stage.name.as_str(), stage.display_name.as_str());
        let record = self.seed(RecordKind::Stage, None, names, None);
        let jobs = with_targets(stage.runnable_jobs(), self.targets, self.lookup);
        let mut jobs: Vec<JobShape> = jobs
            .into_iter()
            .map(|one| {
                let mut shape = self.job(&record, &stage.name, &one.job);
                (shape.target, shape.base) = (one.target, one.base);
                shape
            })
            .collect();
        number_legs(&mut jobs);
        let jobs = jobs.into_iter().map(Arc::new).collect();
        let is_chosen = self.left.choice.is_none_or(|choice| choice.has_stage(&stage.name));
        let skip = self.skip(&stage.name, None, None);
        let skip = skip.or_else(|| (!is_chosen).then(|| NOT_CHOSEN.to_owned()));
        let lock_behavior = stage.lock_behavior.or(self.lock_behavior);
        let plan = PlanStage { jobs: Vec::new(), lock_behavior, ..stage.clone() };
        StageShape { record, skip, is_chosen, plan, jobs }
    }

    fn skip(&self, stage: &str, job: Option<&str>, step: Option<&str>) -> Option<String> {
        let job = job.map(|job| self.leg_of.unwrap_or(job));
        let skip = self.left.skips.iter().find(|skip| skip.target.is(stage, job, step));
        skip.map(|skip| skip.reason.clone())
    }

    /// Why a job does not run, and whether the user chose it.
    fn left_out(&self, stage: &str, job: &str) -> (Option<String>, bool) {
        let is_chosen = self.left.choice.is_none_or(|choice| choice.has_job(stage, job));
        let skip = self.skip(stage, Some(job), None);
        (skip.or_else(|| (!is_chosen).then(|| NOT_CHOSEN.to_owned())), is_chosen)
    }

    /// Why a step does not run. Of one that runs alone, what its job prepares goes before it.
    fn step_left_out(
        &self,
        stage: &str,
        job: &str,
        step: &PlanStep,
        reference: &str,
    ) -> Option<String> {
        let is_chosen = self.left.choice.is_none_or(|choice| {
            is_task(step, "Checkout")
                || step.reference.is_empty()
                || choice.has_step(stage, job, reference)
        });
        let skip = self.skip(stage, Some(job), Some(reference));
        skip.or_else(|| (!is_chosen).then(|| NOT_CHOSEN.to_owned()))
    }

    fn job(&mut self, above: &RecordId, stage: &str, job: &PlanJob) -> JobShape {
        self.of_job.clone_from(&job.variables);
        let names = (job.name.as_str(), job.display_name.as_str());
        let record = self.seed(RecordKind::Job, Some(above), names, None);
        self.jobs += 1;
        let (skip, is_chosen) = self.left_out(stage, &job.name);
        if job.strategy.as_ref().is_some_and(|strategy| strategy.expression.is_some()) {
            return JobShape {
                record,
                number: self.jobs,
                skip,
                is_chosen,
                before: Vec::new(),
                target: None,
                base: job.name.clone(),
                position: 1,
                total: 1,
                plan: job.clone(),
                containers: None,
                steps: Vec::new(),
            };
        }
        let mut taken: HashSet<String> =
            job.steps.iter().map(|step| step.reference.clone()).collect();
        let containers = self.has_containers(job).then(|| {
            let names = ("InitializeContainers", "Initialize containers");
            self.seed(RecordKind::Step, Some(&record), names, None)
        });
        let steps = with_implied_steps(job, self.pipelines)
            .into_iter()
            .map(|(plan, phase)| (reference_of(&plan, &mut taken), plan, phase))
            .collect::<Vec<_>>();
        let before = self.before(&record, stage, job, &steps);
        let steps = steps
            .into_iter()
            .map(|(reference, plan, phase)| {
                let names = (reference.as_str(), plan.display_name.as_str());
                let task = Some(plan.task_reference());
                let record = self.seed(RecordKind::Step, Some(&record), names, task);
                let skip = self.step_left_out(stage, &job.name, &plan, &reference);
                StepShape { record, skip, plan, reference, phase }
            })
            .collect();
        let plan = PlanJob { steps: Vec::new(), ..job.clone() };
        JobShape {
            record,
            number: self.jobs,
            skip,
            is_chosen,
            before,
            target: None,
            base: job.name.clone(),
            position: 1,
            total: 1,
            plan,
            containers,
            steps,
        }
    }

    fn has_containers(&self, job: &PlanJob) -> bool {
        let lookup = |name: &str| {
            let own = job.variables.iter().find(|known| known.name.eq_ignore_ascii_case(name));
            own.map(|known| known.value.clone()).or_else(|| (self.lookup)(name))
        };
        let is_container =
            |step: &PlanStep| step.target.as_ref().is_some_and(PlanTarget::is_container);
        if job.pool.is_server {
            return false;
        }
        job.container.is_some()
            || !job.services.is_empty()
            || job.steps.iter().any(is_container)
            || self.pools.image(&job.pool, lookup).is_some()
    }

    /// What the tasks of the steps do before the job.
    fn before(
        &mut self,
        record: &RecordId,
        stage: &str,
        job: &PlanJob,
        steps: &[(String, PlanStep, Option<Phase>)],
    ) -> Vec<StepShape> {
        let mut found = Vec::new();
        for (reference, plan, phase) in steps {
            let task = self.tasks.find(&plan.task, plan.version);
            let has = task.is_some_and(|task| task.before_job().is_some());
            let left = self.step_left_out(stage, &job.name, plan, reference);
            if !has || !plan.enabled || left.is_some() {
                continue;
            }
            let plan = before_of(plan);
            let name = format!("{reference}_pre");
            let names = (name.as_str(), plan.display_name.as_str());
            let task = Some(plan.task_reference());
            let record = self.seed(RecordKind::Step, Some(record), names, task);
            found.push(StepShape {
                record,
                skip: None,
                plan,
                reference: reference.clone(),
                phase: *phase,
            });
        }
        found
    }
}

fn before_of(plan: &PlanStep) -> PlanStep {
    PlanStep {
        display_name: format!("Pre-job: {}", plan.display_name),
        retry_count_on_task_failure: None,
        ..plan.clone()
    }
}

fn reference_of(step: &PlanStep, taken: &mut HashSet<String>) -> String {
    if !step.reference.is_empty() {
        return step.reference.clone();
    }
    let mut reference = step.task.clone();
    let mut number = 0;
    while !taken.insert(reference.clone()) {
        number += 1;
        reference = format!("{}{number}", step.task);
    }
    reference
}

/// The steps in the order they run, with what the service adds.
fn with_implied_steps(
    job: &PlanJob,
    pipelines: &[PipelineResource],
) -> Vec<(PlanStep, Option<Phase>)> {
    if let Some(deployment) = &job.deployment {
        let steps = life_cycle(job, deployment, is_download, || downloads(job, pipelines));
        return steps
            .into_iter()
            .filter(|(step, _)| !is_switched_off(step))
            .map(|(step, phase)| (step, Some(phase)))
            .collect();
    }
    let mut steps = job.steps.clone();
    // An agentless job has no workspace to check out to.
    if !job.pool.is_server && !steps.iter().any(|step| is_task(step, "Checkout")) {
        let inputs = [("repository", "self")];
        steps.insert(0, implied(job, ("Checkout", 1), "Checkout self", &inputs));
    }
    steps.retain(|step| !is_switched_off(step));
    steps.into_iter().map(|step| (step, None)).collect()
}

fn is_task(step: &PlanStep, task: &str) -> bool {
    step.task.eq_ignore_ascii_case(task)
}

/// Only the shorthand `download:` replaces the automatic download; the task does not.
fn is_download(step: &PlanStep) -> bool {
    is_task(step, "DownloadPipelineArtifact") && step.input("download").is_some()
}

/// `checkout: none` and `download: none`.
fn is_switched_off(step: &PlanStep) -> bool {
    let says_none =
        |input| step.input(input).is_some_and(|word: &str| word.eq_ignore_ascii_case("none"));
    (is_task(step, "Checkout") && says_none("repository"))
        || (is_task(step, "DownloadPipelineArtifact") && says_none("download"))
}

/// The artifacts of this run, and those of each pipeline that is a resource.
fn downloads(job: &PlanJob, pipelines: &[PipelineResource]) -> Vec<PlanStep> {
    let download = |word: &str, display_name: &str| {
        let inputs = [("download", word), ("path", "$(Pipeline.Workspace)")];
        let step = implied(job, ("DownloadPipelineArtifact", 2), display_name, &inputs);
        PlanStep { hook: Some("deploy".to_owned()), ..step }
    };
    let of_pipelines = pipelines
        .iter()
        .map(|one| download(&one.pipeline, &format!("Download artifacts of {}", one.pipeline)));
    std::iter::once(download("current", "Download artifacts")).chain(of_pipelines).collect()
}

fn implied(
    job: &PlanJob,
    (task, version): (&str, u32),
    display_name: &str,
    inputs: &[(&str, &str)],
) -> PlanStep {
    let inputs =
        inputs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    PlanStep {
        display_name: display_name.to_owned(),
        span: job.span,
        file: job.file,
        ..PlanStep::new(task, version, inputs)
    }
}

/// The last folder of a path, for names.
pub(crate) fn folder_name(path: &Path) -> String {
    path.file_name()
        .map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned())
}
