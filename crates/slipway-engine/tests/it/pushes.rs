//! Pushes to and pulls from a real registry, which runs as a child of the test.

use std::process::{Child, Command, Stdio};

use slipway_engine::EngineError;
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::support::{case, drain, texts, until};

struct RegistryChild {
    child: Child,
    port: u16,
    _dir: tempfile::TempDir,
}

impl Drop for RegistryChild {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

async fn registry() -> RegistryChild {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.yml");
    let text = format!(
        "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n\
         http: {{addr: '127.0.0.1:{port}'}}\n",
        dir.path().display()
    );
    std::fs::write(&config, text).unwrap();
    let child = Command::new("docker-registry")
        .arg("serve")
        .arg(&config)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("these tests need Debian's docker-registry");
    until("the registry listens", || async move {
        tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok()
    })
    .await;
    RegistryChild { child, port, _dir: dir }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pushed_image_has_a_digest_and_comes_back_by_it() {
    case("push", |case| async move {
        let registry = registry().await;
        let image_id = case.busybox().await;
        let repository = format!("127.0.0.1:{}/shop/api", registry.port);
        case.engine.tag(&case.image(), &repository, "12").await.unwrap();
        let reference = format!("{repository}:12");
        let (lines, got) = unbounded_channel();
        let never = CancellationToken::new();
        let report = case.engine.push(&reference, lines, &never).await.unwrap();
        let digest = report.digest.expect("the engine tells the digest");
        assert!(
            report.size.is_some_and(|size| size > 100),
            "the manifest's size: {report:?}",
            report = report.size
        );
        let lines = drain(got);
        assert!(texts(&lines).iter().any(|t| t.contains("Pushed")), "got {:?}", texts(&lines));

        let by_digest = format!("{repository}@{digest}");
        let image = case.engine.image(&reference).await.unwrap().unwrap();
        assert_eq!(image.repo_digests, [by_digest.as_str()], "the engine knows it by digest");
        case.engine.remove_image(&reference).await.unwrap();
        case.engine.remove_image(&by_digest).await.unwrap();
        case.engine.remove_image(&case.image()).await.unwrap();
        let (lines, _got) = unbounded_channel();
        case.engine.pull(&by_digest, lines).await.unwrap();
        let image = case.engine.image(&by_digest).await.unwrap().unwrap();
        assert_eq!(image.id, image_id, "what comes back is what was built");
        case.engine.remove_image(&by_digest).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_that_cannot_work_says_why() {
    case("nopush", |case| async move {
        let registry = registry().await;
        let never = CancellationToken::new();
        let repository = format!("127.0.0.1:{}/shop/api", registry.port);
        let reference = format!("{repository}:1");
        let (lines, _got) = unbounded_channel();
        let error = case.engine.push(&reference, lines.clone(), &never).await.unwrap_err();
        assert_eq!(error, EngineError::ImageMissing { reference: reference.clone() });
        let error = case.engine.pull(&reference, lines.clone()).await.unwrap_err();
        assert!(matches!(error, EngineError::PullFailed { .. }), "got {error:?}");
        let error = case.engine.tag("no-such-image", "x", "1").await.unwrap_err();
        assert!(matches!(error, EngineError::ImageMissing { .. }), "got {error:?}");

        case.busybox().await;
        case.engine.tag(&case.image(), &repository, "1").await.unwrap();
        drop(registry);
        let error = case.engine.push(&reference, lines, &never).await.unwrap_err();
        case.engine.remove_image(&reference).await.unwrap();
        let EngineError::PushFailed { message, .. } = &error else { panic!("got {error:?}") };
        assert!(message.contains("refused"), "the registry is gone: {message}");
    })
    .await;
}
