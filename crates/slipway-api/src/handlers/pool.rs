//! Where the jobs of each pool run: on this machine, or in an image that the user chose.

use indexmap::IndexMap;
use slipway_core::ErrorKind;
use slipway_pipeline::plan::is_late;
use slipway_runner::{PoolPlace, PoolTable};
use slipway_store::PoolMappingRow;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Longer than any label or reference that means something.
const LONGEST: usize = 300;

/// The chosen labels, and those that a project's pipeline asks for.
pub async fn pool_mapping_list(
    app: &App,
    request: PoolMappingList,
) -> Result<Vec<PoolMappingView>, ApiError> {
    let table = app.pool_table().await?;
    let mut views: IndexMap<String, PoolMappingView> = IndexMap::new();
    for row in app.store.pool_mappings().await? {
        views.insert(row.label.to_lowercase(), view(&row, &table));
    }
    if let Some(project) = &request.project_id {
        for (label, job) in app.pools_of_pipeline(project).await? {
            let asked = views.entry(label.to_lowercase()).or_insert_with(|| PoolMappingView {
                foreign_system: foreign(&PoolTable::default(), &label),
                label,
                image: None,
                is_chosen: false,
                jobs: Vec::new(),
            });
            asked.jobs.push(job);
        }
    }
    let mut views: Vec<PoolMappingView> = views.into_values().collect();
    views.sort_by_key(|view| view.label.to_lowercase());
    Ok(views)
}

fn view(row: &PoolMappingRow, table: &PoolTable) -> PoolMappingView {
    PoolMappingView {
        label: row.label.clone(),
        image: row.image.clone(),
        is_chosen: true,
        foreign_system: foreign(table, &row.label),
        jobs: Vec::new(),
    }
}

/// The system that a label promises and nobody chose anything for.
fn foreign(table: &PoolTable, label: &str) -> Option<String> {
    let pool =
        slipway_pipeline::plan::PlanPool { vm_image: Some(label.to_owned()), ..Default::default() };
    table.foreign(&pool).map(|(_, system)| system.name().to_owned())
}

/// Chooses where a label's jobs run.
pub async fn pool_mapping_set(
    app: &App,
    request: PoolMappingSet,
) -> Result<PoolMappingView, ApiError> {
    let label = request.label.trim().to_owned();
    let is_label = !label.is_empty() && label.len() <= LONGEST && !is_late(&label);
    if !is_label || label.chars().any(char::is_control) {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "pool_label",
            format!("'{label}' is not a label of a pool."),
        )
        .with_hint("Write what the pipeline says under vmImage:, such as ubuntu-latest."));
    }
    let image = request.image.map(|image| image.trim().to_owned());
    if let Some(image) = &image
        && (image.is_empty()
            || image.len() > LONGEST
            || image.chars().any(|letter| letter.is_whitespace() || letter.is_control()))
    {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "pool_image",
            format!("'{image}' is not the name of an image."),
        )
        .with_hint("Write it as docker does, such as debian:12; host is this machine itself."));
    }
    let row = PoolMappingRow { label, image };
    app.store.put_pool_mapping(&row).await?;
    let table = app.pool_table().await?;
    Ok(view(&row, &table))
}

/// Forgets a choice; one that is not there is forgotten already.
pub async fn pool_mapping_remove(app: &App, request: PoolMappingRemove) -> Result<Done, ApiError> {
    app.store.delete_pool_mapping(request.label.trim()).await?;
    Ok(Done {})
}

impl App {
    /// The user's choices, for the runner.
    pub(crate) async fn pool_table(&self) -> Result<PoolTable, ApiError> {
        let rows = self.store.pool_mappings().await?;
        Ok(PoolTable::new(rows.into_iter().map(|row| {
            let place = row.image.map_or(PoolPlace::Host, PoolPlace::Image);
            (row.label, place)
        })))
    }

    /// Labels and jobs of the pipeline in the project's working tree; none where it cannot be planned.
    async fn pools_of_pipeline(
        &self,
        project: &slipway_core::ProjectId,
    ) -> Result<Vec<(String, String)>, ApiError> {
        let project = self.project(project).await?;
        let path = std::path::Path::new(&project.path).join(crate::pipelines::PIPELINE_FILE);
        let Ok(text) = tokio::fs::read_to_string(path).await else { return Ok(Vec::new()) };
        let loaded = self.load_pipeline(&project, None, text, IndexMap::new()).await?;
        let stages = loaded.plan.map(|plan| plan.stages).unwrap_or_default();
        let jobs = stages.into_iter().flat_map(|stage| stage.jobs);
        Ok(jobs
            .filter(|job| !job.pool.is_server)
            .filter_map(|job| {
                let label = job.pool.vm_image.or(job.pool.name)?;
                let name = if job.display_name.is_empty() { job.name } else { job.display_name };
                (!is_late(&label)).then_some((label.trim().to_owned(), name))
            })
            .collect())
    }
}
