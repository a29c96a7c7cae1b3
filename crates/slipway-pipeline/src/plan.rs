//! What a pipeline file comes to: stages, jobs, steps, ready to run.
//!
//! Every step is a task with inputs, as the service makes it: `script:` is `CmdLine@2`, `bash:` is
//! `Bash@3`, `pwsh:`/`powershell:` are `PowerShell@2`, `publish:`/`download:` are the pipeline artifact
//! tasks, `checkout:` is `Checkout@1`. `${{ }}` is gone by now; `$(macro)` and `$[ ]` are still there.
//!
//! Only what the file says: the steps that the service adds by itself (checkout, download of a
//! deployment's artifacts) are the runner's. `checkout: none` is a `Checkout@1` whose input `repository`
//! is `none`; `download: none` is a `DownloadPipelineArtifact@2` whose input `download` is `none`.
//! Steps with `enabled: false` are left out. The legs of a matrix are jobs named `Job.leg`, with the
//! leg's variables last; whoever depends on `Job` depends on every leg.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;

/// A pipeline, expanded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// `name:`, the run number's format.
    pub name: Option<String>,
    /// Root variables in document order.
    pub variables: Vec<PlanVariable>,
    pub stages: Vec<PlanStage>,
}

/// A variable as written: a plain value, a text with macros, or a whole `$[ expression ]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanVariable {
    pub name: String,
    pub value: String,
    pub is_readonly: bool,
    pub span: Span,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanStage {
    /// `__default` when the file has no stages.
    pub name: String,
    pub display_name: String,
    /// Names of stages; made explicit: the stage before, when the file says nothing.
    pub depends_on: Vec<String>,
    pub condition: Option<String>,
    pub variables: Vec<PlanVariable>,
    pub jobs: Vec<PlanJob>,
    pub span: Span,
}

/// A job or deployment job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanJob {
    /// `Job` or `__default` when it has none.
    pub name: String,
    pub display_name: String,
    pub depends_on: Vec<String>,
    pub condition: Option<String>,
    pub variables: Vec<PlanVariable>,
    pub pool: PlanPool,
    /// Set for a deployment job.
    pub deployment: Option<PlanDeployment>,
    pub timeout_minutes: Option<u32>,
    pub cancel_timeout_minutes: Option<u32>,
    pub continue_on_error: bool,
    /// `workspace: clean:`, one of `outputs`, `resources`, `all`.
    pub workspace_clean: Option<String>,
    pub steps: Vec<PlanStep>,
    pub span: Span,
}

/// Where a job would run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanPool {
    pub name: Option<String>,
    pub vm_image: Option<String>,
    pub demands: Vec<String>,
}

/// What makes a job a deployment job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanDeployment {
    /// May still hold macros.
    pub environment: String,
    /// `runOnce`; others are refused when planning until they are supported.
    pub strategy: String,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanStep {
    /// `name:`, for output variables.
    pub name: Option<String>,
    pub display_name: String,
    /// The task's name as the catalogue spells it, such as `Docker`.
    pub task: String,
    /// Its major version.
    pub version: u32,
    /// Inputs as written, keys as written; look up ignoring case.
    pub inputs: IndexMap<String, String>,
    pub env: IndexMap<String, String>,
    pub condition: Option<String>,
    pub enabled: bool,
    /// `true`, `false` or a `$[ ]`/macro text.
    pub continue_on_error: String,
    pub timeout_minutes: Option<u32>,
    pub retry_count: u32,
    pub target: Option<String>,
    /// For a deployment job: `preDeploy`, `deploy`, `routeTraffic`, `postRouteTraffic`, `onFailure`, `onSuccess`.
    pub hook: Option<String>,
    pub span: Span,
}

impl PlanStep {
    /// `Docker@2`.
    pub fn task_reference(&self) -> String {
        format!("{}@{}", self.task, self.version)
    }

    /// An input by its name, ignoring case.
    pub fn input(&self, name: &str) -> Option<&str> {
        self.inputs
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}
