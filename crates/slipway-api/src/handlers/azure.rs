//! The sign-in to Azure, its AKS clusters, and whether they may pull.

use slipway_azure::{Cluster, ClusterId, NodePool, PowerState, PullRight};

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;

/// Who is signed in.
pub async fn azure_get(app: &App, _: Nothing) -> Result<AzureView, ApiError> {
    app.azure_view().await
}

/// Signs in; a device code is answered as pending.
pub async fn azure_sign_in(app: &App, request: EntraSignIn) -> Result<AzureView, ApiError> {
    app.sign_in_to_azure(request).await?;
    app.azure_view().await
}

/// Forgets the sign-in and the clusters connected through it.
pub async fn azure_sign_out(app: &App, _: Nothing) -> Result<AzureView, ApiError> {
    app.sign_out_of_azure().await?;
    app.azure_view().await
}

/// Subscriptions with their clusters. One that may not be listed says why, and hides no other.
pub async fn azure_cluster_list(
    app: &App,
    _: Nothing,
) -> Result<Vec<AzureSubscriptionView>, ApiError> {
    let arm = app.arm().await?;
    let contexts = app.azure_contexts().await?;
    let subscriptions = arm.subscriptions().await?;
    let asked = subscriptions.iter().map(|one| arm.clusters(&one.id));
    let answers = futures_util::future::join_all(asked).await;
    let views = subscriptions.into_iter().zip(answers).map(|(subscription, answer)| {
        let (clusters, problem) = match answer {
            Ok(clusters) => (clusters, None),
            Err(error) => (Vec::new(), Some(ApiError::from(error).into_reasons().join(" "))),
        };
        AzureSubscriptionView {
            id: subscription.id,
            name: subscription.name,
            state: subscription.state,
            problem,
            clusters: clusters.into_iter().map(|one| cluster_view(one, &contexts)).collect(),
        }
    });
    Ok(views.collect())
}

fn cluster_view(cluster: Cluster, contexts: &[AzureContextView]) -> AzureClusterView {
    let id = cluster.id.to_string();
    let context = contexts.iter().find(|one| one.cluster_id == id).map(|one| one.context.clone());
    AzureClusterView {
        id,
        name: cluster.id.name,
        resource_group: cluster.id.resource_group,
        location: cluster.location,
        version: cluster.version,
        provisioning_state: cluster.provisioning_state,
        is_running: cluster.power == PowerState::Running,
        address: cluster.address,
        is_private: cluster.is_private,
        authorized_ranges: cluster.authorized_ranges,
        has_entra: cluster.has_entra,
        has_azure_rbac: cluster.has_azure_rbac,
        has_local_accounts: cluster.has_local_accounts,
        tier: cluster.tier,
        is_automatic: cluster.is_automatic,
        pools: cluster.pools.into_iter().map(pool_view).collect(),
        context,
    }
}

fn pool_view(pool: NodePool) -> AzurePoolView {
    AzurePoolView {
        name: pool.name,
        count: pool.count,
        scales: pool.scales,
        size: pool.size,
        os: pool.os,
        mode: pool.mode,
        version: pool.version,
        provisioning_state: pool.provisioning_state,
    }
}

/// Gets a cluster's credentials; its context can be named by environments and the cluster view from now on.
pub async fn azure_cluster_connect(
    app: &App,
    request: AzureClusterRequest,
) -> Result<AzureContextView, ApiError> {
    app.connect_azure_cluster(&request.cluster_id).await
}

/// Forgets a cluster's credentials.
pub async fn azure_cluster_forget(
    app: &App,
    request: AzureContextRequest,
) -> Result<AzureView, ApiError> {
    app.forget_azure_cluster(&request.context).await?;
    app.azure_view().await
}

/// Whether a cluster may pull from a registry.
pub async fn azure_pull_get(app: &App, request: AzurePullGet) -> Result<AzurePullView, ApiError> {
    let id = ClusterId::parse(&request.cluster_id)?;
    let arm = app.arm().await?;
    let cluster = arm.cluster(&id).await?;
    let registry = arm.registry(request.registry.trim()).await?;
    let nothing =
        AzurePullView { state: AzurePullWord::Granted, role: None, command: None, reason: None };
    Ok(match arm.may_pull(&cluster, &registry).await? {
        PullRight::Granted { role } => AzurePullView { role: Some(role), ..nothing },
        PullRight::Missing { command } => {
            AzurePullView { state: AzurePullWord::Missing, command: Some(command), ..nothing }
        }
        PullRight::Unknown { reason } => {
            AzurePullView { state: AzurePullWord::Unknown, reason: Some(reason), ..nothing }
        }
    })
}
