//! The telemetry endpoint: `/v2/track` and `/v2.1/track` on loopback, and on the gateway address of a
//! local environment's network, which only this machine and its containers reach.
//!
//! The protocol: <https://learn.microsoft.com/azure/azure-monitor/app/data-model-complete>.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use slipway_api::app::{App, TelemetryDoor};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::ServeError;

/// Largest body that is read before 413; compressed size.
const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// Open listeners of the telemetry endpoint. All use one port.
pub struct Door {
    app: Arc<App>,
    port: u16,
    opened: Mutex<HashMap<IpAddr, ()>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Door {
    /// Opens the endpoint on loopback, on the port it had the last time if that is free, and tells
    /// the app.
    pub async fn open(app: &Arc<App>) -> Result<Arc<Self>, ServeError> {
        let preferred = app.preferred_ingest_port();
        let listener = match TcpListener::bind((Ipv4Addr::LOCALHOST, preferred.unwrap_or(0))).await
        {
            Ok(listener) => listener,
            Err(_) => TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(|source| {
                ServeError::Listen { what: "telemetry", address: "127.0.0.1".to_owned(), source }
            })?,
        };
        let port = local_port(&listener);
        let door = Arc::new(Self {
            app: Arc::clone(app),
            port,
            opened: Mutex::default(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        });
        door.serve(listener, IpAddr::V4(Ipv4Addr::LOCALHOST));
        app.set_telemetry_door(Arc::clone(&door) as Arc<dyn TelemetryDoor>).await;
        Ok(door)
    }

    /// Closes every listener and waits for open requests.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn serve(&self, listener: TcpListener, ip: IpAddr) {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).insert(ip, ());
        let router = router(Arc::clone(&self.app));
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            let served = axum::serve(listener, router)
                .with_graceful_shutdown(async move { stop.cancelled().await })
                .await;
            if let Err(error) = served {
                tracing::warn!(%error, "the telemetry listener ended");
            }
        });
    }
}

#[async_trait]
impl TelemetryDoor for Door {
    fn port(&self) -> u16 {
        self.port
    }

    async fn open_on(&self, ip: IpAddr) -> Result<(), String> {
        if self.opened.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&ip) {
            return Ok(());
        }
        let address = SocketAddr::new(ip, self.port);
        match TcpListener::bind(address).await {
            Ok(listener) => {
                self.serve(listener, ip);
                Ok(())
            }
            Err(error) => {
                Err(format!("The telemetry endpoint could not listen on {address}: {error}."))
            }
        }
    }
}

fn local_port(listener: &TcpListener) -> u16 {
    listener.local_addr().map(|address| address.port()).unwrap_or_default()
}

fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/v2/track", post(track).options(preflight))
        .route("/v2.1/track", post(track).options(preflight))
        .route("/", get(|| async { "Slipway telemetry endpoint. POST items to /v2.1/track.\n" }))
        .with_state(app)
}

async fn track(State(app): State<Arc<App>>, headers: HeaderMap, body: Body) -> Response {
    let Some(body) = read_limited(body).await else {
        let answer = app.refuse_oversized_telemetry().await;
        return answer_with(StatusCode::PAYLOAD_TOO_LARGE, answer);
    };
    let encoding = headers.get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let (status, answer) = app.track(&body, encoding).await;
    answer_with(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), answer)
}

async fn read_limited(body: Body) -> Option<Bytes> {
    let mut whole = Vec::new();
    let mut stream = body.into_data_stream();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.ok()?;
        if whole.len() + chunk.len() > MAX_BODY_BYTES {
            return None;
        }
        whole.extend_from_slice(&chunk);
    }
    Some(whole.into())
}

fn answer_with(status: StatusCode, body: String) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
    }
    response
}

/// Browsers ask before they post; the wanted headers are echoed.
async fn preflight(_: Method, headers: HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let out = response.headers_mut();
    out.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    out.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST, OPTIONS"));
    out.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("3600"));
    if let Some(wanted) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        out.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
    }
    response
}
