//! `slipway serve`: the window's screens in a browser, on loopback only.

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;
use slipway_api::app::{App, AppOptions};
use slipway_api::error::ApiError;
use slipway_serve::{Door, Page, PageOptions};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::print;
use crate::remote::Announced;

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
    let mut end = End::listen();
    let app = App::open(options).await?;
    let door = Door::open(&app).await?;
    open_project(&app, arguments.project).await?;
    let page = Page::open(&app, PageOptions { port: arguments.port }).await?;
    print::line(&format!("Slipway is at {}", page.address()));
    print::line("The address holds the key of this start; Ctrl+C ends it.");
    let announced = Announced::of(&app, &page);
    end.wait().await;
    drop(announced);
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

/// Ctrl+C and SIGTERM, heard from the moment this exists: made before anything is opened, so that
/// who asks for the end early is still answered by an orderly one.
pub(crate) struct End {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl End {
    /// Begins to listen.
    pub(crate) fn listen() -> Self {
        Self {
            interrupt: heard(SignalKind::interrupt()),
            terminate: heard(SignalKind::terminate()),
        }
    }

    /// Waits for either; again for the next one when called again.
    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            () = next(&mut self.interrupt) => {}
            () = next(&mut self.terminate) => {}
        }
    }
}

fn heard(kind: SignalKind) -> Option<Signal> {
    signal(kind)
        .inspect_err(|error| tracing::warn!(%error, ?kind, "a signal cannot be listened for"))
        .ok()
}

async fn next(heard: &mut Option<Signal>) {
    match heard {
        Some(heard) => {
            heard.recv().await;
        }
        None => std::future::pending().await,
    }
}
