//! What a run, a stage and a job each hold while they go on, and how their variables come about.
//!
//! Precedence, highest first (§5.2): predefined, job YAML, environment, stage YAML, root YAML, what the
//! run was started with. An environment's variables stand below the job's own YAML and above the rest, so
//! that one file serves several environments. Deliberately not here: running anything.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexMap;
use slipway_core::{Masker, RunEvidence, RunResult};
use slipway_engine::Engine;
use slipway_pipeline::Status;
use slipway_pipeline::expr::Value;
use slipway_pipeline::plan::{PipelineResource, PlanResources, PlanTarget, PlanVariable};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::cache::CachePlace;
use crate::container::{Container, JobContainers};
use crate::error::RunnerError;
use crate::expression::{Dependency, Scene};
use crate::groups::Group;
use crate::host::{EnvironmentFacts, RunHost};
use crate::pools::PoolTable;
use crate::post_job::PostJob;
use crate::recorder::Recorder;
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
    /// `resources: pipelines:`
    pub(crate) pipelines: Vec<PipelineResource>,
    pub(crate) tasks: Catalog,
    pub(crate) pools: PoolTable,
    /// `resources:` of the pipeline.
    pub(crate) resources: PlanResources,
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
}

impl RunScope {
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
            run_index: run_index(self.evidence.build_id),
            predefined: &self.predefined,
        }
    }

    /// Where the run's artifacts lie.
    pub(crate) fn artifact_folder(&self) -> PathBuf {
        self.work_root.join("_artifacts").join(self.evidence.build_id.to_string())
    }

    /// A variable from outside of the YAML; secret if the masker knows its whole value.
    pub(crate) fn outer_variable(masker: &Masker, name: &str, value: &str) -> Variable {
        Variable { is_secret: masker.is_secret(value), ..Variable::plain(name, value) }
    }
}

/// How many runs the project had before this one.
pub(crate) fn run_index(build_id: u32) -> i64 {
    i64::from(build_id) - 1
}

/// What ended before this stage or job, as expressions see it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Before {
    /// Direct dependencies.
    pub(crate) direct: Vec<Dependency>,
    /// All dependencies.
    pub(crate) ancestors: Vec<(String, RunResult)>,
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
    /// The image that the user chose for the job's pool.
    pub(crate) pool_image: Option<String>,
    /// Set while the job's containers run.
    pub(crate) containers: Mutex<Option<Arc<JobContainers>>>,
    /// Set for a deployment job.
    pub(crate) environment: Option<EnvironmentFacts>,
    /// The resource of the environment that it deploys to.
    pub(crate) resource: Option<String>,
    /// More than one checkout: each goes to a folder of its own.
    pub(crate) has_several_checkouts: bool,
}

impl JobScope {
    /// A variable's value now.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        lock(&self.variables).value(name).map(str::to_owned)
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

/// Adds a scope's variables and groups in the order of its list, evaluating what is `$[ … ]`.
pub(crate) fn add_variables(
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
    pub(crate) run_index: i64,
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
            run_index: self.run_index,
        }
    }

    fn is_predefined(&self, name: &str) -> bool {
        self.predefined.iter().any(|variable| variable.name.eq_ignore_ascii_case(name))
    }
}
