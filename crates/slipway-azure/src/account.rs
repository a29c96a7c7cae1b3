//! Who is signed in, and the tokens that come of it.
//!
//! A token is kept until five minutes before its end; asking twice at once asks Azure once. Deliberately not here: where
//! secrets are kept, and who may be asked for one.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use azure_core::cloud::{CloudConfiguration, CustomConfiguration};
use azure_core::credentials::{Secret, TokenCredential};
use azure_core::http::{ClientOptions, Transport};
use azure_identity::{
    AzureCliCredential, AzureCliCredentialOptions, ClientAssertionCredentialOptions,
    ClientSecretCredential, ClientSecretCredentialOptions, WorkloadIdentityCredential,
    WorkloadIdentityCredentialOptions,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use crate::device_code::DeviceCredential;
use crate::{AzureError, Cloud};

/// A token is asked for again this long before its end.
const MARGIN: Duration = Duration::from_secs(300);

/// A way to sign in.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// Whoever `az login` signed in; of another tenant than its own if one is named.
    AzureCli { tenant: Option<String> },
    /// Whoever entered a code; see [`crate::DeviceCode`].
    Device { tenant: String, client: String, refresh_token: SecretString },
    /// An application with a client secret.
    ClientSecret { tenant: String, client: String, secret: SecretString },
    /// A token of another issuer in a file, which is read again whenever it is needed.
    WorkloadIdentity { tenant: String, client: String, token_file: std::path::PathBuf },
}

/// A token and its end.
#[derive(Debug, Clone)]
pub struct Token {
    pub secret: SecretString,
    pub expires_at: SystemTime,
}

/// A sign-in that tokens are asked of.
pub struct Account {
    cloud: Cloud,
    credential: Arc<dyn TokenCredential>,
    is_cli: bool,
    /// By scope.
    kept: Mutex<HashMap<String, Token>>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.cloud.name)
    }
}

impl Account {
    /// Nothing is asked of Azure yet. `transport` is the SDK's way to the network if it is none of its own.
    pub fn new(
        cloud: Cloud,
        sign_in: SignIn,
        transport: Option<Transport>,
    ) -> Result<Self, AzureError> {
        let is_cli = matches!(sign_in, SignIn::AzureCli { .. });
        let credential = credential(&cloud, sign_in, transport)?;
        Ok(Self { cloud, credential, is_cli, kept: Mutex::default() })
    }

    /// Its cloud.
    pub fn cloud(&self) -> &Cloud {
        &self.cloud
    }

    /// A token for a scope, such as `https://management.azure.com/.default`.
    pub async fn token(&self, scope: &str) -> Result<Token, AzureError> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.get(scope).filter(|token| token.lasts()) {
            return Ok(token.clone());
        }
        let got = self.credential.get_token(&[scope], None).await;
        let got = got.map_err(|error| self.refused(scope, &error.to_string()))?;
        let seconds = u64::try_from(got.expires_on.unix_timestamp()).unwrap_or_default();
        let token = Token {
            secret: SecretString::from(got.token.secret()),
            expires_at: UNIX_EPOCH + Duration::from_secs(seconds),
        };
        kept.insert(scope.to_owned(), token.clone());
        Ok(token)
    }

    /// Forgets a token that was refused although it had not ended.
    pub async fn forget(&self, scope: &str) {
        self.kept.lock().await.remove(scope);
    }

    fn refused(&self, scope: &str, said: &str) -> AzureError {
        if self.is_cli {
            let resource = scope.trim_end_matches("/.default").to_owned();
            return AzureError::CliSignIn { resource, detail: cli_detail(said).to_owned() };
        }
        sign_in_error(said)
    }
}

impl Token {
    fn lasts(&self) -> bool {
        self.expires_at.duration_since(SystemTime::now()).is_ok_and(|left| left > MARGIN)
    }
}

fn credential(
    cloud: &Cloud,
    sign_in: SignIn,
    transport: Option<Transport>,
) -> Result<Arc<dyn TokenCredential>, AzureError> {
    let invalid = |error: azure_core::Error| sign_in_error(&error.to_string());
    let options = || ClientOptions {
        cloud: Some(Arc::new(configuration(cloud))),
        transport: transport.clone(),
        ..ClientOptions::default()
    };
    Ok(match sign_in {
        SignIn::AzureCli { tenant } => {
            let tenant_id = tenant.map(|tenant| id("tenant", &tenant)).transpose()?;
            let options = AzureCliCredentialOptions { tenant_id, ..Default::default() };
            AzureCliCredential::new(Some(options)).map_err(invalid)?
        }
        SignIn::Device { tenant, client, refresh_token } => Arc::new(DeviceCredential::new(
            cloud.clone(),
            id("tenant", &tenant)?,
            id("application", &client)?,
            refresh_token,
        )),
        SignIn::ClientSecret { tenant, client, secret } => ClientSecretCredential::new(
            &id("tenant", &tenant)?,
            id("application", &client)?,
            Secret::new(secret.expose_secret().to_owned()),
            Some(ClientSecretCredentialOptions { client_options: options() }),
        )
        .map_err(invalid)?,
        SignIn::WorkloadIdentity { tenant, client, token_file } => {
            let options = WorkloadIdentityCredentialOptions {
                credential_options: ClientAssertionCredentialOptions { client_options: options() },
                client_id: Some(id("application", &client)?),
                tenant_id: Some(id("tenant", &tenant)?),
                token_file_path: Some(token_file),
            };
            WorkloadIdentityCredential::new(Some(options)).map_err(invalid)?
        }
    })
}

fn configuration(cloud: &Cloud) -> CloudConfiguration {
    let mut custom = CustomConfiguration::default();
    custom.authority_host.clone_from(&cloud.authority);
    custom.into()
}

/// Ids and domain names; whatever else would end up in an address.
pub(crate) fn id(what: &'static str, text: &str) -> Result<String, AzureError> {
    let text = text.trim();
    let is_id = !text.is_empty()
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.".contains(letter));
    if is_id {
        Ok(text.to_owned())
    } else {
        Err(AzureError::SignInInvalid { what, value: text.chars().take(60).collect() })
    }
}

/// Whatever the tool printed may hold a token; what it means does not.
fn cli_detail(said: &str) -> &'static str {
    if said.contains("AADSTS") {
        "Entra ID asks for a new sign-in"
    } else if said.contains("az login") || said.contains("az account set") {
        "it is not signed in"
    } else if said.contains("not found") || said.contains("not recognized") {
        "az is not installed"
    } else if said.contains("timed out") || said.contains("timeout") {
        "it did not answer in time"
    } else {
        "its answer is not a token"
    }
}

/// What Entra ID says, without what surrounds it: `AADSTS7000215: Invalid client secret provided. …`.
pub(crate) fn sign_in_error(said: &str) -> AzureError {
    let Some(at) = said.find("AADSTS") else {
        let is_lost = ["error sending request", "connect", "dns", "timed out"];
        if is_lost.iter().any(|word| said.contains(word)) {
            return AzureError::Unreachable {
                url: "Entra ID".to_owned(),
                detail: "the connection failed".to_owned(),
            };
        }
        let message = "no reason was given".to_owned();
        return AzureError::SignInRefused { code: None, message };
    };
    let rest = &said[at..];
    let code: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let message = rest[code.len()..].trim_start_matches(':').trim();
    // What follows are ids of the request, line by line.
    let ends = ["Trace ID", "\\r\\n", "\r", "\n", "\""];
    let end = ends.iter().filter_map(|end| message.find(end)).min().unwrap_or(message.len());
    AzureError::SignInRefused { code: Some(code), message: message[..end].trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_core::Explain as _;

    #[test]
    fn what_entra_says_is_told_with_the_next_step() {
        let said = "ClientSecretCredential authentication failed. AADSTS7000222: The provided client \
            secret keys for app 'x' are expired.\r\nTrace ID: 1\r\nCorrelation ID: 2";
        let error = sign_in_error(said);
        assert_eq!(
            error.to_string(),
            "Entra ID refused the sign-in (AADSTS7000222): The provided client secret keys for app \
             'x' are expired."
        );
        assert!(error.hint().unwrap().contains("has expired"));
    }

    #[test]
    fn an_id_goes_into_an_address_and_nothing_else_may() {
        for bad in ["", "a/b", "contoso.com?x=1", "../common"] {
            let error = id("tenant", bad).unwrap_err();
            assert_eq!(error.code(), "azure_sign_in_invalid", "{bad}");
        }
        assert_eq!(id("tenant", " contoso.onmicrosoft.com ").unwrap(), "contoso.onmicrosoft.com");
    }
}
