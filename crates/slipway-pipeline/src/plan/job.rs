//! Jobs of a plan: pools, strategies, deployments, and the jobs that a matrix comes to.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{KeyPlaces, PlanContainer, PlanService, PlanStage, PlanStep};
use super::{PlanVariable, PlanVariableGroup};
use crate::diagnostic::Span;
use crate::tree::Place;

/// Where a job runs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanPool {
    /// `Azure Pipelines` when only an image is asked for.
    pub name: Option<String>,
    pub vm_image: Option<String>,
    pub demands: Vec<String>,
    /// `pool: server`: the service itself does the job, no agent.
    pub is_server: bool,
}

/// Further things that a job wants to use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanUses {
    pub repositories: Vec<String>,
    pub pools: Vec<String>,
}

/// What multiplies a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StrategyKind {
    /// Neither, but `maxParallel` was written.
    None,
    Matrix,
    /// `parallel:`, slices of equal work.
    Parallel,
}

/// `strategy:` of a job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanStrategy {
    pub kind: StrategyKind,
    /// The text of a matrix or slice count that only a run can fill in; there are no legs then.
    pub expression: Option<String>,
    /// A number, or a text that only a run can fill in; nothing and 0 are "as many as there are".
    pub max_parallel: Option<String>,
    /// In order of the file. Without any the job runs once.
    pub legs: Vec<PlanLeg>,
}

/// One job of a matrix or of slices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanLeg {
    /// As written.
    pub name: String,
    /// The name in `dependencies.JOB.outputs['LEG.step.variable']`: as written where that is a name,
    /// else `Job1`, `Job2`…
    pub reference: String,
    pub display_name: String,
    /// They win over the job's own.
    pub variables: Vec<PlanVariable>,
    pub span: Span,
    pub file: u16,
}

/// How a deployment job goes about it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DeploymentStrategy {
    #[default]
    RunOnce,
    Rolling,
    Canary,
}

impl DeploymentStrategy {
    /// As the file writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::RunOnce => "runOnce",
            Self::Rolling => "rolling",
            Self::Canary => "canary",
        }
    }
}

/// What makes a job a deployment job.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanDeployment {
    pub environment: PlanEnvironment,
    pub strategy: DeploymentStrategy,
    /// Of `rolling`: `2`, `50%`, or a text that only a run can fill in.
    pub max_parallel: Option<String>,
    /// Of `canary`, in percent.
    pub increments: Vec<u32>,
    /// In the order in which they run; their steps are among the job's, each with its hook's name.
    pub hooks: Vec<PlanHook>,
}

/// The environment of a deployment job. All of it may still hold macros.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanEnvironment {
    pub name: String,
    pub resource_name: Option<String>,
    pub resource_id: Option<String>,
    /// `virtualMachine` or `kubernetes`.
    pub resource_type: Option<String>,
    pub tags: Vec<String>,
}

impl PlanEnvironment {
    /// `name` or `name.resource`.
    pub fn full_name(&self) -> String {
        match &self.resource_name {
            Some(resource) => format!("{}.{resource}", self.name),
            None => self.name.clone(),
        }
    }
}

/// A hook of a deployment's life cycle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanHook {
    /// `preDeploy`, `deploy`, `routeTraffic`, `postRouteTraffic`, `onFailure`, `onSuccess`.
    pub name: String,
    /// Its own; `None` is the job's.
    pub pool: Option<PlanPool>,
    pub span: Span,
    pub file: u16,
}

/// A job or deployment job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanJob {
    /// `Job1` and so on when it has none; `__default` in a file that has steps only.
    pub name: String,
    pub display_name: String,
    pub depends_on: Vec<String>,
    pub condition: Option<String>,
    pub variables: Vec<PlanVariable>,
    pub variable_groups: Vec<PlanVariableGroup>,
    /// Its own, or the stage's, or the root's.
    pub pool: PlanPool,
    /// What multiplies it; a deployment job's strategy is under `deployment`.
    pub strategy: Option<PlanStrategy>,
    /// Set for a deployment job.
    pub deployment: Option<PlanDeployment>,
    pub container: Option<PlanContainer>,
    pub services: Vec<PlanService>,
    pub uses: PlanUses,
    /// A number, or a text that only a run can fill in; nothing is 60.
    pub timeout_in_minutes: Option<String>,
    /// A number, or a text that only a run can fill in; nothing is 5.
    pub cancel_timeout_in_minutes: Option<String>,
    /// `true`, `false` or a `$[ ]`/macro text.
    pub continue_on_error: String,
    /// `workspace: clean:`, one of `outputs`, `resources`, `all`.
    pub workspace_clean: Option<String>,
    /// Free text for templates; a run never looks at it.
    pub template_context: Option<Value>,
    pub steps: Vec<PlanStep>,
    pub span: Span,
    pub file: u16,
    #[serde(skip)]
    pub keys: KeyPlaces,
}

impl PlanJob {
    /// A job with nothing in it yet.
    pub(crate) fn new(name: String, pool: PlanPool, place: Place) -> Self {
        Self {
            name,
            display_name: String::new(),
            depends_on: Vec::new(),
            condition: None,
            variables: Vec::new(),
            variable_groups: Vec::new(),
            pool,
            strategy: None,
            deployment: None,
            container: None,
            services: Vec::new(),
            uses: PlanUses::default(),
            timeout_in_minutes: None,
            cancel_timeout_in_minutes: None,
            continue_on_error: "false".to_owned(),
            workspace_clean: None,
            template_context: None,
            steps: Vec::new(),
            span: place.span,
            file: place.source.0,
            keys: KeyPlaces::default(),
        }
    }

    /// The legs that are known before the run.
    pub fn legs(&self) -> &[PlanLeg] {
        self.strategy.as_ref().map_or(&[], |strategy| &strategy.legs)
    }

    pub(super) fn as_leg(&self, leg: &PlanLeg) -> Self {
        let wins = |variable: &&PlanVariable| {
            !leg.variables.iter().any(|other| other.name.eq_ignore_ascii_case(&variable.name))
        };
        let mut variables: Vec<PlanVariable> =
            self.variables.iter().filter(wins).cloned().collect();
        variables.extend(leg.variables.iter().cloned());
        Self {
            name: format!("{}.{}", self.name, leg.reference),
            display_name: leg.display_name.clone(),
            variables,
            span: leg.span,
            file: leg.file,
            strategy: self
                .strategy
                .as_ref()
                .map(|strategy| PlanStrategy { legs: Vec::new(), ..strategy.clone() }),
            ..self.clone()
        }
    }
}

impl PlanStage {
    /// The jobs as they run: each leg is a job named `Job.leg`, with the leg's variables last, and
    /// whoever depends on `Job` depends on each of its legs. The dot cannot occur in a name that a file
    /// writes, so legs can be told from jobs.
    pub fn runnable_jobs(&self) -> Vec<PlanJob> {
        let with_legs: HashMap<String, &PlanJob> = self
            .jobs
            .iter()
            .filter(|job| !job.legs().is_empty())
            .map(|job| (job.name.to_lowercase(), job))
            .collect();
        let mut jobs = Vec::with_capacity(self.jobs.len());
        for job in &self.jobs {
            let mut depends_on = Vec::new();
            for wanted in &job.depends_on {
                match with_legs.get(&wanted.to_lowercase()) {
                    Some(other) => {
                        let legs = other.legs().iter();
                        depends_on
                            .extend(legs.map(|leg| format!("{}.{}", other.name, leg.reference)));
                    }
                    None => depends_on.push(wanted.clone()),
                }
            }
            if job.legs().is_empty() {
                jobs.push(PlanJob { depends_on, ..job.clone() });
                continue;
            }
            for leg in job.legs() {
                jobs.push(PlanJob { depends_on: depends_on.clone(), ..job.as_leg(leg) });
            }
        }
        jobs
    }
}
