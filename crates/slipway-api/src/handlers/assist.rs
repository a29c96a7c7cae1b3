//! The text editor's questions about a pipeline that is being written.

use std::path::PathBuf;

use indexmap::IndexMap;
use slipway_core::{ErrorKind, ProjectId};
use slipway_pipeline::assist::position::{from_utf16, to_utf16};
use slipway_pipeline::assist::{Completion, CompletionKind, complete, definition, hover};
use slipway_pipeline::schema::NameKind;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::pipeline::plan_view;
use crate::pipelines::{PIPELINE_FILE, diagnostic_views};
use crate::tasks::EditorTasks;
use crate::working_tree::WorkingTree;

/// What may be written at a place.
pub async fn pipeline_complete(
    app: &App,
    request: PipelineAt,
) -> Result<Vec<CompletionView>, ApiError> {
    let tree = around(app, &request.project_id, &request.text).await?;
    let rows = app.store.environments(&request.project_id).await?;
    let environments = rows.into_iter().map(|row| row.name.to_string()).collect();
    let tree = tree.with_names(NameKind::Environment, environments);
    let groups = app.store.variable_groups(&request.project_id).await?;
    let groups = groups.into_iter().map(|row| row.name).collect();
    let tree = tree.with_names(NameKind::VariableGroup, groups);
    apart(move || {
        let offset = from_utf16(&request.text, request.offset as usize);
        let found = complete(&request.text, offset, &tree);
        found.into_iter().map(|completion| view(&request.text, completion)).collect()
    })
    .await
}

/// What the thing at a place is.
pub async fn pipeline_hover(app: &App, request: PipelineAt) -> Result<PipelineHoverView, ApiError> {
    let tree = around(app, &request.project_id, &request.text).await?;
    apart(move || {
        let text = &request.text;
        let found = hover(text, from_utf16(text, request.offset as usize), &tree);
        let hover = found.map(|found| HoverView {
            start: units(text, found.range.start),
            end: units(text, found.range.end),
            text: found.text,
        });
        PipelineHoverView { hover }
    })
    .await
}

/// Where the thing at a place is declared.
pub async fn pipeline_definition(
    app: &App,
    request: PipelineAt,
) -> Result<PipelineDefinitionView, ApiError> {
    let tree = around(app, &request.project_id, &request.text).await?;
    apart(move || {
        let text = &request.text;
        let found = definition(text, from_utf16(text, request.offset as usize), &tree);
        let definition = found.map(|found| {
            let text = found.text.as_deref().unwrap_or(text);
            let (start, end) = (units(text, found.range.start), units(text, found.range.end));
            DefinitionView { start, end, file: found.file, text: found.text }
        });
        PipelineDefinitionView { definition }
    })
    .await
}

/// What there is to say about a text that need not be saved.
pub async fn pipeline_check(
    app: &App,
    request: PipelineCheck,
) -> Result<PipelineChecked, ApiError> {
    let project = app.project(&request.project_id).await?;
    let text = request.text.clone();
    let loaded = app.load_pipeline(&project, None, text, IndexMap::new()).await?;
    let diagnostics = diagnostic_views(&loaded, &request.text);
    Ok(PipelineChecked { diagnostics, plan: loaded.plan.map(plan_view) })
}

async fn around(app: &App, project: &ProjectId, text: &str) -> Result<WorkingTree, ApiError> {
    let project = app.project(project).await?;
    let tasks = EditorTasks::of(app.task_catalog().await?);
    let repositories = app.repositories(&project.id).await?;
    let tree = WorkingTree::of(&PathBuf::from(&project.path).join(PIPELINE_FILE));
    Ok(tree.with_tasks(tasks).with_repositories(text, &repositories))
}

/// Away from the threads that answer others: a long file takes milliseconds, and templates are read.
pub(crate) async fn apart<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        ApiError::new(ErrorKind::Bug, "assist", format!("The editor's question failed: {error}."))
    })
}

fn units(text: &str, offset: usize) -> u32 {
    u32::try_from(to_utf16(text, offset)).unwrap_or(u32::MAX)
}

fn view(text: &str, completion: Completion) -> CompletionView {
    CompletionView {
        start: units(text, completion.replace.start),
        end: units(text, completion.replace.end),
        kind: match completion.kind {
            CompletionKind::Key => CompletionWord::Key,
            CompletionKind::Word => CompletionWord::Word,
            CompletionKind::Task => CompletionWord::Task,
            CompletionKind::Input => CompletionWord::Input,
            CompletionKind::Variable => CompletionWord::Variable,
            CompletionKind::Parameter => CompletionWord::Parameter,
            CompletionKind::Function => CompletionWord::Function,
            CompletionKind::Name => CompletionWord::Name,
            CompletionKind::File => CompletionWord::File,
            CompletionKind::Command => CompletionWord::Command,
            CompletionKind::Snippet => CompletionWord::Snippet,
        },
        label: completion.label,
        insert: completion.insert,
        detail: completion.detail,
        documentation: completion.documentation,
    }
}
