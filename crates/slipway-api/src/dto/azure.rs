//! The sign-in to Azure, and the AKS clusters that it may see.

use super::library::SecretText;
use super::{answer, request};

answer! {
    /// Who is signed in to Azure, and which clusters were connected.
    pub struct AzureView {
        pub sign_in: Option<EntraSignInView>,
        /// A code that waits to be entered.
        pub pending: Option<DeviceCodeView>,
        /// Why the last sign-in failed.
        pub problem: Option<String>,
        pub clusters: Vec<AzureContextView>,
    }

    /// A sign-in without what is secret in it.
    pub struct EntraSignInView {
        pub kind: EntraSignInKind,
        /// Such as `AzurePublicCloud`.
        pub cloud: String,
        /// Empty: the one that the Azure CLI signed in to.
        pub tenant: String,
        pub application: String,
    }

    /// A way to sign in.
    #[derive(Eq, Copy)]
    pub enum EntraSignInKind { AzureCli, Device, ClientSecret, WorkloadIdentity }

    /// What to enter, and where.
    pub struct DeviceCodeView {
        pub user_code: String,
        pub verification_url: String,
    }

    /// A cluster that can be named as a context.
    #[derive(Eq)]
    pub struct AzureContextView {
        pub context: String,
        pub cluster_id: String,
        pub name: String,
        /// Where its API server is.
        pub server: String,
        /// The application whose tokens it takes; of local accounts if there is none.
        pub server_application: Option<String>,
    }

    /// A subscription with its clusters.
    pub struct AzureSubscriptionView {
        pub id: String,
        pub name: String,
        /// `Enabled`, or why nothing can be done in it.
        pub state: String,
        /// Why its clusters could not be listed.
        pub problem: Option<String>,
        pub clusters: Vec<AzureClusterView>,
    }

    /// An AKS cluster.
    pub struct AzureClusterView {
        pub id: String,
        pub name: String,
        pub resource_group: String,
        pub location: String,
        pub version: String,
        pub provisioning_state: String,
        pub is_running: bool,
        pub address: String,
        pub is_private: bool,
        /// From where its API server may be reached; from anywhere if empty.
        pub authorized_ranges: Vec<String>,
        pub has_entra: bool,
        pub has_azure_rbac: bool,
        pub has_local_accounts: bool,
        pub tier: String,
        pub is_automatic: bool,
        pub pools: Vec<AzurePoolView>,
        /// The context it was connected as.
        pub context: Option<String>,
    }

    /// Nodes that are alike.
    pub struct AzurePoolView {
        pub name: String,
        pub count: u32,
        /// The least and the most, if the autoscaler decides.
        pub scales: Option<(u32, u32)>,
        pub size: String,
        pub os: String,
        pub mode: String,
        pub version: String,
        pub provisioning_state: String,
    }

    /// Whether the nodes of a cluster may pull from a registry.
    pub struct AzurePullView {
        pub state: AzurePullWord,
        /// The role that lets them.
        pub role: Option<String>,
        /// What whoever owns the registry runs to let them.
        pub command: Option<String>,
        /// Why it cannot be said.
        pub reason: Option<String>,
    }

    /// What the roles say.
    #[derive(Eq, Copy)]
    pub enum AzurePullWord { Granted, Missing, Unknown }
}

request! {
    /// Signs in. A device code is answered as pending, and the sign-in follows once it is entered.
    pub struct EntraSignIn {
        pub kind: EntraSignInKind,
        /// One that Slipway knows by name, or any with both addresses; the public one if empty.
        #[serde(default)]
        pub cloud: String,
        #[serde(default)]
        pub authority: String,
        #[serde(default)]
        pub resource_manager: String,
        #[serde(default)]
        pub tenant: String,
        #[serde(default)]
        pub application: String,
        /// Of a client secret.
        #[serde(default)]
        pub secret: Option<SecretText>,
        /// Of a workload identity.
        #[serde(default)]
        pub token_file: String,
    }

    /// A request about a cluster, by its resource id.
    pub struct AzureClusterRequest {
        pub cluster_id: String,
    }

    /// A request about a cluster that was connected.
    pub struct AzureContextRequest {
        pub context: String,
    }

    /// Asks whether a cluster may pull from a registry.
    pub struct AzurePullGet {
        pub cluster_id: String,
        /// Such as `contoso.azurecr.io`.
        pub registry: String,
    }
}
