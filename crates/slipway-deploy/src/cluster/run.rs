//! One deployment to a cluster: pin, try out, apply object by object, watch the rollouts.
//!
//! Deliberately not here: undoing. A rollout that fails leaves the old pods serving, as Kubernetes
//! does; the next deployment replaces the failed one.

use std::collections::HashMap;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt as _};
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{Api, ApiResource, DynamicObject, Patch, PatchParams};
use kube::core::GroupVersionKind;
use kube::discovery::{Scope, pinned_kind};
use kube::{Error, error::DiscoveryError};
use slipway_core::LogStream;
use tokio_util::sync::CancellationToken;

use super::connect::answered;
use super::prepare::{annotate, apply_error, check_namespace, in_order, inject_env, needs_another};
use super::{FIELD_MANAGER, KubeTarget};
use crate::{
    AppliedDeployment, ApplyRequest, DeployError, ManifestObject, Progress, ServiceStatus,
    pin_images,
};

/// As many objects are tried out at once.
const AT_ONCE: usize = 8;
/// What is watched, and what is only applied although it makes pods.
const WATCHED: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "Job"];
const UNWATCHED: &[&str] = &["CronJob", "Pod", "ReplicaSet", "ReplicationController"];

pub(super) struct Run<'a> {
    pub(super) target: &'a KubeTarget,
    pub(super) progress: &'a dyn Progress,
    pub(super) cancel: &'a CancellationToken,
    /// What the cluster calls a kind, asked once.
    kinds: HashMap<(String, String), (ApiResource, Scope)>,
}

/// Applies everything and waits for the workloads.
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
    let objects = in_order(objects);
    let mut run = Run { target, progress, cancel, kinds: HashMap::new() };
    run.try_out(&objects).await?;
    let mut notes = Vec::new();
    let mut watched = Vec::new();
    for object in &objects {
        run.check_cancel("applying objects")?;
        let is_watched = WATCHED.contains(&object.kind.as_str());
        let before = if is_watched { run.generation(object).await? } else { None };
        let after = run.apply_one(object).await?;
        if is_watched {
            watched.push((object, before.is_some() && before == after));
        }
        if UNWATCHED.contains(&object.kind.as_str()) {
            notes.push(format!(
                "{} '{}' is applied; its rollout is not watched.",
                object.kind, object.name
            ));
        }
    }
    let mut workloads = Vec::new();
    for (object, is_unchanged) in watched {
        let workload = run.watch(&object.kind, &object.name, rollout_timeout).await?;
        workloads.push(crate::AppliedWorkload { is_unchanged, ..workload });
    }
    let services = run.services(&mut notes).await;
    Ok(AppliedDeployment { workloads, pinned, services, notes })
}

impl Run<'_> {
    pub(super) fn say(&self, text: String) {
        self.progress.line(LogStream::System, text);
    }

    fn check_cancel(&self, doing: &str) -> Result<(), DeployError> {
        if self.cancel.is_cancelled() {
            return Err(DeployError::Cancelled { doing: doing.to_owned() });
        }
        Ok(())
    }

    /// Asks the API server whether it would take every object, so that a refusal of the last one does
    /// not leave the first ones changed.
    async fn try_out(&mut self, objects: &[ManifestObject]) -> Result<(), DeployError> {
        let has_namespace = self.has_namespace().await;
        let mut tried = Vec::new();
        for object in objects {
            if needs_another(object, objects, has_namespace) {
                continue;
            }
            let (resource, scope) = self.kind_of(object).await?;
            tried.push((object, self.api_of(&resource, &scope)));
        }
        let this = &*self;
        // Boxed one by one: a closure that borrows would make this future not `Send`.
        let mut asking: Vec<BoxFuture<'_, _>> = Vec::new();
        for (object, api) in &tried {
            asking.push(Box::pin(this.try_one(object, api)));
        }
        let mut answers = stream::iter(asking).buffered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            answer?;
            this.check_cancel("trying out objects")?;
        }
        Ok(())
    }

    /// Whether the namespace is there already; an account that may not look is taken to say no.
    async fn has_namespace(&self) -> bool {
        let namespaces: Api<Namespace> = Api::all(self.target.client.clone());
        matches!(answered(namespaces.get_opt(&self.target.namespace)).await, Ok(Some(_)))
    }

    async fn try_one(
        &self,
        object: &ManifestObject,
        api: &Api<DynamicObject>,
    ) -> Result<(), DeployError> {
        let parameters = PatchParams::apply(FIELD_MANAGER).validation_strict().dry_run();
        match answered(api.patch(&object.name, &parameters, &Patch::Apply(&object.value))).await {
            Ok(_) => Ok(()),
            // An admission webhook with side effects cannot be tried out; it decides on the real thing.
            Err(Error::Api(status)) if status.message.contains("does not support dry run") => {
                Ok(())
            }
            Err(error) => Err(self.refused(object, error)),
        }
    }

    /// The generation that an object has now; it grows when its specification changes.
    async fn generation(&mut self, object: &ManifestObject) -> Result<Option<i64>, DeployError> {
        let (resource, scope) = self.kind_of(object).await?;
        match answered(self.api_of(&resource, &scope).get_metadata_opt(&object.name)).await {
            Ok(found) => Ok(found.and_then(|object| object.metadata.generation)),
            Err(error) => {
                let doing = format!("looking at {} '{}'", object.kind, object.name);
                Err(self.target.failed(&doing, error))
            }
        }
    }

    /// Applies an object; the answer is its generation.
    async fn apply_one(&mut self, object: &ManifestObject) -> Result<Option<i64>, DeployError> {
        let (resource, scope) = self.kind_of(object).await?;
        let api = self.api_of(&resource, &scope);
        let parameters = PatchParams::apply(FIELD_MANAGER).validation_strict();
        match answered(api.patch(&object.name, &parameters, &Patch::Apply(&object.value))).await {
            Ok(applied) => {
                self.say(format!("{} '{}' is applied.", object.kind, object.name));
                Ok(applied.metadata.generation)
            }
            Err(error) => Err(self.refused(object, error)),
        }
    }

    fn refused(&self, object: &ManifestObject, error: Error) -> DeployError {
        match error {
            Error::Api(status) => apply_error(object, &status),
            error => {
                let doing = format!("applying {} '{}'", object.kind, object.name);
                self.target.failed(&doing, error)
            }
        }
    }

    fn api_of(&self, resource: &ApiResource, scope: &Scope) -> Api<DynamicObject> {
        let client = self.target.client.clone();
        match scope {
            Scope::Namespaced => Api::namespaced_with(client, &self.target.namespace, resource),
            Scope::Cluster => Api::all_with(client, resource),
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
        match answered(pinned_kind(&self.target.client, &kind)).await {
            Ok((resource, capabilities)) => {
                self.kinds.insert(key, (resource.clone(), capabilities.scope.clone()));
                Ok((resource, capabilities.scope))
            }
            Err(Error::Discovery(DiscoveryError::MissingKind(_))) => Err(unknown()),
            Err(Error::Api(status)) if status.code == 404 => Err(unknown()),
            Err(error) => Err(self.target.failed("asking for the kinds it knows", error)),
        }
    }

    /// What is deployed stays deployed, also for an account that may not list services.
    async fn services(&self, notes: &mut Vec<String>) -> Vec<ServiceStatus> {
        match self.target.status().await {
            Ok(status) => status.services,
            Err(error) => {
                notes.push(format!("The services are not shown: {error}"));
                Vec::new()
            }
        }
    }
}
