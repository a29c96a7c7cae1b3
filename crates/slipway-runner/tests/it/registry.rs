//! A real registry on loopback, and reading a digest back from it.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use slipway_core::{Clock, Digest, PushedImage, SystemClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::until;

/// A `docker-registry` child; ends with the test.
pub(crate) struct Registry {
    child: Child,
    pub(crate) address: String,
}

impl Registry {
    pub(crate) async fn start(folder: &Path) -> Self {
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().port()
        };
        let address = format!("127.0.0.1:{port}");
        let config = folder.join("registry.yml");
        let storage = folder.join("registry");
        let text = format!(
            "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {address}\n",
            storage.display()
        );
        std::fs::write(&config, text).unwrap();
        let child = Command::new("docker-registry")
            .arg("serve")
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let registry = Self { child, address: address.clone() };
        until("the registry", || std::net::TcpStream::connect(&address).is_ok()).await;
        registry
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Asks the registry what it holds under the first tag.
pub(crate) async fn read_back(
    address: &str,
    repository: &str,
    tags: Vec<String>,
) -> Result<PushedImage, String> {
    let accept = "application/vnd.docker.distribution.manifest.v2+json, \
                  application/vnd.oci.image.manifest.v1+json";
    let request = format!(
        "GET /v2/{repository}/manifests/{} HTTP/1.1\r\nHost: {address}\r\nAccept: {accept}\r\n\
         Connection: close\r\n\r\n",
        tags[0]
    );
    let mut stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
    stream.write_all(request.as_bytes()).await.map_err(|error| error.to_string())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.map_err(|error| error.to_string())?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    let header = |name: &str| {
        let line = head.lines().find(|line| line.to_lowercase().starts_with(name));
        line.and_then(|line| line.split_once(": ")).map(|(_, value)| value.to_owned())
    };
    let digest = header("docker-content-digest").ok_or_else(|| answer.clone())?;
    let manifest: serde_json::Value =
        serde_json::from_str(body).map_err(|error| error.to_string())?;
    let config = manifest["config"]["digest"].as_str().ok_or("no config")?;
    Ok(PushedImage {
        registry: address.to_owned(),
        repository: repository.to_owned(),
        tags,
        digest: Digest::parse(&digest).map_err(|error| error.to_string())?,
        config_digest: Digest::parse(config).map_err(|error| error.to_string())?,
        media_type: header("content-type").unwrap_or_default(),
        size_bytes: 0,
        pushed_at: SystemClock.now_ms(),
    })
}
