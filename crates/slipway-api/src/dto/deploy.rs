//! Steps 5 to 7: environments, deployments, pods.

use slipway_core::{
    CommitSha, DeploymentId, Digest, HealthWindow, LaunchProof, ProjectId, RunId, RunResult,
    RunState, TargetKind, Timestamp,
};

use super::{answer, request};

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
        /// Why it failed, with the last log lines.
        pub issue: Option<String>,
        pub proof: Option<LaunchProof>,
        pub health: Option<HealthWindow>,
        /// This is what the environment runs now.
        pub is_current: bool,
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
}
