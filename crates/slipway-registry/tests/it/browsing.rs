//! What the client reads from a real registry.

use std::time::Duration;

use slipway_registry::{Registry, RegistryError};

use crate::support::{DOCKER_CONFIG, DOCKER_LAYER, DOCKER_MANIFEST, push, sha256, start, until};

#[tokio::test]
async fn a_pushed_manifest_is_read_back_and_verified() {
    let dir = tempfile::tempdir().unwrap();
    let local = start(dir.path()).await;
    let registry = local.client().unwrap();
    registry.ping().await.unwrap();
    let pushed = push(local.address(), "shop/api", "12", "one").await;

    let by_tag = registry.manifest("shop/api", "12").await.unwrap();
    assert_eq!(by_tag.digest, pushed.digest, "the digest is that of the bytes");
    assert_eq!(by_tag.config_digest, Some(pushed.config), "the engine's image id");
    assert_eq!(by_tag.media_type, DOCKER_MANIFEST);
    assert_eq!(by_tag.config_media_type.as_deref(), Some(DOCKER_CONFIG));
    assert_eq!(by_tag.size_bytes, pushed.size_bytes, "configuration and both layers");
    assert!(!by_tag.is_index && by_tag.layers.len() == 2, "got {by_tag:?}");
    assert!(by_tag.layers.iter().all(|layer| layer.media_type == DOCKER_LAYER));
    let by_digest = registry.manifest("shop/api", pushed.digest.as_str()).await.unwrap();
    assert_eq!(by_digest, by_tag, "tag and digest lead to the same manifest");

    assert!(registry.exists("shop/api", &pushed.digest).await.unwrap());
    assert!(!registry.exists("shop/api", &sha256(b"nothing")).await.unwrap());
    assert!(!registry.exists("no/such", &pushed.digest).await.unwrap(), "nor elsewhere");
}

#[tokio::test]
async fn tags_and_repositories_are_listed() {
    let dir = tempfile::tempdir().unwrap();
    let local = start(dir.path()).await;
    let registry = local.client().unwrap();
    assert!(registry.repositories().await.unwrap().is_empty(), "a new registry is empty");
    for (repository, tag) in [("b/web", "1"), ("a", "2"), ("a", "10"), ("a", "latest")] {
        push(local.address(), repository, tag, tag).await;
    }
    assert_eq!(registry.repositories().await.unwrap(), ["a", "b/web"]);
    assert_eq!(registry.tags("a").await.unwrap(), ["10", "2", "latest"]);
    let error = registry.tags("no/such").await.unwrap_err();
    assert_eq!(error, RegistryError::RepositoryUnknown { repository: "no/such".into() });
    let error = registry.manifest("a", "3").await.unwrap_err();
    let expected = RegistryError::ManifestUnknown { repository: "a".into(), reference: "3".into() };
    assert_eq!(error, expected, "the tag is named");
}

#[tokio::test]
async fn a_manifest_that_was_tampered_with_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let local = start(dir.path()).await;
    let pushed = push(local.address(), "shop/api", "1", "x").await;
    let hex = pushed.digest.as_str().trim_start_matches("sha256:").to_owned();
    let blobs = "storage/docker/registry/v2/blobs/sha256";
    let data = dir.path().join(blobs).join(&hex[..2]).join(&hex).join("data");
    let text = std::fs::read_to_string(&data).unwrap();
    std::fs::write(&data, text.replace("tar.gzip", "tar.gzap")).unwrap();
    for reference in ["1", pushed.digest.as_str()] {
        let error = local.client().unwrap().manifest("shop/api", reference).await.unwrap_err();
        let RegistryError::DigestMismatch { expected, actual, .. } = &error else {
            panic!("a manifest that is not what its digest says: {error:?}");
        };
        assert_eq!(expected, pushed.digest.as_str(), "what the registry claims");
        assert_ne!(actual, expected, "what the bytes are");
    }
}

#[tokio::test]
async fn a_registry_that_is_killed_is_not_reachable_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let local = start(dir.path()).await;
    let registry = local.client().unwrap();
    let pushed = push(local.address(), "shop/api", "1", "x").await;
    let kill = format!("kill -9 {}", local.pid());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    until("the child is gone", || !local.is_alive()).await;
    for error in [
        registry.ping().await.unwrap_err(),
        registry.tags("shop/api").await.unwrap_err(),
        registry.manifest("shop/api", "1").await.unwrap_err(),
    ] {
        let RegistryError::NotReachable { address, reason } = &error else {
            panic!("got {error:?}");
        };
        assert_eq!(address, local.address(), "the address is named");
        assert!(reason.contains("refused"), "the cause is the innermost one: {reason}");
    }
    let again = start(dir.path()).await;
    assert_eq!(again.address(), local.address(), "images keep their names");
    assert!(registry.exists("shop/api", &pushed.digest).await.unwrap(), "and their content");
}

#[tokio::test]
async fn names_are_checked_before_they_are_sent() {
    let registry = Registry::new("127.0.0.1:1", true, None).unwrap();
    for (repository, reference) in [("../x", "1"), ("x", "a/b"), ("x", "sha256:12")] {
        let ask = registry.manifest(repository, reference);
        let error = tokio::time::timeout(Duration::from_secs(5), ask).await.unwrap().unwrap_err();
        assert!(matches!(error, RegistryError::NameUnusable { .. }), "got {error:?}");
    }
}
