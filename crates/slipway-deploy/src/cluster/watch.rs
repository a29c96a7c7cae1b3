//! Watches one workload's rollout to its end.
//!
//! By asking, not by a watch: an answer that does not come is noticed, and after an outage the next
//! answer says where the rollout is. Success is only what was seen. Deliberately not here: judging a
//! status (`rollout.rs`) and a pod (`pods.rs`).

use std::fmt::Debug;
use std::time::Duration;

use k8s_openapi::NamespaceResourceScope;
use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{Event, PersistentVolumeClaim, Pod};
use kube::api::{Api, ListParams};
use kube::core::Selector;
use kube::{Error, Resource, ResourceExt as _};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::connect::{with_causes, within};
use super::pods;
use super::rollout::{RolloutState, Rolls};
use super::run::Run;
use crate::{AppliedWorkload, DeployError};

/// How often a rollout's status is asked for: soon at first, then less and less.
const LOOK_FIRST: Duration = Duration::from_millis(100);
const LOOK_LAST: Duration = Duration::from_secs(1);
/// The longest wait for one answer.
const LOOK_LIMIT: Duration = Duration::from_secs(10);
/// Pods that wait so long are asked what ails them.
const GRACE: Duration = Duration::from_secs(3);
/// As many of a pod's last lines as fit into an error.
const LAST_LINES: usize = 20;

/// A kind that is watched here.
trait Watched:
    Rolls
    + Resource<DynamicType = (), Scope = NamespaceResourceScope>
    + Clone
    + DeserializeOwned
    + Debug
{
}

impl<K> Watched for K where
    K: Rolls
        + Resource<DynamicType = (), Scope = NamespaceResourceScope>
        + Clone
        + DeserializeOwned
        + Debug
{
}

/// What was told, so that nothing is told twice.
#[derive(Default)]
struct Told {
    state: String,
    trouble: String,
    is_out: bool,
}

impl Run<'_> {
    /// Waits until the workload is rolled out, the cluster gives up, or the time is over.
    pub(super) async fn watch(
        &self,
        kind: &str,
        name: &str,
        limit: Duration,
    ) -> Result<AppliedWorkload, DeployError> {
        match kind {
            "StatefulSet" => self.follow::<StatefulSet>(name, limit).await,
            "DaemonSet" => self.follow::<DaemonSet>(name, limit).await,
            "Job" => self.follow::<Job>(name, limit).await,
            _ => self.follow::<Deployment>(name, limit).await,
        }
    }

    async fn follow<K: Watched>(
        &self,
        name: &str,
        limit: Duration,
    ) -> Result<AppliedWorkload, DeployError> {
        let what = format!("{} '{name}'", K::kind(&()));
        let begun = Instant::now();
        let (mut told, mut pause) = (Told::default(), LOOK_FIRST);
        loop {
            let looked = tokio::select! {
                looked = self.look::<K>(name) => looked,
                () = self.cancel.cancelled() => return Err(left_alone(&what)),
            };
            let is_late = begun.elapsed() >= limit;
            match looked {
                Ok((workload, RolloutState::Done, pods)) => {
                    self.say(format!("{what} is rolled out."));
                    return Ok(rolled_out(&workload, name, &pods));
                }
                Ok((workload, RolloutState::Failed(reason), _)) => {
                    return Err(self.not_ready(&workload, what, reason).await);
                }
                Ok((workload, RolloutState::Waiting(state), _)) if is_late => {
                    let reason = format!("not ready after {} s: {state}.", limit.as_secs());
                    return Err(self.not_ready(&workload, what, reason).await);
                }
                Ok((workload, RolloutState::Waiting(state), _)) => {
                    let is_stuck = begun.elapsed() >= GRACE;
                    self.tell(&mut told, &what, state, is_stuck.then_some(&workload)).await;
                }
                Err(error) if is_passing(&error) && !is_late => {
                    self.tell_outage(&mut told, &what, &error);
                }
                Err(error) => {
                    return Err(self.target.failed(&format!("watching {what}"), error));
                }
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => pause = (pause * 2).min(LOOK_LAST),
                () = self.cancel.cancelled() => return Err(left_alone(&what)),
            }
        }
    }

    /// The workload, how far it is, and its pods once it is done.
    async fn look<K: Watched>(&self, name: &str) -> Result<(K, RolloutState, Vec<Pod>), Error> {
        let api: Api<K> = Api::namespaced(self.target.client.clone(), &self.target.namespace);
        let workload = within(LOOK_LIMIT, api.get(name)).await?;
        let state = workload.rollout();
        let pods = match state {
            RolloutState::Done => self.pods_of(&workload).await?,
            _ => Vec::new(),
        };
        Ok((workload, state, pods))
    }

    async fn tell<K: Watched>(
        &self,
        told: &mut Told,
        what: &str,
        state: String,
        stuck: Option<&K>,
    ) {
        if told.is_out {
            told.is_out = false;
            self.say("The cluster answers again.".to_owned());
        }
        if told.state != state {
            self.say(format!("{what}: {state}."));
            told.state = state;
        }
        let Some(workload) = stuck else { return };
        // Only a line for the log: that the pods cannot be asked now is no failure.
        let pods = self.pods_of(workload).await.unwrap_or_default();
        let ailing = pods.iter().find_map(|pod| Some((pod, pods::stall(pod)?)));
        if let Some((pod, trouble)) = ailing
            && told.trouble != trouble
        {
            self.say(format!("Pod {}: {trouble}.", pods::name(pod)));
            told.trouble = trouble;
        }
    }

    fn tell_outage(&self, told: &mut Told, what: &str, error: &Error) {
        if !told.is_out {
            let reason = with_causes(error);
            self.say(format!("The cluster does not answer; watching {what} goes on: {reason}."));
        }
        told.is_out = true;
    }

    /// The pods of the workload's newest revision that are not about to end, newest first.
    async fn pods_of<K: Watched>(&self, workload: &K) -> Result<Vec<Pod>, Error> {
        let Some(selector) = workload.selector() else { return Ok(Vec::new()) };
        let Ok(selector) = Selector::try_from(selector) else { return Ok(Vec::new()) };
        let parameters = ListParams::default().labels_from(&selector);
        let mut owner = workload.uid();
        if K::kind(&()) == "Deployment" {
            let api: Api<ReplicaSet> =
                Api::namespaced(self.target.client.clone(), &self.target.namespace);
            let sets = within(LOOK_LIMIT, api.list(&parameters)).await?.items;
            owner = newest(&sets, owner.as_deref());
        }
        let mut pods = within(LOOK_LIMIT, self.target.pods().list(&parameters)).await?.items;
        pods.retain(|pod| {
            let owners = pod.owner_references();
            let hash = pod.labels().get("controller-revision-hash");
            pod.metadata.deletion_timestamp.is_none()
                && owners.iter().any(|reference| Some(&reference.uid) == owner.as_ref())
                && workload.revision().is_none_or(|revision| hash == Some(&revision))
        });
        pods.sort_by_key(|pod| {
            std::cmp::Reverse(pod.metadata.creation_timestamp.as_ref().map(|time| time.0))
        });
        Ok(pods)
    }

    async fn not_ready<K: Watched>(
        &self,
        workload: &K,
        what: String,
        mut reason: String,
    ) -> DeployError {
        // What the pods say helps; that they cannot be asked must not hide the reason.
        let found = self.pods_of(workload).await.unwrap_or_default();
        let ailing = found.iter().find(|pod| !pods::is_ready(pod) && !pods::is_over(pod));
        let (mut pod_name, mut last_lines) = ("none".to_owned(), Vec::new());
        if found.is_empty()
            && let Some(warning) = self.last_warning(workload.uid()).await
            && !reason.contains(&warning)
        {
            // A quota or an admission rule keeps pods from being made; not every kind says so itself.
            reason = format!("{reason} {}.", warning.trim_end_matches('.'));
        }
        if let Some(pod) = ailing {
            pod_name = pods::name(pod);
            if let Some(trouble) = pods::trouble(pod) {
                reason = format!("{reason} {trouble}.");
            }
            // A container's state says it all; a condition only says that something is not so.
            if pods::container_trouble(pod).is_none()
                && let Some(warning) = self.last_warning(pod.uid()).await
                && !reason.contains(&warning)
            {
                reason = format!("{reason} {}.", warning.trim_end_matches('.'));
            }
            for claim in self.waiting_claims(pod).await {
                reason = format!("{reason} {claim}.");
            }
            let (container, is_previous) = pods::loudest(pod);
            let log = self.target.log(&pod_name, container, LAST_LINES, is_previous).await;
            last_lines = log.unwrap_or_default();
        }
        DeployError::NotReady { workload: what, pod: pod_name, reason, last_lines }
    }

    /// The newest warning about an object: a probe, a mount, a quota.
    async fn last_warning(&self, uid: Option<String>) -> Option<String> {
        self.last_event(&format!("involvedObject.uid={},type=Warning", uid?)).await
    }

    async fn last_event(&self, fields: &str) -> Option<String> {
        let api: Api<Event> = Api::namespaced(self.target.client.clone(), &self.target.namespace);
        let parameters = ListParams::default().fields(fields);
        let events = within(LOOK_LIMIT, api.list(&parameters)).await.ok()?.items;
        let when = |event: &Event| {
            let last = event.last_timestamp.as_ref().map(|time| time.0);
            last.or(event.event_time.as_ref().map(|time| time.0))
        };
        let newest = events.into_iter().max_by_key(when)?;
        newest.message.filter(|text| !text.is_empty())
    }

    /// The pod's claims that have no volume, each with why, as far as somebody said it.
    async fn waiting_claims(&self, pod: &Pod) -> Vec<String> {
        let api: Api<PersistentVolumeClaim> =
            Api::namespaced(self.target.client.clone(), &self.target.namespace);
        let mut waiting = Vec::new();
        for name in pods::claims(pod) {
            let Ok(Some(claim)) = within(LOOK_LIMIT, api.get_opt(name)).await else { continue };
            let phase = claim.status.as_ref().and_then(|status| status.phase.clone());
            let phase = phase.unwrap_or_else(|| "Pending".to_owned());
            if phase == "Bound" {
                continue;
            }
            let fields = format!("involvedObject.uid={}", claim.uid().unwrap_or_default());
            let said = self.last_event(&fields).await;
            let why = said.map(|said| format!(": {}", said.trim_end_matches('.')));
            waiting.push(format!(
                "PersistentVolumeClaim '{name}' is {phase}{}",
                why.unwrap_or_default()
            ));
        }
        waiting
    }
}

/// The rollout goes on in the cluster; only the watching ends.
fn left_alone(what: &str) -> DeployError {
    DeployError::Cancelled { doing: format!("watching {what}, which the cluster goes on with") }
}

/// True where the next answer may be a good one; refusals and credentials that cannot be had stay.
fn is_passing(error: &Error) -> bool {
    match error {
        Error::Api(status) => status.code == 429 || status.code >= 500,
        Error::Auth(_) => false,
        _ => true,
    }
}

fn rolled_out<K: Watched>(workload: &K, name: &str, pods: &[Pod]) -> AppliedWorkload {
    let stays = |pod: &&Pod| {
        let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
        !matches!(phase, Some("Failed" | "Succeeded"))
    };
    AppliedWorkload {
        name: name.to_owned(),
        revision: workload.meta().generation.unwrap_or_default().to_string(),
        is_unchanged: false,
        pods: pods.iter().filter(stays).map(pods::name).collect(),
    }
}

/// The ReplicaSet of the newest revision among those that a Deployment owns.
fn newest(sets: &[ReplicaSet], owner: Option<&str>) -> Option<String> {
    let revision = |set: &&ReplicaSet| {
        let text = set.annotations().get("deployment.kubernetes.io/revision");
        text.and_then(|text| text.parse::<u64>().ok()).unwrap_or_default()
    };
    let owned = sets.iter().filter(|set| {
        set.owner_references().iter().any(|reference| Some(reference.uid.as_str()) == owner)
    });
    owned.max_by_key(revision)?.uid()
}
