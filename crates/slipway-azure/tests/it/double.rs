//! Entra ID and Azure Resource Manager on one port: a function answers each request, and what was asked is kept.

use std::sync::{Arc, Mutex};

use azure_core::http::{AsyncRawResponse, HttpClient, Request, Transport};
use secrecy::SecretString;
use slipway_azure::{Account, Arm, Cloud, SignIn};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const TENANT: &str = "11111111-2222-3333-4444-555555555555";
pub(crate) const APPLICATION: &str = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";

/// A request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) authorization: String,
    pub(crate) body: String,
}

/// Status, one more header, body.
pub(crate) type Said = (u16, &'static str, String);

pub(crate) struct Double {
    pub(crate) address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Double {
    /// `answer` gets the request and how many came before it.
    pub(crate) async fn of(answer: impl Fn(&Asked, usize) -> Said + Send + Sync + 'static) -> Self {
        rustls::crypto::ring::default_provider().install_default().ok();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(request) = read(&mut stream).await else { continue };
                let before = {
                    let mut kept = kept.lock().unwrap();
                    kept.push(request.clone());
                    kept.len() - 1
                };
                let (status, header, body) = answer(&request, before);
                let line = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                     x-ms-request-id: req-{before}\r\nconnection: close\r\n{line}\r\n{body}",
                    body.len()
                );
                stream.write_all(text.as_bytes()).await.ok();
                stream.shutdown().await.ok();
            }
        });
        Self { address, asked }
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn cloud(&self) -> Cloud {
        Cloud {
            name: "AzurePublicCloud".to_owned(),
            authority: self.address.clone(),
            resource_manager: self.address.clone(),
        }
    }

    /// Calls on behalf of somebody who entered a device code before.
    pub(crate) fn arm(&self) -> Arm {
        let sign_in = SignIn::Device {
            tenant: TENANT.to_owned(),
            client: APPLICATION.to_owned(),
            refresh_token: SecretString::from("refresh-1"),
        };
        Arm::new(Arc::new(Account::new(self.cloud(), sign_in, None).unwrap()))
    }

    /// The SDK insists on TLS: what it sends to `https://login.test` goes to the double instead.
    pub(crate) fn transport(&self) -> Transport {
        Transport::new(Arc::new(Detour { to: self.address.clone() }))
    }
}

#[derive(Debug)]
struct Detour {
    to: String,
}

#[async_trait::async_trait]
impl HttpClient for Detour {
    async fn execute_request(&self, request: &Request) -> azure_core::Result<AsyncRawResponse> {
        let failed = |error: reqwest::Error| {
            azure_core::Error::with_message(azure_core::error::ErrorKind::Io, error.to_string())
        };
        assert_eq!(request.url().scheme(), "https", "a secret is only ever sent over TLS");
        let body = azure_core::Bytes::from(request.body());
        let sent = reqwest::Client::new()
            .post(format!("{}{}", self.to, request.url().path()))
            .body(body.to_vec())
            .send()
            .await
            .map_err(failed)?;
        let status = azure_core::http::StatusCode::from(sent.status().as_u16());
        let body = sent.bytes().await.map_err(failed)?;
        Ok(AsyncRawResponse::from_bytes(status, azure_core::http::headers::Headers::new(), body))
    }
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            break at + 4;
        }
        if !more(stream, &mut bytes).await {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).ok()?;
    let header = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let length: usize = header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while bytes.len() < head_end + length {
        if !more(stream, &mut bytes).await {
            return None;
        }
    }
    let mut words = head.lines().next()?.split(' ');
    Some(Asked {
        method: words.next()?.to_owned(),
        path: words.next()?.to_owned(),
        authorization: header("authorization").unwrap_or_default(),
        body: String::from_utf8(bytes[head_end..].to_vec()).ok()?,
    })
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> bool {
    let mut chunk = [0; 4096];
    match stream.read(&mut chunk).await {
        Ok(0) | Err(_) => false,
        Ok(count) => {
            bytes.extend_from_slice(&chunk[..count]);
            true
        }
    }
}

/// A token for whoever asks.
pub(crate) fn token(number: usize) -> Said {
    let body = format!(
        r#"{{"token_type":"Bearer","expires_in":3600,"access_token":"token-{number}","refresh_token":"refresh-{}"}}"#,
        number + 2
    );
    (200, "", body)
}

pub(crate) fn is_token(asked: &Asked) -> bool {
    asked.path.ends_with("/oauth2/v2.0/token")
}
