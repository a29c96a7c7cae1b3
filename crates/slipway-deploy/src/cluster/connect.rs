//! From a kubeconfig and a context's name to a client.
//!
//! Deliberately not here: the current context, in-cluster configuration, signing in (exec plugins of
//! the kubeconfig do that, or whoever hands in tokens).

use std::error::Error;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use kube::client::AuthError;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

/// Longer than the 30 s that an admission webhook may take.
const ANSWER: Duration = Duration::from_secs(45);

use super::renew::Renewing;
use crate::DeployError;

/// Where a kubeconfig comes from.
#[derive(Clone)]
pub enum KubeSource {
    /// A file; `KUBECONFIG`, else the usual place, if none is named.
    File(Option<PathBuf>),
    /// One that is kept elsewhere, because it may hold secrets.
    Given(Arc<GivenCluster>),
}

/// A kubeconfig as a text, and tokens in the place of its credential plugin.
pub struct GivenCluster {
    /// What people call it, for errors.
    pub name: String,
    pub kubeconfig: String,
    pub tokens: Option<Arc<dyn ClusterTokens>>,
}

/// Whoever has tokens that a cluster accepts.
pub trait ClusterTokens: Send + Sync {
    /// A token that lasts; another one than before if that was refused. The error is for people.
    fn token(&self, is_refused: bool) -> BoxFuture<'_, Result<String, String>>;
}

impl KubeSource {
    /// The same place, whatever is written there by now.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::File(one), Self::File(other)) => one == other,
            (Self::Given(one), Self::Given(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// The files that it is read from.
    fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::File(Some(path)) => vec![path.clone()],
            Self::File(None) => match named_files() {
                Some(paths) => std::env::split_paths(&paths).collect(),
                None => vec![usual_file()],
            },
            Self::Given(_) => Vec::new(),
        }
    }
}

/// The files that the environment names.
pub(crate) fn named_files() -> Option<OsString> {
    std::env::var_os("KUBECONFIG").filter(|paths| !paths.is_empty())
}

/// Where a kubeconfig is looked for if nobody names one.
pub(crate) fn usual_file() -> PathBuf {
    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("~"));
    home.join(".kube").join("config")
}

impl From<Option<PathBuf>> for KubeSource {
    fn from(file: Option<PathBuf>) -> Self {
        Self::File(file)
    }
}

/// Where credentials come from.
pub(super) struct Source {
    pub(super) kubeconfig: KubeSource,
    pub(super) context: String,
}

/// A client for the context; nobody relies on a namespace of its own.
pub(super) async fn client(
    kubeconfig: KubeSource,
    context: &str,
) -> Result<Arc<Renewing>, DeployError> {
    // An error says that a provider is installed already, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    Renewing::of(Source { kubeconfig, context: context.to_owned() }).await
}

impl Source {
    /// Another whenever a file of the kubeconfig was written anew.
    pub(super) fn stamp(&self) -> u64 {
        let mut hash = DefaultHasher::new();
        for file in self.kubeconfig.files() {
            // One that cannot be read is as good as none: reading it says why.
            std::fs::read(file).unwrap_or_default().hash(&mut hash);
        }
        hash.finish()
    }

    /// Reads the kubeconfig, runs the plugin that it may name, and makes a client of both. `is_refused`: what
    /// was signed in with before is not accepted any more.
    pub(super) async fn sign_in(&self, is_refused: bool) -> Result<Client, DeployError> {
        let shown = self.shown();
        let unreadable = |error: &dyn Error| DeployError::KubeconfigUnreadable {
            path: shown.clone(),
            reason: format!("{}.", with_causes(error)),
        };
        let read = match &self.kubeconfig {
            KubeSource::File(Some(path)) => Kubeconfig::read_from(path),
            KubeSource::File(None) => Kubeconfig::read(),
            KubeSource::Given(given) => Kubeconfig::from_yaml(&given.kubeconfig),
        };
        let mut read = read.map_err(|error| unreadable(&error))?;
        if let KubeSource::Given(given) = &self.kubeconfig
            && let Some(tokens) = &given.tokens
        {
            let token =
                tokens.token(is_refused).await.map_err(|reason| DeployError::SignInNeeded {
                    context: self.context.clone(),
                    doing: "signing in".to_owned(),
                    reason,
                })?;
            for user in read.auth_infos.iter_mut().filter_map(|named| named.auth_info.as_mut()) {
                user.exec = None;
                user.token = Some(token.clone().into());
            }
        }
        let context = match &self.kubeconfig {
            KubeSource::File(_) => {
                check_context(&read, &shown, &self.context)?;
                Some(self.context.clone())
            }
            // It was made for this one cluster.
            KubeSource::Given(_) => read.current_context.clone(),
        };
        let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
        let mut config = Config::from_custom_kubeconfig(read, &options)
            .await
            .map_err(|error| unreadable(&error))?;
        config.connect_timeout = Some(Duration::from_secs(10));
        // A plugin may take seconds, and is waited for where that holds up nobody.
        let made = tokio::task::spawn_blocking(move || Client::try_from(config)).await;
        match made {
            Ok(Ok(client)) => Ok(client),
            Ok(Err(kube::Error::Auth(error))) => Err(DeployError::SignInNeeded {
                context: self.context.clone(),
                doing: "signing in".to_owned(),
                reason: plugin_words(&error),
            }),
            Ok(Err(error)) => Err(unreadable(&error)),
            Err(error) => Err(unreadable(&error)),
        }
    }

    fn shown(&self) -> String {
        match &self.kubeconfig {
            KubeSource::File(Some(path)) => path.display().to_string(),
            KubeSource::File(None) => "of this user".to_owned(),
            KubeSource::Given(given) => format!("of cluster {}", given.name),
        }
    }
}

/// Why there are no credentials; a plugin says it on its standard error.
pub(crate) fn plugin_words(error: &AuthError) -> String {
    let AuthError::AuthExecRun { cmd, out } = error else { return with_causes(error) };
    let said = String::from_utf8_lossy(&out.stderr);
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // The command is written with all its arguments in quotes.
    let program = cmd.split('"').nth(1).unwrap_or(cmd);
    format!("the plugin {program} ended with {}: {said}", out.status)
}

fn check_context(read: &Kubeconfig, path: &str, context: &str) -> Result<(), DeployError> {
    if read.contexts.iter().any(|known| known.name == context && known.context.is_some()) {
        return Ok(());
    }
    Err(DeployError::ContextMissing {
        path: path.to_owned(),
        context: context.to_owned(),
        known: read.contexts.iter().map(|known| known.name.clone()).collect(),
    })
}

/// An answer of the cluster, or the error that none came: the client itself would wait for ever.
pub(crate) async fn answered<T>(
    call: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, kube::Error> {
    within(ANSWER, call).await
}

/// The same with a limit of its own.
pub(crate) async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, kube::Error> {
    tokio::time::timeout(limit, call).await.unwrap_or_else(|_| {
        let text = format!("no answer within {} s", limit.as_secs());
        Err(kube::Error::Service(std::io::Error::new(std::io::ErrorKind::TimedOut, text).into()))
    })
}

/// Names a failure of the client: a sign-in that is needed, a refusal, or no answer.
pub(crate) fn failed(context: &str, doing: &str, error: kube::Error) -> DeployError {
    let sign_in = |reason: String| DeployError::SignInNeeded {
        context: context.to_owned(),
        doing: doing.to_owned(),
        reason,
    };
    match error {
        kube::Error::Api(status) if status.code == 401 => sign_in(status.message.clone()),
        kube::Error::Auth(error) => sign_in(plugin_words(&error)),
        kube::Error::Api(status) => DeployError::ClusterRefused {
            doing: doing.to_owned(),
            status: status.code,
            message: status.message.clone(),
        },
        other => DeployError::ClusterUnreachable {
            context: context.to_owned(),
            doing: doing.to_owned(),
            reason: with_causes(&other),
        },
    }
}

/// An error and what caused it, in one line.
pub(crate) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const KUBECONFIG: &str = "\
apiVersion: v1
kind: Config
current-context: production
clusters:
  - {name: c, cluster: {server: 'https://127.0.0.1:1'}}
users:
  - {name: u, user: {}}
contexts:
  - {name: production, context: {cluster: c, user: u}}
  - {name: test, context: {cluster: c, user: u, namespace: other}}
";

    fn written() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        std::fs::write(&path, KUBECONFIG).unwrap();
        (folder, path)
    }

    #[tokio::test]
    async fn only_a_named_context_is_used() {
        let (_folder, path) = written();
        for unknown in ["", "staging"] {
            let Err(error) = client(Some(path.clone()).into(), unknown).await else {
                panic!("the current context must not stand in for '{unknown}'");
            };
            let text = error.to_string();
            assert!(text.contains("production, test"), "the known ones are listed: {text}");
        }
        assert!(
            client(Some(path).into(), "test").await.is_ok(),
            "a context that is named is taken"
        );
    }

    #[tokio::test]
    async fn a_missing_kubeconfig_is_named() {
        let Err(error) = client(KubeSource::File(Some("/nowhere/config".into())), "test").await
        else {
            panic!("there is no such file");
        };
        assert!(error.to_string().contains("/nowhere/config"), "got {error}");
    }

    #[tokio::test]
    async fn an_answer_that_never_comes_is_an_error() {
        let never = std::future::pending::<Result<(), _>>();
        let error = within(Duration::from_millis(1), never).await.unwrap_err();
        assert!(with_causes(&error).contains("no answer within"), "got {error}");
    }

    #[tokio::test]
    async fn a_silent_cluster_is_unavailable() {
        let (_folder, path) = written();
        let target = crate::KubeTarget::connect(Some(path), "test", "shop").await.unwrap();
        let error = target.status().await.unwrap_err();
        assert!(
            matches!(error, DeployError::ClusterUnreachable { ref context, .. } if context == "test"),
            "nothing listens on port 1: {error}"
        );
    }
}
