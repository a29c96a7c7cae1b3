//! Whether a cluster may pull from a registry: the roles of the identity that its nodes pull with.
//!
//! Deliberately not here: granting the role by ourselves, which needs an owner; the command that does is given.

use serde::Deserialize;

use crate::{Arm, AzureError, Cluster};

const REGISTRIES: &str = "api-version=2023-07-01";
/// The roles that let an identity pull, by the last part of their id:
/// <https://learn.microsoft.com/azure/container-registry/container-registry-rbac-built-in-roles-overview>.
const PULLING: &[(&str, &str)] = &[
    ("7f951dda-4ed3-4680-a7ca-43fe172d538d", "AcrPull"),
    ("8311e382-0749-4cb8-b61a-304f252e45ec", "AcrPush"),
    ("b93aa761-3e63-49ed-ac28-beffa264f7ac", "Container Registry Repository Reader"),
    ("2a1e307c-b015-4ebd-883e-5b7698a07328", "Container Registry Repository Writer"),
    ("2efddaa5-3f1f-4df3-97df-af3f13818f4c", "Container Registry Repository Contributor"),
];

/// A container registry of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    pub id: String,
    pub name: String,
    /// Such as `contoso.azurecr.io`.
    pub login_server: String,
}

/// What the roles say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullRight {
    /// By this role.
    Granted { role: String },
    /// By none; whoever owns the registry may grant it with this command.
    Missing { command: String },
    /// The identity is not known, so it cannot be said.
    Unknown { reason: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireRegistry {
    id: String,
    name: String,
    properties: WireRegistryProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireRegistryProperties {
    login_server: String,
}

#[derive(Deserialize)]
struct WireAssignment {
    properties: WireAssignmentProperties,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireAssignmentProperties {
    role_definition_id: String,
}

impl Arm {
    /// The registries of a subscription.
    pub async fn registries(&self, subscription: &str) -> Result<Vec<Registry>, AzureError> {
        let provider = "providers/Microsoft.ContainerRegistry/registries";
        let path = format!("/subscriptions/{subscription}/{provider}?{REGISTRIES}");
        let doing = format!("listing the registries of subscription {subscription}");
        let wire: Vec<WireRegistry> = self.list(&doing, &path).await?;
        Ok(wire
            .into_iter()
            .map(|one| Registry {
                id: one.id,
                name: one.name,
                login_server: one.properties.login_server,
            })
            .collect())
    }

    /// The registry of that address, wherever among the subscriptions it is.
    pub async fn registry(&self, login_server: &str) -> Result<Registry, AzureError> {
        for subscription in self.subscriptions().await? {
            // One that may not be read does not hide what is in the others.
            let Ok(registries) = self.registries(&subscription.id).await else { continue };
            let mut registries = registries.into_iter();
            if let Some(found) =
                registries.find(|one| one.login_server.eq_ignore_ascii_case(login_server))
            {
                return Ok(found);
            }
        }
        Err(AzureError::RegistryUnknown { login_server: login_server.to_owned() })
    }

    /// Whether the nodes of a cluster may pull from a registry.
    pub async fn may_pull(
        &self,
        cluster: &Cluster,
        registry: &Registry,
    ) -> Result<PullRight, AzureError> {
        let Some(identity) = &cluster.kubelet_identity else {
            let reason = format!(
                "Cluster '{}' pulls with a service principal, whose object id Azure Resource \
                 Manager does not tell.",
                cluster.id.name
            );
            return Ok(PullRight::Unknown { reason });
        };
        // `assignedTo` includes what groups give and what is inherited; `principalId` does not.
        let path = format!(
            "{}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01\
             &$filter=assignedTo('{identity}')",
            registry.id
        );
        let doing = format!("asking for the roles on registry {}", registry.name);
        let assignments: Vec<WireAssignment> = self.list(&doing, &path).await?;
        let granted = assignments.iter().find_map(|one| {
            // Answers leave out the subscription that requests carry; the last part is the role.
            let role = one.properties.role_definition_id.rsplit('/').next()?;
            PULLING.iter().find(|(id, _)| role.eq_ignore_ascii_case(id))
        });
        Ok(match granted {
            Some((_, role)) => PullRight::Granted { role: (*role).to_owned() },
            None => PullRight::Missing {
                command: format!(
                    "az role assignment create --assignee-object-id {identity} \
                     --assignee-principal-type ServicePrincipal --role AcrPull --scope {}",
                    registry.id
                ),
            },
        })
    }
}
