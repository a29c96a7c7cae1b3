//! A local environment: containers that play pods, and ports of this machine that play Services.
//!
//! One network for each project and environment; its containers carry all that is needed to go on
//! after a `kill -9` (see `record.rs`). Service names resolve on the network to all running pods,
//! ready or not, at their own ports; from this machine the proxy sends traffic to ready pods only.
//! Deliberately not here: more than one container in a pod, volumes that outlive it.

mod check;
mod env;
mod files;
mod notes;
mod objects;
mod plan;
mod probe;
mod proxy;
mod record;
mod rollout;
mod services;
mod state;
mod sync;
mod wait;
mod watch;

use std::sync::Arc;

use serde_json::Value;
use slipway_core::PushedImage;
use slipway_engine::{Engine, NetworkFacts};
use tokio_util::sync::CancellationToken;

use crate::{
    AppliedDeployment, ApplyRequest, DeployError, DeploymentPlan, EnvironmentStatus,
    ManifestObject, ObjectKey, Progress, prove_local,
};
use state::Inner;

/// A local environment of a project. Dropping it ends its proxies and probes; containers run on.
#[derive(Debug)]
pub struct LocalTarget {
    inner: Arc<Inner>,
}

impl LocalTarget {
    /// Names an environment; nothing is asked or changed yet.
    pub fn new(engine: Engine, project: &str, environment: &str) -> Self {
        Self { inner: Inner::new(engine, project, environment) }
    }

    /// Deploys: starts new pods beside the old, waits until all are ready, switches the services at
    /// once, then stops the old ones. If it fails or is cancelled, what ran before keeps serving.
    pub async fn apply(
        &self,
        request: ApplyRequest,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<AppliedDeployment, DeployError> {
        let _applying = self.inner.applying.lock().await;
        rollout::apply(&self.inner, request, progress, cancel).await
    }

    /// Stops and removes what of these is served; the answer is what was there.
    pub(crate) async fn remove(
        &self,
        keys: Vec<ObjectKey>,
        progress: &dyn Progress,
        cancel: &CancellationToken,
    ) -> Result<Vec<ObjectKey>, DeployError> {
        let _applying = self.inner.applying.lock().await;
        rollout::remove_objects(&self.inner, keys, progress, cancel).await
    }

    /// A workload as it was applied last, its image by digest; none if it is not served.
    pub(crate) async fn written(
        &self,
        object: &ManifestObject,
    ) -> Result<Option<Value>, DeployError> {
        if !self.inner.is_synced() {
            self.restore().await?;
        }
        let state = self.inner.state();
        let is_served = state.record.workloads.contains_key(&object.name);
        Ok(state.record.written(&objects::key_of(object)).filter(|_| is_served))
    }

    /// What [`Self::apply`] would change of what was applied before. `applied_before` is what would be
    /// pruned where the manifests no longer have it.
    pub async fn plan(
        &self,
        request: &ApplyRequest,
        applied_before: &[ObjectKey],
    ) -> Result<DeploymentPlan, DeployError> {
        if !self.inner.is_synced() {
            self.restore().await?;
        }
        objects::plan(&self.inner, request, applied_before)
    }

    /// Finds what an earlier app left running and serves it again.
    pub async fn restore(&self) -> Result<EnvironmentStatus, DeployError> {
        let _applying = self.inner.applying.lock().await;
        sync::sync(&self.inner).await?;
        Ok(self.inner.status())
    }

    /// What runs now; restores first if this target has not looked yet.
    pub async fn status(&self) -> Result<EnvironmentStatus, DeployError> {
        if !self.inner.is_synced() {
            return self.restore().await;
        }
        Ok(self.inner.status())
    }

    /// The last lines of a pod's log, both streams.
    pub async fn pod_log(&self, pod: &str, tail: usize) -> Result<Vec<String>, DeployError> {
        let found = self.find(pod).await?;
        self.inner.log(&found.container_id, tail).await
    }

    /// Compares what a pod runs with what was pushed.
    pub async fn prove(
        &self,
        pod: &str,
        pushed: &PushedImage,
    ) -> Result<slipway_core::LaunchProof, DeployError> {
        let found = self.find(pod).await?;
        prove_local(&self.inner.prober.engine, &found.container_id, pushed).await
    }

    /// The network of this environment, made if need be. Its gateway is how pods reach this machine;
    /// they also know it as `host.docker.internal`.
    pub async fn network(&self) -> Result<NetworkFacts, DeployError> {
        self.inner.ensure_network().await
    }

    /// Stops and removes everything of this environment.
    pub async fn remove_all(&self) -> Result<(), DeployError> {
        let _applying = self.inner.applying.lock().await;
        sync::remove_all(&self.inner).await
    }

    async fn find(&self, pod: &str) -> Result<Arc<record::Pod>, DeployError> {
        if !self.inner.is_synced() {
            self.restore().await?;
        }
        self.inner.pod(pod).ok_or_else(|| DeployError::PodMissing {
            pod: pod.to_owned(),
            environment: self.inner.environment.clone(),
        })
    }
}
