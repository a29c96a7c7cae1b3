//! `slipway azure`: who is signed in, the AKS clusters there are, and the way into one.
//!
//! Deliberately not here: talking to Azure, which the app does.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use slipway_api::app::{App, AppOptions};
use slipway_api::dto::{
    AzureContextView, AzurePullView, AzurePullWord, AzureSubscriptionView, AzureView,
};
use slipway_api::error::ApiError;
use slipway_core::ErrorKind;

use crate::{ask, print, read};

/// How often it is asked whether a code was entered; the app itself asks Azure.
const LOOK: Duration = Duration::from_millis(500);

/// `slipway azure …`.
#[derive(Debug, Subcommand)]
pub(crate) enum AzureCommand {
    /// Signs in: as the Azure CLI is, with a device code, a client secret or a workload identity.
    Login(Login),
    /// Forgets the sign-in and the clusters connected through it.
    Logout,
    /// Says who is signed in, and which clusters are connected.
    Status {
        #[arg(long)]
        json: bool,
    },
    /// Lists subscriptions with their clusters.
    Clusters {
        #[arg(long)]
        json: bool,
    },
    /// Gets the credentials of a cluster; prints the context that environments may name.
    Connect {
        /// The resource id, as `slipway azure clusters` prints it.
        cluster: String,
    },
    /// Forgets the credentials of a cluster.
    Disconnect {
        /// Such as aks:shop.
        context: String,
    },
    /// Says whether the nodes of a cluster may pull from a registry.
    Pull {
        /// The resource id of the cluster.
        cluster: String,
        /// Such as contoso.azurecr.io.
        registry: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    #[arg(long, value_enum, default_value = "azure-cli")]
    with: With,
    /// AzurePublicCloud, AzureChinaCloud or AzureUSGovernmentCloud.
    #[arg(long, default_value = "")]
    cloud: String,
    /// Entra ID of a cloud of your own.
    #[arg(long, default_value = "", value_name = "URL")]
    authority: String,
    /// Resource Manager of a cloud of your own.
    #[arg(long, default_value = "", value_name = "URL")]
    resource_manager: String,
    /// The tenant's id or domain.
    #[arg(long, default_value = "")]
    tenant: String,
    /// The id of the application that signs in.
    #[arg(long, default_value = "")]
    application: String,
    /// Where a workload identity's token is.
    #[arg(long, default_value = "", value_name = "FILE")]
    token_file: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum With {
    AzureCli,
    DeviceCode,
    ClientSecret,
    WorkloadIdentity,
}

impl With {
    fn word(self) -> &'static str {
        match self {
            Self::AzureCli => "azureCli",
            Self::DeviceCode => "device",
            Self::ClientSecret => "clientSecret",
            Self::WorkloadIdentity => "workloadIdentity",
        }
    }
}

/// `slipway azure`.
pub(crate) async fn execute(
    mut options: AppOptions,
    command: AzureCommand,
) -> Result<ExitCode, ApiError> {
    options.is_active = false;
    ask::unlock(&mut options);
    let app = App::open(options).await?;
    let done = run(&app, command).await;
    app.close().await;
    done.map(|()| ExitCode::SUCCESS)
}

async fn run(app: &Arc<App>, command: AzureCommand) -> Result<(), ApiError> {
    match command {
        AzureCommand::Login(login) => sign_in(app, login).await,
        AzureCommand::Logout => {
            app.call("azure_sign_out", json!({})).await?;
            print::line("Nobody is signed in to Azure any more.");
            Ok(())
        }
        AzureCommand::Status { json: as_json } => {
            let answer = app.call("azure_get", json!({})).await?;
            if as_json {
                print::json(&answer);
                return Ok(());
            }
            status(&read(answer)?);
            Ok(())
        }
        AzureCommand::Clusters { json: as_json } => {
            let answer = app.call("azure_cluster_list", json!({})).await?;
            if as_json {
                print::json(&answer);
                return Ok(());
            }
            clusters(&read::<Vec<AzureSubscriptionView>>(answer)?);
            Ok(())
        }
        AzureCommand::Connect { cluster } => {
            let request = json!({ "clusterId": cluster });
            let view: AzureContextView = read(app.call("azure_cluster_connect", request).await?)?;
            print::line(&view.context);
            print::line_error(&format!(
                "Cluster {} is connected: name {} as the context of an environment.",
                view.name, view.context
            ));
            Ok(())
        }
        AzureCommand::Disconnect { context } => {
            app.call("azure_cluster_forget", json!({ "context": context })).await?;
            print::line(&format!("{context} is forgotten."));
            Ok(())
        }
        AzureCommand::Pull { cluster, registry } => {
            let request = json!({ "clusterId": cluster, "registry": registry });
            pull(read(app.call("azure_pull_get", request).await?)?, &registry)
        }
    }
}

async fn sign_in(app: &Arc<App>, login: Login) -> Result<(), ApiError> {
    let mut request = json!({
        "kind": login.with.word(), "cloud": login.cloud, "authority": login.authority,
        "resourceManager": login.resource_manager, "tenant": login.tenant,
        "application": login.application, "tokenFile": login.token_file,
    });
    if login.with == With::ClientSecret {
        request["secret"] = Value::String(ask::value("Client secret")?);
    }
    let mut view: AzureView = read(app.call("azure_sign_in", request).await?)?;
    if let Some(code) = &view.pending {
        print::line_error(&format!(
            "Open {} and enter the code {}.",
            code.verification_url, code.user_code
        ));
    }
    while view.pending.is_some() {
        tokio::time::sleep(LOOK).await;
        view = read(app.call("azure_get", json!({})).await?)?;
    }
    if let Some(problem) = view.problem {
        return Err(ApiError::new(ErrorKind::Refused, "azure_sign_in_refused", problem));
    }
    status(&view);
    Ok(())
}

fn status(view: &AzureView) {
    match &view.sign_in {
        None => print::line("Nobody is signed in to Azure."),
        Some(sign_in) => {
            let tenant = match sign_in.tenant.as_str() {
                "" => String::new(),
                tenant => format!(", tenant {tenant}"),
            };
            print::line(&format!("Signed in to {} by {:?}{tenant}.", sign_in.cloud, sign_in.kind));
        }
    }
    for cluster in &view.clusters {
        print::line(&format!("{}  {}", cluster.context, cluster.cluster_id));
    }
}

fn clusters(subscriptions: &[AzureSubscriptionView]) {
    if subscriptions.is_empty() {
        print::line("This sign-in may see no subscription.");
    }
    for subscription in subscriptions {
        print::line(&format!("{} ({})", subscription.name, subscription.state));
        if let Some(problem) = &subscription.problem {
            print::line(&format!("  {problem}"));
        }
        for cluster in &subscription.clusters {
            let state = if cluster.is_running { &cluster.provisioning_state } else { "Stopped" };
            let private = if cluster.is_private { ", private" } else { "" };
            let nodes: u32 = cluster.pools.iter().map(|pool| pool.count).sum();
            print::line(&format!(
                "  {}  Kubernetes {}, {nodes} nodes, {}, {state}{private}",
                cluster.name, cluster.version, cluster.location
            ));
            print::line(&format!("    {}", cluster.id));
            if let Some(context) = &cluster.context {
                print::line(&format!("    connected as {context}"));
            }
        }
    }
}

fn pull(view: AzurePullView, registry: &str) -> Result<(), ApiError> {
    match view.state {
        AzurePullWord::Granted => {
            let role = view.role.unwrap_or_default();
            print::line(&format!("It may pull from {registry}, by the role {role}."));
            Ok(())
        }
        AzurePullWord::Unknown => {
            print::line(&view.reason.unwrap_or_default());
            Ok(())
        }
        AzurePullWord::Missing => Err(ApiError::refused(
            "azure_pull_missing",
            format!("Its nodes have no role that lets them pull from {registry}."),
        )
        .with_hint(view.command.unwrap_or_default())),
    }
}
