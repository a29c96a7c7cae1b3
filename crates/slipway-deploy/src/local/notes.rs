//! Says what of a Deployment a local environment leaves out, because it changes nothing that runs.
//!
//! Called by the planner. Deliberately not here: what changes the meaning; that is refused.

use k8s_openapi::api::apps::v1::DeploymentSpec;
use k8s_openapi::api::core::v1::{Container, PodSpec};

/// Notes on the Deployment and its pod.
pub(crate) fn deployment_notes(
    name: &str,
    spec: &DeploymentSpec,
    pod: &PodSpec,
    notes: &mut Vec<String>,
) {
    let mut note = |is_set: bool, field: &str, why: &str| {
        if is_set {
            notes.push(format!("Deployment '{name}': {field} is left out locally: {why}"));
        }
    };
    let is_recreate =
        spec.strategy.as_ref().is_some_and(|s| s.type_.as_deref() == Some("Recreate"));
    note(
        spec.min_ready_seconds.is_some_and(|seconds| seconds > 0),
        "minReadySeconds",
        "a pod counts as soon as it is ready.",
    );
    note(
        is_recreate,
        "strategy Recreate",
        "new pods start beside the old ones and replace them once ready.",
    );
    note(spec.paused == Some(true), "paused", "the rollout is done at once.");
    note(pod.service_account_name.is_some(), "serviceAccountName", "there is no API server.");
    note(
        pod.image_pull_secrets.iter().flatten().next().is_some(),
        "imagePullSecrets",
        "the engine already has the image.",
    );
    note(pod.node_selector.is_some(), "nodeSelector", "there is one node.");
    note(pod.affinity.is_some(), "affinity", "there is one node.");
    note(
        pod.topology_spread_constraints.iter().flatten().next().is_some(),
        "topologySpreadConstraints",
        "there is one node.",
    );
    let has_group = pod.security_context.as_ref().is_some_and(|context| context.fs_group.is_some());
    note(has_group, "securityContext.fsGroup", "files belong to root.");
}

/// Notes on the container.
pub(crate) fn container_notes(name: &str, container: &Container, notes: &mut Vec<String>) {
    let mut note = |is_set: bool, field: &str, why: &str| {
        if is_set {
            notes.push(format!("Deployment '{name}': {field} is left out locally: {why}"));
        }
    };
    note(container.lifecycle.is_some(), "lifecycle", "hooks are not run.");
    let context = container.security_context.as_ref();
    note(
        context.is_some_and(|context| context.read_only_root_filesystem == Some(true)),
        "readOnlyRootFilesystem",
        "the engine could not copy files in.",
    );
    note(
        context.is_some_and(|context| context.capabilities.is_some()),
        "securityContext.capabilities",
        "the engine's default set applies.",
    );
    let has_pod_ip = container.env.iter().flatten().any(|variable| {
        let field = variable.value_from.as_ref().and_then(|source| source.field_ref.as_ref());
        field.is_some_and(|field| field.field_path.starts_with("status.podIP"))
    });
    note(has_pod_ip, "the address in status.podIP", "the pod's name stands for it and resolves.");
}
