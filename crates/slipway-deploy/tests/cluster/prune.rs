//! What was applied before and is no longer wanted.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{ConfigMap, Pod, Service};
use kube::api::{Patch, PatchParams};
use serde_json::json;
use slipway_deploy::{AppliedDeployment, ENVIRONMENT_MARK, ObjectKey, PlanAction};
use tokio_util::sync::CancellationToken;

use crate::yard::{PATIENCE, Yard, pushed, request, until, web};

const REST: &str = "---
apiVersion: v1
kind: Service
metadata: {name: old}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: old}
data: {colour: blue}
";

const JOB: &str = "---
apiVersion: batch/v1
kind: Job
metadata: {name: old}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: shop/web}]}}}
";

async fn apply_pruning(yard: &Yard, manifest: &str, prune: &[ObjectKey]) -> AppliedDeployment {
    let mut request = request(manifest, &pushed('a'), PATIENCE);
    request.prune = prune.to_vec();
    yard.target.apply(request, &yard.lines, &CancellationToken::new()).await.unwrap()
}

fn kinds(keys: &[ObjectKey]) -> Vec<&str> {
    keys.iter().map(|key| key.kind.as_str()).collect()
}

#[tokio::test]
async fn what_is_no_longer_wanted_goes_in_reverse_order() {
    let yard = Yard::open("prune").await;
    let first = apply_pruning(&yard, &format!("{}{REST}{JOB}", web(1, "")), &[]).await;
    assert_eq!(kinds(&first.applied), ["ConfigMap", "Service", "Deployment", "Job"]);
    let next = web(1, "");
    let plan = request(&next, &pushed('a'), PATIENCE);
    let plan = yard.target.plan(&plan, &first.applied).await.unwrap();
    let previewed: Vec<_> =
        plan.objects.iter().map(|object| (object.key.kind.as_str(), object.action)).collect();
    assert_eq!(
        previewed,
        [
            ("Deployment", PlanAction::Same),
            ("Job", PlanAction::Delete),
            ("Service", PlanAction::Delete),
            ("ConfigMap", PlanAction::Delete)
        ],
        "the reverse of applying"
    );
    let second = apply_pruning(&yard, &next, &first.applied).await;
    assert_eq!(kinds(&second.pruned), ["Job", "Service", "ConfigMap"]);
    assert!(yard.api::<Service>().get_opt("old").await.unwrap().is_none());
    assert!(yard.api::<Job>().get_opt("old").await.unwrap().is_none());
    until("the Job's pod is gone with it", async || {
        let pods = yard.api::<Pod>().list(&Default::default()).await.unwrap();
        pods.items.iter().all(|pod| pod.metadata.name.as_deref().unwrap().starts_with("web-"))
    })
    .await;
    let third = apply_pruning(&yard, &next, &first.applied).await;
    assert_eq!(third.pruned, [], "what is gone is not deleted again");
}

#[tokio::test]
async fn only_what_is_still_ours_is_deleted() {
    let yard = Yard::open("prune-ours").await;
    let map = |name: &str| {
        format!(
            "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: b}}\n"
        )
    };
    let names = ["plain", "unmarked", "shared", "owned", "theirs", "stranger"];
    let maps: String = names.iter().map(|name| map(name)).collect();
    let claim = "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: \
                 {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}\n";
    let mut first = request(&format!("{}{maps}{claim}", web(1, "")), &pushed('a'), PATIENCE);
    first.labels.push((ENVIRONMENT_MARK.to_owned(), "shop/dev".to_owned()));
    let mut next = request(&web(1, ""), &pushed('a'), PATIENCE);
    next.labels.clone_from(&first.labels);
    let cancel = CancellationToken::new();
    let mut applied = yard.target.apply(first, &yard.lines, &cancel).await.unwrap().applied;

    let api = yard.api::<ConfigMap>();
    let edit = PatchParams { field_manager: Some("kubectl".into()), ..Default::default() };
    let mark = |value: serde_json::Value| json!({"metadata": {"annotations": value}});
    let patches = [
        ("unmarked", mark(json!({"dev.slipway.deployment": null}))),
        ("theirs", mark(json!({ENVIRONMENT_MARK: "shop/production"}))),
    ];
    for (name, patch) in patches {
        api.patch(name, &edit, &Patch::Merge(&patch)).await.unwrap();
    }
    let web_uid = yard.api::<Deployment>().get("web").await.unwrap().metadata.uid;
    let owned = json!({"metadata": {"ownerReferences": [{"apiVersion": "apps/v1",
        "kind": "Deployment", "name": "web", "uid": web_uid}]}});
    api.patch("owned", &edit, &Patch::Merge(&owned)).await.unwrap();
    let shared = json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}});
    let other = PatchParams::apply("argocd");
    api.patch("shared", &other, &Patch::Apply(&shared)).await.unwrap();
    // One that we never applied, with a key that says we did.
    api.delete("stranger", &Default::default()).await.unwrap();
    let created = json!({"metadata": {"name": "stranger"}, "data": {"a": "b"}});
    api.create(&edit_post(), &serde_json::from_value(created).unwrap()).await.unwrap();
    applied.push(ObjectKey {
        api_version: "example.com/v1".into(),
        kind: "Widget".into(),
        namespace: Some("prune-ours".into()),
        name: "gone-with-its-kind".into(),
    });

    let plan = yard.target.plan(&next, &applied).await.unwrap();
    let problem = |name: &str| {
        let found = plan.objects.iter().find(|object| object.key.name == name).unwrap();
        assert_eq!(found.action, PlanAction::Same, "{found:?}");
        found.problem.clone().unwrap_or_default()
    };
    assert!(problem("unmarked").contains("mark"), "{}", problem("unmarked"));
    assert!(problem("stranger").contains("mark"), "{}", problem("stranger"));
    assert!(problem("shared").contains("'argocd'"), "{}", problem("shared"));
    assert!(problem("owned").contains("Deployment 'web'"), "{}", problem("owned"));
    assert!(problem("theirs").contains("shop/production"), "{}", problem("theirs"));
    assert!(problem("data").contains("never deleted"), "{}", problem("data"));
    next.prune = applied;
    let done = yard.target.apply(next, &yard.lines, &cancel).await.unwrap();
    assert_eq!(done.pruned.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(), ["plain"]);
    let left = api.list(&Default::default()).await.unwrap();
    let left: Vec<_> = left.items.iter().filter_map(|map| map.metadata.name.as_deref()).collect();
    for name in &names[1..] {
        assert!(left.contains(name), "{name} is left alone: {left:?}");
    }
    assert_eq!(done.notes.iter().filter(|note| note.contains("no longer wanted")).count(), 6);
}

fn edit_post() -> kube::api::PostParams {
    kube::api::PostParams { field_manager: Some("kubectl".into()), ..Default::default() }
}

#[tokio::test]
async fn the_same_object_of_another_version_is_not_deleted() {
    let yard = Yard::open("prune-version").await;
    let scaler = |version: &str, rest: &str| {
        format!(
            "---\napiVersion: autoscaling/{version}\nkind: HorizontalPodAutoscaler\nmetadata: \
             {{name: web}}\nspec: {{maxReplicas: 3, scaleTargetRef: {{apiVersion: apps/v1, kind: \
             Deployment, name: web}}{rest}}}\n"
        )
    };
    let one = format!("{}{}", web(1, ""), scaler("v1", ", targetCPUUtilizationPercentage: 50"));
    let first = apply_pruning(&yard, &one, &[]).await;
    let two = format!("{}{}", web(1, ""), scaler("v2", ""));
    let second = apply_pruning(&yard, &two, &first.applied).await;
    assert_eq!(second.pruned, [], "it is one object in two versions");
}
