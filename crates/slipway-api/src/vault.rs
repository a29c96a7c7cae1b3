//! The secrets of this data folder, as handlers and runs ask for them.
//!
//! Values are read when they are needed and are known to the app's masker from then on. Deliberately not
//! here: how they are kept (`slipway-secrets`), which names there are (the store).

use std::sync::Arc;

use slipway_core::{ErrorKind, ProjectId};
use slipway_secrets::{ExposeSecret, Place, PlaceKind, SecretString, Secrets, SecretsError};

use crate::app::{App, HostKind};
use crate::dto::{SecretsPlace, SecretsView};
use crate::error::ApiError;

/// Under which key a value lies.
#[derive(Debug, Clone)]
pub(crate) enum SecretKey {
    OfGroup {
        project: ProjectId,
        group: String,
        name: String,
    },
    OfPipeline {
        project: ProjectId,
        name: String,
    },
    AzureDevOps {
        project: ProjectId,
    },
    /// What the sign-in to Azure needs: a client secret or a refresh token.
    AzureSignIn,
    /// A kubeconfig that Azure gave out.
    AzureCluster {
        context: String,
    },
}

impl SecretKey {
    fn text(&self) -> String {
        match self {
            Self::OfGroup { project, group, name } => {
                format!("{project}/group/{}/{}", group.to_lowercase(), name.to_lowercase())
            }
            Self::OfPipeline { project, name } => {
                format!("{project}/variable/{}", name.to_lowercase())
            }
            Self::AzureDevOps { project } => format!("{project}/azure-devops"),
            Self::AzureSignIn => "azure/sign-in".to_owned(),
            Self::AzureCluster { context } => format!("azure/cluster/{context}"),
        }
    }
}

impl App {
    async fn secrets(&self) -> Result<Arc<Secrets>, ApiError> {
        let open = || async {
            let folder = self.data_dir().join("secrets");
            let place = match &self.options.secrets_place {
                Some(word) => Place::parse(word)?,
                // Tests leave nothing in anybody's keychain.
                None if self.options.host == HostKind::Test => Place::File,
                None => Place::Automatic,
            };
            let passphrase = self.options.passphrase.clone();
            blocking(move || Secrets::open(&folder, place, passphrase)).await.map(Arc::new)
        };
        self.secrets.get_or_try_init(open).await.cloned()
    }

    /// Works on the secrets where it may block.
    pub(crate) async fn with_secrets<T, F>(&self, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(&Secrets) -> Result<T, SecretsError> + Send + 'static,
    {
        let secrets = self.secrets().await?;
        blocking(move || work(&secrets)).await
    }

    /// A value, known to the masker from now on.
    pub(crate) async fn secret(&self, key: SecretKey) -> Result<Option<SecretString>, ApiError> {
        let value = self.with_secrets(move |secrets| secrets.get(&key.text())).await?;
        if let Some(value) = &value {
            self.masker.add(value.expose_secret());
        }
        Ok(value)
    }

    /// Keeps a value.
    pub(crate) async fn set_secret(&self, key: SecretKey, value: String) -> Result<(), ApiError> {
        self.masker.add(&value);
        let value = SecretString::from(value);
        self.with_secrets(move |secrets| secrets.set(&key.text(), &value)).await
    }

    /// Forgets a value.
    pub(crate) async fn forget_secret(&self, key: SecretKey) -> Result<(), ApiError> {
        self.with_secrets(move |secrets| secrets.remove(&key.text())).await
    }

    /// Where secrets are kept, in words.
    pub(crate) async fn secrets_view(&self) -> Result<SecretsView, ApiError> {
        let secrets = self.secrets().await?;
        let folder = self.data_dir().join("secrets").display().to_string();
        let (place, statement) = match secrets.place() {
            PlaceKind::Keychain => (
                SecretsPlace::Keychain,
                "Secrets are kept in the keychain of this machine, which your login protects. \
                 Secure files are encrypted; their key is in the keychain."
                    .to_owned(),
            ),
            PlaceKind::FileWithKey => (
                SecretsPlace::FileWithKey,
                format!(
                    "No keychain is in use: secrets are kept encrypted in {folder}, and their key lies \
                     beside them, readable by you alone. Whoever may read the whole folder can read \
                     them. A passphrase protects the key: slipway secret passphrase."
                ),
            ),
            PlaceKind::FileWithPassphrase => (
                SecretsPlace::FileWithPassphrase,
                format!("Secrets are kept encrypted in {folder}; a passphrase protects their key."),
            ),
        };
        Ok(SecretsView { place, statement })
    }
}

async fn blocking<T, F>(work: F) -> Result<T, ApiError>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T, SecretsError> + Send + 'static,
{
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| ApiError::new(ErrorKind::Bug, "secrets_thread", error.to_string()))?
        .map_err(ApiError::from)
}
