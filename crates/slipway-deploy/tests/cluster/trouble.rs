//! Rollouts that do not end well: the reason in words, the last lines, and the old version serving.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::ResourceQuota;
use kube::api::PostParams;
use slipway_core::Explain as _;
use slipway_deploy::DeployError;

use crate::yard::{SHORT, Yard, pushed, web};

struct NotReady {
    pod: String,
    reason: String,
    last_lines: Vec<String>,
}

/// Deploys what cannot become ready.
async fn not_ready(yard: &Yard, manifest: &str) -> NotReady {
    match yard.apply_within(SHORT, manifest, &pushed('b')).await {
        Err(DeployError::NotReady { workload, pod, reason, last_lines }) => {
            assert_eq!(workload, "Deployment 'web'");
            NotReady { pod, reason, last_lines }
        }
        other => panic!("it cannot become ready, and not {other:?}"),
    }
}

#[tokio::test]
async fn a_rollout_that_is_never_ready_leaves_the_old_pods_serving() {
    let yard = Yard::open("never-ready").await;
    let good = yard.apply(&web(2, ""), &pushed('a')).await.unwrap();
    let behaviour = "sim.slipway.dev/behaviour: never-ready, sim.slipway.dev/log: \"one\\ncannot \
                     reach the database\"";
    let failed = not_ready(&yard, &web(2, behaviour)).await;
    assert!(failed.reason.contains("not ready after 4 s"), "how long: {}", failed.reason);
    assert!(
        failed.reason.contains("Readiness probe failed: HTTP probe failed with statuscode: 503"),
        "what the kubelet says of the probe: {}",
        failed.reason
    );
    assert_eq!(failed.last_lines, ["one", "cannot reach the database"], "the new pod's own words");
    assert!(!good.workloads[0].pods.contains(&failed.pod), "{} is a new one", failed.pod);

    let status = yard.target.status().await.unwrap();
    for pod in &good.workloads[0].pods {
        let old = status.pods.iter().find(|status| status.name == *pod);
        assert!(old.is_some_and(|old| old.is_ready), "{pod} is ready still: {status:?}");
    }
    // The next version takes the place of both.
    let mended = yard.apply(&web(2, ""), &pushed('c')).await.unwrap();
    assert_eq!(mended.workloads[0].pods.len(), 2);
    assert_eq!(yard.running_images().await, vec![pushed('c').reference(); 2]);
}

#[tokio::test]
async fn a_passed_progress_deadline_ends_the_wait() {
    let yard = Yard::open("deadline").await;
    let manifest = web(1, "sim.slipway.dev/behaviour: never-ready")
        .replace("replicas: 1", "replicas: 1\n  progressDeadlineSeconds: 1");
    let error = yard.apply(&manifest, &pushed('b')).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("timed out progressing"), "the controller's words: {text}");
    assert!(error.hint().is_some_and(|hint| hint.contains("keeps serving")), "{:?}", error.hint());
}

#[tokio::test]
async fn an_image_that_cannot_be_pulled_is_the_reason() {
    let yard = Yard::open("pull").await;
    let failed = not_ready(&yard, &web(1, "sim.slipway.dev/behaviour: image-pull")).await;
    assert!(failed.reason.contains("ImagePullBackOff"), "{}", failed.reason);
    assert!(failed.reason.contains("not found"), "the registry's words: {}", failed.reason);
    assert!(failed.last_lines.is_empty(), "it never ran: {:?}", failed.last_lines);
}

#[tokio::test]
async fn a_crash_loop_shows_the_last_words_of_the_run_before() {
    let yard = Yard::open("crash").await;
    let behaviour = "sim.slipway.dev/behaviour: crash, sim.slipway.dev/exit-code: '3', \
                     sim.slipway.dev/log: 'panic: no configuration'";
    let failed = not_ready(&yard, &web(1, behaviour)).await;
    assert!(failed.reason.contains("CrashLoopBackOff"), "{}", failed.reason);
    assert!(failed.reason.contains("exit code 3"), "{}", failed.reason);
    assert_eq!(failed.last_lines, ["panic: no configuration"]);
}

#[tokio::test]
async fn the_container_that_fails_is_named_beside_one_that_is_well() {
    let yard = Yard::open("sidecar").await;
    let behaviour = "sim.slipway.dev/behaviour: crash, sim.slipway.dev/container: proxy, \
                     sim.slipway.dev/log: 'proxy: bad certificate'";
    let manifest = format!("{}        - {{name: proxy, image: shop/web}}\n", web(1, behaviour));
    let failed = not_ready(&yard, &manifest).await;
    assert!(failed.reason.contains("container proxy waits"), "{}", failed.reason);
    assert_eq!(failed.last_lines, ["proxy: bad certificate"]);
}

#[tokio::test]
async fn an_init_container_that_fails_is_named() {
    let yard = Yard::open("init").await;
    let behaviour = "sim.slipway.dev/behaviour: crash, sim.slipway.dev/container: migrate, \
                     sim.slipway.dev/log: 'migration 7 failed'";
    let manifest = format!(
        "{}      initContainers:\n        - {{name: migrate, image: shop/web}}\n",
        web(1, behaviour)
    );
    let failed = not_ready(&yard, &manifest).await;
    assert!(failed.reason.contains("init container migrate waits"), "{}", failed.reason);
    assert_eq!(failed.last_lines, ["migration 7 failed"]);
}

#[tokio::test]
async fn a_pod_that_fits_on_no_node_is_the_reason() {
    let yard = Yard::open("no-room").await;
    let manifest = format!("{}          resources: {{requests: {{cpu: 1000}}}}\n", web(1, ""));
    let failed = not_ready(&yard, &manifest).await;
    assert!(failed.reason.contains("not scheduled"), "{}", failed.reason);
    assert!(failed.reason.contains("Insufficient cpu"), "{}", failed.reason);
}

#[tokio::test]
async fn a_quota_is_the_reason() {
    let yard = Yard::open("quota").await;
    let quota: ResourceQuota = serde_json::from_value(serde_json::json!({
        "metadata": {"name": "few"}, "spec": {"hard": {"pods": "1"}}
    }))
    .unwrap();
    yard.api().create(&PostParams::default(), &quota).await.unwrap();
    let failed = not_ready(&yard, &web(3, "")).await;
    assert!(failed.reason.contains("exceeded quota: few"), "{}", failed.reason);
}

#[tokio::test]
async fn other_pods_of_the_namespace_do_not_take_the_blame() {
    let yard = Yard::open("others").await;
    let other = web(1, "sim.slipway.dev/behaviour: crash, sim.slipway.dev/log: not me")
        .replace("name: web}", "name: other}")
        .replace("app: web", "app: other");
    yard.apply_within(SHORT, &other, &pushed('a')).await.unwrap_err();
    // A selector may do without matchLabels.
    let manifest = web(1, "").replace(
        "{matchLabels: {app: web}}",
        "{matchExpressions: [{key: app, operator: In, values: [web, page]}]}",
    );
    let applied = yard.apply(&manifest, &pushed('b')).await.unwrap();
    let pods = &applied.workloads[0].pods;
    assert!(pods.len() == 1 && pods[0].starts_with("web-"), "only its own pod: {pods:?}");
    let deployments = yard.api::<Deployment>().list(&Default::default()).await.unwrap();
    assert_eq!(deployments.items.len(), 2, "both are there");
}
