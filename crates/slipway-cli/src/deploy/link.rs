//! Whoever has the data folder open: a Slipway that runs already, or this process for a while.
//!
//! A window holds the folder without a page; then only looking is possible. Deliberately not here: what is
//! called.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::ProjectView;
use slipway_api::error::ApiError;
use slipway_serve::Door;

use crate::remote::Remote;
use crate::{ask, read};

/// Where commands go.
pub(crate) enum Link {
    Remote(Remote),
    Own {
        app: Arc<App>,
        door: Arc<Door>,
    },
    /// Beside a window: what is written down can be read.
    Beside(Arc<App>),
}

impl Link {
    /// For what changes something, or needs a live look.
    pub(crate) async fn open(mut options: AppOptions) -> Result<Self, ApiError> {
        if let Ok(remote) = Remote::of(&options.data_dir)
            && remote.call("app_get", json!({})).await.is_ok()
        {
            return Ok(Self::Remote(remote));
        }
        ask::unlock(&mut options);
        let app = App::open(options).await?;
        let door = Door::open(&app).await?;
        Ok(Self::Own { app, door })
    }

    /// For looking: beside a window, if there is one.
    pub(crate) async fn for_looking(options: AppOptions) -> Result<Self, ApiError> {
        let data_dir = options.data_dir.clone();
        match Self::open(options).await {
            Err(error) if error.code == "data_folder_in_use" => {
                Ok(Self::Beside(App::open_read_only(&data_dir).await?))
            }
            other => other,
        }
    }

    pub(crate) async fn call(&self, name: &str, request: Value) -> Result<Value, ApiError> {
        match self {
            Self::Remote(remote) => remote.call(name, request).await,
            Self::Own { app, .. } | Self::Beside(app) => app.call(name, request).await,
        }
    }

    pub(crate) async fn close(self) {
        if let Self::Own { app, door } = self {
            door.close().await;
            app.close().await;
        }
    }

    /// The project of a folder; the current one if none is given.
    pub(crate) async fn project(&self, folder: Option<PathBuf>) -> Result<ProjectView, ApiError> {
        let folder = folder.unwrap_or_else(|| ".".into());
        let path = std::path::absolute(&folder).unwrap_or(folder);
        if !matches!(self, Self::Beside(_)) {
            return read(self.call("project_open", json!({ "path": path })).await?);
        }
        let all: Vec<ProjectView> = read(self.call("project_list", json!({})).await?)?;
        let found = all.into_iter().find(|project| path.starts_with(&project.path));
        found.ok_or_else(|| ApiError::not_found("project in", path.display()))
    }

    /// True if services of a local environment go on answering when this command is over.
    pub(crate) fn stays(&self) -> bool {
        matches!(self, Self::Remote(_))
    }
}
