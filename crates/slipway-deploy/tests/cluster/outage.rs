//! An API server that goes away while a rollout is watched.

use std::time::Duration;

use kube::config::Kubeconfig;
use slipway_deploy::{DeployError, KubeTarget};
use tokio_util::sync::CancellationToken;

use crate::control_plane::{ADMIN, control_plane};
use crate::way::Way;
use crate::yard::{Lines, PATIENCE, Yard, pushed, request, until, web};

impl Way {
    /// A target that goes this way.
    pub(crate) async fn target(&self, namespace: &str) -> KubeTarget {
        let folder = tempfile::tempdir().unwrap();
        let path = self.kubeconfig(folder.path());
        KubeTarget::connect(Some(path), ADMIN, namespace).await.unwrap()
    }
}

/// Host and port of the API server.
pub(crate) fn server() -> String {
    let read = Kubeconfig::read_from(&control_plane().kubeconfig).unwrap();
    let named = read.clusters.into_iter().find(|cluster| cluster.name == ADMIN).unwrap();
    named.cluster.unwrap().server.unwrap().replace("https://", "")
}

#[tokio::test]
async fn watching_goes_on_after_an_outage() {
    let yard = Yard::open("outage").await;
    let way = Way::open(server()).await;
    let target = way.target("outage").await;
    let lines = Lines::default();
    let manifest = web(1, "sim.slipway.dev/delay: 6s");
    let request = request(&manifest, &pushed('a'), PATIENCE);
    let cancel = CancellationToken::new();
    let applying = target.apply(request, &lines, &cancel);
    let outage = async {
        until("the wait is told", async || lines.joined().contains("are available")).await;
        way.close();
        until("the outage is told", async || lines.joined().contains("does not answer")).await;
        way.open_again();
    };
    let (applied, ()) = tokio::join!(applying, outage);
    let applied = applied.unwrap_or_else(|error| panic!("{error}\n{}", lines.joined()));
    assert_eq!(applied.workloads[0].pods.len(), 1, "it was rolled out meanwhile");
    assert_eq!(yard.running_images().await, [pushed('a').reference()]);
}

#[tokio::test]
async fn an_outage_that_stays_is_no_success() {
    let _yard = Yard::open("outage-stays").await;
    let way = Way::open(server()).await;
    let target = way.target("outage-stays").await;
    let lines = Lines::default();
    let request =
        request(&web(1, "sim.slipway.dev/delay: 2s"), &pushed('a'), Duration::from_secs(8));
    let cancel = CancellationToken::new();
    let applying = target.apply(request, &lines, &cancel);
    let outage = async {
        until("the wait is told", async || lines.joined().contains("are available")).await;
        way.close();
    };
    let (applied, ()) = tokio::join!(applying, outage);
    let error = applied.unwrap_err();
    assert!(matches!(error, DeployError::ClusterUnreachable { .. }), "what is not seen: {error}");
    assert!(error.to_string().contains("watching Deployment 'web'"), "and what was done: {error}");
}
