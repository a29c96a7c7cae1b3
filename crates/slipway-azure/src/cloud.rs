//! Where Azure is: the public cloud, a sovereign one, or one of its own such as Azure Stack.
//!
//! Deliberately not here: the addresses of single services.

use serde::{Deserialize, Serialize};

/// The addresses that everything begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cloud {
    /// As Kubernetes' credential plugins call it: `AzurePublicCloud`.
    pub name: String,
    /// Entra ID, such as `https://login.microsoftonline.com`.
    pub authority: String,
    /// Azure Resource Manager, such as `https://management.azure.com`.
    pub resource_manager: String,
}

impl Cloud {
    /// The one that nearly everybody means.
    pub fn public() -> Self {
        Self::of("AzurePublicCloud", "login.microsoftonline.com", "management.azure.com")
    }

    /// Azure operated by 21Vianet.
    pub fn china() -> Self {
        Self::of("AzureChinaCloud", "login.chinacloudapi.cn", "management.chinacloudapi.cn")
    }

    /// Azure for the US government.
    pub fn us_government() -> Self {
        let manager = "management.usgovcloudapi.net";
        Self::of("AzureUSGovernmentCloud", "login.microsoftonline.us", manager)
    }

    /// The known one of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::public(), Self::china(), Self::us_government()]
            .into_iter()
            .find(|cloud| cloud.name.eq_ignore_ascii_case(name))
    }

    fn of(name: &str, authority: &str, manager: &str) -> Self {
        Self {
            name: name.to_owned(),
            authority: format!("https://{authority}"),
            resource_manager: format!("https://{manager}"),
        }
    }

    /// What a token for Azure Resource Manager is asked for.
    pub fn manager_scope(&self) -> String {
        format!("{}/.default", self.resource_manager.trim_end_matches('/'))
    }
}
