//! The sign-in to Azure and the clusters connected through it.
//!
//! How one signs in and which clusters there are is kept as settings; what is secret of both, the client secret, the
//! refresh token and the kubeconfigs, lies with the secrets. A cluster is a context whose name begins with `aks:`.
//! Deliberately not here: what Azure says (`slipway-azure`).

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use slipway_azure::{Account, Cloud, ClusterId, DeviceCode, SignIn, UserKubeconfig};
use slipway_core::{ErrorKind, Tag};
use slipway_deploy::{ClusterTokens, GivenCluster, KubeSource};
use slipway_secrets::ExposeSecret as _;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::dto::*;
use crate::error::ApiError;
use crate::vault::SecretKey;

const SIGN_IN: &str = "azure.sign-in";
const CLUSTERS: &str = "azure.clusters";
const PREFIX: &str = "aks:";

/// Whether a context is one of these.
pub(crate) fn is_of_azure(context: &str) -> bool {
    context.starts_with(PREFIX)
}

/// What of the sign-in lives in this process.
#[derive(Default)]
pub(crate) struct AzureState {
    /// Made when it is asked for first.
    account: Mutex<Option<Arc<Account>>>,
    /// Clusters by context, read from the secrets when they are asked for first.
    given: Mutex<HashMap<String, Arc<GivenCluster>>>,
    pending: Mutex<Option<Pending>>,
    problem: Mutex<Option<String>>,
}

struct Pending {
    view: DeviceCodeView,
    /// Ends the wait for a code that was replaced.
    cancel: CancellationToken,
}

/// How one signs in, as the setting has it.
#[derive(Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Kept {
    kind: EntraSignInKind,
    cloud: Cloud,
    tenant: String,
    application: String,
    token_file: String,
}

/// Tokens of the account for one cluster.
struct AccountTokens {
    account: Arc<Account>,
    scope: String,
}

impl ClusterTokens for AccountTokens {
    fn token(&self, is_refused: bool) -> BoxFuture<'_, Result<String, String>> {
        Box::pin(async move {
            if is_refused {
                self.account.forget(&self.scope).await;
            }
            let token = self.account.token(&self.scope).await;
            let token = token.map_err(|error| ApiError::from(error).into_reasons().join(" "))?;
            Ok(token.secret.expose_secret().to_owned())
        })
    }
}

impl App {
    /// Who is signed in.
    pub(crate) async fn azure_view(&self) -> Result<AzureView, ApiError> {
        let sign_in = self.kept_sign_in().await?.map(|kept| EntraSignInView {
            kind: kept.kind,
            cloud: kept.cloud.name,
            tenant: kept.tenant,
            application: kept.application,
        });
        Ok(AzureView {
            sign_in,
            pending: self.azure.pending.lock().await.as_ref().map(|one| one.view.clone()),
            problem: self.azure.problem.lock().await.clone(),
            clusters: self.azure_contexts().await?,
        })
    }

    /// Signs in, or begins to. Nothing is kept that Azure did not accept.
    pub(crate) async fn sign_in_to_azure(&self, request: EntraSignIn) -> Result<(), ApiError> {
        let kept = Kept {
            kind: request.kind,
            cloud: cloud_of(&request)?,
            tenant: request.tenant.trim().to_owned(),
            application: request.application.trim().to_owned(),
            token_file: request.token_file.trim().to_owned(),
        };
        self.stop_waiting().await;
        *self.azure.problem.lock().await = None;
        if kept.kind == EntraSignInKind::Device {
            return self.begin_device_code(kept).await;
        }
        let secret = request.secret.map(|secret| secret.0).filter(|text| !text.is_empty());
        if kept.kind == EntraSignInKind::ClientSecret && secret.is_none() {
            return Err(ApiError::new(
                ErrorKind::UserInput,
                "azure_secret_missing",
                "A sign-in with a client secret needs the secret.",
            )
            .with_hint("It is the value of the secret, shown once when it is made; not its id."));
        }
        self.keep_account(kept, secret).await
    }

    /// Forgets the sign-in and every kubeconfig that came of it.
    pub(crate) async fn sign_out_of_azure(&self) -> Result<(), ApiError> {
        self.stop_waiting().await;
        for cluster in self.azure_contexts().await? {
            self.forget_azure_cluster(&cluster.context).await?;
        }
        self.forget_secret(SecretKey::AzureSignIn).await?;
        self.store.delete_setting(SIGN_IN).await?;
        *self.azure.account.lock().await = None;
        *self.azure.problem.lock().await = None;
        Ok(())
    }

    /// Gets the credentials of a cluster and keeps them under a context of its own.
    pub(crate) async fn connect_azure_cluster(
        &self,
        id: &str,
    ) -> Result<AzureContextView, ApiError> {
        let id = ClusterId::parse(id)?;
        let arm = self.arm().await?;
        let cluster = arm.cluster(&id).await?;
        let found = arm.user_kubeconfig(&cluster).await?;
        let mut contexts = self.azure_contexts().await?;
        let view = context_of(&found, &cluster.address, &contexts);
        let key = SecretKey::AzureCluster { context: view.context.clone() };
        self.set_secret(key, found.text.expose_secret().to_owned()).await?;
        contexts.retain(|one| one.context != view.context);
        contexts.push(view.clone());
        self.keep_contexts(&contexts).await?;
        self.read_again(&view.context).await;
        Ok(view)
    }

    /// Forgets a cluster's credentials; whoever still names its context is told.
    pub(crate) async fn forget_azure_cluster(&self, context: &str) -> Result<(), ApiError> {
        let mut contexts = self.azure_contexts().await?;
        contexts.retain(|one| one.context != context);
        self.keep_contexts(&contexts).await?;
        let key = SecretKey::AzureCluster { context: context.to_owned() };
        self.forget_secret(key).await?;
        self.read_again(context).await;
        Ok(())
    }

    /// Where the kubeconfig of a context is: with the secrets if it came of Azure, else in a file.
    pub(crate) async fn kube_source(&self, context: &str) -> Result<KubeSource, ApiError> {
        if !is_of_azure(context) {
            return Ok(KubeSource::File(self.options.kubeconfig.clone()));
        }
        let mut given = self.azure.given.lock().await;
        if let Some(known) = given.get(context) {
            return Ok(KubeSource::Given(Arc::clone(known)));
        }
        let found = Arc::new(self.given_cluster(context).await?);
        given.insert(context.to_owned(), Arc::clone(&found));
        Ok(KubeSource::Given(found))
    }

    async fn given_cluster(&self, context: &str) -> Result<GivenCluster, ApiError> {
        let known = self.azure_contexts().await?.into_iter().find(|one| one.context == context);
        let key = SecretKey::AzureCluster { context: context.to_owned() };
        let text = self.secret(key).await?;
        let (Some(known), Some(text)) = (known, text) else {
            return Err(ApiError::refused(
                "azure_cluster_unknown",
                format!("'{context}' is not connected any more."),
            )
            .with_hint("Connect the cluster again under Environments, Azure."));
        };
        let tokens = match &known.server_application {
            Some(application) => {
                let account = self.account().await?;
                let scope = format!("{application}/.default");
                Some(Arc::new(AccountTokens { account, scope }) as Arc<dyn ClusterTokens>)
            }
            None => None,
        };
        Ok(GivenCluster { name: known.name, kubeconfig: text.expose_secret().to_owned(), tokens })
    }

    /// The next look reads the credentials of a cluster anew.
    async fn read_again(&self, context: &str) {
        self.azure.given.lock().await.remove(context);
        self.kube.forget(context);
    }

    /// The clusters that were connected.
    pub(crate) async fn azure_contexts(&self) -> Result<Vec<AzureContextView>, ApiError> {
        let text = self.store.setting(CLUSTERS).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    async fn keep_contexts(&self, contexts: &[AzureContextView]) -> Result<(), ApiError> {
        let text = serde_json::to_string(contexts).map_err(|error| bug(&error))?;
        Ok(self.store.set_setting(CLUSTERS, &text).await?)
    }

    /// Calls on behalf of whoever is signed in.
    pub(crate) async fn arm(&self) -> Result<slipway_azure::Arm, ApiError> {
        Ok(slipway_azure::Arm::new(self.account().await?))
    }

    async fn account(&self) -> Result<Arc<Account>, ApiError> {
        let mut present = self.azure.account.lock().await;
        if let Some(account) = present.as_ref() {
            return Ok(Arc::clone(account));
        }
        let kept = self.kept_sign_in().await?.ok_or_else(|| {
            ApiError::refused("azure_signed_out", "Nobody is signed in to Azure.")
                .with_hint("Sign in under Environments, Azure, or with `slipway azure login`.")
        })?;
        let secret = self.secret(SecretKey::AzureSignIn).await?;
        let secret = secret.map(|secret| secret.expose_secret().to_owned());
        let account = Arc::new(account_of(kept, secret)?);
        *present = Some(Arc::clone(&account));
        Ok(account)
    }

    async fn kept_sign_in(&self) -> Result<Option<Kept>, ApiError> {
        let text = self.store.setting(SIGN_IN).await?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Asks for a token, and keeps how one signs in if there is one.
    async fn keep_account(&self, kept: Kept, secret: Option<String>) -> Result<(), ApiError> {
        let account = Arc::new(account_of(kept.clone(), secret.clone())?);
        account.token(&kept.cloud.manager_scope()).await?;
        match secret {
            Some(secret) => self.set_secret(SecretKey::AzureSignIn, secret).await?,
            None => self.forget_secret(SecretKey::AzureSignIn).await?,
        }
        let text = serde_json::to_string(&kept).map_err(|error| bug(&error))?;
        self.store.set_setting(SIGN_IN, &text).await?;
        *self.azure.account.lock().await = Some(account);
        // What was connected takes the tokens of whoever is signed in now.
        for cluster in self.azure_contexts().await? {
            self.read_again(&cluster.context).await;
        }
        Ok(())
    }

    async fn begin_device_code(&self, kept: Kept) -> Result<(), ApiError> {
        let code = DeviceCode::begin(&kept.cloud, &kept.tenant, &kept.application).await?;
        let cancel = self.shutdown.child_token();
        let view = DeviceCodeView {
            user_code: code.user_code.clone(),
            verification_url: code.verification_url.clone(),
        };
        *self.azure.pending.lock().await = Some(Pending { view, cancel: cancel.clone() });
        let app = self.handle();
        self.tasks.spawn(async move {
            let outcome = tokio::select! {
                () = cancel.cancelled() => return,
                outcome = code.wait() => outcome,
            };
            let outcome = match outcome {
                Ok(done) => {
                    let secret = done.refresh_token.expose_secret().to_owned();
                    app.keep_account(kept, Some(secret)).await
                }
                Err(error) => Err(error.into()),
            };
            *app.azure.pending.lock().await = None;
            *app.azure.problem.lock().await =
                outcome.err().map(|error| error.into_reasons().join(" "));
            app.changed(&[Tag::Environment]);
        });
        Ok(())
    }

    async fn stop_waiting(&self) {
        if let Some(pending) = self.azure.pending.lock().await.take() {
            pending.cancel.cancel();
        }
    }
}

fn account_of(kept: Kept, secret: Option<String>) -> Result<Account, ApiError> {
    let Kept { kind, cloud, tenant, application: client, token_file } = kept;
    let secret = slipway_secrets::SecretString::from(secret.unwrap_or_default());
    let sign_in = match kind {
        EntraSignInKind::AzureCli => {
            SignIn::AzureCli { tenant: Some(tenant).filter(|tenant| !tenant.is_empty()) }
        }
        EntraSignInKind::Device => SignIn::Device { tenant, client, refresh_token: secret },
        EntraSignInKind::ClientSecret => SignIn::ClientSecret { tenant, client, secret },
        EntraSignInKind::WorkloadIdentity => {
            SignIn::WorkloadIdentity { tenant, client, token_file: token_file.into() }
        }
    };
    Ok(Account::new(cloud, sign_in, None)?)
}

fn cloud_of(request: &EntraSignIn) -> Result<Cloud, ApiError> {
    let name = request.cloud.trim();
    let (authority, manager) = (request.authority.trim(), request.resource_manager.trim());
    match (authority.is_empty(), manager.is_empty()) {
        (true, true) if name.is_empty() => Ok(Cloud::public()),
        (true, true) => Cloud::named(name).ok_or_else(|| {
            ApiError::new(
                ErrorKind::UserInput,
                "azure_cloud_unknown",
                format!("There is no cloud '{name}' that Slipway knows by name."),
            )
            .with_hint("Name AzurePublicCloud, AzureChinaCloud or AzureUSGovernmentCloud, or give both addresses.")
        }),
        (false, false) => Ok(Cloud {
            name: if name.is_empty() { "AzureStackCloud".to_owned() } else { name.to_owned() },
            authority: authority.trim_end_matches('/').to_owned(),
            resource_manager: manager.trim_end_matches('/').to_owned(),
        }),
        _ => Err(ApiError::new(
            ErrorKind::UserInput,
            "azure_cloud_incomplete",
            "A cloud of your own needs the addresses of its Entra ID and of its Resource Manager.",
        )),
    }
}

/// `aks:` and the cluster's name; with its resource group if another cluster has that name.
fn context_of(
    found: &UserKubeconfig,
    address: &str,
    known: &[AzureContextView],
) -> AzureContextView {
    let cluster_id = found.cluster.to_string();
    let (name, group) = (&found.cluster.name, &found.cluster.resource_group);
    let names = [
        format!("{PREFIX}{name}"),
        format!("{PREFIX}{group}/{name}"),
        format!("{PREFIX}{}/{group}/{name}", found.cluster.subscription),
    ];
    let is_taken = |context: &String| {
        known.iter().any(|one| one.context == *context && one.cluster_id != cluster_id)
    };
    let own = known.iter().find(|one| one.cluster_id == cluster_id);
    let context = own
        .map(|one| one.context.clone())
        .or_else(|| names.iter().find(|context| !is_taken(context)).cloned());
    let server_application = match &found.access {
        slipway_azure::ClusterAccess::Entra { server_application } => {
            Some(server_application.clone())
        }
        slipway_azure::ClusterAccess::LocalAccount => None,
    };
    AzureContextView {
        context: context.unwrap_or_else(|| format!("{PREFIX}{cluster_id}")),
        cluster_id,
        name: name.clone(),
        server: format!("https://{address}"),
        server_application,
    }
}

fn bug(error: &serde_json::Error) -> ApiError {
    ApiError::new(ErrorKind::Bug, "azure_setting", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_azure::ClusterAccess;
    use slipway_secrets::SecretString;

    #[test]
    fn clusters_of_one_name_have_contexts_of_their_own() {
        let found = |group: &str| UserKubeconfig {
            cluster: ClusterId {
                subscription: "s".into(),
                resource_group: group.into(),
                name: "shop".into(),
            },
            context: "shop".into(),
            text: SecretString::from("kind: Config"),
            access: ClusterAccess::LocalAccount,
        };
        let mut known = Vec::new();
        for (group, context) in
            [("west", "aks:shop"), ("east", "aks:east/shop"), ("west", "aks:shop")]
        {
            let view = context_of(&found(group), "shop.azmk8s.io", &known);
            assert_eq!(view.context, context, "in {group}");
            assert!(is_of_azure(&view.context));
            known.push(view);
        }
    }

    #[test]
    fn a_cloud_is_known_or_told_in_full() {
        let request = |cloud: &str, authority: &str, manager: &str| EntraSignIn {
            kind: EntraSignInKind::AzureCli,
            cloud: cloud.into(),
            authority: authority.into(),
            resource_manager: manager.into(),
            tenant: String::new(),
            application: String::new(),
            secret: None,
            token_file: String::new(),
        };
        assert_eq!(cloud_of(&request("", "", "")).unwrap(), Cloud::public());
        assert_eq!(cloud_of(&request("azurechinacloud", "", "")).unwrap(), Cloud::china());
        let own = cloud_of(&request("", "https://login.own/", "https://arm.own")).unwrap();
        assert_eq!(own.authority, "https://login.own");
        assert_eq!(cloud_of(&request("Moon", "", "")).unwrap_err().code, "azure_cloud_unknown");
        let half = cloud_of(&request("", "https://login.own", "")).unwrap_err();
        assert_eq!(half.code, "azure_cloud_incomplete");
    }
}
