//! The page in a browser: the built UI, `POST /rpc/<command>`, and events as a stream.

use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::{Stream, StreamExt as _};
use rust_embed::RustEmbed;
use serde_json::Value;
use slipway_api::app::App;
use slipway_api::error::ApiError;
use slipway_core::{AppEvent, ErrorKind};
use tokio::net::TcpListener;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::guard::{Turned, check_site, check_token};
use crate::{ServeError, Token};

/// The built UI. `build.rs` makes the folder, so that the crate also compiles before `npm run build`.
#[derive(RustEmbed)]
#[folder = "../../ui/dist"]
struct Assets;

/// How to open the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageOptions {
    /// 0 takes any free port.
    pub port: u16,
}

/// An open page.
pub struct Page {
    port: u16,
    token: Token,
    tasks: TaskTracker,
    stop: CancellationToken,
}

#[derive(Clone)]
struct Site {
    app: Arc<App>,
    token: Token,
    port: u16,
    stop: CancellationToken,
}

impl Page {
    /// Opens the page on loopback.
    pub async fn open(app: &Arc<App>, options: PageOptions) -> Result<Self, ServeError> {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(|source| {
                ServeError::Listen {
                    what: "the page",
                    address: format!("127.0.0.1:{}", options.port),
                    source,
                }
            })?;
        let port = listener.local_addr().map(|address| address.port()).unwrap_or(options.port);
        let token = Token::random();
        let stop = CancellationToken::new();
        let tasks = TaskTracker::new();
        let site = Site { app: Arc::clone(app), token: token.clone(), port, stop: stop.clone() };
        let router = Router::new()
            .route("/rpc/{command}", post(rpc))
            .route("/events", get(events))
            .fallback(get(asset))
            .with_state(site);
        let stopped = stop.clone();
        tasks.spawn(async move {
            let served = axum::serve(listener, router)
                .with_graceful_shutdown(async move { stopped.cancelled().await })
                .await;
            if let Err(error) = served {
                tracing::warn!(%error, "the page listener ended");
            }
        });
        Ok(Self { port, token, tasks, stop })
    }

    /// The address to open, token included. It is for the user's own browser only.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.token.reveal())
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Closes the page.
    pub async fn close(&self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn rpc(
    State(site): State<Site>,
    Path(command): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let shown = headers.get("x-slipway-token").and_then(|value| value.to_str().ok());
    if let Err(turned) =
        check_site(&headers, site.port).and_then(|()| check_token(shown, &site.token))
    {
        return turned_away(turned);
    }
    let payload = if body.is_empty() {
        Value::Null
    } else {
        match serde_json::from_slice(&body) {
            Ok(payload) => payload,
            Err(error) => {
                let error = ApiError::new(
                    ErrorKind::UserInput,
                    "bad_request",
                    format!("The body of the call is not JSON: {error}."),
                );
                return (StatusCode::BAD_REQUEST, axum::Json(error)).into_response();
            }
        }
    };
    match site.app.call(&command, payload).await {
        Ok(answer) => axum::Json(answer).into_response(),
        Err(error) => (status_of(error.kind), axum::Json(error)).into_response(),
    }
}

async fn events(
    State(site): State<Site>,
    headers: HeaderMap,
    Query(query): Query<std::collections::HashMap<String, String>>,
) -> Response {
    // An EventSource cannot send headers, so the token comes in the query here.
    let shown = query.get("token").map(String::as_str);
    if let Err(turned) =
        check_site(&headers, site.port).and_then(|()| check_token(shown, &site.token))
    {
        return turned_away(turned);
    }
    Sse::new(event_stream(&site)).keep_alive(KeepAlive::default()).into_response()
}

fn event_stream(site: &Site) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let stop = site.stop.clone();
    BroadcastStream::new(site.app.events())
        .map(|event| {
            // A listener that fell behind is told that everything may have changed.
            let event = event
                .unwrap_or_else(|_| AppEvent::Changed { tags: slipway_api::ALL_TAGS.to_vec() });
            Ok(Event::default().data(serde_json::to_string(&event).unwrap_or_default()))
        })
        .take_until(async move { stop.cancelled().await })
}

async fn asset(State(site): State<Site>, headers: HeaderMap, uri: Uri) -> Response {
    if let Err(turned) = check_site(&headers, site.port) {
        return turned_away(turned);
    }
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let Some(file) = Assets::get(path) else {
        if path == "index.html" {
            let text = "The page is not built. Run `cargo xtask run`, or `npm run build` in ui/.\n";
            return (StatusCode::SERVICE_UNAVAILABLE, text).into_response();
        }
        return (StatusCode::NOT_FOUND, "There is no such file.\n").into_response();
    };
    let mut response = Bytes::from(file.data.into_owned()).into_response();
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    let cache =
        if path.starts_with("assets/") { "max-age=31536000, immutable" } else { "no-store" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    out.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
             frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ),
    );
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

fn turned_away(turned: Turned) -> Response {
    let (status, code, message) = match turned {
        Turned::WrongHost => (
            StatusCode::FORBIDDEN,
            "wrong_host",
            "This page answers only to 127.0.0.1 and localhost.",
        ),
        Turned::WrongOrigin => {
            (StatusCode::FORBIDDEN, "wrong_origin", "A page of another site may not call Slipway.")
        }
        Turned::NoToken => (
            StatusCode::UNAUTHORIZED,
            "no_token",
            "This call does not carry the token of this start.",
        ),
    };
    let error = ApiError::new(ErrorKind::Refused, code, message)
        .with_hint("Open the address that `slipway serve` printed.");
    (status, axum::Json(error)).into_response()
}

fn status_of(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::Refused => StatusCode::CONFLICT,
        ErrorKind::UserInput => StatusCode::BAD_REQUEST,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Cancelled => StatusCode::REQUEST_TIMEOUT,
        ErrorKind::Bug => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
