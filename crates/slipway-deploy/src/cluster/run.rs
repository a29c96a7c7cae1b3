//! One deployment to a cluster: pin, apply object by object, watch the rollouts.
//!
//! Deliberately not here: undoing. A rollout that fails leaves the old pods serving, as Kubernetes
//! does; the next deployment replaces the failed one.

use std::collections::HashMap;
use std::time::Duration;

use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Api, ApiResource, DynamicObject, ListParams, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::discovery::{Scope, pinned_kind};
use kube::{Error, error::DiscoveryError};
use slipway_core::LogStream;
use tokio_util::sync::CancellationToken;

use super::prepare::{annotate, apply_error, check_namespace, in_order, inject_env};
use super::rollout::{RolloutState, rollout_state};
use super::{FIELD_MANAGER, KubeTarget, pods};
use crate::{
    AppliedDeployment, AppliedWorkload, ApplyRequest, DeployError, ManifestObject, Progress,
    pin_images,
};

/// How often a rollout's status is asked for.
const LOOK: Duration = Duration::from_secs(1);
/// As many of a pod's last lines as fit into an error.
const LAST_LINES: usize = 20;

struct Run<'a> {
    target: &'a KubeTarget,
    progress: &'a dyn Progress,
    cancel: &'a CancellationToken,
    /// What the cluster calls a kind, asked once.
    kinds: HashMap<(String, String), (ApiResource, Scope)>,
}

/// Applies everything and waits for the Deployments.
pub(crate) async fn apply(
    target: &KubeTarget,
    request: ApplyRequest,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<AppliedDeployment, DeployError> {
    let ApplyRequest { mut objects, images, env_injected, labels, rollout_timeout, .. } = request;
    if objects.is_empty() {
        return Err(DeployError::NothingToDeploy);
    }
    let pinned = pin_images(&mut objects, &images)?;
    for object in &mut objects {
        check_namespace(object, &target.namespace)?;
        inject_env(object, &env_injected);
        annotate(object, &labels);
    }
    let mut run = Run { target, progress, cancel, kinds: HashMap::new() };
    let mut notes = Vec::new();
    let mut deployments = Vec::new();
    for object in in_order(objects) {
        run.check_cancel("applying objects")?;
        let before = run.generation(&object).await?;
        let after = run.apply_one(&object).await?;
        match object.kind.as_str() {
            "Deployment" => deployments.push((object.name, before.is_some() && before == after)),
            "StatefulSet" | "DaemonSet" | "Job" | "CronJob" | "Pod" | "ReplicaSet" => {
                notes.push(format!(
                    "{} '{}' is applied; its rollout is not watched.",
                    object.kind, object.name
                ))
            }
            _ => {}
        }
    }
    let mut workloads = Vec::new();
    for (name, is_unchanged) in deployments {
        let pods = run.watch(&name, rollout_timeout).await?;
        workloads.push(AppliedWorkload { is_unchanged, ..pods });
    }
    let services = target.status().await?.services;
    Ok(AppliedDeployment { workloads, pinned, services, notes })
}

impl Run<'_> {
    fn say(&self, text: String) {
        self.progress.line(LogStream::System, text);
    }

    fn check_cancel(&self, doing: &str) -> Result<(), DeployError> {
        if self.cancel.is_cancelled() {
            return Err(DeployError::Cancelled { doing: doing.to_owned() });
        }
        Ok(())
    }

    /// The generation that a Deployment has now; it grows when its specification changes.
    async fn generation(&self, object: &ManifestObject) -> Result<Option<i64>, DeployError> {
        if object.kind != "Deployment" {
            return Ok(None);
        }
        let api: Api<Deployment> =
            Api::namespaced(self.target.client.clone(), &self.target.namespace);
        match api.get_opt(&object.name).await {
            Ok(found) => Ok(found.and_then(|deployment| deployment.metadata.generation)),
            Err(error) => {
                let doing = format!("looking at Deployment '{}'", object.name);
                Err(self.target.failed(&doing, error))
            }
        }
    }

    /// Applies an object; the answer is its generation.
    async fn apply_one(&mut self, object: &ManifestObject) -> Result<Option<i64>, DeployError> {
        let (resource, scope) = self.kind_of(object).await?;
        let client = self.target.client.clone();
        let api: Api<DynamicObject> = match scope {
            Scope::Namespaced => Api::namespaced_with(client, &self.target.namespace, &resource),
            Scope::Cluster => Api::all_with(client, &resource),
        };
        let parameters = PatchParams::apply(FIELD_MANAGER).validation_strict();
        let patch = Patch::Apply(&object.value);
        match api.patch(&object.name, &parameters, &patch).await {
            Ok(applied) => {
                self.say(format!("{} '{}' is applied.", object.kind, object.name));
                Ok(applied.metadata.generation)
            }
            Err(Error::Api(status)) => Err(apply_error(object, &status)),
            Err(error) => {
                let doing = format!("applying {} '{}'", object.kind, object.name);
                Err(self.target.failed(&doing, error))
            }
        }
    }

    async fn kind_of(
        &mut self,
        object: &ManifestObject,
    ) -> Result<(ApiResource, Scope), DeployError> {
        let key = (object.api_version.clone(), object.kind.clone());
        if let Some(known) = self.kinds.get(&key) {
            return Ok(known.clone());
        }
        let (group, version) =
            object.api_version.split_once('/').unwrap_or(("", &object.api_version));
        let kind = GroupVersionKind::gvk(group, version, &object.kind);
        let unknown = || DeployError::KindUnknown {
            context: self.target.context.clone(),
            kind: object.kind.clone(),
            api_version: object.api_version.clone(),
        };
        match pinned_kind(&self.target.client, &kind).await {
            Ok((resource, capabilities)) => {
                self.kinds.insert(key, (resource.clone(), capabilities.scope.clone()));
                Ok((resource, capabilities.scope))
            }
            Err(Error::Discovery(DiscoveryError::MissingKind(_))) => Err(unknown()),
            Err(Error::Api(status)) if status.code == 404 => Err(unknown()),
            Err(error) => Err(self.target.failed("asking for the kinds it knows", error)),
        }
    }

    async fn watch(&self, name: &str, limit: Duration) -> Result<AppliedWorkload, DeployError> {
        let api: Api<Deployment> =
            Api::namespaced(self.target.client.clone(), &self.target.namespace);
        let until = tokio::time::Instant::now() + limit;
        let mut said = String::new();
        loop {
            let found = api.get(name).await;
            let deployment = found.map_err(|error| {
                self.target.failed(&format!("watching Deployment '{name}'"), error)
            })?;
            let reason = match rollout_state(&deployment) {
                RolloutState::Done => {
                    self.say(format!("Deployment '{name}' is rolled out."));
                    return self.rolled_out(&deployment, name).await;
                }
                RolloutState::Failed(reason) => Some(reason),
                RolloutState::Waiting(text) => {
                    if text != said {
                        self.say(format!("Deployment '{name}': {text}."));
                    }
                    said = text;
                    let is_late = tokio::time::Instant::now() >= until;
                    is_late.then(|| format!("not ready after {} s: {said}.", limit.as_secs()))
                }
            };
            if let Some(reason) = reason {
                return Err(self.not_ready(&deployment, name, reason).await);
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = self.cancel.cancelled() => {
                    // The rollout goes on in the cluster; only the watching ends.
                    let doing = format!("watching Deployment '{name}', which the cluster goes on with");
                    return Err(DeployError::Cancelled { doing });
                }
            }
        }
    }

    async fn rolled_out(
        &self,
        deployment: &Deployment,
        name: &str,
    ) -> Result<AppliedWorkload, DeployError> {
        let pods = self.pods_of(deployment).await?;
        Ok(AppliedWorkload {
            name: name.to_owned(),
            revision: deployment.metadata.generation.unwrap_or_default().to_string(),
            is_unchanged: false,
            pods: pods.iter().map(pods::name).collect(),
        })
    }

    /// The pods that its selector finds and that are not about to end, newest first.
    async fn pods_of(
        &self,
        deployment: &Deployment,
    ) -> Result<Vec<k8s_openapi::api::core::v1::Pod>, DeployError> {
        let selector =
            deployment.spec.as_ref().and_then(|spec| spec.selector.match_labels.as_ref());
        let terms: Vec<_> =
            selector.into_iter().flatten().map(|(k, v)| format!("{k}={v}")).collect();
        let parameters = ListParams::default().labels(&terms.join(","));
        let found = self.target.pods().list(&parameters).await;
        let mut pods =
            found.map_err(|error| self.target.failed("listing a Deployment's pods", error))?.items;
        pods.retain(|pod| pod.metadata.deletion_timestamp.is_none());
        pods.sort_by_key(|pod| {
            std::cmp::Reverse(pod.metadata.creation_timestamp.as_ref().map(|time| time.0))
        });
        Ok(pods)
    }

    async fn not_ready(&self, deployment: &Deployment, name: &str, reason: String) -> DeployError {
        // What the pods say helps; that they cannot be asked must not hide the reason.
        let found = self.pods_of(deployment).await.unwrap_or_default();
        let ailing = found.iter().find(|pod| !pods::is_ready(pod));
        let (mut reason, mut last_lines) = (reason, Vec::new());
        let mut pod_name = "none".to_owned();
        if let Some(pod) = ailing {
            pod_name = pods::name(pod);
            if let Some(trouble) = pods::trouble(pod) {
                reason = format!("{reason} {trouble}.");
            }
            let (container, is_previous) = pods::loudest(pod);
            let log = self.target.log(&pod_name, container, LAST_LINES, is_previous).await;
            last_lines = log.unwrap_or_default();
        }
        DeployError::NotReady {
            workload: format!("Deployment '{name}'"),
            pod: pod_name,
            reason,
            last_lines,
        }
    }
}
