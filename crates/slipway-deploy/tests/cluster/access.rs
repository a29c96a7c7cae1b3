//! Who may do what, and where: contexts, rights, namespaces, servers that are not there.

use slipway_core::{ErrorKind, Explain as _};
use slipway_deploy::{DeployError, KubeTarget};
use tokio_util::sync::CancellationToken;

use crate::control_plane::control_plane;
use crate::yard::{Lines, PATIENCE, Yard, pushed, request, target, web};

async fn refused(context: &str, namespace: &str) -> DeployError {
    let target = target(context, namespace).await;
    let request = request(&web(1, ""), &pushed('a'), PATIENCE);
    target.apply(request, &Lines::default(), &CancellationToken::new()).await.unwrap_err()
}

#[tokio::test]
async fn a_context_is_chosen_by_name_among_several() {
    let yard = Yard::open("contexts").await;
    let kubeconfig = Some(control_plane().kubeconfig.clone());
    let Err(error) = KubeTarget::connect(kubeconfig, "slipway", "contexts").await else {
        panic!("half a name is no name");
    };
    let text = error.to_string();
    for known in ["slipway-test,", "slipway-test-reader", "slipway-test-gone"] {
        assert!(text.contains(known), "{known} is offered: {text}");
    }
    // The current context leads nowhere; the named one works.
    assert!(yard.target.status().await.unwrap().pods.is_empty(), "the named one answers");
    assert_eq!(yard.target.context(), "slipway-test");
}

#[tokio::test]
async fn an_account_without_rights_is_told_what_it_lacks() {
    let _yard = Yard::open("rights").await;
    let error = refused("slipway-test-nobody", "rights").await;
    let text = error.to_string();
    assert!(matches!(error, DeployError::ClusterRefused { status: 403, .. }), "got {error:?}");
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(text.contains("User \"slipway-test-nobody\" cannot patch resource"), "verb: {text}");
    assert!(text.contains("\"deployments\"") && text.contains("\"rights\""), "where: {text}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("Role"), "the next step: {hint}");

    let error = target("slipway-test-nobody", "rights").await.status().await.unwrap_err();
    assert!(error.to_string().contains("cannot list resource \"pods\""), "got {error}");
}

#[tokio::test]
async fn who_may_only_look_sees_pods_and_changes_nothing() {
    let yard = Yard::open("looking").await;
    let applied = yard.apply(&web(1, ""), &pushed('a')).await.unwrap();
    let error = refused("slipway-test-reader", "looking").await;
    assert!(error.to_string().contains("cannot patch resource \"deployments\""), "got {error}");
    let reader = target("slipway-test-reader", "looking").await;
    let pod = &applied.workloads[0].pods[0];
    assert!(reader.prove(pod, &pushed('a')).await.unwrap().is_proven, "looking is enough");
    assert!(!reader.pod_log(pod, 5).await.unwrap().is_empty(), "and logs are shown");
}

#[tokio::test]
async fn credentials_that_are_over_ask_for_a_new_sign_in() {
    let _yard = Yard::open("expired").await;
    let error = refused("slipway-test-expired", "expired").await;
    assert!(matches!(error, DeployError::SignInNeeded { .. }), "got {error:?}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("ign in"), "the next step: {hint}");
}

#[tokio::test]
async fn a_namespace_that_is_not_there_is_named() {
    let yard = Yard::without_namespace("nowhere").await;
    let error = yard.apply(&web(1, ""), &pushed('a')).await.unwrap_err();
    assert!(error.to_string().contains("namespaces \"nowhere\" not found"), "got {error}");
    let hint = error.hint().unwrap_or_default();
    assert!(hint.contains("kubectl create namespace"), "the next step: {hint}");

    // A manifest may bring it along.
    let manifest = format!(
        "apiVersion: v1\nkind: Namespace\nmetadata: {{name: nowhere}}\n---\n{}",
        web(1, "")
    );
    yard.apply(&manifest, &pushed('a')).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let error = refused("slipway-test-gone", "gone").await;
    assert!(matches!(error, DeployError::ClusterUnreachable { .. }), "got {error:?}");
    let text = error.to_string();
    assert!(text.contains("'slipway-test-gone'"), "the context is named: {text}");
    assert!(text.contains("refused"), "and why: {text}");
}

#[tokio::test]
async fn a_server_of_another_authority_is_not_trusted() {
    let error = refused("slipway-test-stranger", "stranger").await;
    assert!(matches!(error, DeployError::ClusterUnreachable { .. }), "got {error:?}");
    assert!(error.to_string().contains("certificate"), "why: {error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("certificate")), "{:?}", error.hint());
}

#[tokio::test]
async fn the_servers_own_field_path_is_shown() {
    let yard = Yard::open("fields").await;
    let manifest = web(1, "").replace("containerPort: 8080", "containerPort: 80800");
    let error = yard.apply(&manifest, &pushed('a')).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("spec.template.spec.containers[0].ports[0].containerPort"), "{text}");
}

#[tokio::test]
async fn a_kind_that_the_cluster_does_not_know_is_refused() {
    let yard = Yard::open("kinds").await;
    let manifest = format!(
        "{}---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {{name: w}}\n",
        web(1, "")
    );
    let error = yard.apply(&manifest, &pushed('a')).await.unwrap_err();
    assert!(matches!(error, DeployError::KindUnknown { .. }), "got {error}");
}
