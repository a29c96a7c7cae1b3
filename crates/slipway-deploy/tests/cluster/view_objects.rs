//! One object of the cluster view against the real API server: shown, edited, scaled, restarted, deleted.

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{Pod, Secret};
use kube::api::{Api, ListParams, Patch, PatchParams, PostParams};
use slipway_core::{Explain as _, KubeEdgeKind};
use slipway_deploy::{KubeKind, ObjectPath, ViewError};

use crate::control_plane::ADMIN;
use crate::view_tables::views;
use crate::yard::{Yard, pushed, until, web};

fn at(group: &str, plural: &str, namespace: &str, name: &str) -> ObjectPath {
    ObjectPath {
        kind: KubeKind::new(group, "v1", plural),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
    }
}

#[tokio::test]
async fn an_object_shows_what_is_worth_knowing() {
    let yard = Yard::open("view-object").await;
    let behaviour = "sim.slipway.dev/behaviour: crash";
    yard.apply_within(crate::yard::SHORT, &web(1, behaviour), &pushed('a')).await.unwrap_err();
    let views = views();
    let pods = yard.api::<Pod>().list(&ListParams::default()).await.unwrap();
    let name = pods.items[0].metadata.name.clone().unwrap();
    let shown = views.object(ADMIN, &at("", "pods", "view-object", &name)).await.unwrap();
    assert!(shown.yaml.contains("kind: Pod") && !shown.yaml.contains("managedFields"));
    assert_eq!(shown.containers, ["web"]);
    assert_eq!(shown.owners[0].kind, "ReplicaSet");
    assert!(shown.conditions.iter().any(|one| one.kind == "Ready" && one.status == "False"));
    assert!(shown.events.iter().any(|event| event.reason == "BackOff"), "{:?}", shown.events);
    assert!(shown.summary.iter().any(|fact| fact.label == "Node"), "{:?}", shown.summary);
    let events = views.events(ADMIN, "view-object", 50).await.unwrap();
    assert!(events.windows(2).all(|two| two[0].at >= two[1].at), "newest first");
    assert!(events.iter().any(|event| event.object.name == name), "those of the pod among them");
}

#[tokio::test]
async fn an_edit_is_written_once_and_refused_when_somebody_was_faster() {
    let yard = Yard::open("view-edit").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let views = views();
    let path = at("apps", "deployments", "view-edit", "web");
    let read = views.object(ADMIN, &path).await.unwrap();
    let edited = read.yaml.replace("replicas: 1", "replicas: 2");
    assert_ne!(edited, read.yaml, "there is something to edit: {}", read.yaml);
    let plan = views.diff(ADMIN, &path, &edited).await.unwrap();
    let changes: Vec<_> = plan
        .fields
        .iter()
        .map(|field| (field.path.as_str(), field.before.as_deref(), field.after.as_deref()))
        .collect();
    assert_eq!(changes, [("spec.replicas", Some("1"), Some("2"))], "{plan:?}");
    let replicas = async || {
        let api: Api<Deployment> = yard.api();
        api.get("web").await.unwrap().spec.unwrap().replicas
    };
    assert_eq!(replicas().await, Some(1), "a look changes nothing");
    let written = views.write(ADMIN, &path, &edited, &read.resource_version).await.unwrap();
    assert_eq!(replicas().await, Some(2));
    assert_ne!(written.resource_version, read.resource_version);

    let api: Api<Deployment> = yard.api();
    let patch = serde_json::json!({"metadata": {"labels": {"faster": "yes"}}});
    let other = PatchParams { field_manager: Some("kubectl-label".into()), ..Default::default() };
    api.patch("web", &other, &Patch::Merge(&patch)).await.unwrap();
    let error = views.write(ADMIN, &path, &edited, &read.resource_version).await.unwrap_err();
    assert!(matches!(error, ViewError::Changed { .. }), "{error:?}");

    let wrong = edited.replace("replicas: 2", "replicaz: 2");
    let plan = views.diff(ADMIN, &path, &wrong).await.unwrap();
    assert!(plan.problem.is_some_and(|text| text.contains("replicaz")), "the field is named");
    let error = views.diff(ADMIN, &path, "a: [").await.unwrap_err();
    assert_eq!(error.code(), "kube_yaml", "{error}");
}

#[tokio::test]
async fn a_secret_is_edited_without_being_seen() {
    let yard = Yard::open("view-secret").await;
    let api: Api<Secret> = yard.api();
    let secret = serde_json::json!({"metadata": {"name": "s"},
        "stringData": {"kept": "a-kept-value", "changed": "an-old-value"}});
    api.create(&PostParams::default(), &serde_json::from_value(secret).unwrap()).await.unwrap();
    let views = views();
    let path = at("", "secrets", "view-secret", "s");
    let read = views.object(ADMIN, &path).await.unwrap();
    let encoded = ["YS1rZXB0LXZhbHVl", "YW4tb2xkLXZhbHVl"];
    assert!(encoded.iter().all(|value| !format!("{read:?}").contains(value)), "{}", read.yaml);
    let edited: String = read
        .yaml
        .lines()
        .map(|line| match line.split_once("changed:") {
            Some((indent, _)) => format!("{indent}changed: bmV3\n"),
            None => format!("{line}\n"),
        })
        .collect();
    let plan = views.diff(ADMIN, &path, &edited).await.unwrap();
    assert_eq!(plan.fields.len(), 1, "only what was changed: {plan:?}");
    assert!(plan.fields[0].is_secret && !format!("{plan:?}").contains("bmV3"), "{plan:?}");
    views.write(ADMIN, &path, &edited, &read.resource_version).await.unwrap();
    let data = api.get("s").await.unwrap().data.unwrap();
    assert_eq!(data["kept"].0, b"a-kept-value", "what was not shown is what it was");
    assert_eq!(data["changed"].0, b"new");
}

#[tokio::test]
async fn a_workload_is_scaled_restarted_and_deleted() {
    let yard = Yard::open("view-acts").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let views = views();
    let path = at("apps", "deployments", "view-acts", "web");
    views.scale(ADMIN, &path, 3).await.unwrap();
    until("three pods run", async || yard.running_images().await.len() == 3).await;
    views.restart(ADMIN, &path).await.unwrap();
    let api: Api<Deployment> = yard.api();
    let template = api.get("web").await.unwrap().spec.unwrap().template;
    let annotations = template.metadata.unwrap().annotations.unwrap();
    assert!(annotations.contains_key("kubectl.kubernetes.io/restartedAt"), "{annotations:?}");
    let error = views.restart(ADMIN, &at("", "pods", "view-acts", "x")).await.unwrap_err();
    assert_eq!(error.code(), "kube_not_restartable");
    let error = views.scale("slipway-test-reader", &path, 1).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("cannot patch resource \"deployments/scale\""), "which right: {text}");
    views.delete(ADMIN, &path, false).await.unwrap();
    until("its pods go too", async || yard.running_images().await.is_empty()).await;
    let error = views.object(ADMIN, &path).await.unwrap_err();
    assert!(error.to_string().contains("\"web\" not found"), "{error}");
}

#[tokio::test]
async fn the_map_joins_what_belongs_together_and_usage_is_only_where_it_is_measured() {
    let yard = Yard::open("view-map").await;
    let manifest = format!(
        "{}---\napiVersion: v1\nkind: Service\nmetadata: {{name: web}}\nspec:\n  selector: {{app: web}}\n  ports: [{{port: 80}}]\n",
        web(2, "")
    );
    yard.apply(&manifest, &pushed('a')).await.unwrap();
    let views = views();
    let map = views.map(ADMIN, "view-map").await.unwrap();
    let selected = map.edges.iter().filter(|edge| edge.kind == KubeEdgeKind::Selects).count();
    let owned = map.edges.iter().filter(|edge| edge.kind == KubeEdgeKind::Owns).count();
    assert_eq!((selected, owned), (2, 3), "{map:?}");
    let usage = views.usage(ADMIN, "view-map").await.unwrap();
    assert!(!usage.is_served, "nothing measures here, and that is no error");
}
