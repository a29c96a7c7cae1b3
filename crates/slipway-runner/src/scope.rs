//! What a run, a stage and a job each hold while they go on, and how their variables come about.
//!
//! Precedence, highest first (§5.2): predefined, job YAML, environment, stage YAML, root YAML, what the
//! run was started with. An environment's variables stand below the job's own YAML and above the rest, so
//! that one file serves several environments. Deliberately not here: running anything.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::{IndexMap, IndexSet};
use slipway_core::{Masker, RecordId, RunEvidence, RunResult};
use slipway_engine::Engine;
use slipway_pipeline::expr::Value;
use slipway_pipeline::plan::{PlanResources, PlanTarget, PlanVariable};
use slipway_pipeline::{Status, runtime_expression};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::cache::CachePlace;
use crate::choice::Choice;
use crate::container::{Container, JobContainers};
use crate::counters::{Counted, CounterBook};
use crate::deployment::Phase;
use crate::earlier::{Earlier, Keeping};
use crate::error::RunnerError;
use crate::expression::{Dependency, Scene};
use crate::groups::Group;
use crate::host::{EnvironmentFacts, RunHost};
use crate::late::Limits;
use crate::pools::PoolTable;
use crate::post_job::PostJob;
use crate::recorder::Recorder;
use crate::repositories::Known;
use crate::resources::PipelineRuns;
use crate::support::Skip;
use crate::tasks::Catalog;
use crate::timeline::JobShape;
use crate::variables::{Variable, Variables};
use crate::workspace::Folders;

/// Locks, whatever a panicking holder left behind.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One run.
pub(crate) struct RunScope {
    pub(crate) evidence: RunEvidence,
    /// `Build.BuildNumber`; steps may change it.
    pub(crate) number: Mutex<String>,
    pub(crate) repository_path: PathBuf,
    pub(crate) work_root: PathBuf,
    pub(crate) engine: Option<Engine>,
    pub(crate) cache: Option<CachePlace>,
    /// What stands behind `resources: pipelines:`.
    pub(crate) pipelines: PipelineRuns,
    /// It was said what `System.AccessToken` is here.
    pub(crate) is_token_told: AtomicBool,
    pub(crate) tasks: Catalog,
    /// What the user chose to leave out.
    pub(crate) skips: Vec<Skip>,
    /// What the user chose to run; all of it if left out.
    pub(crate) choice: Option<Choice>,
    /// What an earlier attempt did.
    pub(crate) earlier: Option<Earlier>,
    pub(crate) pools: PoolTable,
    /// `resources:` of the pipeline.
    pub(crate) resources: PlanResources,
    /// Other repositories of them.
    pub(crate) repositories: Vec<Known>,
    pub(crate) masker: Arc<Masker>,
    pub(crate) host: Arc<dyn RunHost>,
    pub(crate) recorder: Recorder,
    /// The user's wish to stop.
    pub(crate) cancel: CancellationToken,
    /// Shared with other runs if the host says so.
    pub(crate) job_slots: Arc<Semaphore>,
    /// The environment of the app, without what looks like a secret.
    pub(crate) parent_environment: Vec<(String, String)>,
    /// Processes that were there before the run.
    pub(crate) processes_before: HashSet<i32>,
    pub(crate) started_at: jiff::Timestamp,
    /// What the run was started with, and root YAML.
    pub(crate) variables: Variables,
    /// Predefined variables that are the same in every job.
    pub(crate) predefined: Vec<Variable>,
    /// Artifacts that this run published.
    pub(crate) artifacts: Mutex<IndexMap<String, PathBuf>>,
    pub(crate) tags: Mutex<IndexSet<String>>,
    pub(crate) counters: Arc<CounterBook>,
    /// `resources`, as expressions see it.
    pub(crate) seen_resources: Value,
    /// Jobs that have been laid out; the next one's number is one more.
    pub(crate) job_count: AtomicUsize,
}

impl RunScope {
    /// Which attempt of the run it is, from 1.
    pub(crate) fn attempt(&self) -> u32 {
        self.earlier.as_ref().map_or(1, |earlier| earlier.attempt)
    }

    /// True from the moment that the user wanted the run to stop.
    pub(crate) fn is_canceling(&self) -> bool {
        self.cancel.is_cancelled() || self.recorder.abort.is_cancelled()
    }

    /// What an expression may name where there are no dependencies.
    pub(crate) fn sight(&self) -> Sight<'_> {
        Sight {
            dependencies: None,
            stage_dependencies: None,
            started_at: self.started_at,
            counted: Arc::new(Counted::new(&self.counters)),
            resources: self.seen_resources.clone(),
            predefined: &self.predefined,
        }
    }

    /// Where the run's artifacts lie.
    pub(crate) fn artifact_folder(&self) -> PathBuf {
        self.work_root.join("_artifacts").join(self.evidence.build_id.to_string())
    }

    /// Where files lie that steps attached to the run.
    pub(crate) fn attachment_folder(&self) -> PathBuf {
        self.work_root.join("_attachments").join(self.evidence.build_id.to_string())
    }

    /// A variable from outside of the YAML; secret if the masker knows its whole value.
    pub(crate) fn outer_variable(masker: &Masker, name: &str, value: &str) -> Variable {
        Variable { is_secret: masker.is_secret(value), ..Variable::plain(name, value) }
    }
}

/// What ended before this stage or job, as expressions see it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Before {
    /// Direct dependencies.
    pub(crate) direct: Vec<Dependency>,
    /// All dependencies.
    pub(crate) ancestors: Vec<(String, RunResult)>,
    /// Those of them that were not chosen.
    pub(crate) unchosen: Vec<String>,
    /// Nothing that it waits for runs again.
    pub(crate) is_kept: bool,
}

impl Before {
    /// What the status functions of a stage or job look at.
    pub(crate) fn status(&self, is_canceling: bool) -> Status {
        Status::Node { is_canceling, results: self.ancestors.iter().cloned().collect() }
    }
}

/// One stage.
pub(crate) struct StageScope {
    pub(crate) run: Arc<RunScope>,
    pub(crate) name: String,
    pub(crate) display_name: String,
    /// Root and stage variables.
    pub(crate) variables: Variables,
    /// `stageDependencies`.
    pub(crate) stage_dependencies: Value,
    /// For each job with `maxParallel`: how many of its legs may go at a time.
    pub(crate) gates: Mutex<HashMap<String, Option<Arc<Semaphore>>>>,
    /// The stage's record.
    pub(crate) record: RecordId,
    /// Stages before it that were not chosen.
    pub(crate) unchosen: Vec<String>,
    /// What it keeps of an earlier attempt.
    pub(crate) keeping: Option<Keeping>,
    /// What each of its jobs shall say first.
    pub(crate) notes: Vec<String>,
}

/// One job.
pub(crate) struct JobScope {
    pub(crate) run: Arc<RunScope>,
    pub(crate) shape: Arc<JobShape>,
    pub(crate) folders: Folders,
    pub(crate) variables: Mutex<Variables>,
    /// `step.name` to value.
    pub(crate) outputs: Mutex<IndexMap<String, String>>,
    /// Newest first.
    pub(crate) path_entries: Mutex<Vec<String>>,
    /// What is to be done when the steps are over, in the order it was asked for.
    pub(crate) post_job: Mutex<Vec<PostJob>>,
    /// A step's reference, and the name and value of what its task has set for itself.
    pub(crate) task_variables: Mutex<Vec<(String, String, String)>>,
    /// The file of a script that is over.
    pub(crate) spare_script: Mutex<Option<PathBuf>>,
    /// The image that the user chose for the job's pool.
    pub(crate) pool_image: Option<String>,
    /// Set while the job's containers run.
    pub(crate) containers: Mutex<Option<Arc<JobContainers>>>,
    /// Environment variables that stand for changed service connections.
    pub(crate) endpoints: Mutex<IndexMap<String, String>>,
    pub(crate) limits: Limits,
    /// What its first step says first.
    pub(crate) notes: Mutex<Vec<String>>,
    /// Set for a deployment job.
    pub(crate) environment: Option<EnvironmentFacts>,
    /// The resource of the environment that it deploys to.
    pub(crate) resource: Option<String>,
}

impl JobScope {
    /// A variable's value now.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        lock(&self.variables).value(name).map(str::to_owned)
    }

    /// More than one checkout: each goes to a folder of its own. Every hook of a deployment counts by itself.
    pub(crate) fn has_several_checkouts(&self, phase: Option<Phase>) -> bool {
        let checkouts = self.shape.steps.iter().filter(|step| {
            let is_it = step.plan.task.eq_ignore_ascii_case("Checkout") && step.phase == phase;
            is_it && step.plan.enabled && step.skip.is_none()
        });
        checkouts.count() > 1
    }

    /// Where the programs of a step with this target run; an error is the name that is not there.
    pub(crate) fn target_of(
        &self,
        target: Option<&PlanTarget>,
    ) -> Result<Option<Arc<Container>>, String> {
        match &*lock(&self.containers) {
            Some(containers) => containers.of_step(target, |name| self.variable(name)),
            None => Ok(None),
        }
    }

    /// True if `System.Debug` asks for debug lines.
    pub(crate) fn is_debug(&self) -> bool {
        self.variable("System.Debug").is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// What names this job's processes.
    pub(crate) fn marker(&self) -> String {
        format!("slipway_{}", self.shape.record)
    }
}

/// Adds a scope's variables, once more whenever the house has counted a number that was lacking.
pub(crate) async fn add_variables(
    variables: &mut Variables,
    written: &[PlanVariable],
    groups: &[Group],
    see: &Sight<'_>,
) -> Result<(), RunnerError> {
    let counts = |variable: &PlanVariable| {
        runtime_expression(&variable.value)
            .is_some_and(|text| text.to_ascii_lowercase().contains("counter"))
    };
    if !written.iter().any(counts) {
        return add_now(variables, written, groups, see);
    }
    loop {
        let mut tried = variables.clone();
        let added = add_now(&mut tried, written, groups, see);
        if !see.counted.caught_up().await? {
            *variables = tried;
            return added;
        }
    }
}

/// Adds a scope's variables and groups in the order of its list, evaluating what is `$[ … ]`.
fn add_now(
    variables: &mut Variables,
    written: &[PlanVariable],
    groups: &[Group],
    see: &Sight<'_>,
) -> Result<(), RunnerError> {
    let mut groups = groups.iter().peekable();
    for (position, variable) in written.iter().enumerate() {
        while let Some(group) = groups.next_if(|group| group.position <= position) {
            add_group(variables, group, see);
        }
        let value = see
            .scene(variables, None)
            .value(&variable.value, &format!("the variable '{}'", variable.name))?;
        let is_readonly = variable.is_readonly;
        // Whoever is predefined stays so (§5.2: system variables beat all).
        if variables.get(&variable.name).is_none_or(|known| !see.is_predefined(&known.name)) {
            variables.set(Variable { is_readonly, ..Variable::plain(&variable.name, value) });
        }
    }
    groups.for_each(|group| add_group(variables, group, see));
    Ok(())
}

fn add_group(variables: &mut Variables, group: &Group, see: &Sight<'_>) {
    for variable in group.variables.iter().filter(|variable| !see.is_predefined(&variable.name)) {
        variables.set(variable.clone());
    }
}

/// What `$[ … ]` sees beside variables.
pub(crate) struct Sight<'a> {
    pub(crate) dependencies: Option<Value>,
    pub(crate) stage_dependencies: Option<Value>,
    pub(crate) started_at: jiff::Timestamp,
    pub(crate) counted: Arc<Counted>,
    pub(crate) resources: Value,
    pub(crate) predefined: &'a [Variable],
}

impl Sight<'_> {
    /// What an expression at this place may name.
    pub(crate) fn scene<'v>(&self, variables: &'v Variables, status: Option<Status>) -> Scene<'v> {
        Scene {
            variables,
            status,
            dependencies: self.dependencies.clone(),
            stage_dependencies: self.stage_dependencies.clone(),
            started_at: self.started_at,
            counters: Some(Arc::clone(&self.counted)),
            resources: self.resources.clone(),
        }
    }

    fn is_predefined(&self, name: &str) -> bool {
        self.predefined.iter().any(|variable| variable.name.eq_ignore_ascii_case(name))
    }
}
