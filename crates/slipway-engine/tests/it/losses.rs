//! An engine that goes away in the middle: a socket in front of the real one that can be cut.

use std::path::PathBuf;
use std::time::Duration;

use slipway_engine::{BuildRequest, Engine, EngineError};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc::unbounded_channel;
use tokio_util::sync::CancellationToken;

use crate::support::{busybox_context, case};

/// Passes connections on to the engine until it is cut.
struct Cuttable {
    socket: PathBuf,
    cut: CancellationToken,
    _dir: tempfile::TempDir,
}

fn cuttable(to: &str) -> Cuttable {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("engine.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let (cut, target) = (CancellationToken::new(), to.to_owned());
    let token = cut.clone();
    tokio::spawn(token.clone().run_until_cancelled_owned(async move {
        loop {
            let (mut near, _) = listener.accept().await.unwrap();
            let mut far = UnixStream::connect(&target).await.unwrap();
            let token = token.clone();
            tokio::spawn(async move {
                tokio::select! {
                    () = token.cancelled() => {}
                    _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                }
            });
        }
    }));
    Cuttable { socket, cut, _dir: dir }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_dies_is_said_to_be_lost() {
    case("lost", |case| async move {
        case.busybox().await;
        let id = case.run(&case.script("a", "echo up; /bin/busybox sleep 600")).await;
        let between = cuttable(case.engine.socket());
        let host = format!("unix://{}", between.socket.display());
        let engine = Engine::connect(Some(&host)).await.unwrap();
        assert_eq!(engine.facts().await.unwrap(), case.engine.facts().await.unwrap());

        let dir = tempfile::tempdir().unwrap();
        busybox_context(dir.path(), "RUN echo begun && /bin/busybox sleep 600\n");
        let request = BuildRequest {
            context: dir.path().to_owned(),
            dockerfile: "Dockerfile".into(),
            ..Default::default()
        };
        let (lines, mut got) = unbounded_channel();
        let (builder, never) = (engine.clone(), CancellationToken::new());
        let build = tokio::spawn(async move { builder.build(request, lines, &never).await });
        let (lines, mut followed) = unbounded_channel();
        let (follower, followed_id) = (engine.clone(), id.clone());
        let never = CancellationToken::new();
        let follow =
            tokio::spawn(async move { follower.follow_logs(&followed_id, lines, &never).await });
        let (waiter, waited_id) = (engine.clone(), id.clone());
        let wait = tokio::spawn(async move { waiter.wait(&waited_id).await });
        let begun = async {
            while got.recv().await.is_some_and(|line| line.text != "begun") {}
            assert_eq!(followed.recv().await.unwrap().text, "up");
        };
        tokio::time::timeout(Duration::from_secs(60), begun).await.expect("all three go on");

        between.cut.cancel();
        let all = async { (build.await, follow.await, wait.await) };
        let (build, follow, wait) =
            tokio::time::timeout(Duration::from_secs(10), all).await.expect("nobody waits forever");
        let build = build.unwrap().unwrap_err();
        assert!(matches!(build, EngineError::EngineLost { .. }), "got {build:?}");
        let follow = follow.unwrap().unwrap_err();
        assert!(matches!(follow, EngineError::EngineLost { .. }), "got {follow:?}");
        let wait = wait.unwrap().unwrap_err();
        assert!(matches!(wait, EngineError::EngineLost { .. }), "got {wait:?}");
        let ping = engine.ping().await.unwrap_err();
        assert!(matches!(ping, EngineError::EngineLost { .. }), "got {ping:?}");
        let error = Engine::connect(Some(&host)).await.unwrap_err();
        assert!(matches!(error, EngineError::NotReachable { .. }), "got {error:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_socket_is_given_up_after_three_seconds() {
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("silent.sock");
    let _silent = UnixListener::bind(&socket).unwrap();
    let connect = Engine::connect(Some(socket.to_str().unwrap()));
    let error = tokio::time::timeout(Duration::from_secs(8), connect)
        .await
        .expect("a silent engine does not hold the app up")
        .unwrap_err();
    assert!(error.to_string().contains("3 seconds"), "got: {error}");
}
