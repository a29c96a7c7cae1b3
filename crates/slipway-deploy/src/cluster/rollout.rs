//! How far a workload's rollout is, by its status, as `kubectl rollout status` decides it.
//!
//! Pure. Deliberately not here: pods, and what ails them.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

/// How far it is, in words for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RolloutState {
    Waiting(String),
    Done,
    /// The cluster gave up, and says why.
    Failed(String),
}

/// A kind whose rollout is watched.
pub(crate) trait Rolls {
    /// Judges it as the API server gave it.
    fn rollout(&self) -> RolloutState;

    /// Which pods may be its own.
    fn selector(&self) -> Option<LabelSelector>;

    /// The `controller-revision-hash` of its new pods, if old ones may stay beside them.
    fn revision(&self) -> Option<String> {
        None
    }
}

const UNSEEN: &str = "the cluster has not seen the new specification yet";

impl Rolls for Deployment {
    fn rollout(&self) -> RolloutState {
        let waiting = |text: String| RolloutState::Waiting(text);
        let status = self.status.clone().unwrap_or_default();
        let generation = self.metadata.generation.unwrap_or_default();
        if status.observed_generation.unwrap_or_default() < generation {
            return waiting(UNSEEN.to_owned());
        }
        let conditions = status.conditions.unwrap_or_default();
        let condition = |name: &str| conditions.iter().find(|condition| condition.type_ == name);
        if let Some(progressing) = condition("Progressing")
            && progressing.reason.as_deref() == Some("ProgressDeadlineExceeded")
        {
            let message = progressing.message.clone().unwrap_or_default();
            return RolloutState::Failed(sentence(&message, "its progress deadline has passed"));
        }
        let wanted = self.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
        let updated = status.updated_replicas.unwrap_or_default();
        let all = status.replicas.unwrap_or_default();
        let available = status.available_replicas.unwrap_or_default();
        if updated < wanted {
            let mut text = format!("{updated} of {wanted} new pods are created");
            // A quota or an admission rule says here why there are no more.
            if let Some(failure) = condition("ReplicaFailure").filter(|c| c.status == "True") {
                text = format!("{text}: {}", failure.message.clone().unwrap_or_default());
            }
            return waiting(text);
        }
        if all > updated {
            return waiting(format!("{} old pods are still to stop", all - updated));
        }
        if available < updated {
            return waiting(format!("{available} of {updated} new pods are available"));
        }
        RolloutState::Done
    }

    fn selector(&self) -> Option<LabelSelector> {
        Some(self.spec.as_ref()?.selector.clone())
    }
}

impl Rolls for StatefulSet {
    fn rollout(&self) -> RolloutState {
        let spec = self.spec.clone().unwrap_or_default();
        let status = self.status.clone().unwrap_or_default();
        let generation = self.metadata.generation.unwrap_or_default();
        if status.observed_generation.unwrap_or_default() < generation {
            return RolloutState::Waiting(UNSEEN.to_owned());
        }
        let wanted = spec.replicas.unwrap_or(1);
        let strategy = spec.update_strategy.unwrap_or_default();
        // Pods below the partition stay old on purpose; with OnDelete all do.
        let partition = strategy.rolling_update.and_then(|update| update.partition).unwrap_or(0);
        let to_update = match strategy.type_.as_deref() {
            Some("OnDelete") => 0,
            _ => (wanted - partition).max(0),
        };
        let updated = if status.update_revision == status.current_revision {
            status.replicas
        } else {
            status.updated_replicas.unwrap_or_default()
        };
        let ready = status.available_replicas.or(status.ready_replicas).unwrap_or_default();
        if updated < to_update {
            return RolloutState::Waiting(format!("{updated} of {to_update} pods are new"));
        }
        if ready < wanted {
            return RolloutState::Waiting(format!("{ready} of {wanted} pods are available"));
        }
        RolloutState::Done
    }

    fn selector(&self) -> Option<LabelSelector> {
        Some(self.spec.as_ref()?.selector.clone())
    }

    fn revision(&self) -> Option<String> {
        self.status.as_ref()?.update_revision.clone()
    }
}

impl Rolls for DaemonSet {
    fn rollout(&self) -> RolloutState {
        let strategy = self.spec.as_ref().and_then(|spec| spec.update_strategy.as_ref());
        let is_manual = strategy.and_then(|strategy| strategy.type_.as_deref()) == Some("OnDelete");
        let status = self.status.clone().unwrap_or_default();
        let generation = self.metadata.generation.unwrap_or_default();
        if status.observed_generation.unwrap_or_default() < generation {
            return RolloutState::Waiting(UNSEEN.to_owned());
        }
        let wanted = status.desired_number_scheduled;
        let updated = status.updated_number_scheduled.unwrap_or_default();
        let available = status.number_available.unwrap_or_default();
        if updated < wanted && !is_manual {
            return RolloutState::Waiting(format!("{updated} of {wanted} pods are new"));
        }
        if available < wanted {
            return RolloutState::Waiting(format!("{available} of {wanted} pods are available"));
        }
        RolloutState::Done
    }

    fn selector(&self) -> Option<LabelSelector> {
        Some(self.spec.as_ref()?.selector.clone())
    }
}

impl Rolls for Job {
    fn rollout(&self) -> RolloutState {
        let status = self.status.clone().unwrap_or_default();
        let conditions = status.conditions.unwrap_or_default();
        let condition = |name: &str| {
            conditions
                .iter()
                .find(|condition| condition.type_ == name && condition.status == "True")
        };
        if let Some(failed) = condition("Failed") {
            let message = failed.message.clone().unwrap_or_default();
            return RolloutState::Failed(sentence(&message, "it has failed"));
        }
        let spec = self.spec.clone().unwrap_or_default();
        if condition("Complete").is_some() || spec.suspend == Some(true) {
            return RolloutState::Done;
        }
        let wanted = spec.completions.or(spec.parallelism).unwrap_or(1);
        let done = status.succeeded.unwrap_or_default();
        RolloutState::Waiting(format!("{done} of {wanted} pods are complete"))
    }

    fn selector(&self) -> Option<LabelSelector> {
        self.spec.as_ref()?.selector.clone()
    }
}

fn sentence(text: &str, otherwise: &str) -> String {
    let text = if text.is_empty() { otherwise } else { text };
    format!("{}.", text.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn deployment(status: Value) -> Deployment {
        serde_json::from_value(json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "web", "generation": 3},
            "spec": {"replicas": 2, "selector": {}, "template": {}},
            "status": status
        }))
        .unwrap()
    }

    fn progressing(reason: &str, status: &str, message: &str) -> Value {
        json!({"type": "Progressing", "status": status, "reason": reason, "message": message})
    }

    #[test]
    fn each_moment_of_a_rollout() {
        let going =
            progressing("ReplicaSetUpdated", "True", "ReplicaSet \"web-7\" is progressing.");
        let cases = [
            (
                json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2,
                "availableReplicas": 2}),
                "has not seen",
            ),
            (
                json!({"observedGeneration": 3, "replicas": 3, "updatedReplicas": 1,
                "availableReplicas": 2, "conditions": [going]}),
                "1 of 2 new pods are created",
            ),
            (
                json!({"observedGeneration": 3, "replicas": 3, "updatedReplicas": 2,
                "availableReplicas": 2}),
                "1 old pods are still to stop",
            ),
            (
                json!({"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2,
                "availableReplicas": 1, "unavailableReplicas": 1}),
                "1 of 2 new pods are available",
            ),
            (
                json!({"observedGeneration": 3, "conditions": [
                {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                 "message": "exceeded quota: compute"}]}),
                "exceeded quota: compute",
            ),
        ];
        for (status, expected) in cases {
            match deployment(status.clone()).rollout() {
                RolloutState::Waiting(text) => {
                    assert!(text.contains(expected), "expected '{expected}' in '{text}'");
                }
                other => panic!("{status} is still under way, not {other:?}"),
            }
        }
        let done = json!({"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2,
            "readyReplicas": 2, "availableReplicas": 2, "conditions": [
                progressing("NewReplicaSetAvailable", "True", "has successfully progressed.")]});
        assert_eq!(deployment(done).rollout(), RolloutState::Done);
    }

    #[test]
    fn a_passed_deadline_is_a_failure() {
        let failed = json!({"observedGeneration": 3, "replicas": 3, "updatedReplicas": 1,
            "availableReplicas": 2, "conditions": [
                {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                progressing("ProgressDeadlineExceeded", "False",
                    "ReplicaSet \"web-7\" has timed out progressing.")]});
        assert_eq!(
            deployment(failed).rollout(),
            RolloutState::Failed("ReplicaSet \"web-7\" has timed out progressing.".into())
        );
    }

    #[test]
    fn zero_replicas_are_done_at_once() {
        let mut none = deployment(json!({"observedGeneration": 3}));
        none.spec.as_mut().unwrap().replicas = Some(0);
        assert_eq!(none.rollout(), RolloutState::Done);
    }

    #[test]
    fn a_stateful_set_counts_new_pods_above_its_partition() {
        let set = |spec: Value, status: Value| -> StatefulSet {
            let mut object = json!({"metadata": {"generation": 2},
                "spec": {"replicas": 3, "serviceName": "db", "selector": {}, "template": {}},
                "status": {"observedGeneration": 2, "replicas": 3, "readyReplicas": 3,
                    "availableReplicas": 3, "currentRevision": "a", "updateRevision": "b",
                    "updatedReplicas": 1}});
            for (name, values) in [("spec", spec), ("status", status)] {
                for (key, value) in values.as_object().unwrap() {
                    object[name][key] = value.clone();
                }
            }
            serde_json::from_value(object).unwrap()
        };
        let waiting = |text: &str| RolloutState::Waiting(text.to_owned());
        let cases = [
            (json!({}), json!({}), waiting("1 of 3 pods are new"), "one by one"),
            (
                json!({"updateStrategy": {"type": "RollingUpdate",
                    "rollingUpdate": {"partition": 2}}}),
                json!({}),
                RolloutState::Done,
                "a partition",
            ),
            (
                json!({"updateStrategy": {"type": "OnDelete"}}),
                json!({}),
                RolloutState::Done,
                "whoever deletes decides",
            ),
            (
                json!({}),
                json!({"currentRevision": "b", "availableReplicas": 2}),
                waiting("2 of 3 pods are available"),
                "the last one is to become ready",
            ),
        ];
        for (spec, status, expected, why) in cases {
            assert_eq!(set(spec, status).rollout(), expected, "{why}");
        }
    }

    #[test]
    fn a_daemon_set_needs_every_node_and_a_job_its_end() {
        let set: DaemonSet = serde_json::from_value(json!({"metadata": {"generation": 1},
            "spec": {"selector": {}, "template": {}},
            "status": {"observedGeneration": 1, "desiredNumberScheduled": 2,
                "currentNumberScheduled": 2, "numberMisscheduled": 0, "numberReady": 1,
                "updatedNumberScheduled": 2, "numberAvailable": 1}}))
        .unwrap();
        assert_eq!(set.rollout(), RolloutState::Waiting("1 of 2 pods are available".into()));
        let job = |conditions: Value| -> Job {
            serde_json::from_value(json!({"metadata": {}, "spec": {"template": {}},
                "status": {"conditions": conditions}}))
            .unwrap()
        };
        assert_eq!(
            job(json!([])).rollout(),
            RolloutState::Waiting("0 of 1 pods are complete".into())
        );
        let complete = json!([{"type": "Complete", "status": "True"}]);
        assert_eq!(job(complete).rollout(), RolloutState::Done);
        let failed = json!([{"type": "Failed", "status": "True",
            "message": "Job has reached the specified backoff limit"}]);
        assert_eq!(
            job(failed).rollout(),
            RolloutState::Failed("Job has reached the specified backoff limit.".into())
        );
    }
}
