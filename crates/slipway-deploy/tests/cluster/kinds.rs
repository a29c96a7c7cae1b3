//! Workloads other than a Deployment.

use slipway_deploy::DeployError;

use crate::yard::{SHORT, Yard, pushed, workload};

const JOB: &str = "apiVersion: batch/v1
kind: Job
metadata: {name: migrate}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {BEHAVIOUR}}
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: shop/web}]
";

#[tokio::test]
async fn a_stateful_set_is_replaced_pod_by_pod() {
    let yard = Yard::open("stateful").await;
    let manifest = workload("StatefulSet", "replicas: 2\n  serviceName: web", "");
    yard.apply(&manifest, &pushed('a')).await.unwrap();
    let applied = yard.apply(&manifest, &pushed('b')).await.unwrap();
    let mut pods = applied.workloads[0].pods.clone();
    pods.sort();
    assert_eq!(pods, ["web-0", "web-1"], "{applied:?}");
    for pod in &pods {
        assert!(yard.target.prove(pod, &pushed('b')).await.unwrap().is_proven, "{pod} is new");
    }
    let broken = workload(
        "StatefulSet",
        "replicas: 2\n  serviceName: web",
        "sim.slipway.dev/behaviour: image-pull",
    );
    let error = yard.apply_within(SHORT, &broken, &pushed('c')).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("StatefulSet 'web'") && text.contains("pod web-1"), "got {text}");
    assert!(text.contains("ImagePullBackOff"), "got {text}");
}

#[tokio::test]
async fn a_daemon_set_runs_on_every_node() {
    let yard = Yard::open("daemon").await;
    let manifest = workload("DaemonSet", "minReadySeconds: 0", "");
    let applied = yard.apply(&manifest, &pushed('a')).await.unwrap();
    assert_eq!(applied.workloads[0].pods.len(), 2, "there are two nodes: {applied:?}");
    yard.apply(&manifest, &pushed('b')).await.unwrap();
    assert_eq!(yard.running_images().await, vec![pushed('b').reference(); 2]);
}

#[tokio::test]
async fn a_job_is_waited_for() {
    let yard = Yard::open("job").await;
    let job = JOB.replace("BEHAVIOUR", "sim.slipway.dev/delay: 1s");
    let applied = yard.apply(&job, &pushed('a')).await.unwrap();
    assert_eq!(applied.workloads[0].name, "migrate");
    assert!(applied.workloads[0].pods.is_empty(), "its pod is over: {applied:?}");
    let status = yard.target.status().await.unwrap();
    assert_eq!(status.pods[0].phase, "Succeeded");
    assert_eq!(status.pods[0].message, None, "which is no trouble");
}

#[tokio::test]
async fn a_job_that_fails_shows_its_last_lines() {
    let yard = Yard::open("job-fails").await;
    let job = JOB.replace(
        "BEHAVIOUR",
        "sim.slipway.dev/behaviour: crash, sim.slipway.dev/log: 'no such table'",
    );
    let error = yard.apply(&job, &pushed('a')).await.unwrap_err();
    let DeployError::NotReady { reason, last_lines, .. } = &error else {
        panic!("it fails: {error}");
    };
    assert!(reason.contains("backoff limit"), "the controller's words: {reason}");
    assert!(reason.contains("container migrate ended: Error, exit code 1"), "{reason}");
    assert_eq!(last_lines, &["no such table"]);
}
