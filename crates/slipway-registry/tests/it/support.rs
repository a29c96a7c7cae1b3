//! A registry in a temporary folder, and images to put into it.

use std::path::Path;
use std::time::{Duration, Instant};

use oci_client::client::{Client, ClientConfig, ClientProtocol};
use oci_client::secrets::RegistryAuth;
use oci_client::{Reference, RegistryOperation};
use sha2::Digest as _;
use slipway_core::Digest;
use slipway_registry::{LocalRegistry, LocalRegistryOptions};

pub(crate) const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
pub(crate) const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
pub(crate) const DOCKER_LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";

pub(crate) fn options(data_dir: &Path) -> LocalRegistryOptions {
    LocalRegistryOptions { data_dir: data_dir.to_owned(), ..Default::default() }
}

pub(crate) async fn start(data_dir: &Path) -> LocalRegistry {
    LocalRegistry::start(options(data_dir)).await.expect("these tests need docker-registry")
}

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    let hex: String = sha2::Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    Digest::parse(&format!("sha256:{hex}")).unwrap()
}

/// What was pushed.
pub(crate) struct Pushed {
    pub(crate) digest: Digest,
    pub(crate) config: Digest,
    pub(crate) size_bytes: i64,
}

/// Pushes a small image with two layers as a Docker engine would.
pub(crate) async fn push(address: &str, repository: &str, tag: &str, content: &str) -> Pushed {
    rustls::crypto::ring::default_provider().install_default().ok();
    let config = ClientConfig { protocol: ClientProtocol::Http, ..Default::default() };
    let client = Client::try_from(config).unwrap();
    let image = Reference::with_tag(address.to_owned(), repository.to_owned(), tag.to_owned());
    client.auth(&image, &RegistryAuth::Anonymous, RegistryOperation::Push).await.unwrap();
    let blobs = [
        (
            DOCKER_CONFIG,
            format!("{{\"architecture\":\"amd64\",\"os\":\"linux\",\"x\":\"{content}\"}}"),
        ),
        (DOCKER_LAYER, format!("first layer of {content}")),
        (DOCKER_LAYER, format!("second layer of {content}")),
    ];
    let mut descriptors = Vec::new();
    let mut size_bytes = 0;
    for (media_type, blob) in &blobs {
        let digest = sha256(blob.as_bytes());
        client.push_blob(&image, blob.clone().into_bytes(), digest.as_str()).await.unwrap();
        size_bytes += i64::try_from(blob.len()).unwrap();
        descriptors.push(serde_json::json!({
            "mediaType": media_type, "size": blob.len(), "digest": digest.as_str(),
        }));
    }
    let manifest = serde_json::json!({
        "schemaVersion": 2, "mediaType": DOCKER_MANIFEST,
        "config": descriptors[0], "layers": descriptors[1..],
    });
    let bytes = serde_json::to_vec(&manifest).unwrap();
    let digest = sha256(&bytes);
    client.push_manifest_raw(&image, bytes, DOCKER_MANIFEST.parse().unwrap()).await.unwrap();
    Pushed { digest, config: sha256(blobs[0].1.as_bytes()), size_bytes }
}

/// Asks again until the answer is yes, for ten seconds.
pub(crate) async fn until(what: &str, mut ask: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(10);
    while !ask() {
        assert!(Instant::now() < end, "waited ten seconds until {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
