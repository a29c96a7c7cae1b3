//! Signing in with a code that is entered in a browser, on this machine or another.
//!
//! The flow of <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code>. The application is the
//! user's own registration; Slipway borrows no other. Deliberately not here: keeping the refresh token.

use std::time::Duration;

use async_trait::async_trait;
use azure_core::credentials::{AccessToken, TokenCredential, TokenRequestOptions};
use azure_core::time::OffsetDateTime;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;

use crate::account::{id, sign_in_error};
use crate::arm::{cause, client};
use crate::{AzureError, Cloud};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// By how much a server that is asked too often wants to be asked less often.
const SLOWER: Duration = Duration::from_secs(5);

/// A code that waits for somebody to enter it.
#[derive(Debug)]
pub struct DeviceCode {
    cloud: Cloud,
    tenant: String,
    client: String,
    code: SecretString,
    interval: Duration,
    lifetime: Duration,
    /// What is entered.
    pub user_code: String,
    /// Where it is entered.
    pub verification_url: String,
}

/// What came of it: [`crate::SignIn::Device`] is made from it.
#[derive(Debug, Clone)]
pub struct DeviceSignIn {
    pub refresh_token: SecretString,
}

#[derive(Deserialize)]
struct Begun {
    device_code: String,
    user_code: String,
    verification_uri: String,
    expires_in: u64,
    interval: Option<u64>,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: i64,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct Refusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

enum Answer {
    Granted(Granted),
    Refused(Refusal),
}

impl DeviceCode {
    /// Asks for a code.
    pub async fn begin(cloud: &Cloud, tenant: &str, app: &str) -> Result<Self, AzureError> {
        let (tenant, app) = (id("tenant", tenant)?, id("application", app)?);
        let url = format!("{}/{tenant}/oauth2/v2.0/devicecode", cloud.authority);
        let scope = format!("{} offline_access", cloud.manager_scope());
        let body = post(&url, &[("client_id", &app), ("scope", &scope)]).await?;
        let begun: Begun = match serde_json::from_slice(&body) {
            Ok(begun) => begun,
            Err(error) => match serde_json::from_slice::<Refusal>(&body) {
                Ok(refusal) => return Err(sign_in_error(&refusal.error_description)),
                Err(_) => return Err(unreadable(&error)),
            },
        };
        Ok(Self {
            cloud: cloud.clone(),
            tenant,
            client: app,
            code: SecretString::from(begun.device_code),
            interval: Duration::from_secs(begun.interval.unwrap_or(5)),
            lifetime: Duration::from_secs(begun.expires_in),
            user_code: begun.user_code,
            verification_url: begun.verification_uri,
        })
    }

    /// Waits until the code is entered, declined or too old.
    pub async fn wait(self) -> Result<DeviceSignIn, AzureError> {
        let minutes = self.lifetime.as_secs() / 60;
        let expired = || AzureError::CodeExpired { minutes };
        tokio::time::timeout(self.lifetime, self.ask()).await.map_err(|_| expired())?.map_err(
            |error| match error {
                AzureError::CodeExpired { .. } => expired(),
                other => other,
            },
        )
    }

    async fn ask(&self) -> Result<DeviceSignIn, AzureError> {
        let mut pause = self.interval;
        loop {
            tokio::time::sleep(pause).await;
            let fields = [
                ("grant_type", GRANT),
                ("client_id", self.client.as_str()),
                ("device_code", self.code.expose_secret()),
            ];
            match token(&self.cloud, &self.tenant, &fields).await {
                Ok(Answer::Granted(granted)) => {
                    let Some(refresh_token) = granted.refresh_token else {
                        let message = "it gave no refresh token".to_owned();
                        return Err(AzureError::SignInRefused { code: None, message });
                    };
                    let refresh_token = SecretString::from(refresh_token);
                    return Ok(DeviceSignIn { refresh_token });
                }
                Ok(Answer::Refused(refusal)) => match refusal.error.as_str() {
                    "authorization_pending" => {}
                    "slow_down" => pause += SLOWER,
                    "authorization_declined" | "access_denied" => {
                        return Err(AzureError::CodeDeclined);
                    }
                    "expired_token" | "code_expired" => {
                        return Err(AzureError::CodeExpired { minutes: 0 });
                    }
                    _ => return Err(sign_in_error(&refusal.error_description)),
                },
                // The network may be away for a moment; the code lives on.
                Err(AzureError::Unreachable { .. }) => pause += SLOWER,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Tokens by the refresh token that a device code gave.
#[derive(Debug)]
pub(crate) struct DeviceCredential {
    cloud: Cloud,
    tenant: String,
    client: String,
    /// Entra ID hands out a new one with each token; an old one lives on for a while.
    refresh_token: Mutex<SecretString>,
}

impl DeviceCredential {
    pub(crate) fn new(
        cloud: Cloud,
        tenant: String,
        client: String,
        refresh_token: SecretString,
    ) -> Self {
        Self { cloud, tenant, client, refresh_token: Mutex::new(refresh_token) }
    }
}

#[async_trait]
impl TokenCredential for DeviceCredential {
    async fn get_token(
        &self,
        scopes: &[&str],
        _options: Option<TokenRequestOptions<'_>>,
    ) -> azure_core::Result<AccessToken> {
        let failed = |text: String| {
            azure_core::Error::with_message(azure_core::error::ErrorKind::Credential, text)
        };
        let mut refresh_token = self.refresh_token.lock().await;
        let scope = format!("{} offline_access", scopes.join(" "));
        let fields = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client.as_str()),
            ("refresh_token", refresh_token.expose_secret()),
            ("scope", scope.as_str()),
        ];
        let answer = token(&self.cloud, &self.tenant, &fields).await;
        match answer.map_err(|error| failed(format!("error sending request: {error}")))? {
            Answer::Granted(granted) => {
                if let Some(newer) = granted.refresh_token {
                    *refresh_token = SecretString::from(newer);
                }
                let ends = OffsetDateTime::now_utc().unix_timestamp() + granted.expires_in;
                let ends = OffsetDateTime::from_unix_timestamp(ends)
                    .map_err(|error| failed(error.to_string()))?;
                Ok(AccessToken::new(granted.access_token, ends))
            }
            Answer::Refused(refusal) => Err(failed(refusal.error_description)),
        }
    }
}

async fn token(cloud: &Cloud, tenant: &str, fields: &[(&str, &str)]) -> Result<Answer, AzureError> {
    let url = format!("{}/{tenant}/oauth2/v2.0/token", cloud.authority);
    let body = post(&url, fields).await?;
    if let Ok(granted) = serde_json::from_slice::<Granted>(&body) {
        return Ok(Answer::Granted(granted));
    }
    serde_json::from_slice::<Refusal>(&body)
        .map(Answer::Refused)
        .map_err(|error| unreadable(&error))
}

async fn post(url: &str, fields: &[(&str, &str)]) -> Result<Vec<u8>, AzureError> {
    let lost = |error: &reqwest::Error| AzureError::Unreachable {
        url: url.to_owned(),
        detail: cause(error),
    };
    let mut form = reqwest::Url::parse("form:").map_err(|error| AzureError::Answer {
        doing: "signing in".to_owned(),
        detail: error.to_string(),
    })?;
    form.query_pairs_mut().extend_pairs(fields);
    let sent = client()?
        .post(url)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.query().unwrap_or_default().to_owned())
        .send()
        .await
        .map_err(|error| lost(&error))?;
    // Refusals come with status 400 and say why in their body.
    Ok(sent.bytes().await.map_err(|error| lost(&error))?.to_vec())
}

fn unreadable(error: &serde_json::Error) -> AzureError {
    AzureError::Answer { doing: "signing in".to_owned(), detail: format!("{:?}", error.classify()) }
}
