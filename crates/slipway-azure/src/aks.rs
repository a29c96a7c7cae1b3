//! Subscriptions and AKS clusters, as Azure Resource Manager lists them.
//!
//! Deliberately not here: what is in a cluster, and changing one.

use std::fmt;

use serde::Deserialize;

use crate::{Arm, AzureError};

const AKS: &str = "api-version=2025-05-01";

/// A subscription that the account may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    pub id: String,
    pub name: String,
    pub tenant: String,
    /// `Enabled`, or why nothing can be done in it: `Disabled`, `Warned`, `PastDue`.
    pub state: String,
}

/// The resource id of a cluster, in parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClusterId {
    pub subscription: String,
    pub resource_group: String,
    pub name: String,
}

/// Whether a cluster is running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerState {
    Running,
    Stopped,
}

/// A cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    pub id: ClusterId,
    pub location: String,
    /// The version that runs now.
    pub version: String,
    pub provisioning_state: String,
    pub power: PowerState,
    /// Where its API server is; of a private cluster only its own network knows that name.
    pub address: String,
    pub is_private: bool,
    /// From where its API server may be reached; from anywhere if empty.
    pub authorized_ranges: Vec<String>,
    /// Users sign in by Entra ID.
    pub has_entra: bool,
    /// Azure's roles decide what users may do inside, not the cluster's own.
    pub has_azure_rbac: bool,
    pub has_local_accounts: bool,
    /// `Free`, `Standard` or `Premium`.
    pub tier: String,
    pub is_automatic: bool,
    /// The object id of the identity that pulls images.
    pub kubelet_identity: Option<String>,
    pub pools: Vec<NodePool>,
}

/// Nodes that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodePool {
    pub name: String,
    pub count: u32,
    /// The least and the most, if the autoscaler decides.
    pub scales: Option<(u32, u32)>,
    pub size: String,
    pub os: String,
    /// `System` or `User`.
    pub mode: String,
    pub version: String,
    pub provisioning_state: String,
}

impl ClusterId {
    /// Reads a resource id; its words may be in any case, as Azure's own answers are.
    pub fn parse(id: &str) -> Result<Self, AzureError> {
        let invalid = || AzureError::ClusterIdInvalid { id: id.chars().take(200).collect() };
        let parts: Vec<&str> = id.trim().trim_matches('/').split('/').collect();
        let [s, subscription, g, resource_group, p, provider, k, name] = parts[..] else {
            return Err(invalid());
        };
        let is_cluster = s.eq_ignore_ascii_case("subscriptions")
            && g.eq_ignore_ascii_case("resourceGroups")
            && p.eq_ignore_ascii_case("providers")
            && provider.eq_ignore_ascii_case("Microsoft.ContainerService")
            && k.eq_ignore_ascii_case("managedClusters");
        let is_name = |text: &str| {
            !text.is_empty()
                && text.chars().all(|letter| letter.is_alphanumeric() || "-_.()".contains(letter))
        };
        if !is_cluster || ![subscription, resource_group, name].into_iter().all(is_name) {
            return Err(invalid());
        }
        Ok(Self {
            subscription: subscription.to_owned(),
            resource_group: resource_group.to_owned(),
            name: name.to_owned(),
        })
    }

    pub(crate) fn call(&self, action: &str) -> String {
        format!("{self}{action}?{AKS}")
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.ContainerService/managedClusters/{}",
            self.subscription, self.resource_group, self.name
        )
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSubscription {
    subscription_id: String,
    display_name: String,
    #[serde(default)]
    tenant_id: String,
    #[serde(default)]
    state: String,
}

#[derive(Deserialize)]
struct WireCluster {
    id: String,
    #[serde(default)]
    location: String,
    #[serde(default)]
    sku: WireSku,
    #[serde(default)]
    properties: WireProperties,
}

#[derive(Deserialize, Default)]
struct WireSku {
    name: Option<String>,
    tier: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct WireProperties {
    provisioning_state: String,
    power_state: Option<WirePower>,
    kubernetes_version: Option<String>,
    current_kubernetes_version: Option<String>,
    fqdn: Option<String>,
    #[serde(rename = "privateFQDN")]
    private_fqdn: Option<String>,
    agent_pool_profiles: Option<Vec<WirePool>>,
    aad_profile: Option<WireEntra>,
    disable_local_accounts: Option<bool>,
    api_server_access_profile: Option<WireAccess>,
    identity_profile: Option<WireIdentities>,
}

#[derive(Deserialize)]
struct WirePower {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireEntra {
    #[serde(rename = "enableAzureRBAC")]
    enable_azure_rbac: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAccess {
    enable_private_cluster: Option<bool>,
    #[serde(rename = "authorizedIPRanges")]
    authorized_ip_ranges: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct WireIdentities {
    kubeletidentity: Option<WireIdentity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireIdentity {
    object_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WirePool {
    name: String,
    count: Option<u32>,
    min_count: Option<u32>,
    max_count: Option<u32>,
    enable_auto_scaling: Option<bool>,
    vm_size: Option<String>,
    os_type: Option<String>,
    mode: Option<String>,
    orchestrator_version: Option<String>,
    current_orchestrator_version: Option<String>,
    provisioning_state: Option<String>,
}

impl From<WirePool> for NodePool {
    fn from(wire: WirePool) -> Self {
        let text = Option::unwrap_or_default;
        let scales = wire.min_count.zip(wire.max_count);
        Self {
            name: wire.name,
            count: wire.count.unwrap_or_default(),
            scales: scales.filter(|_| wire.enable_auto_scaling == Some(true)),
            size: text(wire.vm_size),
            os: text(wire.os_type),
            mode: text(wire.mode),
            version: text(wire.current_orchestrator_version.or(wire.orchestrator_version)),
            provisioning_state: text(wire.provisioning_state),
        }
    }
}

impl TryFrom<WireCluster> for Cluster {
    type Error = AzureError;

    fn try_from(wire: WireCluster) -> Result<Self, AzureError> {
        let WireCluster { id, location, sku, properties } = wire;
        let access = properties.api_server_access_profile;
        let is_private =
            access.as_ref().is_some_and(|access| access.enable_private_cluster == Some(true));
        let address = if is_private {
            properties.private_fqdn.or(properties.fqdn)
        } else {
            properties.fqdn.or(properties.private_fqdn)
        };
        let is_stopped = properties
            .power_state
            .and_then(|power| power.code)
            .is_some_and(|code| code.eq_ignore_ascii_case("Stopped"));
        let version = properties.current_kubernetes_version.or(properties.kubernetes_version);
        let identity = properties.identity_profile.and_then(|profile| profile.kubeletidentity);
        Ok(Self {
            id: ClusterId::parse(&id)?,
            location,
            version: version.unwrap_or_default(),
            provisioning_state: properties.provisioning_state,
            power: if is_stopped { PowerState::Stopped } else { PowerState::Running },
            address: address.unwrap_or_default(),
            is_private,
            authorized_ranges: access
                .and_then(|access| access.authorized_ip_ranges)
                .unwrap_or_default(),
            has_entra: properties.aad_profile.is_some(),
            has_azure_rbac: properties
                .aad_profile
                .is_some_and(|profile| profile.enable_azure_rbac == Some(true)),
            has_local_accounts: properties.disable_local_accounts != Some(true),
            tier: sku.tier.unwrap_or_else(|| "Free".to_owned()),
            is_automatic: sku.name.is_some_and(|name| name.eq_ignore_ascii_case("Automatic")),
            kubelet_identity: identity.and_then(|identity| identity.object_id),
            pools: properties
                .agent_pool_profiles
                .unwrap_or_default()
                .into_iter()
                .map(NodePool::from)
                .collect(),
        })
    }
}

impl Arm {
    /// Every subscription of the account, by name.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, AzureError> {
        let path = "/subscriptions?api-version=2022-12-01";
        let wire: Vec<WireSubscription> = self.list("listing the subscriptions", path).await?;
        let mut all: Vec<Subscription> = wire
            .into_iter()
            .map(|one| Subscription {
                id: one.subscription_id,
                name: one.display_name,
                tenant: one.tenant_id,
                state: one.state,
            })
            .collect();
        all.sort_by_key(|one| one.name.to_lowercase());
        Ok(all)
    }

    /// The clusters of a subscription, by name.
    pub async fn clusters(&self, subscription: &str) -> Result<Vec<Cluster>, AzureError> {
        let provider = "providers/Microsoft.ContainerService/managedClusters";
        let path = format!("/subscriptions/{subscription}/{provider}?{AKS}");
        let doing = format!("listing the clusters of subscription {subscription}");
        let wire: Vec<WireCluster> = self.list(&doing, &path).await?;
        let all: Result<Vec<Cluster>, _> = wire.into_iter().map(Cluster::try_from).collect();
        let mut all = all?;
        all.sort_by_key(|one| one.id.name.to_lowercase());
        Ok(all)
    }

    /// One cluster as it is now.
    pub async fn cluster(&self, id: &ClusterId) -> Result<Cluster, AzureError> {
        let doing = format!("looking at cluster {}", id.name);
        let wire: WireCluster = self.get(&doing, &id.call("")).await?;
        Cluster::try_from(wire)
    }

    /// The versions that a cluster may be upgraded to, without previews.
    pub async fn upgrades(&self, id: &ClusterId) -> Result<Vec<String>, AzureError> {
        #[derive(Deserialize)]
        struct Answer {
            properties: Properties,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Properties {
            control_plane_profile: Profile,
        }
        #[derive(Deserialize)]
        struct Profile {
            upgrades: Option<Vec<Upgrade>>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Upgrade {
            kubernetes_version: String,
            is_preview: Option<bool>,
        }
        let doing = format!("asking for the upgrades of cluster {}", id.name);
        let answer: Answer = self.get(&doing, &id.call("/upgradeProfiles/default")).await?;
        let upgrades = answer.properties.control_plane_profile.upgrades.unwrap_or_default();
        let released = upgrades.into_iter().filter(|upgrade| upgrade.is_preview != Some(true));
        Ok(released.map(|upgrade| upgrade.kubernetes_version).collect())
    }
}
