//! What a pipeline file comes to: stages, jobs, steps, triggers and resources, as Azure plans them.
//!
//! Every step is a task with inputs, as the service makes it: `script:` is `CmdLine@2`, `bash:` is
//! `Bash@3`, `pwsh:`/`powershell:` are `PowerShell@2`, `publish:`/`download:` are the pipeline artifact
//! tasks, `checkout:` is `Checkout@1`. `${{ }}` is gone by now; `$(macro)` and `$[ ]` are still there,
//! so whatever only a run can know is kept as its text.
//!
//! Only what the file says: the steps that the service adds by itself (checkout, download of a
//! deployment's artifacts) are the runner's. `checkout: none` is a `Checkout@1` whose input `repository`
//! is `none`; `download: none` is a `DownloadPipelineArtifact@2` whose input `download` is `none`.
//! Steps with `enabled: false` are left out.
//!
//! A job with a matrix is one job here, with its legs under `strategy`; [`PlanStage::runnable_jobs`]
//! gives the jobs that it becomes. Deliberately not here: what a runner can or cannot run.

mod graph;
mod job;
mod late;
mod resources;
mod step;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnostic::Span;
use crate::tree::Place;
use crate::trigger::Triggers;

pub use graph::{GraphEdge, GraphNode, GraphNodeKind, PlanGraph};
pub use job::{
    DeploymentStrategy, PlanDeployment, PlanEnvironment, PlanHook, PlanJob, PlanLeg, PlanPool,
    PlanStrategy, PlanUses, StrategyKind,
};
pub use resources::{
    BuildResource, ContainerResource, MountReadOnly, PackageResource, PipelineResource,
    PlanContainer, PlanResources, PlanService, RepositoryResource, WebhookFilter, WebhookResource,
};
pub use step::{KeyPlaces, PlanStep, PlanTarget};

/// A pipeline, expanded.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    /// `name:`, the run number's format.
    pub name: Option<String>,
    /// True unless the file says no: the head commit's words go into the run's name.
    pub append_commit_message_to_run_name: bool,
    pub lock_behavior: Option<LockBehavior>,
    pub triggers: Triggers,
    pub resources: PlanResources,
    /// Root variables in document order.
    pub variables: Vec<PlanVariable>,
    pub variable_groups: Vec<PlanVariableGroup>,
    pub stages: Vec<PlanStage>,
    /// Names of the files that were read; an item's `file` is a position in this list.
    pub files: Vec<String>,
}

/// How runs that want the same exclusive lock treat each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LockBehavior {
    /// One after the other.
    Sequential,
    /// Only the newest one that waits goes on.
    RunLatest,
}

/// A variable as written: a plain value, a text with macros, or a whole `$[ expression ]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanVariable {
    pub name: String,
    pub value: String,
    pub is_readonly: bool,
    pub span: Span,
    /// Position in the plan's `files`.
    pub file: u16,
}

/// `- group: name` of a list of variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanVariableGroup {
    pub name: String,
    /// How many variables of the list stand before it: what comes later wins.
    pub position: usize,
    pub span: Span,
    pub file: u16,
}

/// Whether a stage starts by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StageTrigger {
    #[default]
    Automatic,
    /// Somebody has to start it.
    Manual,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStage {
    /// `__default` when the file has no stages.
    pub name: String,
    pub display_name: String,
    /// The folder of a deployment's history.
    pub group: Option<String>,
    /// Names of stages; made explicit: the stage before, when the file says nothing.
    pub depends_on: Vec<String>,
    pub condition: Option<String>,
    pub variables: Vec<PlanVariable>,
    pub variable_groups: Vec<PlanVariableGroup>,
    /// Its own, or the root's; each job has its pool already.
    pub pool: PlanPool,
    pub lock_behavior: Option<LockBehavior>,
    pub trigger: StageTrigger,
    pub is_skippable: bool,
    /// Free text for templates; a run never looks at it.
    pub template_context: Option<Value>,
    pub jobs: Vec<PlanJob>,
    pub span: Span,
    pub file: u16,
    #[serde(skip)]
    pub keys: KeyPlaces,
}

impl PlanStage {
    /// A stage with nothing in it yet.
    pub(crate) fn new(name: &str, pool: PlanPool, place: Place) -> Self {
        Self {
            name: name.to_owned(),
            display_name: String::new(),
            group: None,
            depends_on: Vec::new(),
            condition: None,
            variables: Vec::new(),
            variable_groups: Vec::new(),
            pool,
            lock_behavior: None,
            trigger: StageTrigger::Automatic,
            is_skippable: true,
            template_context: None,
            jobs: Vec::new(),
            span: place.span,
            file: place.source.0,
            keys: KeyPlaces::default(),
        }
    }

    /// True for the one stage of a file without stages.
    pub fn is_implied(&self) -> bool {
        self.name == "__default"
    }
}

/// The number that a text is, unless only a run can tell.
pub fn whole_number(text: &str) -> Option<u32> {
    text.trim().parse().ok()
}

/// True for a text that only a run can fill in.
pub fn is_late(text: &str) -> bool {
    text.contains("$(") || text.contains("$[")
}
