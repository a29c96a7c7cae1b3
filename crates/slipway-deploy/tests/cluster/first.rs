//! What goes well: a first version, the next one, and the proof of both.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret, Service};
use slipway_deploy::DeployError;

use crate::yard::{Yard, pushed, web};

const REST: &str = "---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {colour: blue}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {token: hush-hush}
";

#[tokio::test]
async fn a_first_deployment_is_applied_watched_and_proven() {
    let yard = Yard::open("first").await;
    let image = pushed('a');
    let manifest = format!("{}{REST}", web(2, "sim.slipway.dev/delay: 2s"));
    let applied = yard.apply(&manifest, &image).await.unwrap();

    assert_eq!(applied.workloads.len(), 1, "one Deployment: {applied:?}");
    let workload = &applied.workloads[0];
    assert_eq!(workload.name, "web");
    assert!(!workload.is_unchanged, "nothing was there before: {workload:?}");
    assert_eq!(workload.pods.len(), 2, "both pods are named: {workload:?}");
    assert_eq!(yard.running_images().await, [image.reference(), image.reference()], "by digest");

    let deployment = yard.api::<Deployment>().get("web").await.unwrap();
    let fields = deployment.metadata.managed_fields.unwrap();
    let ours = fields.iter().find(|entry| entry.manager.as_deref() == Some("slipway")).unwrap();
    assert_eq!(ours.operation.as_deref(), Some("Apply"), "server-side: {ours:?}");
    assert_eq!(deployment.metadata.annotations.unwrap()["dev.slipway.run"], "run-1");
    let settings = yard.api::<ConfigMap>().get("settings").await.unwrap();
    assert_eq!(settings.data.unwrap()["colour"], "blue");
    let keys = yard.api::<Secret>().get("keys").await.unwrap();
    assert_eq!(keys.data.unwrap()["token"].0, b"hush-hush");
    yard.api::<Service>().get("web").await.unwrap();

    let said = yard.lines.joined();
    for kind in ["ConfigMap 'settings'", "Secret 'keys'", "Service 'web'", "Deployment 'web'"] {
        assert!(said.contains(&format!("{kind} is applied.")), "{kind} in\n{said}");
    }
    assert!(said.contains("of 2 new pods are available"), "the wait is told:\n{said}");
    assert!(!said.contains("hush-hush"), "a secret is not told:\n{said}");
    assert_eq!(applied.services[0].endpoints, 2, "the Service has both: {:?}", applied.services);

    for pod in &workload.pods {
        let proof = yard.target.prove(pod, &image).await.unwrap();
        assert!(proof.is_proven, "{}", proof.statement);
        assert_eq!(proof.running_digest.as_ref(), Some(&image.digest));
    }
}

#[tokio::test]
async fn a_second_version_replaces_the_first() {
    let yard = Yard::open("second").await;
    let (one, two) = (pushed('a'), pushed('b'));
    let before = yard.apply(&web(3, ""), &one).await.unwrap();
    let again = yard.apply(&web(3, ""), &one).await.unwrap();
    assert!(again.workloads[0].is_unchanged, "the same again changes nothing: {again:?}");
    let mut pods = [before.workloads[0].pods.clone(), again.workloads[0].pods.clone()];
    pods.iter_mut().for_each(|pods| pods.sort());
    assert_eq!(pods[0], pods[1], "the pods stay");

    let after = yard.apply(&web(3, ""), &two).await.unwrap();
    assert!(!after.workloads[0].is_unchanged, "a new image is a change: {after:?}");
    assert_eq!(after.workloads[0].pods.len(), 3, "only new pods are named: {after:?}");
    for pod in &after.workloads[0].pods {
        assert!(!pods[0].contains(pod), "{pod} is new");
        assert!(yard.target.prove(pod, &two).await.unwrap().is_proven, "{pod} runs the second");
        assert!(!yard.target.prove(pod, &one).await.unwrap().is_proven, "{pod} not the first");
    }
    assert_eq!(yard.running_images().await, vec![two.reference(); 3], "the first is gone");
}

#[tokio::test]
async fn a_pod_that_reports_another_digest_is_not_proven() {
    let yard = Yard::open("another-digest").await;
    let image = pushed('a');
    let other = pushed('c').digest;
    let manifest = web(1, &format!("sim.slipway.dev/digest: '{other}'"));
    let applied = yard.apply(&manifest, &image).await.unwrap();
    let proof = yard.target.prove(&applied.workloads[0].pods[0], &image).await.unwrap();
    assert!(!proof.is_proven, "the kubelet reports another one: {}", proof.statement);
    assert_eq!(proof.running_digest, Some(other.clone()), "which is shown");
    for digest in [&other, &image.digest] {
        assert!(proof.statement.contains(digest.as_str()), "{digest} in: {}", proof.statement);
    }
}

#[tokio::test]
async fn nothing_is_deployed_by_tag() {
    let yard = Yard::open("by-tag").await;
    let manifest = web(1, "").replace("shop/web:latest", "redis:7");
    let error = yard.apply(&manifest, &pushed('a')).await.unwrap_err();
    assert!(matches!(error, DeployError::ImageNotPinned { .. }), "got {error}");
    let found = yard.api::<Deployment>().get_opt("web").await.unwrap();
    assert!(found.is_none(), "nothing was applied");
}

#[tokio::test]
async fn a_deployment_without_replicas_is_done_at_once() {
    let yard = Yard::open("no-replicas").await;
    let applied = yard.apply(&web(0, ""), &pushed('a')).await.unwrap();
    assert!(applied.workloads[0].pods.is_empty(), "there is none: {applied:?}");
}
