//! Azure Resource Manager over HTTP: tokens, pages, refusals, patience.
//!
//! Deliberately not here: what the resources mean (`aks.rs`, `pull.rs`).

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode, Url};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Account, AzureError};

const PATIENCE: Duration = Duration::from_secs(30);
/// A refusal for too many requests is waited for if it asks for no more than this.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
const TRIES: u32 = 3;
/// No list is this long; a server that never ends is not followed for ever.
const MOST_PAGES: usize = 200;

/// The calls, on behalf of an account.
#[derive(Debug, Clone)]
pub struct Arm {
    account: Arc<Account>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page<T> {
    #[serde(default = "Vec::new")]
    value: Vec<T>,
    #[serde(default)]
    next_link: Option<String>,
}

impl Arm {
    /// Asks nothing yet.
    pub fn new(account: Arc<Account>) -> Self {
        Self { account }
    }

    /// Whose they are.
    pub fn account(&self) -> &Arc<Account> {
        &self.account
    }

    /// All pages of a list; `path` begins with a slash and names the version of the interface.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        doing: &str,
        path: &str,
    ) -> Result<Vec<T>, AzureError> {
        let mut url = self.url(doing, path)?;
        let mut all = Vec::new();
        for _ in 0..MOST_PAGES {
            let page: Page<T> = self.read(doing, self.send(doing, Method::GET, &url).await?)?;
            all.extend(page.value);
            let Some(next) = page.next_link.filter(|link| !link.is_empty()) else {
                return Ok(all);
            };
            let following = Url::parse(&next).ok().filter(|next| next.origin() == url.origin());
            // The token goes nowhere but to the address that it is for.
            url = following.ok_or_else(|| AzureError::Answer {
                doing: doing.to_owned(),
                detail: "its next page is at another address".to_owned(),
            })?;
        }
        let detail = format!("it has more than {MOST_PAGES} pages");
        Err(AzureError::Answer { doing: doing.to_owned(), detail })
    }

    /// One resource.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        doing: &str,
        path: &str,
    ) -> Result<T, AzureError> {
        let url = self.url(doing, path)?;
        self.read(doing, self.send(doing, Method::GET, &url).await?)
    }

    /// An action of a resource.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        doing: &str,
        path: &str,
    ) -> Result<T, AzureError> {
        let url = self.url(doing, path)?;
        self.read(doing, self.send(doing, Method::POST, &url).await?)
    }

    fn url(&self, doing: &str, path: &str) -> Result<Url, AzureError> {
        let base = self.account.cloud().resource_manager.trim_end_matches('/');
        let url = Url::parse(&format!("{base}{path}")).map_err(|error| AzureError::Answer {
            doing: doing.to_owned(),
            detail: error.to_string(),
        })?;
        let is_here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if url.scheme() == "https" || is_here {
            return Ok(url);
        }
        Err(AzureError::Unreachable {
            url: base.to_owned(),
            detail: "a token is never sent without TLS".to_owned(),
        })
    }

    fn read<T: DeserializeOwned>(&self, doing: &str, body: Vec<u8>) -> Result<T, AzureError> {
        serde_json::from_slice(&body).map_err(|error| AzureError::Answer {
            doing: doing.to_owned(),
            detail: error.to_string(),
        })
    }

    /// Sends it; once more after a token that had become void, and after a pause that Azure asks for.
    async fn send(&self, doing: &str, method: Method, url: &Url) -> Result<Vec<u8>, AzureError> {
        let scope = self.account.cloud().manager_scope();
        let lost = |error: &reqwest::Error| AzureError::Unreachable {
            url: url.origin().ascii_serialization(),
            detail: cause(error),
        };
        let client = client()?;
        let mut is_renewed = false;
        let mut waited = 0;
        loop {
            let token = self.account.token(&scope).await?;
            let mut request = client
                .request(method.clone(), url.clone())
                .header("accept", "application/json")
                .bearer_auth(token.secret.expose_secret());
            if method == Method::POST {
                // The actions that are asked for have no body.
                request = request.header("content-length", "0");
            }
            let answer = request.send().await.map_err(|error| lost(&error))?;
            let status = answer.status();
            let header = |name: &str| {
                let value = answer.headers().get(name)?;
                Some(value.to_str().ok()?.to_owned())
            };
            let request_id = header("x-ms-request-id").unwrap_or_else(|| "unknown".to_owned());
            let pause = header("retry-after").and_then(|text| text.parse::<u64>().ok());
            if status == StatusCode::UNAUTHORIZED && !is_renewed {
                is_renewed = true;
                self.account.forget(&scope).await;
                continue;
            }
            if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE
            {
                let seconds = pause.unwrap_or(1);
                waited += 1;
                if waited < TRIES && Duration::from_secs(seconds) <= LONGEST_WAIT {
                    tokio::time::sleep(Duration::from_secs(seconds)).await;
                    continue;
                }
                return Err(AzureError::Throttled { doing: doing.to_owned(), seconds });
            }
            let body = answer.bytes().await.map_err(|error| lost(&error))?.to_vec();
            if status.is_success() {
                return Ok(body);
            }
            return Err(refusal(doing, status, &body, request_id));
        }
    }
}

/// Azure's error, in its envelope or without one.
fn refusal(doing: &str, status: StatusCode, body: &[u8], request: String) -> AzureError {
    let value: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    let inner = value.get("error").filter(|error| error.is_object()).unwrap_or(&value);
    let word = |key: &str| inner.get(key).and_then(Value::as_str).map(str::to_owned);
    AzureError::Refused {
        doing: doing.to_owned(),
        status: status.as_u16(),
        code: word("code").unwrap_or_else(|| status.to_string()),
        message: word("message").unwrap_or_else(|| "no reason was given.".to_owned()),
        request,
    }
}

pub(crate) fn client() -> Result<reqwest::Client, AzureError> {
    reqwest::Client::builder()
        .timeout(PATIENCE)
        // A redirect is a way to a sign-in page, and would take the token along.
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .map_err(|error| AzureError::Unreachable { url: "Azure".to_owned(), detail: cause(&error) })
}

/// What lies at the bottom of a failure of the network.
pub(crate) fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
