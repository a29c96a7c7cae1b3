//! Fields that belong to somebody else are never taken.

use k8s_openapi::api::apps::v1::Deployment;
use kube::api::{Patch, PatchParams};
use serde_json::json;
use slipway_deploy::DeployError;

use crate::yard::{Yard, pushed, web};

#[tokio::test]
async fn a_field_of_another_manager_is_not_taken() {
    let yard = Yard::open("owners").await;
    yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let theirs = json!({"apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": "web"}, "spec": {"replicas": 3, "minReadySeconds": 0,
        "template": {"spec": {"containers": [{"name": "web", "image": "r/theirs"}]}}}});
    let parameters = PatchParams::apply("autoscaler").force();
    yard.api::<Deployment>().patch("web", &parameters, &Patch::Apply(&theirs)).await.unwrap();

    let error = yard.apply(&web(1, ""), &pushed('b')).await.unwrap_err();
    let DeployError::ApplyConflict { object, field, manager } = &error else {
        panic!("two fields are theirs: {error}");
    };
    assert_eq!((object.as_str(), manager.as_str()), ("Deployment 'web'", "autoscaler"));
    assert!(field.contains("spec.replicas"), "the first: {field}");
    assert!(field.contains("spec.template.spec.containers[name=web].image"), "all: {field}");
    let now = yard.api::<Deployment>().get("web").await.unwrap();
    assert_eq!(now.spec.unwrap().replicas, Some(3), "theirs stays");
}

#[tokio::test]
async fn nothing_is_changed_when_a_later_object_is_refused() {
    let yard = Yard::open("whole").await;
    // The namespace is there, so that naming it again keeps nothing from being tried out.
    let manifest = format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: whole}}\n---\napiVersion: v1\nkind: \
         ConfigMap\nmetadata: {{name: settings}}\ndata: {{colour: red}}\n---\n{}",
        web(1, "").replace("containerPort: 8080", "containerPort: 80800")
    );
    yard.apply(&manifest, &pushed('a')).await.unwrap_err();
    let settings = yard.api::<k8s_openapi::api::core::v1::ConfigMap>().get_opt("settings").await;
    assert!(settings.unwrap().is_none(), "the ConfigMap before it was not applied either");
}
