//! One deployment to a cluster: pin, try out, apply rank by rank, watch the rollouts, prune.
//!
//! Deliberately not here: undoing. A rollout that fails leaves the old pods serving, as Kubernetes
//! does; the next deployment replaces the failed one.

use futures_util::future::{BoxFuture, try_join_all};
use futures_util::stream::{self, StreamExt as _};
use k8s_openapi::api::core::v1::Namespace;
use kube::api::{Api, DynamicObject, Patch, PatchParams};
use kube::{Error, ResourceExt as _};
use serde_json::Value;
use slipway_core::LogStream;
use tokio_util::sync::CancellationToken;

use super::KubeTarget;
use super::connect::answered;
use super::kinds::Kinds;
use super::plan::AT_ONCE;
use super::prepare::{Prepared, needs_another, rank, refusal};
use crate::plan::FIELD_MANAGER;
use crate::{
    AppliedDeployment, AppliedWorkload, ApplyRequest, DeployError, ManifestObject, ObjectKey,
    Progress, ServiceStatus,
};

/// What is watched, and what is only applied although it makes pods.
pub(super) const WATCHED: &[&str] = &["Deployment", "StatefulSet", "DaemonSet", "Job"];
const UNWATCHED: &[&str] = &["CronJob", "Pod", "ReplicaSet", "ReplicationController"];

pub(super) struct Run<'a> {
    pub(super) target: &'a KubeTarget,
    pub(super) progress: &'a dyn Progress,
    pub(super) cancel: &'a CancellationToken,
    pub(super) kinds: Kinds<'a>,
}

/// An object that the cluster took.
struct Applied {
    key: ObjectKey,
    uid: Option<String>,
    /// Its specification is what it was before.
    is_unchanged: bool,
}

/// Applies everything, waits for the workloads and removes what is no longer wanted.
pub(crate) async fn apply(
    target: &KubeTarget,
    request: ApplyRequest,
    progress: &dyn Progress,
    cancel: &CancellationToken,
) -> Result<AppliedDeployment, DeployError> {
    let Prepared { objects, refused, pinned } = Prepared::of(&request, &target.namespace)?;
    if let Some((_, error)) = refused.into_iter().next() {
        return Err(error);
    }
    let run = Run { target, progress, cancel, kinds: Kinds::new(target) };
    run.try_out(&objects).await?;
    let applied = run.apply_all(&objects).await?;
    let mut notes = Vec::new();
    for key in applied.iter().map(|one| &one.key) {
        if UNWATCHED.contains(&key.kind.as_str()) {
            notes.push(format!("{key} is applied; its rollout is not watched."));
        }
    }
    let watched: Vec<_> = applied.iter().filter(|one| is_watched(&one.key)).collect();
    let keys = watched.iter().map(|one| &one.key);
    let mut workloads = run.watch_all(keys, request.rollout_timeout).await?;
    for (workload, one) in workloads.iter_mut().zip(watched) {
        workload.is_unchanged = one.is_unchanged;
    }
    let keys: Vec<_> = applied.iter().map(|one| one.key.clone()).collect();
    let uids: Vec<_> = applied.into_iter().filter_map(|one| one.uid).collect();
    let unwanted = run.kinds.prunable(&request.prune, &keys, &uids, &request.labels).await?;
    let pruned = run.prune(unwanted, &mut notes).await?;
    let services = run.services(&mut notes).await;
    Ok(AppliedDeployment { workloads, pinned, services, notes, applied: keys, pruned })
}

pub(super) fn is_watched(key: &ObjectKey) -> bool {
    WATCHED.contains(&key.kind.as_str())
}

impl Run<'_> {
    pub(super) fn say(&self, text: String) {
        self.progress.line(LogStream::System, text);
    }

    pub(super) fn check_cancel(&self, doing: &str) -> Result<(), DeployError> {
        if self.cancel.is_cancelled() {
            return Err(DeployError::Cancelled { doing: doing.to_owned() });
        }
        Ok(())
    }

    /// Asks the API server whether it would take every object, so that a refusal of the last one does
    /// not leave the first ones changed.
    async fn try_out(&self, objects: &[ManifestObject]) -> Result<(), DeployError> {
        let has_namespace = self.target.has_namespace().await;
        // Boxed one by one: a closure that borrows would make this future not `Send`.
        let mut asking: Vec<BoxFuture<'_, _>> = Vec::new();
        for object in objects {
            if !needs_another(object, objects, has_namespace) {
                asking.push(Box::pin(self.try_one(object)));
            }
        }
        let mut answers = stream::iter(asking).buffered(AT_ONCE);
        while let Some(answer) = answers.next().await {
            answer?;
            self.check_cancel("trying out objects")?;
        }
        Ok(())
    }

    async fn try_one(&self, object: &ManifestObject) -> Result<(), DeployError> {
        let (api, _) = self.kinds.place(object).await?;
        match send(&api, object, true).await {
            Ok(_) => Ok(()),
            // An admission webhook with side effects cannot be tried out; it decides on the real thing.
            Err(Error::Api(status)) if status.message.contains("does not support dry run") => {
                Ok(())
            }
            Err(error) => Err(self.target.refused("applying", object, error)),
        }
    }

    /// Applies rank by rank; objects of one rank do not wait for each other. After a refusal nothing
    /// more is sent, but what was sent is waited for: it may be applied, and that must be known.
    async fn apply_all(&self, objects: &[ManifestObject]) -> Result<Vec<Applied>, DeployError> {
        let mut applied = Vec::new();
        for ranked in objects.chunk_by(|one, next| rank(&one.kind) == rank(&next.kind)) {
            let stop = self.cancel.child_token();
            let mut sending: Vec<BoxFuture<'_, _>> = Vec::new();
            for object in ranked {
                sending.push(Box::pin(self.apply_one(object, &stop)));
            }
            let mut answers = stream::iter(sending).buffered(AT_ONCE);
            let mut failed = None;
            while let Some(answer) = answers.next().await {
                match answer {
                    Ok(one) => applied.push(one),
                    Err(error) => {
                        stop.cancel();
                        failed = failed.or(Some(error));
                    }
                }
            }
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(applied)
    }

    async fn apply_one(
        &self,
        object: &ManifestObject,
        stop: &CancellationToken,
    ) -> Result<Applied, DeployError> {
        if stop.is_cancelled() {
            return Err(DeployError::Cancelled { doing: "applying objects".to_owned() });
        }
        let (api, key) = self.kinds.place(object).await?;
        // The status of a Job counts no generations.
        let before = if key.kind == "Job" { self.generation(&api, &key).await? } else { None };
        match send(&api, object, false).await {
            Ok(answer) => {
                self.progress.applied(&key);
                self.say(format!("{key} is applied."));
                // The answer has the status from before: what it has seen already is no new one.
                let seen =
                    answer.data.pointer("/status/observedGeneration").and_then(Value::as_i64);
                let before = before.or(seen);
                let is_unchanged = before.is_some() && before == answer.metadata.generation;
                Ok(Applied { key, uid: answer.uid(), is_unchanged })
            }
            Err(error) => Err(self.target.refused("applying", object, error)),
        }
    }

    /// The generation that an object has now; it grows when its specification changes.
    async fn generation(
        &self,
        api: &Api<DynamicObject>,
        key: &ObjectKey,
    ) -> Result<Option<i64>, DeployError> {
        match answered(api.get_metadata_opt(&key.name)).await {
            Ok(found) => Ok(found.and_then(|object| object.metadata.generation)),
            Err(error) => Err(self.target.failed(&format!("looking at {key}"), error)),
        }
    }

    /// Watches all at once; the first that fails ends the watching, not the rollouts of the others.
    pub(super) async fn watch_all(
        &self,
        keys: impl Iterator<Item = &ObjectKey>,
        limit: std::time::Duration,
    ) -> Result<Vec<AppliedWorkload>, DeployError> {
        let mut watching: Vec<BoxFuture<'_, _>> = Vec::new();
        for key in keys {
            watching.push(Box::pin(self.watch(&key.kind, &key.name, limit)));
        }
        try_join_all(watching).await
    }

    /// What is deployed stays deployed, also for an account that may not list services.
    pub(super) async fn services(&self, notes: &mut Vec<String>) -> Vec<ServiceStatus> {
        match self.target.status().await {
            Ok(status) => status.services,
            Err(error) => {
                notes.push(format!("The services are not shown: {error}"));
                Vec::new()
            }
        }
    }
}

async fn send(
    api: &Api<DynamicObject>,
    object: &ManifestObject,
    is_dry: bool,
) -> Result<DynamicObject, Error> {
    let mut parameters = PatchParams::apply(FIELD_MANAGER).validation_strict();
    parameters.dry_run = is_dry;
    answered(api.patch(&object.name, &parameters, &Patch::Apply(&object.value))).await
}

impl KubeTarget {
    /// Whether the namespace is there already; an account that may not look is taken to say no.
    pub(super) async fn has_namespace(&self) -> bool {
        let namespaces: Api<Namespace> = Api::all(self.client.clone());
        matches!(answered(namespaces.get_opt(&self.namespace)).await, Ok(Some(_)))
    }

    /// Names a failure about an object of the manifests.
    pub(super) fn refused(
        &self,
        doing: &str,
        object: &ManifestObject,
        error: Error,
    ) -> DeployError {
        match error {
            Error::Api(status) if status.code != 401 => refusal(doing, object, &status),
            error => self.failed(&format!("{doing} {} '{}'", object.kind, object.name), error),
        }
    }
}
