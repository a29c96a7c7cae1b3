//! The app and its projects.

use std::path::Path;

use slipway_core::ErrorKind;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::machine::{missing, ready};
use crate::views;

/// The app and what it can do here.
pub async fn app_get(app: &App, _: Nothing) -> Result<AppView, ApiError> {
    let mut capabilities = app.machine.capabilities().await;
    let door = app.door();
    capabilities.push(match &door {
        Some(door) => ready("ingest", "Telemetry endpoint", format!("127.0.0.1:{}", door.port())),
        None => missing(
            "ingest",
            "Telemetry endpoint",
            &ApiError::new(ErrorKind::Unavailable, "no_door", "It is not open.")
                .with_hint("Start Slipway again; the log says why it could not listen."),
        ),
    });
    Ok(AppView {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        host: app.options.host.as_str().to_owned(),
        data_dir: app.data_dir().display().to_string(),
        capabilities,
        ingest_endpoint: door.map(|door| format!("http://127.0.0.1:{}", door.port())),
        registry_address: app.machine.known_registry_address().await,
    })
}

/// Every project, the one opened last first.
pub async fn project_list(app: &App, _: Nothing) -> Result<Vec<ProjectView>, ApiError> {
    let mut projects = Vec::new();
    for row in app.store.projects().await? {
        let branch = app.git(&row, |repository| Ok(repository.branch())).await.ok().flatten();
        projects.push(views::project(&row, branch));
    }
    Ok(projects)
}

/// Opens a repository as a project.
pub async fn project_open(app: &App, request: ProjectOpen) -> Result<ProjectView, ApiError> {
    let row = app.open_project(Path::new(&request.path), false).await?;
    let branch = app.git(&row, |repository| Ok(repository.branch())).await?;
    Ok(views::project(&row, branch))
}

/// Opens the bundled sample, made anew if it is not there.
pub async fn project_sample(app: &App, _: Nothing) -> Result<ProjectView, ApiError> {
    let row = app.open_sample().await?;
    let branch = app.git(&row, |repository| Ok(repository.branch())).await?;
    Ok(views::project(&row, branch))
}
