//! Canaries and greens beside what runs: put there, promoted, rejected, and proven by digest.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::Service;
use kube::api::{Api, ApiResource, DynamicObject, ListParams};
use kube::core::GroupVersionKind;
use serde_json::json;
use slipway_core::{PushedImage, RolloutStrategy, TrafficSplit};
use slipway_deploy::{AppliedDeployment, DeployError, DeployTarget, Withdrawn};
use tokio_util::sync::CancellationToken;

use crate::yard::{PATIENCE, Yard, pushed, request, until, web};

const SERVICE: &str = "---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
";

fn shop(replicas: u32) -> String {
    format!("{}{SERVICE}", web(replicas, ""))
}

async fn by(
    yard: &Yard,
    strategy: RolloutStrategy,
    manifest: &str,
    image: &PushedImage,
) -> Result<AppliedDeployment, DeployError> {
    let target = DeployTarget::Kubernetes(yard.target.clone());
    let request = request(manifest, image, PATIENCE);
    target.apply_by(&strategy, request, &yard.lines, &CancellationToken::new()).await
}

async fn reject(yard: &Yard, strategy: RolloutStrategy, manifest: &str) -> Withdrawn {
    let target = DeployTarget::Kubernetes(yard.target.clone());
    let request = request(manifest, &pushed('b'), PATIENCE);
    let cancel = CancellationToken::new();
    target.withdraw(&strategy, &request, &yard.lines, &cancel).await.unwrap()
}

async fn deployments(yard: &Yard) -> Vec<(String, i32, String)> {
    let all = yard.api::<Deployment>().list(&ListParams::default()).await.unwrap();
    let shown = all.items.into_iter().map(|found| {
        let spec = found.spec.unwrap();
        let image = spec.template.spec.unwrap().containers.remove(0).image.unwrap();
        (found.metadata.name.unwrap(), spec.replicas.unwrap(), image)
    });
    shown.collect()
}

async fn selector(yard: &Yard) -> serde_json::Value {
    json!(yard.api::<Service>().get("web").await.unwrap().spec.unwrap().selector)
}

#[tokio::test]
async fn a_canary_runs_beside_the_stable_and_takes_its_place() {
    let yard = Yard::open("canary-promoted").await;
    let (one, two) = (pushed('a'), pushed('b'));
    yard.apply(&shop(5), &one).await.unwrap();
    let strategy = RolloutStrategy::canary(40);
    let applied = by(&yard, strategy, &shop(5), &two).await.unwrap();
    let expected = [
        ("web".to_owned(), 5, one.reference()),
        ("web-baseline".to_owned(), 2, one.reference()),
        ("web-canary".to_owned(), 2, two.reference()),
    ];
    assert_eq!(deployments(&yard).await, expected, "the stable is as it was");
    let service = applied.services.iter().find(|service| service.name == "web").unwrap();
    assert_eq!(service.endpoints, 9, "one Service has all of them: {service:?}");
    let pods = applied.pods_of(&two.digest);
    assert_eq!(pods.len(), 2, "the new digest is the canary's alone: {applied:?}");
    for pod in pods {
        let proof = yard.target.prove(pod, &two).await.unwrap();
        assert!(proof.is_proven, "{}", proof.statement);
    }
    let again = by(&yard, RolloutStrategy::canary(60), &shop(5), &two).await.unwrap();
    assert_eq!(
        again.pods_of(&two.digest).len(),
        3,
        "a greater share is the same canary: {again:?}"
    );

    let promoted = by(&yard, strategy.promoted(), &shop(5), &two).await.unwrap();
    assert_eq!(promoted.pods_of(&two.digest).len(), 5, "{promoted:?}");
    let gone: Vec<_> = promoted.pruned.iter().map(|key| key.name.as_str()).collect();
    assert_eq!(gone, ["web-baseline", "web-canary"], "both are gone: {promoted:?}");
    assert_eq!(deployments(&yard).await, [("web".to_owned(), 5, two.reference())]);
}

#[tokio::test]
async fn a_rejected_canary_leaves_what_ran() {
    let yard = Yard::open("canary-rejected").await;
    let (one, two) = (pushed('a'), pushed('b'));
    yard.apply(&shop(2), &one).await.unwrap();
    let strategy = RolloutStrategy::canary(50);
    by(&yard, strategy, &shop(2), &two).await.unwrap();
    let withdrawn = reject(&yard, strategy, &shop(2)).await;
    assert_eq!(withdrawn.removed.len(), 2, "{withdrawn:?}");
    assert_eq!(deployments(&yard).await, [("web".to_owned(), 2, one.reference())]);
    let again = reject(&yard, strategy, &shop(2)).await;
    assert_eq!(again, Withdrawn::default(), "there is nothing left to take away");
}

#[tokio::test]
async fn what_is_not_ours_is_never_taken_away() {
    let yard = Yard::open("canary-foreign").await;
    let foreign = json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web-canary"},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"app": "other"}},
            "template": {"metadata": {"labels": {"app": "other"}},
                "spec": {"containers": [{"name": "c", "image": "other"}]}}}});
    yard.create::<Deployment>(foreign).await;
    let withdrawn = reject(&yard, RolloutStrategy::canary(50), &shop(2)).await;
    assert_eq!(withdrawn.removed, []);
    assert!(withdrawn.notes[0].contains("does not carry Slipway's mark"), "{withdrawn:?}");
    yard.api::<Deployment>().get("web-canary").await.unwrap();
}

#[tokio::test]
async fn a_canary_that_would_have_no_pod_is_refused_before_anything_changes() {
    let yard = Yard::open("canary-empty").await;
    let error = by(&yard, RolloutStrategy::canary(20), &shop(1), &pushed('a')).await.unwrap_err();
    assert!(matches!(error, DeployError::CanaryEmpty { .. }), "{error}");
    assert!(deployments(&yard).await.is_empty(), "nothing was applied");
}

const SPLIT: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: trafficsplits.split.smi-spec.io}
spec:
  group: split.smi-spec.io
  scope: Namespaced
  names: {kind: TrafficSplit, plural: trafficsplits, singular: trafficsplit}
  versions:
    - name: v1alpha2
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
";

/// What the split says of stable, baseline and canary.
async fn weights(yard: &Yard) -> Vec<i64> {
    let kind = GroupVersionKind::gvk("split.smi-spec.io", "v1alpha2", "TrafficSplit");
    let resource = ApiResource::from_gvk_with_plural(&kind, "trafficsplits");
    let splits: Api<DynamicObject> =
        Api::namespaced_with(yard.client.clone(), &yard.namespace, &resource);
    let split = splits.get("web-azure-pipelines-rollout").await.unwrap();
    let backends = split.data["spec"]["backends"].as_array().unwrap().clone();
    backends.iter().map(|backend| backend["weight"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn a_mesh_splits_the_traffic_where_it_is_served() {
    let yard = Yard::open("canary-mesh").await;
    let (one, two) = (pushed('a'), pushed('b'));
    let strategy =
        RolloutStrategy { split: TrafficSplit::Smi, replicas: 2, ..RolloutStrategy::canary(20) };
    let error = by(&yard, strategy, &shop(2), &one).await.unwrap_err();
    assert!(error.to_string().contains("serves no TrafficSplit"), "{error}");
    assert!(deployments(&yard).await.is_empty(), "nothing was applied");

    yard.apply(SPLIT, &one).await.unwrap();
    until("the mesh is served", async || {
        !matches!(
            by(&yard, strategy, &shop(2), &one).await,
            Err(DeployError::SplitUnserved { .. } | DeployError::ClusterRefused { .. })
        )
    })
    .await;
    assert_eq!(weights(&yard).await, [0, 0, 1000], "where nothing runs the canary has it all");
    by(&yard, strategy.promoted(), &shop(2), &one).await.unwrap();
    assert_eq!(deployments(&yard).await, [("web".to_owned(), 2, one.reference())]);
    assert_eq!(weights(&yard).await, [1000, 0, 0], "then the stable has");

    by(&yard, strategy, &shop(2), &two).await.unwrap();
    assert_eq!(weights(&yard).await, [800, 100, 100], "20 % for canary and baseline");
    let expected = [
        ("web".to_owned(), 2, one.reference()),
        ("web-baseline".to_owned(), 2, one.reference()),
        ("web-canary".to_owned(), 2, two.reference()),
    ];
    assert_eq!(deployments(&yard).await, expected);
    reject(&yard, strategy, &shop(2)).await;
    assert_eq!(weights(&yard).await, [1000, 0, 0], "a rejection sends it back");
    let services = yard.api::<Service>().list(&ListParams::default()).await.unwrap();
    let names: Vec<_> = services.items.into_iter().filter_map(|it| it.metadata.name).collect();
    assert_eq!(names, ["web", "web-stable"], "and leaves what the split needs");
    // What stays has the label for good: the next deployment of the same changes nothing of it.
    let lasting = strategy.lasting().unwrap();
    by(&yard, lasting, &shop(2), &one).await.unwrap();
    assert_eq!(deployments(&yard).await, [("web".to_owned(), 2, one.reference())]);
}

#[tokio::test]
async fn a_green_has_no_traffic_until_it_is_promoted() {
    let yard = Yard::open("green").await;
    let (one, two) = (pushed('a'), pushed('b'));
    yard.apply(&shop(2), &one).await.unwrap();
    let strategy = RolloutStrategy::blue_green();
    let applied = by(&yard, strategy, &shop(2), &two).await.unwrap();
    let expected =
        [("web".to_owned(), 2, one.reference()), ("web-green".to_owned(), 2, two.reference())];
    assert_eq!(deployments(&yard).await, expected);
    let endpoints = |name: &str| {
        applied.services.iter().find(|service| service.name == name).unwrap().endpoints
    };
    assert_eq!((endpoints("web"), endpoints("web-green")), (2, 2), "each has its own pods");
    assert_eq!(selector(&yard).await, json!({"app": "web"}), "the Service is not touched");

    let promoted = by(&yard, strategy.promoted(), &shop(2), &two).await.unwrap();
    assert_eq!(deployments(&yard).await, [("web".to_owned(), 2, two.reference())]);
    assert_eq!(selector(&yard).await, json!({"app": "web"}), "all is as it is written");
    assert_eq!(promoted.pruned.len(), 2, "the green and its Service are gone: {promoted:?}");
    let said = yard.lines.joined();
    let place = |text: &str| said.find(text).unwrap_or_else(|| panic!("{text} in\n{said}"));
    let to_green = place("The traffic goes to the new version.");
    let to_stable = place("The traffic goes to what stays.");
    let rolled_out = said.rfind("Deployment 'web' is rolled out.").unwrap();
    assert!(to_green < rolled_out && rolled_out < to_stable, "in this order:\n{said}");
}

#[tokio::test]
async fn a_rejected_green_is_gone() {
    let yard = Yard::open("green-rejected").await;
    yard.apply(&shop(1), &pushed('a')).await.unwrap();
    by(&yard, RolloutStrategy::blue_green(), &shop(1), &pushed('b')).await.unwrap();
    let withdrawn = reject(&yard, RolloutStrategy::blue_green(), &shop(1)).await;
    assert_eq!(withdrawn.removed.len(), 2, "{withdrawn:?}");
    assert_eq!(deployments(&yard).await, [("web".to_owned(), 1, pushed('a').reference())]);
}
