//! An API server that goes away while a rollout is watched.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kube::config::Kubeconfig;
use slipway_deploy::{DeployError, KubeTarget};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::control_plane::{ADMIN, control_plane};
use crate::yard::{Lines, PATIENCE, Yard, pushed, request, until, web};

/// A way to the API server that can be cut.
pub(crate) struct Way {
    is_cut: Arc<AtomicBool>,
    cut: tokio::sync::watch::Sender<u32>,
    address: String,
}

impl Way {
    pub(crate) async fn open(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (is_cut, cut) = (Arc::new(AtomicBool::new(false)), tokio::sync::watch::Sender::new(0));
        let (closed, cuts) = (is_cut.clone(), cut.clone());
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if closed.load(Ordering::SeqCst) {
                    continue;
                }
                let (to, mut cuts) = (to.clone(), cuts.subscribe());
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(to).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { is_cut, cut, address }
    }

    pub(crate) fn close(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        self.cut.send_modify(|times| *times += 1);
    }

    pub(crate) fn open_again(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }

    /// A target that goes this way.
    pub(crate) async fn target(&self, namespace: &str) -> KubeTarget {
        let folder = tempfile::tempdir().unwrap();
        let path = self.kubeconfig(folder.path());
        KubeTarget::connect(Some(path), ADMIN, namespace).await.unwrap()
    }

    /// Writes a kubeconfig that leads this way.
    pub(crate) fn kubeconfig(&self, folder: &std::path::Path) -> std::path::PathBuf {
        let text = std::fs::read_to_string(&control_plane().kubeconfig).unwrap();
        let path = folder.join("kubeconfig");
        std::fs::write(&path, text.replace(&server(), &self.address)).unwrap();
        path
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
