//! Steps 5 to 7: environments, deployments, pods.

use slipway_core::{EnvironmentName, ErrorKind, TargetKind};
use slipway_deploy::EnvironmentStatus;
use slipway_store::EnvironmentRow;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Every environment with what runs in it.
pub async fn environment_list(
    app: &App,
    request: ProjectRequest,
) -> Result<Vec<EnvironmentView>, ApiError> {
    let mut views = Vec::new();
    for row in app.store.environments(&request.project_id).await? {
        views.push(environment_view(app, row).await?);
    }
    Ok(views)
}

pub(crate) async fn environment_view(
    app: &App,
    row: EnvironmentRow,
) -> Result<EnvironmentView, ApiError> {
    let current = match app.store.current_deployment(&row.project_id, &row.name).await? {
        Some(deployment) => Some(app.deployment_view(&deployment).await?),
        None => None,
    };
    let (status, problem) = match (current.is_some(), app.environment_status(&row).await) {
        (_, Ok(status)) => (status, None),
        // Nothing was deployed and nothing can be seen: that is no problem yet for a local one.
        (false, Err(_)) if row.target == TargetKind::Local => (EnvironmentStatus::default(), None),
        (_, Err(error)) => {
            let hint = error.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
            (EnvironmentStatus::default(), Some(format!("{}{hint}", error.message)))
        }
    };
    Ok(EnvironmentView {
        name: row.name.to_string(),
        target: row.target,
        context: row.context,
        namespace: row.namespace,
        variables: row
            .variables
            .into_iter()
            .map(|(name, value)| VariableView { name, value })
            .collect(),
        current,
        pods: status.pods.into_iter().map(pod_view).collect(),
        services: status
            .services
            .into_iter()
            .map(|service| ServiceView {
                name: service.name,
                port: service.port,
                url: service.url,
                endpoints: service.endpoints,
            })
            .collect(),
        problem,
    })
}

fn pod_view(pod: slipway_deploy::PodStatus) -> PodView {
    PodView {
        name: pod.name,
        workload: pod.workload,
        container_id: pod.container_id,
        image: pod.image,
        digest: pod.digest,
        phase: pod.phase,
        is_ready: pod.is_ready,
        restarts: pod.restarts,
        started_at: pod.started_at,
        message: pod.message,
    }
}

impl App {
    async fn environment_status(
        &self,
        row: &EnvironmentRow,
    ) -> Result<EnvironmentStatus, ApiError> {
        if !self.options.is_active {
            return Err(ApiError::refused("read_only", "Pods are not read beside an open window."));
        }
        Ok(self.target(row).await?.status().await?)
    }
}

/// Makes or changes an environment.
pub async fn environment_save(
    app: &App,
    request: EnvironmentSave,
) -> Result<EnvironmentView, ApiError> {
    let name = request.name.trim();
    let is_name = !name.is_empty()
        && name.len() <= 63
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter));
    if !is_name {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "environment_name",
            format!("'{name}' cannot be an environment's name."),
        )
        .with_hint("Use up to 63 letters, digits, '-', '_' and '.'."));
    }
    if request.target == TargetKind::Kubernetes && request.context.trim().is_empty() {
        return Err(ApiError::new(
            ErrorKind::UserInput,
            "context_missing",
            format!("Environment {name} deploys to Kubernetes and names no context."),
        )
        .with_hint(
            "Name a context of your kubeconfig; the current one is never taken by itself.",
        ));
    }
    app.project(&request.project_id).await?;
    let namespace = match request.namespace.trim() {
        "" => "default",
        namespace => namespace,
    };
    let row = EnvironmentRow {
        project_id: request.project_id,
        name: EnvironmentName::new(name),
        target: request.target,
        context: request.context.trim().to_owned(),
        namespace: namespace.to_owned(),
        variables: request
            .variables
            .into_iter()
            .filter(|variable| !variable.name.trim().is_empty())
            .map(|variable| (variable.name.trim().to_owned(), variable.value))
            .collect(),
    };
    app.store.put_environment(&row).await?;
    environment_view(app, row).await
}

/// Deployments, newest first.
pub async fn deployment_list(
    app: &App,
    request: DeploymentList,
) -> Result<Vec<DeploymentView>, ApiError> {
    let environment = request.environment.map(EnvironmentName::new);
    let limit = request.limit.clamp(1, 500);
    let rows = app.store.deployments(&request.project_id, environment.as_ref(), limit).await?;
    app.deployment_views(&rows).await
}

/// One deployment.
pub async fn deployment_get(
    app: &App,
    request: DeploymentRequest,
) -> Result<DeploymentView, ApiError> {
    let row = app
        .store
        .deployment(&request.deployment_id)
        .await?
        .ok_or_else(|| ApiError::not_found("deployment", &request.deployment_id))?;
    app.deployment_view(&row).await
}

/// The last lines of a pod's log.
pub async fn pod_log_get(app: &App, request: PodLogGet) -> Result<PodLog, ApiError> {
    let name = EnvironmentName::new(&request.environment);
    let row = app
        .store
        .environment(&request.project_id, &name)
        .await?
        .ok_or_else(|| ApiError::not_found("environment", &name))?;
    let tail = request.tail.clamp(1, 2_000) as usize;
    let lines = app.target(&row).await?.pod_log(&request.pod, tail).await?;
    Ok(PodLog { lines })
}
