//! How far a Deployment's rollout is, by its status, as `kubectl rollout status` decides it.
//!
//! Pure. Deliberately not here: pods; what ails them is asked only once a rollout has failed.

use k8s_openapi::api::apps::v1::Deployment;

/// How far it is, in words for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RolloutState {
    Waiting(String),
    Done,
    /// The cluster gave up: `ProgressDeadlineExceeded`.
    Failed(String),
}

/// Judges a Deployment as the API server gave it.
pub(crate) fn rollout_state(deployment: &Deployment) -> RolloutState {
    let waiting = |text: String| RolloutState::Waiting(text);
    let status = deployment.status.clone().unwrap_or_default();
    let generation = deployment.metadata.generation.unwrap_or_default();
    if status.observed_generation.unwrap_or_default() < generation {
        return waiting("the cluster has not seen the new specification yet".to_owned());
    }
    let conditions = status.conditions.unwrap_or_default();
    let condition = |name: &str| conditions.iter().find(|condition| condition.type_ == name);
    if let Some(progressing) = condition("Progressing")
        && progressing.reason.as_deref() == Some("ProgressDeadlineExceeded")
    {
        let message = progressing.message.clone().unwrap_or_default();
        return RolloutState::Failed(sentence(&message, "its progress deadline has passed"));
    }
    let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
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
            match rollout_state(&deployment(status.clone())) {
                RolloutState::Waiting(text) => {
                    assert!(text.contains(expected), "expected '{expected}' in '{text}'");
                }
                other => panic!("{status} is still under way, not {other:?}"),
            }
        }
        let done = json!({"observedGeneration": 3, "replicas": 2, "updatedReplicas": 2,
            "readyReplicas": 2, "availableReplicas": 2, "conditions": [
                progressing("NewReplicaSetAvailable", "True", "has successfully progressed.")]});
        assert_eq!(rollout_state(&deployment(done)), RolloutState::Done);
    }

    #[test]
    fn a_passed_deadline_is_a_failure() {
        let failed = json!({"observedGeneration": 3, "replicas": 3, "updatedReplicas": 1,
            "availableReplicas": 2, "conditions": [
                {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
                progressing("ProgressDeadlineExceeded", "False",
                    "ReplicaSet \"web-7\" has timed out progressing.")]});
        assert_eq!(
            rollout_state(&deployment(failed)),
            RolloutState::Failed("ReplicaSet \"web-7\" has timed out progressing.".into())
        );
    }

    #[test]
    fn zero_replicas_are_done_at_once() {
        let mut none = deployment(json!({"observedGeneration": 3}));
        none.spec.as_mut().unwrap().replicas = Some(0);
        assert_eq!(rollout_state(&none), RolloutState::Done);
    }
}
