//! Reads pods and services as the API server gives them.
//!
//! Pure. Deliberately not here: asking for them.

use k8s_openapi::api::core::v1::{ContainerStatus, Pod, Service};
use slipway_core::{Digest, LaunchProof, PushedImage, Timestamp};

use crate::{PodStatus, ServiceStatus};

const UNSCHEDULED: &str = "it is not scheduled";

/// A pod as a face shows it.
pub(crate) fn pod_status(pod: &Pod) -> PodStatus {
    let first = statuses(pod).first().cloned().unwrap_or_default();
    let status = pod.status.clone().unwrap_or_default();
    let started = first.state.as_ref().and_then(|state| state.running.as_ref());
    let started = started.and_then(|running| running.started_at.clone()).or(status.start_time);
    PodStatus {
        name: name(pod),
        workload: workload(pod),
        container_id: first.container_id.clone().unwrap_or_default(),
        image: pod
            .spec
            .as_ref()
            .and_then(|spec| spec.containers.first()?.image.clone())
            .unwrap_or(first.image),
        digest: digest_in(&first.image_id),
        phase: status.phase.unwrap_or_else(|| "Pending".to_owned()),
        is_ready: is_ready(pod),
        restarts: statuses(pod)
            .iter()
            .filter_map(|container| u32::try_from(container.restart_count).ok())
            .sum(),
        started_at: started.map(|time| time.0.as_millisecond()),
        message: trouble(pod),
    }
}

/// What keeps a pod from being ready, in the kubelet's words.
pub(crate) fn trouble(pod: &Pod) -> Option<String> {
    container_trouble(pod).or_else(|| condition_trouble(pod))
}

/// What a container's state says; init containers come first, as they do in a pod's life.
pub(crate) fn container_trouble(pod: &Pod) -> Option<String> {
    let init = init_statuses(pod).iter().map(|container| ("init container", container));
    let main = statuses(pod).iter().map(|container| ("container", container));
    init.chain(main).find_map(|(what, container)| {
        let state = container.state.clone().unwrap_or_default();
        let last = container.last_state.clone().unwrap_or_default();
        let name = &container.name;
        if let Some(waiting) = &state.waiting {
            let reason = waiting.reason.clone().unwrap_or_default();
            if reason.is_empty() || reason == "ContainerCreating" || reason == "PodInitializing" {
                return None;
            }
            let mut text = format!("{what} {name} waits: {reason}");
            if let Some(message) = waiting.message.as_deref().filter(|text| !text.is_empty()) {
                text = format!("{text}: {message}");
            }
            if let Some(ended) = &last.terminated {
                text = format!("{text} (last exit code {})", ended.exit_code);
            }
            return Some(text);
        }
        let ended = state.terminated.as_ref()?;
        // An init container, and the pod of a Job, are meant to come to an end.
        let is_well = ended.exit_code == 0 && (what != "container" || is_over(pod));
        let reason = ended.reason.clone().unwrap_or_default();
        (!is_well).then(|| format!("{what} {name} ended: {reason}, exit code {}", ended.exit_code))
    })
}

fn condition_trouble(pod: &Pod) -> Option<String> {
    if is_over(pod) {
        return None;
    }
    let status = pod.status.as_ref();
    let conditions = status.and_then(|status| status.conditions.as_ref());
    let unmet = |name: &str| {
        let mut found = conditions.into_iter().flatten();
        found.find(|condition| condition.type_ == name && condition.status == "False")
    };
    if let Some(condition) = unmet("PodScheduled") {
        let message = condition.message.clone().unwrap_or_default();
        return Some(format!("{UNSCHEDULED}: {message}"));
    }
    // A pod that was evicted says so itself.
    let own = status.and_then(|status| status.message.clone()).filter(|text| !text.is_empty());
    if let Some(message) = own {
        return Some(message);
    }
    let ready = unmet("Ready")?;
    Some(match ready.message.as_deref().filter(|text| !text.is_empty()) {
        Some(message) => format!("it is not ready: {message}"),
        None => "it is not ready".to_owned(),
    })
}

/// What it will not get out of by waiting: a container that cannot run, or no node to run on.
pub(crate) fn stall(pod: &Pod) -> Option<String> {
    container_trouble(pod)
        .or_else(|| condition_trouble(pod).filter(|text| text.contains(UNSCHEDULED)))
}

/// The claims that its volumes name.
pub(crate) fn claims(pod: &Pod) -> impl Iterator<Item = &str> {
    let volumes = pod.spec.iter().flat_map(|spec| spec.volumes.iter().flatten());
    volumes.filter_map(|volume| Some(volume.persistent_volume_claim.as_ref()?.claim_name.as_str()))
}

/// True for a pod that did its work and ended.
pub(crate) fn is_over(pod: &Pod) -> bool {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Succeeded")
}

/// The container whose log tells most, and whether its previous run does.
pub(crate) fn loudest(pod: &Pod) -> (Option<String>, bool) {
    let has_ended_well = |container: &&ContainerStatus| {
        let ended = container.state.as_ref().and_then(|state| state.terminated.as_ref());
        ended.is_some_and(|ended| ended.exit_code == 0)
    };
    let stuck = init_statuses(pod).iter().find(|container| !has_ended_well(container));
    // A sidecar is an init container that is ready and goes on.
    let stuck = stuck.filter(|container| !container.ready);
    let ailing = stuck.or(statuses(pod).iter().find(|container| !container.ready));
    let container = ailing.or(statuses(pod).first());
    let is_restarting = container.is_some_and(|container| {
        let state = container.state.as_ref();
        state.is_some_and(|state| state.waiting.is_some()) && container.restart_count > 0
    });
    (container.map(|container| container.name.clone()), is_restarting)
}

/// True if the pod's own condition says so.
pub(crate) fn is_ready(pod: &Pod) -> bool {
    let conditions = pod.status.as_ref().and_then(|status| status.conditions.as_ref());
    let mut conditions = conditions.into_iter().flatten();
    conditions.any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// The pod's name.
pub(crate) fn name(pod: &Pod) -> String {
    pod.metadata.name.clone().unwrap_or_default()
}

/// Compares what the kubelet reports with what was pushed.
pub(crate) fn judge(pod: &Pod, pushed: &PushedImage, checked_at: Timestamp) -> LaunchProof {
    let name = name(pod);
    let running = |container: &&ContainerStatus| {
        container.state.as_ref().is_some_and(|state| state.running.is_some())
    };
    let all = statuses(pod);
    let proven = all
        .iter()
        .filter(running)
        .find(|container| digest_in(&container.image_id).as_ref() == Some(&pushed.digest));
    let shown = proven.or(all.first()).cloned().unwrap_or_default();
    let statement = match (proven, all.iter().find(running)) {
        (Some(container), _) => format!(
            "The kubelet reports that container {} of pod {name} runs {}, which is the pushed \
             manifest digest.",
            container.name, container.image_id
        ),
        (None, None) => format!("Not proven: no container of pod {name} runs."),
        (None, Some(container)) => format!(
            "Not proven: the kubelet reports that pod {name} runs {}, not the pushed digest {}.",
            container.image_id, pushed.digest
        ),
    };
    LaunchProof {
        pod: name,
        container_id: shown.container_id.clone().unwrap_or_default(),
        pushed_digest: pushed.digest.clone(),
        running_digest: digest_in(&shown.image_id),
        running_image_id: shown.image_id,
        is_proven: proven.is_some(),
        statement,
        checked_at,
    }
}

/// A Service's ports, with the ready pods of the namespace that it selects.
pub(crate) fn service_status(service: &Service, pods: &[Pod]) -> Vec<ServiceStatus> {
    let name = service.metadata.name.clone().unwrap_or_default();
    let spec = service.spec.clone().unwrap_or_default();
    let selector = spec.selector.unwrap_or_default();
    let is_selected = |pod: &&Pod| {
        let labels = pod.metadata.labels.as_ref();
        !selector.is_empty()
            && selector
                .iter()
                .all(|(key, value)| labels.is_some_and(|labels| labels.get(key) == Some(value)))
    };
    let ready = pods.iter().filter(is_selected).filter(|pod| is_ready(pod)).count();
    let balancer = service.status.as_ref().and_then(|status| status.load_balancer.as_ref());
    let ingress = balancer.and_then(|balancer| balancer.ingress.as_ref()?.first());
    let host = ingress.and_then(|ingress| ingress.hostname.clone().or_else(|| ingress.ip.clone()));
    let ports = spec.ports.unwrap_or_default();
    let has_several = ports.len() > 1;
    ports
        .iter()
        .filter_map(|port| {
            let number = u16::try_from(port.port).ok()?;
            let part = port.name.clone().unwrap_or_else(|| number.to_string());
            let scheme = if number == 443 { "https" } else { "http" };
            Some(ServiceStatus {
                name: if has_several { format!("{name}:{part}") } else { name.clone() },
                port: number,
                url: host.as_ref().map(|host| format!("{scheme}://{host}:{number}")),
                endpoints: u32::try_from(ready).unwrap_or(u32::MAX),
            })
        })
        .collect()
}

fn statuses(pod: &Pod) -> &[ContainerStatus] {
    let statuses = pod.status.as_ref().and_then(|status| status.container_statuses.as_deref());
    statuses.unwrap_or_default()
}

fn init_statuses(pod: &Pod) -> &[ContainerStatus] {
    let status = pod.status.as_ref();
    status.and_then(|status| status.init_container_statuses.as_deref()).unwrap_or_default()
}

/// `repository@sha256:…` or `docker-pullable://repository@sha256:…`; a bare `sha256:…` is the digest
/// of a configuration and says nothing about the manifest.
fn digest_in(image_id: &str) -> Option<Digest> {
    Digest::parse(image_id.rsplit_once('@')?.1).ok()
}

/// The Deployment behind a ReplicaSet, or whoever owns the pod.
fn workload(pod: &Pod) -> String {
    let owner = pod.metadata.owner_references.as_ref().and_then(|owners| owners.first());
    let labels = pod.metadata.labels.as_ref();
    let hash = labels.and_then(|labels| labels.get("pod-template-hash"));
    match (owner, hash) {
        (Some(owner), Some(hash)) => {
            owner.name.strip_suffix(&format!("-{hash}")).unwrap_or(&owner.name).to_owned()
        }
        (Some(owner), None) => owner.name.clone(),
        (None, _) => name(pod),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const DIGEST: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    /// As a kubelet of 1.33 with containerd reports.
    fn pod(container: Value, ready: &str) -> Pod {
        let mut status = json!({"name": "web", "ready": ready == "True", "restartCount": 0,
            "image": "r/shop/web", "imageID": "", "state": {}});
        for (key, value) in container.as_object().unwrap() {
            status[key] = value.clone();
        }
        serde_json::from_value(json!({
            "metadata": {"name": "web-7c9f-x2x", "labels": {"app": "web", "pod-template-hash": "7c9f"},
                "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet",
                    "name": "web-7c9f", "uid": "1", "controller": true}]},
            "spec": {"containers": [{"name": "web", "image": format!("r/shop/web@{DIGEST}")}]},
            "status": {"phase": "Running", "containerStatuses": [status], "conditions": [
                {"type": "PodScheduled", "status": "True"},
                {"type": "Ready", "status": ready, "reason": "ContainersNotReady",
                 "message": "containers with unready status: [web]"}]}
        }))
        .unwrap()
    }

    fn running(image_id: &str) -> Pod {
        pod(
            json!({"imageID": image_id, "containerID": "containerd://c1",
                "state": {"running": {"startedAt": "2026-11-22T20:00:00Z"}}}),
            "True",
        )
    }

    fn pushed() -> PushedImage {
        PushedImage {
            registry: "r".into(),
            repository: "shop/web".into(),
            tags: Vec::new(),
            digest: Digest::parse(DIGEST).unwrap(),
            config_digest: Digest::parse(&DIGEST.replace("aa", "cc")).unwrap(),
            media_type: String::new(),
            size_bytes: 1,
            pushed_at: 0,
        }
    }

    #[test]
    fn a_running_pod_is_shown_whole() {
        let shown = pod_status(&running(&format!("r/shop/web@{DIGEST}")));
        assert_eq!(shown.workload, "web", "the Deployment, not its ReplicaSet");
        assert_eq!(shown.digest.unwrap().as_str(), DIGEST);
        assert_eq!(shown.started_at, Some(1_795_377_600_000), "epoch milliseconds");
        assert!(shown.is_ready && shown.message.is_none());
    }

    #[test]
    fn the_kubelets_words_are_kept() {
        let cases = [
            (
                json!({"state": {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}}),
                "container web waits: ImagePullBackOff: not found",
            ),
            (
                json!({"restartCount": 4, "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                "lastState": {"terminated": {"exitCode": 3}}}),
                "container web waits: CrashLoopBackOff (last exit code 3)",
            ),
            (
                json!({"state": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}}),
                "container web ended: OOMKilled, exit code 137",
            ),
            (
                json!({"state": {"running": {}}}),
                "it is not ready: containers with unready status: [web]",
            ),
            (
                json!({"state": {"waiting": {"reason": "ContainerCreating"}}}),
                "it is not ready: containers with unready status: [web]",
            ),
        ];
        for (container, expected) in cases {
            assert_eq!(trouble(&pod(container, "False")).as_deref(), Some(expected));
        }
        let crashing = pod(json!({"restartCount": 1, "state": {"waiting": {}}}), "False");
        assert_eq!(
            loudest(&crashing),
            (Some("web".into()), true),
            "the previous run has the words"
        );
    }

    #[test]
    fn the_proof_needs_the_manifest_digest_of_a_running_container() {
        let image = format!("r/shop/web@{DIGEST}");
        let cases = [
            (running(&image), true, "containerd's form"),
            (running(&format!("docker-pullable://{image}")), true, "dockershim's form"),
            (running(&image.replace("aa", "bb")), false, "another digest"),
            (running(DIGEST), false, "a bare digest is a configuration's"),
            (
                pod(json!({"imageID": image, "state": {"waiting": {}}}), "False"),
                false,
                "not running",
            ),
        ];
        for (pod, expected, why) in cases {
            let proof = judge(&pod, &pushed(), 1);
            assert_eq!(proof.is_proven, expected, "{why}: {}", proof.statement);
            assert_eq!(proof.statement.starts_with("Not proven"), !expected, "{why}");
        }
    }

    #[test]
    fn services_count_ready_pods() {
        let service: Service = serde_json::from_value(json!({
            "metadata": {"name": "web"},
            "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
            "status": {"loadBalancer": {"ingress": [{"ip": "20.1.2.3"}]}}
        }))
        .unwrap();
        let pods = [running("r/x@y"), pod(json!({}), "False")];
        let shown = service_status(&service, &pods);
        assert_eq!(shown[0].endpoints, 1, "the pod that is not ready gets no traffic");
        assert_eq!(shown[0].url.as_deref(), Some("http://20.1.2.3:80"));
    }
}
