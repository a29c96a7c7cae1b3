//! Step 4: pushed images and the registry.

use slipway_core::ProjectId;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// The registry's repositories and tags.
pub async fn registry_get(app: &App, _: Nothing) -> Result<RegistryView, ApiError> {
    let registry = match app.machine.registry().await {
        Ok(registry) => registry,
        Err(error) => {
            let hint = error.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            return Ok(RegistryView {
                address: None,
                is_ready: false,
                detail: format!("{}{hint}", error.message),
                repositories: Vec::new(),
            });
        }
    };
    let mut repositories = Vec::new();
    for name in registry.repositories().await? {
        // A repository whose last tag was removed still has its name.
        let tags = registry.tags(&name).await.unwrap_or_default();
        repositories.push(RepositoryView { name, tags });
    }
    let address = app.machine.known_registry_address().await;
    let detail = format!("{} repositories", repositories.len());
    Ok(RegistryView { address, is_ready: true, detail, repositories })
}

/// Images that the project's runs pushed, newest first.
pub async fn image_list(app: &App, request: ProjectRequest) -> Result<Vec<ImageView>, ApiError> {
    let mut images = Vec::new();
    for image in app.store.images(&request.project_id, 200).await? {
        images.push(app.image_view(&request.project_id, &image).await?);
    }
    Ok(images)
}

/// One image, with what the registry says of it now.
pub async fn image_get(app: &App, request: ImageRequest) -> Result<ImageDetail, ApiError> {
    let image = app
        .store
        .image(&request.project_id, &request.digest)
        .await?
        .ok_or_else(|| ApiError::not_found("image", &request.digest))?;
    let asked = async {
        let registry = app.machine.registry().await?;
        Ok::<_, ApiError>(registry.manifest(&image.repository, image.digest.as_str()).await?)
    };
    // The thread must read without the registry; the page says that it was not confirmed.
    let manifest = asked.await.ok();
    let layers = manifest.as_ref().map(layers).unwrap_or_default();
    let deployments = deployments(app, &request.project_id, &request.digest).await?;
    Ok(ImageDetail {
        image: app.image_view(&request.project_id, &image).await?,
        is_confirmed: manifest.is_some(),
        layers,
        deployments,
    })
}

fn layers(manifest: &slipway_registry::ManifestFacts) -> Vec<LayerView> {
    let layers = manifest.layers.iter().map(|layer| LayerView {
        digest: layer.digest.to_string(),
        media_type: layer.media_type.clone(),
        size_bytes: layer.size_bytes,
    });
    layers.collect()
}

async fn deployments(
    app: &App,
    project: &ProjectId,
    digest: &slipway_core::Digest,
) -> Result<Vec<DeploymentView>, ApiError> {
    let rows = app.store.deployments_of_digest(project, digest).await?;
    app.deployment_views(&rows).await
}
