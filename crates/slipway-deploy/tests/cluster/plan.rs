//! The diff before a deployment: what the API server itself says would change.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use kube::api::{Patch, PatchParams};
use serde_json::json;
use slipway_core::PushedImage;
use slipway_deploy::{DeploymentPlan, FieldChange, HIDDEN, ObjectPlan, PlanAction};

use crate::yard::{PATIENCE, Yard, pushed, request, target, web};

const REST: &str = "---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, labels: {app.kubernetes.io/name: shop}}
data: {colour: blue, size: small}
---
apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {token: hush-hush, old: gone-soon}
";

async fn plan(yard: &Yard, manifest: &str, image: &PushedImage) -> DeploymentPlan {
    yard.target.plan(&request(manifest, image, PATIENCE), &[]).await.unwrap()
}

fn of<'a>(plan: &'a DeploymentPlan, kind: &str) -> &'a ObjectPlan {
    plan.objects.iter().find(|object| object.key.kind == kind).unwrap()
}

fn field<'a>(plan: &'a ObjectPlan, path: &str) -> &'a FieldChange {
    let found = plan.fields.iter().find(|field| field.path == path);
    found.unwrap_or_else(|| panic!("{path} is not in {plan:#?}"))
}

fn actions(plan: &DeploymentPlan) -> Vec<PlanAction> {
    plan.objects.iter().map(|object| object.action).collect()
}

#[tokio::test]
async fn a_first_deployment_is_all_new() {
    let yard = Yard::open("plan-first").await;
    let image = pushed('a');
    let plan = plan(&yard, &format!("{}{REST}", web(2, "")), &image).await;
    let kinds: Vec<_> = plan.objects.iter().map(|object| object.key.kind.as_str()).collect();
    assert_eq!(kinds, ["ConfigMap", "Secret", "Deployment"], "in the order they are applied");
    assert_eq!(actions(&plan), [PlanAction::Create; 3], "{plan:#?}");
    assert!(!plan.is_blocked());
    let deployment = of(&plan, "Deployment");
    assert_eq!(deployment.place.as_deref(), Some("k8s/web.yaml:1"));
    assert_eq!(deployment.key.namespace.as_deref(), Some("plan-first"));
    let shown = field(deployment, "spec.template.spec.containers[name=web].image");
    assert_eq!(shown.after.as_deref(), Some(image.reference().as_str()), "by digest");
    assert_eq!(shown.before, None);
    let paths: Vec<_> = deployment.fields.iter().map(|field| field.path.as_str()).collect();
    assert!(
        !paths.iter().any(|path| path.contains("terminationMessagePath")),
        "defaults are not told: {paths:?}"
    );
    assert!(yard.api::<Deployment>().get_opt("web").await.unwrap().is_none(), "nothing is changed");
    assert!(!format!("{plan:?}").contains("aHVzaC1odXNo"), "nor is a secret told: {plan:#?}");
}

#[tokio::test]
async fn a_change_is_told_field_by_field() {
    let yard = Yard::open("plan-change").await;
    let before = format!("{}{REST}", web(1, ""));
    yard.apply(&before, &pushed('a')).await.unwrap();

    let same = plan(&yard, &before, &pushed('a')).await;
    assert_eq!(actions(&same), [PlanAction::Same; 3], "the same again: {same:#?}");
    assert_eq!(same.hash, plan(&yard, &before, &pushed('a')).await.hash, "and looked at again");

    let after = before
        .replace("size: small", "shape: round")
        .replace("hush-hush", "changed-now")
        .replace(", old: gone-soon", "")
        .replace("replicas: 1", "replicas: 2");
    let changed = plan(&yard, &after, &pushed('b')).await;
    assert_eq!(actions(&changed), [PlanAction::Change; 3], "{changed:#?}");
    let deployment = of(&changed, "Deployment");
    let image = field(deployment, "spec.template.spec.containers[name=web].image");
    assert_eq!(image.before, Some(pushed('a').reference()));
    assert_eq!(image.after, Some(pushed('b').reference()));
    assert_eq!(image.owner.as_deref(), Some("slipway"));
    assert_eq!(field(deployment, "spec.replicas").after.as_deref(), Some("2"));
    assert_eq!(deployment.fields.len(), 2, "and nothing else: {deployment:#?}");

    let settings = of(&changed, "ConfigMap");
    assert_eq!(field(settings, "data.size").after, None, "a key that is left out goes");
    assert_eq!(field(settings, "data.shape").before, None, "another comes");

    let keys = of(&changed, "Secret");
    let token = field(keys, "data.token");
    assert!(token.is_secret);
    assert_eq!((token.before.as_deref(), token.after.as_deref()), (Some(HIDDEN), Some(HIDDEN)));
    assert_eq!(field(keys, "data.old").after, None, "a key of stringData that is left out goes");
    for value in ["hush", "aHVzaC1odXNo", "changed-now", "Y2hhbmdlZC1ub3c"] {
        assert!(!format!("{changed:?}").contains(value), "{value} is told: {changed:#?}");
    }

    // What is planned is what is done.
    yard.apply(&after, &pushed('b')).await.unwrap();
    let done = plan(&yard, &after, &pushed('b')).await;
    assert_eq!(actions(&done), [PlanAction::Same; 3], "{done:#?}");
    let kept = yard.api::<Secret>().get("keys").await.unwrap().data.unwrap();
    assert_eq!(kept.keys().collect::<Vec<_>>(), ["token"]);
}

#[tokio::test]
async fn the_hash_finds_that_the_cluster_changed_since() {
    let yard = Yard::open("plan-hash").await;
    let before = web(1, "");
    yard.apply(&before, &pushed('a')).await.unwrap();
    let looked_at = plan(&yard, &before, &pushed('b')).await.hash;
    assert_eq!(looked_at, plan(&yard, &before, &pushed('b')).await.hash, "nothing changed");
    assert_ne!(
        looked_at,
        plan(&yard, &before, &pushed('c')).await.hash,
        "something else is wanted"
    );
    let theirs = json!({"spec": {"template": {"spec": {"containers": [
        {"name": "web", "image": "r/theirs"}]}}}});
    let parameters = PatchParams { field_manager: Some("kubectl".into()), ..Default::default() };
    yard.api::<Deployment>().patch("web", &parameters, &Patch::Strategic(&theirs)).await.unwrap();
    assert_ne!(looked_at, plan(&yard, &before, &pushed('b')).await.hash, "somebody changed it");
}

#[tokio::test]
async fn a_conflict_shows_whose_the_field_is() {
    let yard = Yard::open("plan-conflict").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let theirs = json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web"}, "spec": {"replicas": 3}});
    let parameters = PatchParams::apply("autoscaler").force();
    yard.api::<Deployment>().patch("web", &parameters, &Patch::Apply(&theirs)).await.unwrap();

    let plan = plan(&yard, &web(1, ""), &pushed('b')).await;
    assert!(plan.is_blocked());
    let deployment = of(&plan, "Deployment");
    assert_eq!(deployment.action, PlanAction::Conflict, "{deployment:#?}");
    let replicas = field(deployment, "spec.replicas");
    assert!(replicas.is_conflict);
    assert_eq!(replicas.owner.as_deref(), Some("autoscaler"));
    assert_eq!((replicas.before.as_deref(), replicas.after.as_deref()), (Some("3"), Some("1")));
    let image = field(deployment, "spec.template.spec.containers[name=web].image");
    assert!(!image.is_conflict, "the image is ours: {image:?}");
    let problem = deployment.problem.as_deref().unwrap_or_default();
    assert!(problem.contains("'autoscaler'"), "{problem}");
}

#[tokio::test]
async fn one_refusal_does_not_hide_the_other_objects() {
    let yard = Yard::open("plan-refused").await;
    let manifest = format!(
        "{}{REST}---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: w}}\n---\n\
         apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: elsewhere, namespace: other}}\n",
        web(1, "").replace("containerPort: 8080", "containerPort: 80800")
    );
    let plan = plan(&yard, &manifest, &pushed('a')).await;
    let deployment = of(&plan, "Deployment");
    assert_eq!(deployment.action, PlanAction::Refused);
    let problem = deployment.problem.as_deref().unwrap_or_default();
    assert!(
        problem.contains("spec.template.spec.containers[0].ports[0].containerPort"),
        "the API server's own path: {problem}"
    );
    assert!(problem.contains("k8s/web.yaml:13 (document 1)"), "line and document: {problem}");
    let widget = of(&plan, "Widget");
    assert_eq!(widget.action, PlanAction::Refused);
    assert!(widget.hint.as_deref().is_some_and(|hint| hint.contains("definition")), "{widget:?}");
    let elsewhere = plan.objects.iter().find(|object| object.key.name == "elsewhere").unwrap();
    assert_eq!(elsewhere.action, PlanAction::Refused, "{elsewhere:?}");
    assert_eq!(of(&plan, "Secret").action, PlanAction::Create, "the others are looked at");
    assert!(yard.api::<ConfigMap>().get_opt("settings").await.unwrap().is_none());
}

#[tokio::test]
async fn an_unknown_field_is_found_by_the_server_with_its_line() {
    let yard = Yard::open("plan-field").await;
    let manifest = web(1, "").replace("replicas: 1", "replicas: 1\n  replicaz: 2");
    let plan = plan(&yard, &manifest, &pushed('a')).await;
    let problem = of(&plan, "Deployment").problem.clone().unwrap_or_default();
    assert!(problem.contains(".spec.replicaz"), "{problem}");
    assert!(problem.contains("k8s/web.yaml:6 (document 1)"), "its line: {problem}");
}

#[tokio::test]
async fn a_field_newer_than_our_types_is_the_servers_to_judge() {
    let yard = Yard::open("plan-newer").await;
    // Of 1.34; the API types that this was built with are of 1.33.
    let manifest = web(1, "").replace(
        "      containers:",
        "      hostnameOverride: shop.example.com\n      containers:",
    );
    let plan = plan(&yard, &manifest, &pushed('a')).await;
    let deployment = of(&plan, "Deployment");
    assert_eq!(deployment.action, PlanAction::Create, "{deployment:?}");
    let shown = field(deployment, "spec.template.spec.hostnameOverride");
    assert_eq!(shown.after.as_deref(), Some("shop.example.com"));
    yard.apply(&manifest, &pushed('a')).await.unwrap();
}

#[tokio::test]
async fn who_may_not_change_anything_is_told_for_each_object() {
    let yard = Yard::open("plan-rights").await;
    let reader = target("slipway-test-reader", "plan-rights").await;
    let plan = reader.plan(&request(&web(1, ""), &pushed('a'), PATIENCE), &[]).await.unwrap();
    let problem = of(&plan, "Deployment").problem.clone().unwrap_or_default();
    assert!(problem.contains("cannot patch resource \"deployments\""), "{problem}");
    drop(yard);
}

#[tokio::test]
async fn what_waits_for_its_namespace_is_planned_as_new() {
    let yard = Yard::without_namespace("plan-nowhere").await;
    let missing = plan(&yard, &web(1, ""), &pushed('a')).await;
    let problem = of(&missing, "Deployment").problem.clone().unwrap_or_default();
    assert!(problem.contains("namespaces \"plan-nowhere\" not found"), "{problem}");
    let manifest = format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: plan-nowhere}}\n---\n{}",
        web(1, "")
    );
    let brought = plan(&yard, &manifest, &pushed('a')).await;
    assert_eq!(actions(&brought), [PlanAction::Create; 2], "{brought:#?}");
    assert!(of(&brought, "Deployment").hint.is_some(), "that it is not tried out is said");
}
