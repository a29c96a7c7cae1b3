//! A user's way into a cluster: the kubeconfig that Azure hands out, and whose tokens it needs.
//!
//! A cluster with Entra ID names `kubelogin` as its credential plugin. Slipway has the account's tokens already, so that
//! plugin is not needed: [`ClusterAccess::Entra`] says what token to ask for. Deliberately not here: keeping the text,
//! which is a secret for a cluster with local accounts.

use base64::Engine as _;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{Arm, AzureError, Cluster, ClusterId, PowerState};

/// A kubeconfig with one context.
#[derive(Debug, Clone)]
pub struct UserKubeconfig {
    pub cluster: ClusterId,
    /// The name of its context.
    pub context: String,
    pub text: SecretString,
    pub access: ClusterAccess,
}

/// How the API server knows who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClusterAccess {
    /// By a token of Entra ID for this application.
    Entra { server_application: String },
    /// By what is in the kubeconfig: a certificate or a token of a local account.
    LocalAccount,
}

impl ClusterAccess {
    /// What a token is asked for.
    pub fn scope(&self) -> Option<String> {
        match self {
            Self::Entra { server_application } => Some(format!("{server_application}/.default")),
            Self::LocalAccount => None,
        }
    }
}

#[derive(Deserialize)]
struct Credentials {
    kubeconfigs: Vec<Credential>,
}

#[derive(Deserialize)]
struct Credential {
    value: String,
}

impl Arm {
    /// Gets the user's kubeconfig. A cluster that is stopped is refused, because the kubeconfig would lead nowhere.
    pub async fn user_kubeconfig(&self, cluster: &Cluster) -> Result<UserKubeconfig, AzureError> {
        let name = &cluster.id.name;
        if cluster.power == PowerState::Stopped {
            let state = "stopped".to_owned();
            return Err(AzureError::ClusterStopped { cluster: name.clone(), state });
        }
        let doing = format!("getting the user's credentials of cluster {name}");
        let path = format!("{}&format=exec", cluster.id.call("/listClusterUserCredential"));
        let answer: Credentials = self.post(&doing, &path).await?;
        let unusable = |detail: &str| AzureError::Kubeconfig {
            cluster: name.clone(),
            detail: detail.to_owned(),
        };
        let first = answer.kubeconfigs.into_iter().next();
        let value = first.ok_or_else(|| unusable("Azure gave none"))?.value;
        let bytes = base64::engine::general_purpose::STANDARD.decode(value.trim());
        let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let text = text.ok_or_else(|| unusable("it is no text in base64"))?;
        let context = word_after(&text, "current-context:");
        let context = context.ok_or_else(|| unusable("it names no context"))?;
        let access = access_of(&text)
            .ok_or_else(|| unusable("it wants a credential plugin that Slipway does not know"))?;
        Ok(UserKubeconfig {
            cluster: cluster.id.clone(),
            context,
            text: SecretString::from(text),
            access,
        })
    }
}

/// Reads what Azure writes, one key a line; whatever else is in the text goes to the cluster's client untouched.
fn access_of(text: &str) -> Option<ClusterAccess> {
    let Some(command) = word_after(text, "command:") else {
        return Some(ClusterAccess::LocalAccount);
    };
    if !command.ends_with("kubelogin") {
        return None;
    }
    let mut lines = text.lines().map(|line| line.trim().trim_start_matches("- ").trim());
    lines.find(|line| *line == "--server-id")?;
    let application = lines.next()?.trim_matches(['"', '\'']).to_owned();
    let is_id = !application.is_empty()
        && application.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-');
    is_id.then_some(ClusterAccess::Entra { server_application: application })
}

fn word_after(text: &str, key: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix(key))?;
    let word = line.trim().trim_matches(['"', '\'']);
    (!word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugin_is_read_and_no_other_is_taken_for_it() {
        let plugin = |command: &str| {
            format!(
                "users:\n- name: clusterUser_rg_shop\n  user:\n    exec:\n      args:\n      - get-token\n      \
                 - --environment\n      - AzurePublicCloud\n      - --server-id\n      \
                 - 6dae42f8-4368-4678-94ff-3960e28e3630\n      command: {command}\n"
            )
        };
        let entra = ClusterAccess::Entra {
            server_application: "6dae42f8-4368-4678-94ff-3960e28e3630".to_owned(),
        };
        assert_eq!(access_of(&plugin("kubelogin")), Some(entra.clone()));
        assert_eq!(access_of(&plugin("\"/usr/bin/kubelogin\"")), Some(entra));
        assert_eq!(access_of(&plugin("aws")), None);
        let local = "users:\n- name: u\n  user:\n    client-certificate-data: eA==\n";
        assert_eq!(access_of(local), Some(ClusterAccess::LocalAccount));
    }
}
