//! What earlier runs tell of the parts of a pipeline.

use indexmap::IndexMap;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::history::{History, RUNS};
use crate::pipelines::PIPELINE_FILE;

/// Durations, failure rates and costs.
pub async fn pipeline_history(
    app: &App,
    request: PipelineHistoryGet,
) -> Result<PipelineHistoryView, ApiError> {
    let project = app.project(&request.project_id).await?;
    let history =
        History::of(&app.store.history(&project.id, RUNS, slipway_runner::NOT_CHOSEN).await?);
    let text = match request.text {
        Some(text) => Some(text),
        // Without a file there is nothing to estimate.
        None => {
            let path = std::path::Path::new(&project.path).join(PIPELINE_FILE);
            tokio::fs::read_to_string(path).await.ok()
        }
    };
    let plan = match text {
        Some(text) => app.load_pipeline(&project, None, text, IndexMap::new()).await?.plan,
        None => None,
    };
    let last = match history.newest_run() {
        Some(run) => app.store.run(run).await?,
        None => None,
    };
    Ok(PipelineHistoryView {
        runs: history.runs(),
        nodes: history.nodes(),
        cost: CostView {
            last: last.map(|run| history.cost_of(&run, plan.as_ref())),
            next: plan.as_ref().map(|plan| history.estimate(plan)),
            stages: plan.as_ref().map(|plan| history.stages(plan)).unwrap_or_default(),
        },
    })
}
