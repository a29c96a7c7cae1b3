//! Asks any OCI registry what it holds.
//!
//! Called by the runner (to confirm a push), by deployments (to refuse what is not there) and by
//! the browsing screens. Deliberately not here: uploads, deletions, ACR's own token exchange.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use oci_client::Reference;
use oci_client::client::{Client, ClientConfig, ClientProtocol};
use oci_client::errors::{DigestError, OciDistributionError, OciErrorCode};
use oci_client::secrets::RegistryAuth;
use reqwest::StatusCode;
use reqwest::header::WWW_AUTHENTICATE;
use slipway_core::Digest;

use crate::RegistryError;
use crate::facts::{ACCEPTED, ManifestFacts};
use crate::names::{check_address, check_repository, check_tag, host_of};

const CONNECT_LIMIT: Duration = Duration::from_secs(5);
const READ_LIMIT: Duration = Duration::from_secs(30);
/// One whole question, its authentication included.
const ANSWER_LIMIT: Duration = Duration::from_secs(60);
const PING_LIMIT: Duration = Duration::from_secs(5);
/// Names asked for at once; CNCF Distribution refuses more than a thousand.
const PAGE: usize = 500;

/// A user name and password. The `Debug` form does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct RegistryCredentials {
    pub username: String,
    pub password: String,
}

impl fmt::Debug for RegistryCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RegistryCredentials")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// A client of one registry; clones share its connections.
#[derive(Clone)]
pub struct Registry {
    address: String,
    scheme: &'static str,
    credentials: Option<RegistryCredentials>,
    auth: RegistryAuth,
    oci: Client,
    http: reqwest::Client,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Registry {
    /// Prepares a client for `host:port`; nothing is asked yet. `plain_http` is for the local
    /// registry only.
    pub fn new(
        address: &str,
        plain_http: bool,
        credentials: Option<RegistryCredentials>,
    ) -> Result<Self, RegistryError> {
        check_address(address)?;
        // Already installed is as good: both HTTP clients only need that there is one.
        rustls::crypto::ring::default_provider().install_default().ok();
        let unusable = |reason: String| RegistryError::NameUnusable {
            text: address.to_owned(),
            reason: format!("no client can be made for it: {reason}"),
        };
        let mut http =
            reqwest::Client::builder().connect_timeout(CONNECT_LIMIT).timeout(PING_LIMIT);
        let mut config = ClientConfig {
            protocol: if plain_http { ClientProtocol::Http } else { ClientProtocol::Https },
            connect_timeout: Some(CONNECT_LIMIT),
            read_timeout: Some(READ_LIMIT),
            ..Default::default()
        };
        if plain_http {
            // A company's HTTP_PROXY must not get what is meant for this machine. Naming a proxy
            // is the only way to keep oci-client from reading the environment.
            http = http.no_proxy();
            config.http_proxy = Some("http://127.0.0.1:9".to_owned());
            config.no_proxy = Some(host_of(address).to_owned());
        }
        let auth = credentials.as_ref().map_or(RegistryAuth::Anonymous, |credentials| {
            RegistryAuth::Basic(credentials.username.clone(), credentials.password.clone())
        });
        Ok(Self {
            address: address.to_owned(),
            scheme: if plain_http { "http" } else { "https" },
            credentials,
            auth,
            oci: Client::try_from(config).map_err(|error| unusable(error.to_string()))?,
            http: http.build().map_err(|error| unusable(error.to_string()))?,
        })
    }

    /// `host:port`, as images of this registry begin.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Asks whether an OCI registry answers there and lets us in.
    pub async fn ping(&self) -> Result<(), RegistryError> {
        let doing = "asking whether it is there";
        let mut request = self.http.get(format!("{}://{}/v2/", self.scheme, self.address));
        if let Some(credentials) = &self.credentials {
            request = request.basic_auth(&credentials.username, Some(&credentials.password));
        }
        let answer = request.send().await.map_err(|error| self.lost(doing, &error))?;
        let is_bearer = || {
            let challenge = answer.headers().get(WWW_AUTHENTICATE);
            challenge.and_then(|value| value.to_str().ok()).is_some_and(|text| {
                text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "))
            })
        };
        match answer.status() {
            StatusCode::OK => Ok(()),
            // It is there; tokens are asked for by repository.
            StatusCode::UNAUTHORIZED if is_bearer() => Ok(()),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(self.unauthorized(doing)),
            status => Err(RegistryError::Protocol {
                address: self.address.clone(),
                doing: doing.to_owned(),
                detail: format!("status {} for /v2/", status.as_u16()),
            }),
        }
    }

    /// Reads a manifest by tag or digest. Its digest is computed from the bytes and must be what
    /// the registry claims and what was asked for.
    pub async fn manifest(
        &self,
        repository: &str,
        reference: &str,
    ) -> Result<ManifestFacts, RegistryError> {
        let doing = format!("reading the manifest {repository} {reference}");
        let image = self.reference(repository, reference)?;
        let call = self.oci.pull_manifest_raw(&image, &self.auth, ACCEPTED);
        let asked = Asked { repository, reference: Some(reference) };
        let (bytes, digest) = self.limited(&doing, &asked, call).await?;
        let unreadable = |detail: String| RegistryError::Protocol {
            address: self.address.clone(),
            doing: doing.clone(),
            detail,
        };
        let digest = Digest::parse(&digest).map_err(|error| unreadable(error.to_string()))?;
        ManifestFacts::parse(digest, &bytes).map_err(unreadable)
    }

    /// True if the repository holds this manifest, whole.
    pub async fn exists(&self, repository: &str, digest: &Digest) -> Result<bool, RegistryError> {
        match self.manifest(repository, digest.as_str()).await {
            Ok(_) => Ok(true),
            Err(RegistryError::ManifestUnknown { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// All tags of a repository, sorted.
    pub async fn tags(&self, repository: &str) -> Result<Vec<String>, RegistryError> {
        let doing = format!("listing the tags of {repository}");
        let image = self.reference(repository, "latest")?;
        let asked = Asked { repository, reference: None };
        let mut all = Pages::default();
        loop {
            let call = self.oci.list_tags(&image, &self.auth, Some(PAGE), all.last());
            let page = self.limited(&doing, &asked, call).await?;
            if !all.take(page.tags) {
                return Ok(all.sorted());
            }
        }
    }

    /// All repositories, sorted.
    pub async fn repositories(&self) -> Result<Vec<String>, RegistryError> {
        let doing = "listing the repositories";
        // The catalogue belongs to no repository, yet oci-client asks for one.
        let image = self.reference("catalog", "latest")?;
        let asked = Asked { repository: "_catalog", reference: None };
        let mut all = Pages::default();
        loop {
            let call = self.oci.catalog(&image, &self.auth, Some(PAGE), all.last());
            let page = self.limited(doing, &asked, call).await?;
            if !all.take(page.repositories) {
                return Ok(all.sorted());
            }
        }
    }

    fn reference(&self, repository: &str, reference: &str) -> Result<Reference, RegistryError> {
        check_repository(repository)?;
        let (registry, repository) = (self.address.clone(), repository.to_owned());
        if reference.starts_with("sha256:") {
            let digest = Digest::parse(reference).map_err(|error| RegistryError::NameUnusable {
                text: reference.to_owned(),
                reason: error.to_string(),
            })?;
            return Ok(Reference::with_digest(registry, repository, digest.as_str().to_owned()));
        }
        check_tag(reference)?;
        Ok(Reference::with_tag(registry, repository, reference.to_owned()))
    }

    async fn limited<T>(
        &self,
        doing: &str,
        asked: &Asked<'_>,
        call: impl Future<Output = Result<T, OciDistributionError>>,
    ) -> Result<T, RegistryError> {
        match tokio::time::timeout(ANSWER_LIMIT, call).await {
            Ok(answer) => answer.map_err(|error| self.translate(doing, asked, error)),
            Err(_) => Err(self.timed_out(doing, ANSWER_LIMIT)),
        }
    }

    fn translate(
        &self,
        doing: &str,
        asked: &Asked<'_>,
        error: OciDistributionError,
    ) -> RegistryError {
        use OciErrorCode as Code;
        match error {
            OciDistributionError::RequestError(error) => self.lost(doing, &error),
            OciDistributionError::UnauthorizedError { .. }
            | OciDistributionError::AuthenticationFailure(_) => self.unauthorized(doing),
            OciDistributionError::ImageManifestNotFoundError(_) => asked.unknown(),
            OciDistributionError::DigestError(DigestError::VerificationError {
                expected,
                actual,
            }) => RegistryError::DigestMismatch {
                repository: asked.repository.to_owned(),
                reference: asked.reference.unwrap_or_default().to_owned(),
                expected,
                actual: with_algorithm(actual),
            },
            OciDistributionError::RegistryError { envelope, .. } => {
                let first = envelope.errors.into_iter().next();
                let message = first.as_ref().map(|e| e.message.clone()).unwrap_or_default();
                match first.map(|error| error.code) {
                    Some(Code::ManifestUnknown | Code::NotFound | Code::NameUnknown) => {
                        asked.unknown()
                    }
                    Some(Code::Unauthorized | Code::Denied) => self.unauthorized(doing),
                    Some(Code::Toomanyrequests) => self.status(doing, asked, 429, message),
                    _ => self.status(doing, asked, 400, message),
                }
            }
            OciDistributionError::ServerError { code, message, .. } => {
                self.status(doing, asked, code, message)
            }
            // The rest says that an answer is not what the specification promises.
            other => RegistryError::Protocol {
                address: self.address.clone(),
                doing: doing.to_owned(),
                detail: other.to_string(),
            },
        }
    }

    fn status(
        &self,
        doing: &str,
        asked: &Asked<'_>,
        status: u16,
        message: String,
    ) -> RegistryError {
        let (address, doing) = (self.address.clone(), doing.to_owned());
        match status {
            404 => asked.unknown(),
            403 => RegistryError::Unauthorized { address, doing },
            429 => RegistryError::TooManyRequests { address, doing },
            _ => RegistryError::Refused { address, doing, status, message },
        }
    }

    fn unauthorized(&self, doing: &str) -> RegistryError {
        RegistryError::Unauthorized { address: self.address.clone(), doing: doing.to_owned() }
    }

    fn timed_out(&self, doing: &str, limit: Duration) -> RegistryError {
        RegistryError::TimedOut {
            address: self.address.clone(),
            doing: doing.to_owned(),
            seconds: limit.as_secs(),
        }
    }

    /// A request without an answer. The text never holds the URL, which could hold a token.
    fn lost(&self, doing: &str, error: &reqwest::Error) -> RegistryError {
        if error.is_timeout() && !error.is_connect() {
            return self.timed_out(doing, READ_LIMIT);
        }
        let mut reason = String::from("No connection");
        let mut cause = std::error::Error::source(error);
        while let Some(inner) = cause {
            reason = inner.to_string();
            cause = inner.source();
        }
        RegistryError::NotReachable {
            address: self.address.clone(),
            reason: format!("{}.", reason.trim_end_matches('.')),
        }
    }
}

/// What a call was about, for its error.
struct Asked<'a> {
    repository: &'a str,
    reference: Option<&'a str>,
}

impl Asked<'_> {
    fn unknown(&self) -> RegistryError {
        let repository = self.repository.to_owned();
        match self.reference {
            Some(reference) => {
                RegistryError::ManifestUnknown { repository, reference: reference.to_owned() }
            }
            None => RegistryError::RepositoryUnknown { repository },
        }
    }
}

/// Collects pages. Distribution 2.8 ignores paging for tags and sends all of them each time.
#[derive(Default)]
struct Pages {
    names: std::collections::BTreeSet<String>,
    last: Option<String>,
}

impl Pages {
    fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Adds a page and says whether there may be another.
    fn take(&mut self, page: Vec<String>) -> bool {
        let (before, length) = (self.names.len(), page.len());
        self.last = page.last().cloned();
        self.names.extend(page);
        length == PAGE && self.names.len() > before
    }

    fn sorted(self) -> Vec<String> {
        self.names.into_iter().collect()
    }
}

fn with_algorithm(digest: String) -> String {
    if digest.contains(':') { digest } else { format!("sha256:{digest}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_that_ignores_paging_ends_the_loop() {
        let names = |range: std::ops::Range<usize>| range.map(|i| format!("{i:04}")).collect();
        let mut pages = Pages::default();
        assert!(pages.take(names(0..PAGE)), "a full page may not be the last");
        assert!(!pages.take(names(0..PAGE)), "the same page again brings nothing new");
        assert!(!Pages::default().take(names(0..PAGE + 7)), "more than asked for is all of it");
    }

    #[test]
    fn a_wrong_digest_names_both() {
        let registry = Registry::new("127.0.0.1:1", true, None).unwrap();
        let asked = Asked { repository: "a", reference: Some("1") };
        let error =
            DigestError::VerificationError { expected: "sha256:aa".into(), actual: "bb".into() };
        let error = registry.translate("x", &asked, error.into());
        let text = error.to_string();
        assert!(text.contains("sha256:aa") && text.contains("sha256:bb"), "got: {text}");
    }

    #[test]
    fn passwords_are_not_shown() {
        let credentials = RegistryCredentials { username: "u".into(), password: "hush".into() };
        let registry = Registry::new("h", false, Some(credentials.clone())).unwrap();
        assert!(!format!("{credentials:?}{registry:?}").contains("hush"));
    }
}
