//! The promotion board, and deployments that somebody starts by hand.
//!
//! What is large is boxed: the table's dispatcher holds a place for every handler's future.

use slipway_core::EnvironmentName;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Environments in the order of promotion.
pub async fn promotion_board(
    app: &App,
    request: ProjectRequest,
) -> Result<PromotionBoard, ApiError> {
    let project = app.project(&request.project_id).await?;
    Box::pin(app.promotion_board(&project)).await
}

/// Puts the environments in another order.
pub async fn environment_order(app: &App, request: EnvironmentOrder) -> Result<Done, ApiError> {
    let names: Vec<EnvironmentName> = request.names.iter().map(EnvironmentName::new).collect();
    app.order_environments(&request.project_id, &names).await?;
    Ok(Done {})
}

/// Lifts a hold.
pub async fn environment_release(app: &App, request: EnvironmentRequest) -> Result<Done, ApiError> {
    let environment = app.environment_row(&request.project_id, &request.environment).await?;
    app.release_environment(&environment).await?;
    Ok(Done {})
}

/// Forgets an environment; what runs there stays.
pub async fn environment_remove(app: &App, request: EnvironmentRequest) -> Result<Done, ApiError> {
    let environment = app.environment_row(&request.project_id, &request.environment).await?;
    app.remove_environment(&environment).await?;
    Ok(Done {})
}

/// Looks now whether an environment differs from what was deployed.
pub async fn drift_check(app: &App, request: EnvironmentRequest) -> Result<DriftView, ApiError> {
    let environment = app.environment_row(&request.project_id, &request.environment).await?;
    Ok(Box::pin(app.check_drift(&environment)).await)
}

/// What a deployment would change.
pub async fn deployment_plan(
    app: &App,
    request: DeploymentPlanGet,
) -> Result<DeploymentPlanView, ApiError> {
    let environment = app.environment_row(&request.project_id, &request.environment).await?;
    Box::pin(app.plan_deployment(environment, request.source, request.strategy)).await
}

/// Starts a deployment, which goes on by itself.
pub async fn deployment_start(
    app: &App,
    request: DeploymentStart,
) -> Result<DeploymentStarted, ApiError> {
    let deployment_id = Box::pin(app.start_deployment(request)).await?;
    Ok(DeploymentStarted { deployment_id })
}

/// Promotes or rejects what stands beside what runs.
pub async fn strategy_finish(
    app: &App,
    request: StrategyFinish,
) -> Result<StrategyFinished, ApiError> {
    let deployment_id = Box::pin(app.finish_strategy(request)).await?;
    Ok(StrategyFinished { deployment_id })
}

/// Ends a deployment that goes on.
pub async fn deployment_cancel(app: &App, request: DeploymentRequest) -> Result<Done, ApiError> {
    app.cancel_deployment(&request.deployment_id).await?;
    Ok(Done {})
}

/// What a deployment said.
pub async fn deployment_log(
    app: &App,
    request: DeploymentRequest,
) -> Result<DeploymentLog, ApiError> {
    let id = &request.deployment_id;
    if app.store.deployment(id).await?.is_none() {
        return Err(ApiError::not_found("deployment", id));
    }
    let lines = app.store.deployment_lines(id).await?;
    let lines = lines.into_iter().map(|line| DeploymentLine { at: line.at, text: line.text });
    Ok(DeploymentLog { lines: lines.collect() })
}
