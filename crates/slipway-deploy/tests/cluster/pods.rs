//! Pods as they are shown, and their logs.

use slipway_deploy::DeployError;

use crate::yard::{Yard, pushed, web};

#[tokio::test]
async fn pods_are_shown_with_workload_digest_and_readiness() {
    let yard = Yard::open("shown").await;
    let image = pushed('a');
    let applied = yard.apply(&web(2, ""), &image).await.unwrap();
    let status = yard.target.status().await.unwrap();
    let mut shown: Vec<_> = status.pods.iter().map(|pod| pod.name.clone()).collect();
    let mut named = applied.workloads[0].pods.clone();
    shown.sort();
    named.sort();
    assert_eq!(shown, named);
    for pod in &status.pods {
        assert_eq!(pod.workload, "web", "the Deployment's name: {pod:?}");
        assert_eq!(pod.digest.as_ref(), Some(&image.digest), "{pod:?}");
        assert!(pod.is_ready && pod.started_at.is_some() && pod.message.is_none(), "{pod:?}");
    }
}

#[tokio::test]
async fn the_last_lines_of_a_log_come_from_the_kubelet() {
    let yard = Yard::open("logs").await;
    let behaviour = "sim.slipway.dev/log: \"one\\ntwo\\nthree\"";
    let applied = yard.apply(&web(1, behaviour), &pushed('a')).await.unwrap();
    let pod = &applied.workloads[0].pods[0];
    assert_eq!(yard.target.pod_log(pod, 2).await.unwrap(), ["two", "three"]);
    assert_eq!(yard.target.pod_log(pod, 10).await.unwrap(), ["one", "two", "three"]);
    let error = yard.target.pod_log("web-gone", 2).await.unwrap_err();
    assert!(matches!(error, DeployError::PodMissing { .. }), "got {error}");
}

#[tokio::test]
async fn a_log_that_is_not_there_yet_says_why() {
    let yard = Yard::open("no-logs").await;
    let manifest = web(1, "sim.slipway.dev/behaviour: image-pull");
    yard.apply_within(crate::yard::SHORT, &manifest, &pushed('a')).await.unwrap_err();
    let pod = yard.target.status().await.unwrap().pods.remove(0);
    let error = yard.target.pod_log(&pod.name, 2).await.unwrap_err();
    assert!(error.to_string().contains("waiting to start"), "the kubelet's words: {error}");
}
