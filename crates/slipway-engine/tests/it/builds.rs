//! Builds with the classic builder.

use std::time::Duration;

use slipway_core::LogStream;
use slipway_engine::{BuildRequest, EngineError};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::support::{busybox_context, case, drain, texts, until};

#[tokio::test(flavor = "multi_thread")]
async fn an_image_is_built_tagged_and_described() {
    case("build", |case| async move {
        let dir = tempfile::tempdir().unwrap();
        busybox_context(
            dir.path(),
            "ARG GREETING=none\nRUN echo said $GREETING && echo careful >&2\nCOPY . /src\n\
             RUN /bin/busybox ls -a /src\nEXPOSE 9090 8080\n",
        );
        std::fs::write(dir.path().join(".dockerignore"), "secret.txt\n").unwrap();
        std::fs::write(dir.path().join("secret.txt"), "hush").unwrap();
        std::fs::write(dir.path().join("seen.txt"), "hello").unwrap();
        let second = format!("{}:2", case.name);
        let request = BuildRequest {
            context: dir.path().to_owned(),
            dockerfile: "Dockerfile".into(),
            tags: vec![case.image(), second.clone()],
            build_args: vec![("GREETING".into(), "moin".into())],
            labels: vec![case.label(), ("org.opencontainers.image.revision".into(), "f0".into())],
            target: None,
        };
        let (lines, got) = unbounded_channel();
        let built = case.engine.build(request, lines, &CancellationToken::new()).await.unwrap();
        let lines = drain(got);
        let texts = texts(&lines);
        assert!(texts.contains(&"said moin"), "the build argument arrives: {texts:?}");
        assert!(texts.contains(&"seen.txt"), "the context arrives: {texts:?}");
        assert!(!texts.contains(&"secret.txt"), ".dockerignore is honoured: {texts:?}");
        let careful = lines.iter().find(|line| line.text == "careful").unwrap();
        assert_eq!(careful.stream, LogStream::Stderr, "stderr is told apart, without its colour");

        let image = case.engine.image(&second).await.unwrap().expect("both tags lead to it");
        assert_eq!(image.id, built.image_id, "the id is the engine's");
        assert_eq!(image.exposed_ports, [8080, 9090], "ports ascend");
        assert_eq!(image.os, "linux");
        assert!(image.size_bytes > 100_000, "busybox is in it: {}", image.size_bytes);
        assert_eq!(image.labels["org.opencontainers.image.revision"], "f0");
        case.engine.remove_image(&second).await.unwrap();
        assert!(case.engine.image(&second).await.unwrap().is_none(), "the name is gone");
        case.engine.remove_image(&second).await.expect("a second removal finds nothing to do");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_can_be_named_and_a_dockerfile_lie_outside() {
    case("target", |case| async move {
        let dir = tempfile::tempdir().unwrap();
        let context = dir.path().join("app");
        std::fs::create_dir(&context).unwrap();
        std::fs::copy("/bin/busybox", context.join("busybox")).unwrap();
        let dockerfile = dir.path().join("release.Dockerfile");
        let text = "FROM scratch AS first\nCOPY . /app\nCOPY busybox /bin/sh\n\
                    RUN cd /app && echo *\nFROM first\nRUN exit 9\n";
        std::fs::write(&dockerfile, text).unwrap();
        let request = BuildRequest {
            context,
            dockerfile,
            tags: vec![case.image()],
            target: Some("first".into()),
            ..Default::default()
        };
        let (lines, got) = unbounded_channel();
        case.engine.build(request, lines, &CancellationToken::new()).await.unwrap();
        let lines = drain(got);
        assert!(
            texts(&lines).contains(&"busybox"),
            "neither the foreign Dockerfile nor an ignore file is copied: {:?}",
            texts(&lines)
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_instruction_keeps_the_engines_words() {
    case("fail", |case| async move {
        let dir = tempfile::tempdir().unwrap();
        busybox_context(dir.path(), "RUN exit 7\n");
        let error = case.build(dir.path()).await.0.unwrap_err();
        let EngineError::BuildFailed { message, .. } = &error else { panic!("got {error:?}") };
        assert!(message.contains("returned a non-zero code: 7"), "got: {message}");

        std::fs::write(dir.path().join("Dockerfile"), "FROM scratch\nCOYP a b\n").unwrap();
        let error = case.build(dir.path()).await.0.unwrap_err();
        let EngineError::BuildFailed { message, .. } = &error else { panic!("got {error:?}") };
        assert!(message.contains("COYP"), "a parse error is no engine failure: {message}");

        std::fs::write(dir.path().join("Dockerfile"), "FROM scratch\nCOPY nothing /\n").unwrap();
        let error = case.build(dir.path()).await.0.unwrap_err();
        assert!(error.to_string().contains("nothing"), "the missing file is named: {error}");

        std::fs::remove_file(dir.path().join("Dockerfile")).unwrap();
        let error = case.build(dir.path()).await.0.unwrap_err();
        assert!(matches!(error, EngineError::DockerfileMissing { .. }), "got {error:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_build_stops_at_once() {
    case("cancel", |case| async move {
        let dir = tempfile::tempdir().unwrap();
        let (key, value) = case.label();
        let rest = format!("LABEL {key}={value}\nRUN echo begun && /bin/busybox sleep 600\n");
        busybox_context(dir.path(), &rest);
        let (lines, mut got) = unbounded_channel();
        let cancel = CancellationToken::new();
        let request = BuildRequest {
            context: dir.path().to_owned(),
            dockerfile: "Dockerfile".into(),
            tags: vec![case.image()],
            ..Default::default()
        };
        let (engine, token) = (case.engine.clone(), cancel.clone());
        let build = tokio::spawn(async move { engine.build(request, lines, &token).await });
        let begun = async {
            while let Some(line) = got.recv().await {
                if line.text == "begun" {
                    return;
                }
            }
            panic!("the build ended before it ran its step");
        };
        tokio::time::timeout(Duration::from_secs(60), begun).await.expect("lines arrive live");
        cancel.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(5), build).await;
        let error = ended.expect("it does not wait for the sleep").unwrap().unwrap_err();
        assert!(matches!(error, EngineError::Cancelled { .. }), "got {error:?}");
        until("the engine has removed the step's container", || async {
            case.engine.list(&[case.label()]).await.unwrap().is_empty()
        })
        .await;
    })
    .await;
}
