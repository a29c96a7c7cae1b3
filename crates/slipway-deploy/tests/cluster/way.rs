//! A way to the API server that a test can cut.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::{TcpListener, TcpStream};

use crate::control_plane::control_plane;

/// It leads to host and port of the API server, unless it is closed.
pub(crate) struct Way {
    is_cut: Arc<AtomicBool>,
    cut: tokio::sync::watch::Sender<u32>,
    to: String,
    address: String,
}

impl Way {
    pub(crate) async fn open(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (is_cut, cut) = (Arc::new(AtomicBool::new(false)), tokio::sync::watch::Sender::new(0));
        let (closed, cuts, far) = (is_cut.clone(), cut.clone(), to.clone());
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if closed.load(Ordering::SeqCst) {
                    continue;
                }
                let (far, mut cuts) = (far.clone(), cuts.subscribe());
                tokio::spawn(async move {
                    let mut far = TcpStream::connect(far).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { is_cut, cut, to, address }
    }

    pub(crate) fn close(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        self.cut.send_modify(|times| *times += 1);
    }

    pub(crate) fn open_again(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }

    /// Writes a kubeconfig that leads this way.
    pub(crate) fn kubeconfig(&self, folder: &Path) -> PathBuf {
        let text = std::fs::read_to_string(&control_plane().kubeconfig).unwrap();
        let path = folder.join("kubeconfig");
        std::fs::write(&path, text.replace(&self.to, &self.address)).unwrap();
        path
    }
}
