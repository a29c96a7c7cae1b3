//! Steps 5 to 7: environments, deployments, pods.

use slipway_core::{
    CommitSha, DeploymentId, DeploymentPhase, DeploymentReason, Digest, HealthWindow, LaunchProof,
    ObjectRef, ProjectId, RolloutStrategy, RunId, RunResult, RunState, StrategyKind, TargetKind,
    Timestamp,
};

use super::{DeploymentSource, answer, request};

answer! {
    /// An environment, its parameters, and what runs in it.
    pub struct EnvironmentView {
        pub name: String,
        pub target: TargetKind,
        /// Kubernetes context; empty for a local environment.
        pub context: String,
        pub namespace: String,
        pub variables: Vec<VariableView>,
        pub current: Option<DeploymentView>,
        pub pods: Vec<PodView>,
        pub services: Vec<ServiceView>,
        /// Why pods and services could not be read.
        pub problem: Option<String>,
    }

    /// A name and its value.
    pub struct VariableView {
        pub name: String,
        pub value: String,
    }

    /// A deployment.
    pub struct DeploymentView {
        pub id: DeploymentId,
        pub project_id: ProjectId,
        pub environment: String,
        pub run_id: RunId,
        pub run_number: String,
        pub commit: CommitSha,
        pub digest: Digest,
        pub image: String,
        pub workload: String,
        pub state: RunState,
        pub result: Option<RunResult>,
        #[ts(type = "number")]
        pub started_at: Timestamp,
        #[ts(type = "number | null")]
        pub finished_at: Option<Timestamp>,
        pub url: Option<String>,
        /// Why it failed, with the last log lines; while it goes on, what it waits for.
        pub issue: Option<String>,
        pub proof: Option<LaunchProof>,
        pub health: Option<HealthWindow>,
        /// This is what the environment runs now.
        pub is_current: bool,
        pub reason: DeploymentReason,
        /// Whose manifests and digest were taken.
        pub from_deployment_id: Option<DeploymentId>,
        /// The deployment whose failure caused it.
        pub rollback_of: Option<DeploymentId>,
        /// What Slipway did about its failure.
        pub rolled_back_by: Option<DeploymentId>,
        /// What failed, as it was seen then.
        pub signal: Option<String>,
        /// What it does, or did last.
        pub phase: DeploymentPhase,
        pub applied: Vec<ObjectRef>,
        /// How it came beside what ran, and what became of that; none if its pods were rolled.
        pub strategy: Option<RolloutStrategy>,
    }

    /// A pod: on Kubernetes a real one, locally a container that plays one.
    pub struct PodView {
        pub name: String,
        pub workload: String,
        pub container_id: String,
        pub image: String,
        pub digest: Option<Digest>,
        pub phase: String,
        pub is_ready: bool,
        pub restarts: u32,
        #[ts(type = "number | null")]
        pub started_at: Option<Timestamp>,
        pub message: Option<String>,
    }

    /// A service and where it is reached from this machine.
    pub struct ServiceView {
        pub name: String,
        pub port: u16,
        pub url: Option<String>,
        pub endpoints: u32,
    }

    /// The last lines of a pod's log.
    pub struct PodLog {
        pub lines: Vec<String>,
    }

    /// A deployment that goes on by itself from here.
    pub struct DeploymentStarted {
        pub deployment_id: DeploymentId,
    }

    /// What is decided about what waits.
    #[derive(Copy, Eq)]
    pub enum StrategyAction { Promote, Reject }

    /// What was decided about what waited.
    pub struct StrategyFinished {
        /// The deployment that promotes it, which goes on by itself; none after a rejection.
        pub deployment_id: Option<DeploymentId>,
    }

    /// What a deployment said.
    pub struct DeploymentLog {
        pub lines: Vec<DeploymentLine>,
    }

    /// A line of it.
    pub struct DeploymentLine {
        #[ts(type = "number")]
        pub at: Timestamp,
        pub text: String,
    }
}

request! {
    /// Makes or changes an environment.
    pub struct EnvironmentSave {
        pub project_id: ProjectId,
        pub name: String,
        pub target: TargetKind,
        #[serde(default)]
        pub context: String,
        #[serde(default)]
        pub namespace: String,
        pub variables: Vec<VariableView>,
    }

    /// Deployments, newest first.
    pub struct DeploymentList {
        pub project_id: ProjectId,
        #[serde(default)]
        pub environment: Option<String>,
        pub limit: u32,
    }

    /// A request about one deployment.
    pub struct DeploymentRequest {
        pub deployment_id: DeploymentId,
    }

    /// The last lines of a pod's log.
    pub struct PodLogGet {
        pub project_id: ProjectId,
        pub environment: String,
        pub pod: String,
        pub tail: u32,
    }

    /// A request about one environment.
    pub struct EnvironmentRequest {
        pub project_id: ProjectId,
        pub environment: String,
    }

    /// All environments in the order of promotion.
    pub struct EnvironmentOrder {
        pub project_id: ProjectId,
        pub names: Vec<String>,
    }

    /// What a deployment would change.
    pub struct DeploymentPlanGet {
        pub project_id: ProjectId,
        pub environment: String,
        pub source: DeploymentSource,
        #[serde(default)]
        pub strategy: Option<StrategyChoice>,
    }

    /// How the new version comes beside what runs.
    #[derive(Copy, Eq)]
    pub struct StrategyChoice {
        pub kind: StrategyKind,
        /// Of a canary: its share of the pods.
        #[serde(default)]
        pub percentage: Option<u32>,
        /// The verdict decides: healthy promotes, unhealthy rejects.
        #[serde(default)]
        pub is_automatic: bool,
    }

    /// Decides what becomes of what waits beside what runs.
    pub struct StrategyFinish {
        pub deployment_id: DeploymentId,
        pub action: StrategyAction,
        /// Also against the verdict.
        #[serde(default)]
        pub is_forced: bool,
    }

    /// Deploys, promotes or rolls back.
    pub struct DeploymentStart {
        pub project_id: ProjectId,
        pub environment: String,
        pub source: DeploymentSource,
        /// `deploy`, `promote` or `rollback`.
        pub reason: DeploymentReason,
        /// Of the plan that was looked at; refused if the environment changed since.
        #[serde(default)]
        pub hash: Option<String>,
        /// Removes what the deployment before applied and this one no longer wants.
        pub is_pruning: bool,
        /// Goes back to the last proven deployment if this one fails.
        pub has_rollback: bool,
        /// None rolls the pods one after the other.
        #[serde(default)]
        pub strategy: Option<StrategyChoice>,
    }
}
