//! Variable groups of an Azure DevOps project, read over its REST interface.
//!
//! Called by `slipway-api` when the user asks for a reading. Values of secrets are never handed out: they
//! come as null. Deliberately not here: keeping what was read, writing groups (a write without the secrets
//! would wipe them).

use std::collections::BTreeMap;
use std::time::Duration;

use age::secrecy::{ExposeSecret as _, SecretString};
use base64::Engine as _;
use serde::Deserialize;

use crate::SecretsError;

/// The resource that stands for Azure DevOps in Entra ID.
const RESOURCE: &str = "499b84ac-1321-427f-aa17-267ca6975798";
const PATIENCE: Duration = Duration::from_secs(30);
/// No project has more pages of groups; a server that never ends is not followed for ever.
const MOST_PAGES: usize = 100;

/// How to sign in.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// A personal access token.
    Pat(SecretString),
    /// A token of Entra ID.
    Bearer(SecretString),
}

/// A project of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Project {
    /// Such as `https://dev.azure.com/contoso`.
    pub organization: String,
    pub project: String,
}

/// A variable group as Azure DevOps has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: i64,
    pub name: String,
    pub description: String,
    /// The vault that its secrets lie in, for a group that is linked to one.
    pub key_vault: Option<String>,
    pub variables: Vec<GroupVariable>,
}

/// A variable of a group; a secret comes without a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupVariable {
    pub name: String,
    pub value: Option<String>,
    pub is_secret: bool,
}

#[derive(Deserialize)]
struct Page {
    value: Vec<WireGroup>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireGroup {
    id: i64,
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    provider_data: Option<WireProvider>,
    #[serde(default)]
    variables: BTreeMap<String, Option<WireVariable>>,
}

#[derive(Deserialize)]
struct WireProvider {
    #[serde(default)]
    vault: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireVariable {
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    is_secret: Option<bool>,
}

#[derive(Deserialize)]
struct WireError {
    message: String,
}

/// All variable groups of a project.
pub async fn read_groups(project: &Project, sign_in: &SignIn) -> Result<Vec<Group>, SecretsError> {
    let base = groups_url(project)?;
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        // A redirect is a way to a sign-in page.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| unreachable(&base, &error))?;
    let mut groups = Vec::new();
    let mut next: Option<String> = None;
    for _ in 0..MOST_PAGES {
        let mut url = base.clone();
        url.query_pairs_mut().append_pair("api-version", "7.1");
        if let Some(token) = &next {
            url.query_pairs_mut().append_pair("continuationToken", token);
        }
        let (page, following) = read_page(&client, &url, sign_in).await?;
        groups.extend(page.value.into_iter().map(group));
        if following.is_none() {
            return Ok(groups);
        }
        next = following;
    }
    let detail = format!("it has more than {MOST_PAGES} pages");
    Err(SecretsError::AzureAnswer { url: shown(&base), detail })
}

fn groups_url(project: &Project) -> Result<reqwest::Url, SecretsError> {
    let invalid = || SecretsError::OrganizationInvalid { url: project.organization.clone() };
    let mut url = reqwest::Url::parse(project.organization.trim()).map_err(|_| invalid())?;
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let may_be_read = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    // Whoever writes a token into the address would see it in every error.
    if !may_be_read || !url.username().is_empty() || url.password().is_some() {
        return Err(SecretsError::OrganizationInvalid {
            url: url.host_str().unwrap_or_default().to_owned(),
        });
    }
    url.set_query(None);
    url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().extend([
        project.project.trim(),
        "_apis",
        "distributedtask",
        "variablegroups",
    ]);
    Ok(url)
}

async fn read_page(
    client: &reqwest::Client,
    url: &reqwest::Url,
    sign_in: &SignIn,
) -> Result<(Page, Option<String>), SecretsError> {
    let authorization = match sign_in {
        SignIn::Pat(token) => {
            let pair = format!(":{}", token.expose_secret());
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
        }
        SignIn::Bearer(token) => format!("Bearer {}", token.expose_secret()),
    };
    let mut authorization = reqwest::header::HeaderValue::from_str(&authorization)
        .map_err(|_| SecretsError::AzureSignIn { url: shown(url) })?;
    authorization.set_sensitive(true);
    let answer = client
        .get(url.clone())
        .header("Authorization", authorization)
        .header("Accept", "application/json")
        .header("X-TFS-FedAuthRedirect", "Suppress")
        .send()
        .await
        .map_err(|error| unreachable(url, &error))?;
    let status = answer.status();
    let header = |name: &str| {
        answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
    };
    let following = header("x-ms-continuationtoken").filter(|token| !token.is_empty());
    let retry_after = header("retry-after");
    let is_page = header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    if status == 401 || status == 203 || status.is_redirection() || (is_page && status.is_success())
    {
        return Err(SecretsError::AzureSignIn { url: shown(url) });
    }
    let body = answer.bytes().await.map_err(|error| unreachable(url, &error))?;
    if !status.is_success() {
        let said = serde_json::from_slice::<WireError>(&body).map(|error| error.message);
        let mut message = said.unwrap_or_else(|_| "no reason was given.".to_owned());
        if let Some(seconds) = retry_after {
            message.push_str(&format!(" It asks for {seconds} s of patience."));
        }
        return Err(SecretsError::AzureRefused {
            url: shown(url),
            status: status.as_u16(),
            message,
        });
    }
    let page = serde_json::from_slice(&body).map_err(|error| SecretsError::AzureAnswer {
        url: shown(url),
        detail: error.to_string(),
    })?;
    Ok((page, following))
}

fn group(wire: WireGroup) -> Group {
    let is_linked = wire.kind.as_deref() == Some("AzureKeyVault");
    let vault = wire.provider_data.and_then(|data| data.vault).unwrap_or_default();
    let variables = wire.variables.into_iter().map(|(name, variable)| {
        let (value, says_secret) =
            variable.map_or((None, false), |it| (it.value, it.is_secret == Some(true)));
        // All that a vault holds is secret, whatever the flag says.
        let is_secret = says_secret || is_linked;
        let value = if is_secret { None } else { Some(value.unwrap_or_default()) };
        GroupVariable { name, value, is_secret }
    });
    Group {
        id: wire.id,
        name: wire.name,
        description: wire.description.unwrap_or_default(),
        key_vault: is_linked.then_some(vault),
        variables: variables.collect(),
    }
}

/// The address without its query.
fn shown(url: &reqwest::Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.to_string()
}

fn unreachable(url: &reqwest::Url, error: &reqwest::Error) -> SecretsError {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    SecretsError::AzureUnreachable { url: shown(url), detail: cause.to_string() }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CliToken {
    access_token: String,
}

/// A token from the Azure CLI, which must be installed and signed in.
pub async fn token_of_azure_cli() -> Result<SecretString, SecretsError> {
    let refused = |detail: &str| SecretsError::AzureCli { detail: detail.to_owned() };
    let mut command = tokio::process::Command::new(if cfg!(windows) { "az.cmd" } else { "az" });
    command
        .args(["account", "get-access-token", "--output", "json", "--resource", RESOURCE])
        .env("AZURE_CORE_NO_COLOR", "true")
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true);
    let ran = tokio::time::timeout(PATIENCE, command.output()).await;
    let output = match ran {
        Err(_) => return Err(refused("it did not answer in time")),
        Ok(Err(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(refused("az is not installed"));
        }
        Ok(Err(error)) => return Err(refused(&error.to_string())),
        Ok(Ok(output)) => output,
    };
    if !output.status.success() {
        // Its words may hold a token, so they are not shown.
        return Err(refused("it is not signed in, or its sign-in is over"));
    }
    let token: CliToken =
        serde_json::from_slice(&output.stdout).map_err(|_| refused("its answer is not a token"))?;
    Ok(SecretString::from(token.access_token))
}
