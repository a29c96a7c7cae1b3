//! Repositories that pipelines name, and the folders they are mapped to.

use std::path::Path;

use slipway_core::ErrorKind;
use slipway_git::Repository;
use slipway_pipeline::declared_repositories;
use slipway_store::RepositoryMappingRow;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::pipelines::PIPELINE_FILE;

/// A project's mappings and what the pipeline of its working tree names, by name.
pub async fn repository_mapping_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<RepositoryMappingView>, ApiError> {
    let project = app.project(&request.project_id).await?;
    let rows = app.store.repository_mappings(&request.project_id).await?;
    let mut views: Vec<_> = rows.into_iter().map(|row| view(row, false)).collect();
    let path = Path::new(&project.path).join(PIPELINE_FILE);
    // Without a file it names none; that it is missing is said elsewhere.
    let text = tokio::fs::read_to_string(path).await.unwrap_or_default();
    for named in declared_repositories(&text) {
        match views.iter_mut().find(|view| view.name.eq_ignore_ascii_case(&named.name)) {
            Some(view) => view.is_named = true,
            None => {
                let (name, path) = (named.name, None);
                views.push(RepositoryMappingView { name, path, is_named: true });
            }
        }
    }
    views.sort_by_key(|view| view.name.to_lowercase());
    Ok(views)
}

fn view(row: RepositoryMappingRow, is_named: bool) -> RepositoryMappingView {
    RepositoryMappingView { name: row.name, path: Some(row.path), is_named }
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
    Ok(view(row, true))
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
