//! Registries that a real one never is: closed, wrong, or silent.

use slipway_registry::{Registry, RegistryCredentials, RegistryError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers every request with the same words and gives its address.
async fn says(answer: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            if stream.read(&mut request).await.is_err() {
                continue;
            }
            stream.write_all(answer.as_bytes()).await.ok();
        }
    });
    address
}

#[tokio::test]
async fn a_closed_registry_says_unauthorized() {
    let address = says(
        "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\
         Connection: close\r\n\r\n",
    )
    .await;
    let login = RegistryCredentials { username: "u".into(), password: "wrong-pass".into() };
    let registry = Registry::new(&address, true, Some(login)).unwrap();
    for error in
        [registry.ping().await.unwrap_err(), registry.manifest("a", "1").await.unwrap_err()]
    {
        assert!(matches!(error, RegistryError::Unauthorized { .. }), "got {error:?}");
        assert!(!error.to_string().contains("wrong-pass"), "no secret in an error");
    }
}

#[tokio::test]
async fn something_else_on_the_port_is_no_registry() {
    let address =
        says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello").await;
    let registry = Registry::new(&address, true, None).unwrap();
    let error = registry.manifest("a", "1").await.unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "got {error:?}");
    let address = says("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let registry = Registry::new(&address.await, true, None).unwrap();
    let error = registry.ping().await.unwrap_err();
    assert!(matches!(error, RegistryError::Protocol { .. }), "got {error:?}");
}

#[tokio::test]
async fn a_busy_or_broken_registry_is_told_apart() {
    let busy = "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let registry = Registry::new(&says(busy).await, true, None).unwrap();
    let error = registry.manifest("a", "1").await.unwrap_err();
    assert!(matches!(error, RegistryError::TooManyRequests { .. }), "got {error:?}");
    let broken = "HTTP/1.1 503 Down\r\nContent-Length: 4\r\nConnection: close\r\n\r\ndisk";
    let registry = Registry::new(&says(broken).await, true, None).unwrap();
    let error = registry.manifest("a", "1").await.unwrap_err();
    assert!(matches!(error, RegistryError::Refused { status: 503, .. }), "got {error:?}");
}
