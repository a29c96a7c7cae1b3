//! Step 10: the backlog.

use slipway_boards::{ExceptionFacts, bug_description, bug_title};
use slipway_core::{ErrorKind, ProjectId, Tag, Timestamp, WorkItemId, WorkItemType};
use slipway_store::{ExceptionGroupRow, NewWorkItem, WorkItemChange, WorkItemRow};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::handlers::telemetry::exception_group;
use crate::views;

/// Every work item of the project.
pub async fn work_item_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<WorkItemView>, ApiError> {
    let mut items = Vec::new();
    for row in app.store.work_items(&request.project_id).await? {
        items.push(app.work_item_view(&row).await?);
    }
    Ok(items)
}

async fn item(app: &App, project: &ProjectId, id: WorkItemId) -> Result<WorkItemRow, ApiError> {
    app.store
        .work_item(project, id)
        .await?
        .ok_or_else(|| ApiError::not_found("work item", format!("AB#{id}")))
}

/// A work item with its commits, runs, digests, deployments and health.
pub async fn work_item_get(
    app: &App,
    request: WorkItemRequest,
) -> Result<WorkItemDetail, ApiError> {
    let row = item(app, &request.project_id, request.id).await?;
    let mut commits = Vec::new();
    let mut runs = Vec::new();
    let mut deployments = Vec::new();
    for commit in app.commits_of_item(&row).await? {
        for run in app.store.runs_of_commit(&row.project_id, &commit.sha).await? {
            runs.push(views::badge(&run));
            let of_run = app.store.deployments_of_run(&run.id).await?;
            deployments.extend(app.deployment_views(&of_run).await?);
        }
        commits.push(app.commit_view(&commit).await?);
    }
    let exception = match &row.problem_id {
        Some(problem_id) => match app.store.exception_group(&row.project_id, problem_id).await? {
            Some(group) => Some(exception_group(app, &row.project_id, group).await?),
            None => None,
        },
        None => None,
    };
    let events = app.store.work_item_events(&row.project_id, row.id).await?;
    Ok(WorkItemDetail {
        item: app.work_item_view(&row).await?,
        commits,
        runs,
        deployments,
        exception,
        history: events
            .into_iter()
            .map(|event| WorkItemEvent { at: event.at, text: event.text })
            .collect(),
    })
}

/// Makes a work item.
pub async fn work_item_create(
    app: &App,
    request: WorkItemCreate,
) -> Result<WorkItemView, ApiError> {
    let title = checked_title(&request.title)?;
    app.project(&request.project_id).await?;
    let new = NewWorkItem {
        item_type: request.item_type,
        title,
        description: request.description,
        state_reason: "New".to_owned(),
        problem_id: None,
    };
    let now = app.now_ms();
    let (row, _) = app.store.create_work_item(&request.project_id, &new, now).await?;
    app.store.add_work_item_event(&row.project_id, row.id, now, "Created").await?;
    app.work_item_view(&row).await
}

fn checked_title(title: &str) -> Result<String, ApiError> {
    let title = title.trim();
    if title.is_empty() || title.chars().count() > 255 {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "title",
            "A work item's title has between 1 and 255 characters.",
        )
        .with_hint("Say in a few words what is to be done."));
    }
    Ok(title.to_owned())
}

/// Changes a work item.
pub async fn work_item_update(
    app: &App,
    request: WorkItemUpdate,
) -> Result<WorkItemView, ApiError> {
    let before = item(app, &request.project_id, request.id).await?;
    let title = request.title.as_deref().map(checked_title).transpose()?;
    let state = request.state.filter(|state| *state != before.state);
    let change = WorkItemChange {
        title,
        description: request.description,
        state: state.map(|state| (state, "Moved by hand".to_owned())),
    };
    let row =
        app.store.update_work_item(&request.project_id, request.id, &change, app.now_ms()).await?;
    app.work_item_view(&row).await
}

/// Makes a bug from an exception, or finds the one already made.
pub async fn work_item_from_exception(
    app: &App,
    request: WorkItemFromException,
) -> Result<WorkItemView, ApiError> {
    let group = app
        .store
        .exception_group(&request.project_id, &request.problem_id)
        .await?
        .ok_or_else(|| ApiError::not_found("exception", &request.problem_id))?;
    let facts = exception_facts(app, group).await?;
    let new = NewWorkItem {
        item_type: WorkItemType::Bug,
        title: bug_title(&facts),
        description: bug_description(&facts),
        state_reason: "New".to_owned(),
        problem_id: Some(request.problem_id),
    };
    let now = app.now_ms();
    let (row, is_new) = app.store.create_work_item(&request.project_id, &new, now).await?;
    if is_new {
        let text = format!("Created from exception {}", facts.problem_id);
        app.store.add_work_item_event(&row.project_id, row.id, now, &text).await?;
        app.changed(&[Tag::WorkItem]);
    }
    app.work_item_view(&row).await
}

async fn exception_facts(app: &App, group: ExceptionGroupRow) -> Result<ExceptionFacts, ApiError> {
    let deployment = match &group.deployment_id {
        Some(id) => app.store.deployment(id).await?,
        None => None,
    };
    Ok(ExceptionFacts {
        problem_id: group.problem_id,
        type_name: group.type_name,
        message: group.message,
        count: group.count,
        first_seen: time_text(group.first_seen),
        last_seen: time_text(group.last_seen),
        operation: group.operation,
        environment: group.environment.to_string(),
        deployment_id: group.deployment_id,
        digest: deployment.as_ref().map(|deployment| deployment.digest.to_string()),
        commit: deployment.as_ref().map(|deployment| deployment.commit.to_string()),
        stack: group.stack,
    })
}

fn time_text(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at)
        .map(|instant| instant.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}
