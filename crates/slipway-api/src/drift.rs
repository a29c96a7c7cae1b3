//! What differs from what was deployed: found within seconds, kept in memory, shown as a diff.
//!
//! A cluster tells when one of the deployed objects changes, and then it is compared; the containers of a
//! local environment are looked at every few seconds. Deliberately not here: putting it right, which is a
//! deployment.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use slipway_core::{DeploymentId, EnvironmentName, ProjectId, Tag, TargetKind};
use slipway_deploy::{DeployTarget, EnvironmentStatus};
use slipway_store::{DeploymentRow, EnvironmentRow};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::dto::{DriftState, DriftView, FieldChange, ObjectAction, ObjectPlan};
use crate::error::ApiError;
use crate::plans::object_plan;
use crate::rollouts::{labels, object_key};

/// How often local environments, and which clusters are to be watched, are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// Changes come in groups: one look for all of them.
const SETTLE: Duration = Duration::from_millis(300);

type Key = (ProjectId, EnvironmentName);

/// What was found last, for each environment.
#[derive(Default)]
pub(crate) struct Drift(Mutex<HashMap<Key, DriftView>>);

fn unknown(problem: Option<String>) -> DriftView {
    DriftView { state: DriftState::Unknown, checked_at: None, objects: Vec::new(), problem }
}

fn key(project: &ProjectId, environment: &EnvironmentName) -> Key {
    (project.clone(), EnvironmentName::new(environment.as_str().to_lowercase()))
}

impl Drift {
    fn get(&self, key: &Key) -> Option<DriftView> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Keeps what was found; true if it is another than before.
    fn set(&self, key: Key, view: DriftView) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = all.insert(key, view.clone());
        before.is_none_or(|before| {
            (before.state, before.objects, before.problem)
                != (view.state, view.objects, view.problem)
        })
    }

    fn forget(&self, key: &Key) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

/// A cluster's deployment that is watched.
struct Watched {
    deployment: DeploymentId,
    end: CancellationToken,
}

impl App {
    /// What was found last.
    pub(crate) fn known_drift(
        &self,
        project: &ProjectId,
        environment: &EnvironmentName,
    ) -> DriftView {
        self.drift.get(&key(project, environment)).unwrap_or_else(|| unknown(None))
    }

    /// What was found is of an earlier deployment.
    pub(crate) fn drift_unknown(&self, project: &ProjectId, environment: &EnvironmentName) {
        self.drift.forget(&key(project, environment));
    }

    /// Looks now.
    pub(crate) async fn check_drift(&self, environment: &EnvironmentRow) -> DriftView {
        let view = match Box::pin(self.find_drift(environment)).await {
            Ok(Some(objects)) => DriftView {
                state: match objects.is_empty() {
                    true => DriftState::None,
                    false => DriftState::Drifted,
                },
                checked_at: Some(self.now_ms()),
                objects,
                problem: None,
            },
            Ok(None) => unknown(None),
            Err(error) => unknown(Some(self.masker.mask(&error.message))),
        };
        let key = key(&environment.project_id, &environment.name);
        if self.drift.set(key, view.clone()) {
            self.changed(&[Tag::Deployment]);
        }
        view
    }

    /// What differs; none if nothing was deployed, or a deployment is changing it right now.
    async fn find_drift(
        &self,
        environment: &EnvironmentRow,
    ) -> Result<Option<Vec<ObjectPlan>>, ApiError> {
        let EnvironmentRow { project_id, name, .. } = environment;
        let deploying = self.shared.deploying(project_id, name);
        // Only looked at: a deployment that begins meanwhile must not be refused for this.
        let is_going = || deploying.try_lock().is_err();
        let current = self.store.current_deployment(project_id, name).await?;
        let Some(current) = current.filter(|_| self.options.is_active && !is_going()) else {
            return Ok(None);
        };
        let found = self.differences(environment, &current).await?;
        let after = self.store.current_deployment(project_id, name).await?;
        let is_same = after.is_some_and(|after| after.id == current.id) && !is_going();
        Ok(is_same.then_some(found))
    }

    async fn differences(
        &self,
        environment: &EnvironmentRow,
        current: &DeploymentRow,
    ) -> Result<Vec<ObjectPlan>, ApiError> {
        let target = self.target(environment).await?;
        match &*target {
            DeployTarget::Local(local) => Ok(stopped(current, environment, &local.status().await?)),
            DeployTarget::Kubernetes(cluster) => {
                let wanted = self.wanted_of_row(environment.clone(), current).await?;
                let prepared = self.prepare(&wanted, &self.masker).await?;
                let labels = labels(current, TargetKind::Kubernetes);
                let request = self.request(&wanted, prepared, &labels, &target).await?;
                let request = target.request_by(wanted.strategy.as_ref(), request).await?;
                let found = Box::pin(cluster.drift(&request)).await?;
                Ok(found.into_iter().map(|it| object_plan(it, &self.masker)).collect())
            }
        }
    }

    /// Watches every environment that something was deployed to; ends with the app.
    pub(crate) fn spawn_drift_watch(&self) {
        let app = self.handle();
        self.tasks.spawn(async move {
            let mut watched: HashMap<Key, Watched> = HashMap::new();
            loop {
                if let Err(error) = app.look_for_drift(&mut watched).await {
                    tracing::warn!(code = error.code, "drift: {}", error.message);
                }
                tokio::select! {
                    () = app.shutdown.cancelled() => return,
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        });
    }

    async fn look_for_drift(&self, watched: &mut HashMap<Key, Watched>) -> Result<(), ApiError> {
        let mut seen = Vec::new();
        for project in self.store.projects().await? {
            for environment in self.store.environments(&project.id).await? {
                let current = self.store.current_deployment(&project.id, &environment.name).await?;
                let Some(current) = current else { continue };
                match environment.target {
                    // Before its first look the target may not have found its containers again.
                    TargetKind::Local if self.door().is_some() => {
                        self.check_drift(&environment).await;
                    }
                    TargetKind::Local => {}
                    TargetKind::Kubernetes => {
                        let key = key(&project.id, &environment.name);
                        seen.push(key.clone());
                        let is_known =
                            watched.get(&key).is_some_and(|it| it.deployment == current.id);
                        if !is_known {
                            let end = self.shutdown.child_token();
                            let one = Watched { deployment: current.id.clone(), end: end.clone() };
                            if let Some(before) = watched.insert(key, one) {
                                before.end.cancel();
                            }
                            self.spawn_cluster_watch(environment, current, end);
                        }
                    }
                }
            }
        }
        watched.retain(|key, one| {
            let is_seen = seen.contains(key);
            if !is_seen {
                one.end.cancel();
            }
            is_seen
        });
        Ok(())
    }

    fn spawn_cluster_watch(
        &self,
        environment: EnvironmentRow,
        current: DeploymentRow,
        end: CancellationToken,
    ) {
        let app = self.handle();
        self.tasks.spawn(async move {
            let watching = async {
                app.check_drift(&environment).await;
                let target = match app.target(&environment).await {
                    Ok(target) => target,
                    Err(error) => {
                        tracing::warn!(code = error.code, "drift: {}", error.message);
                        return;
                    }
                };
                let DeployTarget::Kubernetes(cluster) = &*target else { return };
                let keys: Vec<_> = current.applied.into_iter().map(object_key).collect();
                let mut changes = cluster.watch_changes(&keys);
                while changes.next().await.is_some() {
                    tokio::time::sleep(SETTLE).await;
                    app.check_drift(&environment).await;
                }
            };
            tokio::select! {
                () = watching => {}
                () = end.cancelled() => {}
            }
        });
    }
}

/// Workloads of a local environment whose containers do not run, or run another image.
fn stopped(
    current: &DeploymentRow,
    environment: &EnvironmentRow,
    status: &EnvironmentStatus,
) -> Vec<ObjectPlan> {
    let mut fields: BTreeMap<&str, Vec<FieldChange>> = BTreeMap::new();
    // As in a plan: what is there now, then what was deployed.
    let mut change = |workload, path: String, deployed: String, now: String| {
        fields.entry(workload).or_default().push(FieldChange {
            path,
            before: Some(now),
            after: Some(deployed),
            is_secret: false,
            owner: None,
            is_conflict: false,
        });
    };
    let known = |digest: &slipway_core::Digest| {
        current.digest == *digest || current.images.iter().any(|image| image.digest == *digest)
    };
    for pod in &status.pods {
        let is_running = matches!(pod.phase.as_str(), "Running" | "Pending");
        if !is_running {
            let said = pod.message.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
            let now = format!("{}{said}", pod.phase);
            change(&pod.workload, format!("pod {}", pod.name), "Running".to_owned(), now);
        }
        let foreign =
            pod.digest.as_ref().filter(|digest| pod.workload == current.workload && !known(digest));
        if let Some(digest) = foreign {
            let path = format!("pod {} image", pod.name);
            change(&pod.workload, path, current.digest.to_string(), digest.to_string());
        }
    }
    let is_there = status.pods.iter().any(|pod| pod.workload == current.workload);
    if !current.workload.is_empty() && !is_there {
        change(&current.workload, "pods".to_owned(), "at least 1".to_owned(), "none".to_owned());
    }
    let objects = fields.into_iter().map(|(workload, fields)| ObjectPlan {
        api_version: "apps/v1".to_owned(),
        kind: "Deployment".to_owned(),
        name: workload.to_owned(),
        namespace: Some(environment.namespace.clone()),
        place: None,
        action: ObjectAction::Change,
        fields,
        problem: Some("Its containers were changed from outside.".to_owned()),
        hint: Some("Deploy again to have what was deployed.".to_owned()),
    });
    objects.collect()
}
