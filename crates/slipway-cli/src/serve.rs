//! `slipway serve`: the window's screens in a browser, on loopback only.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::error::ApiError;
use slipway_serve::{Door, Page, PageOptions};

use crate::print;

/// What `serve` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArguments {
    /// Port of the page; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// A repository to open as a project; the bundled sample if left out.
    #[arg(long, value_name = "FOLDER")]
    project: Option<PathBuf>,
}

/// Serves until Ctrl+C or SIGTERM.
pub(crate) async fn execute(
    options: AppOptions,
    arguments: ServeArguments,
) -> Result<ExitCode, ApiError> {
    let app = App::open(options).await?;
    let door = Door::open(&app).await?;
    open_project(&app, arguments.project).await?;
    let page = Page::open(&app, PageOptions { port: arguments.port }).await?;
    print::line(&format!("Slipway is at {}", page.address()));
    print::line("The address holds the key of this start; Ctrl+C ends it.");
    wait_for_end().await;
    page.close().await;
    door.close().await;
    app.close().await;
    Ok(ExitCode::SUCCESS)
}

/// Opens the repository given, or the sample.
pub(crate) async fn open_project(
    app: &App,
    path: Option<PathBuf>,
) -> Result<serde_json::Value, ApiError> {
    match path {
        Some(path) => {
            let path = std::path::absolute(&path).unwrap_or(path);
            app.call("project_open", json!({ "path": path })).await
        }
        None => app.call("project_sample", json!({})).await,
    }
}

/// Waits for Ctrl+C or SIGTERM.
pub(crate) async fn wait_for_end() {
    let mut terminate =
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(error) => {
                tracing::warn!(%error, "SIGTERM cannot be listened for");
                tokio::signal::ctrl_c().await.ok();
                return;
            }
        };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
