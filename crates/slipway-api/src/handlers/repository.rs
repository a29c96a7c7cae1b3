//! Repositories that pipelines name, and the folders they are mapped to.

use std::path::Path;

use slipway_core::ErrorKind;
use slipway_git::Repository;
use slipway_store::RepositoryMappingRow;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// A project's mappings by name.
pub async fn repository_mapping_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<RepositoryMappingView>, ApiError> {
    app.project(&request.project_id).await?;
    let rows = app.store.repository_mappings(&request.project_id).await?;
    Ok(rows.into_iter().map(view).collect())
}

fn view(row: RepositoryMappingRow) -> RepositoryMappingView {
    RepositoryMappingView { name: row.name, path: row.path }
}

/// Maps a repository to a folder, which must be the root of a checkout.
pub async fn repository_mapping_set(
    app: &App,
    request: RepositoryMappingSet,
) -> Result<RepositoryMappingView, ApiError> {
    app.project(&request.project_id).await?;
    let name = request.name.trim();
    if name.is_empty() || name.len() > 200 {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "repository_name",
            "A mapping needs the repository's name.",
        )
        .with_hint("Write it as the pipeline's resources do, such as Contoso/Templates."));
    }
    let path = request.path.trim().to_owned();
    if !Path::new(&path).is_absolute() {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "path_relative",
            format!("The path '{path}' is not absolute."),
        )
        .with_hint("Write the whole path of the folder."));
    }
    let found = tokio::task::spawn_blocking(move || {
        Repository::open(Path::new(&path)).map(|git| git.root().display().to_string())
    });
    let path = found
        .await
        .map_err(|error| ApiError::new(ErrorKind::Bug, "git_thread", error.to_string()))??;
    let row = RepositoryMappingRow { project_id: request.project_id, name: name.to_owned(), path };
    app.store.put_repository_mapping(&row).await?;
    Ok(view(row))
}

/// Forgets a mapping; one that is not there is forgotten already.
pub async fn repository_mapping_remove(
    app: &App,
    request: RepositoryMappingRemove,
) -> Result<Done, ApiError> {
    app.project(&request.project_id).await?;
    app.store.delete_repository_mapping(&request.project_id, request.name.trim()).await?;
    Ok(Done {})
}
