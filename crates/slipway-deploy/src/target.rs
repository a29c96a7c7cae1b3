//! Either target behind the same calls, for whoever need not know which it is.
//!
//! Deliberately not here: choosing one; the environment says so.

use slipway_core::{LaunchProof, PushedImage, TargetKind};
use tokio_util::sync::CancellationToken;

use crate::{
    AppliedDeployment, ApplyRequest, DeployError, DeploymentPlan, EnvironmentStatus, KubeTarget,
    LocalTarget, ObjectKey, Progress,
};

/// Where an environment deploys to.
#[derive(Debug)]
pub enum DeployTarget {
    Local(LocalTarget),
    Kubernetes(KubeTarget),
}

impl DeployTarget {
    /// Which it is.
    pub fn kind(&self) -> TargetKind {
        match self {
            Self::Local(_) => TargetKind::Local,
            Self::Kubernetes(_) => TargetKind::Kubernetes,
        }
    }

    /// What a deployment would change; nothing is changed.
    pub async fn plan(
        &self,
        request: &ApplyRequest,
        applied_before: &[ObjectKey],
    ) -> Result<DeploymentPlan, DeployError> {
        match self {
            Self::Local(target) => target.plan(request, applied_before).await,
            Self::Kubernetes(target) => target.plan(request, applied_before).await,
        }
    }

    /// Deploys and waits for readiness.
    pub async fn apply(
        &self,
        request: ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<AppliedDeployment, DeployError> {
        match self {
            Self::Local(target) => target.apply(request, progress, cancel).await,
            Self::Kubernetes(target) => target.apply(request, progress, cancel).await,
        }
    }

    /// What runs there.
    pub async fn status(&self) -> Result<EnvironmentStatus, DeployError> {
        match self {
            Self::Local(target) => target.status().await,
            Self::Kubernetes(target) => target.status().await,
        }
    }

    /// Compares what a pod runs with what was pushed.
    pub async fn prove(&self, pod: &str, pushed: &PushedImage) -> Result<LaunchProof, DeployError> {
        match self {
            Self::Local(target) => target.prove(pod, pushed).await,
            Self::Kubernetes(target) => target.prove(pod, pushed).await,
        }
    }

    /// The last lines of a pod's log.
    pub async fn pod_log(&self, pod: &str, tail: usize) -> Result<Vec<String>, DeployError> {
        match self {
            Self::Local(target) => target.pod_log(pod, tail).await,
            Self::Kubernetes(target) => target.pod_log(pod, tail).await,
        }
    }
}
