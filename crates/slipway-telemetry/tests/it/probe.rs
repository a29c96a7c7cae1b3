//! The availability probe against real sockets on loopback.

use std::time::Duration;

use slipway_telemetry::probe::{ProbeResult, probe, probe_client};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers one connection with `answer`, or holds it open for ever if there is none.
async fn ask(answer: Option<&'static str>, timeout: Duration) -> ProbeResult {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.expect("the probe connects");
        let mut request = [0; 1024];
        let read = socket.read(&mut request).await.expect("the probe asks");
        let request = String::from_utf8_lossy(&request[..read]).into_owned();
        match answer {
            Some(answer) => socket.write_all(answer.as_bytes()).await.expect("the probe listens"),
            None => std::future::pending().await,
        }
        request
    });
    let client = probe_client().expect("the client can be built");
    let url = format!("http://user:hunter2@{address}/healthz");
    let result = probe(&client, &url, timeout, 1_000).await;
    assert!(!result.message.contains("hunter2"), "no password in {}", result.message);
    if answer.is_some() {
        let request = server.await.expect("the server ends");
        assert!(request.starts_with("GET /healthz "), "one GET: {request}");
    } else {
        server.abort();
    }
    result
}

#[tokio::test]
async fn a_good_answer_is_a_success() {
    let result =
        ask(Some("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), Duration::from_secs(5)).await;
    assert_eq!((result.success, result.status, result.at_ms), (true, Some(200), 1_000));
    assert_eq!(result.message, "The app answered 200 OK.");
    assert!(result.duration_ms > 0.0 && result.duration_ms < 5_000.0, "{} ms", result.duration_ms);
}

#[tokio::test]
async fn a_bad_status_is_a_failure_with_a_status() {
    let busy = Some("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
    let result = ask(busy, Duration::from_secs(5)).await;
    assert_eq!((result.success, result.status), (false, Some(503)));
    assert_eq!(result.message, "The app answered 503 Service Unavailable.");
}

#[tokio::test]
async fn silence_is_a_failure_after_the_time_limit() {
    let result = ask(None, Duration::from_millis(80)).await;
    assert_eq!((result.success, result.status), (false, None));
    assert_eq!(result.message, "The app did not answer within 80 ms.");
    assert!(result.duration_ms >= 79.0, "it waited: {} ms", result.duration_ms);
}

#[tokio::test]
async fn a_broken_answer_is_a_failure() {
    let result = ask(Some("fish\r\n\r\n"), Duration::from_secs(5)).await;
    assert!(!result.success && result.message.starts_with("The app broke off"), "{result:?}");
}

#[tokio::test]
async fn a_closed_port_and_a_bad_address_are_failures() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("it is bound");
    drop(listener);
    let client = probe_client().expect("the client can be built");
    let closed = probe(&client, &format!("http://{address}/"), Duration::from_secs(5), 0).await;
    assert!(!closed.success && closed.message.starts_with("The app refuses"), "{closed:?}");
    let bad = probe(&client, "not a url", Duration::from_secs(5), 0).await;
    assert_eq!(bad.message, "The address of the app is not a URL.");
}
