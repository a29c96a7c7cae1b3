//! An API server that is killed while a rollout is watched, and starts again on its data.

use k8s_openapi::api::apps::v1::Deployment;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Api, Client, Config};
use slipway_deploy::KubeTarget;
use tokio_util::sync::CancellationToken;

use crate::control_plane::{ADMIN, ControlPlane};
use crate::yard::{Lines, PATIENCE, pushed, request, until, web};

#[tokio::test(flavor = "multi_thread")]
async fn watching_goes_on_when_the_api_server_is_killed_and_started_again() {
    // Short: a unix socket lies in it.
    let folder = tempfile::Builder::new().prefix("sl-again-").tempdir_in("/tmp").unwrap();
    let plane = start(folder.path()).await;
    let kubeconfig = plane.kubeconfig.clone();
    let target = KubeTarget::connect(Some(kubeconfig.clone()), ADMIN, "default").await.unwrap();
    let lines = Lines::default();
    // The pods become ready only after the restart: what was there before it is no success.
    let request = request(&web(2, "sim.slipway.dev/delay: 12s"), &pushed('a'), PATIENCE);
    let cancel = CancellationToken::new();
    let applying = target.apply(request, &lines, &cancel);
    let restart = async {
        until("the wait is told", async || lines.joined().contains("are available")).await;
        plane.kill();
        until("the outage is told", async || lines.joined().contains("does not answer")).await;
        let is_out = !lines.joined().contains("is rolled out");
        assert!(is_out, "nobody has seen that: {}", lines.joined());
        start(folder.path()).await
    };
    let (applied, plane) = tokio::join!(applying, restart);
    let applied = applied.unwrap_or_else(|error| panic!("{error}\n{}", lines.joined()));
    assert!(lines.joined().contains("answers again"), "{}", lines.joined());
    assert_eq!(applied.workloads[0].pods.len(), 2, "both pods were seen");
    let read = Kubeconfig::read_from(&kubeconfig).unwrap();
    let options = KubeConfigOptions { context: Some(ADMIN.to_owned()), ..Default::default() };
    let config = Config::from_custom_kubeconfig(read, &options).await.unwrap();
    let found: Api<Deployment> = Api::default_namespaced(Client::try_from(config).unwrap());
    let status = found.get("web").await.unwrap().status.unwrap();
    assert_eq!(status.available_replicas, Some(2), "and the cluster says the same");
    plane.kill();
}

/// Its start takes seconds, in which the rollout goes on.
async fn start(folder: &std::path::Path) -> ControlPlane {
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || ControlPlane::kept(&folder)).await.unwrap()
}
