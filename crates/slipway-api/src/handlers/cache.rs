//! Caches of `Cache@2`: what is kept, and removing it.

use slipway_core::{ErrorKind, Explain as _};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Every cache, the one used last first.
pub async fn cache_list(app: &App, _: Nothing) -> Result<Vec<CacheView>, ApiError> {
    let folder = app.cache_folder();
    let entries = blocking(move || slipway_runner::cache_entries(&folder)).await?;
    let projects = app.store.projects().await?;
    let name_of = |path: &str| {
        let known = projects.iter().find(|project| project.path == path);
        known.map_or_else(|| path.to_owned(), |project| project.name.clone())
    };
    Ok(entries
        .into_iter()
        .map(|entry| CacheView {
            project: name_of(&entry.pipeline),
            id: entry.id,
            branch: entry.branch,
            key: entry.key,
            paths: entry.paths,
            size_bytes: i64::try_from(entry.size_bytes).unwrap_or(i64::MAX),
            created_at: entry.created_at,
            used_at: entry.used_at,
        })
        .collect())
}

/// Removes caches; all of them if no id is given.
pub async fn cache_remove(app: &App, request: CacheRemove) -> Result<CacheRemoved, ApiError> {
    let folder = app.cache_folder();
    let removed = blocking(move || {
        let ids = match request.ids {
            Some(ids) => ids,
            None => slipway_runner::cache_entries(&folder).into_iter().map(|one| one.id).collect(),
        };
        slipway_runner::remove_cache(&folder, &ids)
    })
    .await?
    .map_err(|error| ApiError::new(error.kind(), error.code(), error.to_string()))?;
    Ok(CacheRemoved { count: u32::try_from(removed).unwrap_or(u32::MAX) })
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        ApiError::new(ErrorKind::Bug, "cache", format!("Reading the caches broke: {error}."))
    })
}
