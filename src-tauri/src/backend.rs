//! The app behind the window: opened while the window already paints; calls wait for it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions, HostKind};
use slipway_api::error::ApiError;
use slipway_serve::Door;
use tauri::{AppHandle, Emitter as _, Manager as _, State};
use tokio::sync::watch;

type Opened = Option<Result<Arc<App>, ApiError>>;

/// The app, once it is open, or why it is not.
pub(crate) struct Backend {
    data_dir: PathBuf,
    opened: watch::Sender<Opened>,
    door: Mutex<Option<Arc<Door>>>,
}

impl Backend {
    pub(crate) fn new(data_dir: PathBuf) -> Self {
        Self { data_dir, opened: watch::Sender::new(None), door: Mutex::default() }
    }

    async fn app(&self) -> Result<Arc<App>, ApiError> {
        let mut opened = self.opened.subscribe();
        let outcome = opened.wait_for(Option::is_some).await.map(|outcome| outcome.clone());
        match outcome {
            Ok(Some(outcome)) => outcome,
            _ => Err(ApiError::refused("closing", "Slipway is closing.")),
        }
    }

    /// Stops what the app started. Runs in the window's last event, so it is bounded.
    pub(crate) fn close(&self) {
        let app = self.opened.borrow().clone();
        let door = self.door.lock().unwrap_or_else(PoisonError::into_inner).take();
        tauri::async_runtime::block_on(async {
            let closing = async {
                if let Some(door) = door {
                    door.close().await;
                }
                if let Some(Ok(app)) = app {
                    app.close().await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), closing).await.ok();
        });
    }
}

/// The one command: calls a command of the table.
#[tauri::command]
pub(crate) async fn rpc(
    backend: State<'_, Backend>,
    name: String,
    payload: Option<Value>,
) -> Result<Value, ApiError> {
    backend.app().await?.call(&name, payload.unwrap_or(Value::Null)).await
}

/// Opens the app beside the painting window and forwards its events.
pub(crate) fn open(handle: AppHandle) {
    end_on_sigterm(handle.clone());
    tauri::async_runtime::spawn(async move {
        let backend = handle.state::<Backend>();
        let outcome = open_app(&handle, &backend).await;
        if let Err(error) = &outcome {
            tracing::error!(code = error.code, "{}", error.message);
        }
        backend.opened.send_replace(Some(outcome));
    });
}

async fn open_app(handle: &AppHandle, backend: &Backend) -> Result<Arc<App>, ApiError> {
    let mut options = AppOptions::new(&backend.data_dir, HostKind::Desktop);
    options.engine = std::env::var("SLIPWAY_ENGINE").ok().filter(|text| !text.is_empty());
    options.registry_port =
        std::env::var("SLIPWAY_REGISTRY_PORT").ok().and_then(|text| text.parse().ok());
    let app = App::open(options).await?;
    let mut events = app.events();
    let listener = handle.clone();
    tauri::async_runtime::spawn(async move {
        use tokio::sync::broadcast::error::RecvError;
        loop {
            match events.recv().await {
                Ok(event) => {
                    listener.emit("slipway://event", event).ok();
                }
                Err(RecvError::Lagged(_)) => {
                    listener
                        .emit(
                            "slipway://event",
                            json!({ "type": "changed", "tags": slipway_api::ALL_TAGS }),
                        )
                        .ok();
                }
                Err(RecvError::Closed) => break,
            }
        }
    });
    match Door::open(&app).await {
        Ok(door) => {
            *backend.door.lock().unwrap_or_else(PoisonError::into_inner) = Some(door);
        }
        // The window works without telemetry; `app_get` says that it is missing.
        Err(error) => tracing::error!(%error, "the telemetry endpoint is not open"),
    }
    let projects = app.call("project_list", Value::Null).await?;
    if projects.as_array().is_some_and(Vec::is_empty) {
        app.call("project_sample", Value::Null).await?;
    }
    Ok(app)
}

fn end_on_sigterm(handle: AppHandle) {
    tauri::async_runtime::spawn(async move {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            terminate.recv().await;
            handle.exit(0);
        }
    });
}
