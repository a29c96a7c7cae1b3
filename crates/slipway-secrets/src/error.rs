//! Everything that can go wrong with secrets, with the next step. No variant holds a value.

use std::path::PathBuf;

use slipway_core::{ErrorKind, Explain};

/// Why a secret could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("The keychain of this machine does not answer: {detail}.")]
    KeychainUnreachable { detail: String },
    #[error("The keychain refused '{key}': {detail}.")]
    KeychainRefused { key: String, detail: String },
    #[error(
        "The value of '{key}' is longer than the keychain of this machine takes ({most} bytes)."
    )]
    TooLong { key: String, most: u32 },
    #[error("The secrets in {} are locked with a passphrase.", path.display())]
    Locked { path: PathBuf },
    #[error("The passphrase does not open {}.", path.display())]
    PassphraseWrong { path: PathBuf },
    #[error("{} cannot be decrypted: {detail}.", path.display())]
    Corrupt { path: PathBuf, detail: String },
    #[error("{} cannot be {doing}: {source}.", path.display())]
    Disk { path: PathBuf, doing: &'static str, source: std::io::Error },
    #[error("'{word}' is not a place for secrets.")]
    PlaceUnknown { word: String },
    #[error("'{url}' is not the address of an Azure DevOps organization.")]
    OrganizationInvalid { url: String },
    #[error("Azure DevOps at {url} does not answer: {detail}.")]
    AzureUnreachable { url: String, detail: String },
    #[error("Azure DevOps at {url} did not accept the sign-in.")]
    AzureSignIn { url: String },
    #[error("Azure DevOps at {url} refused: {message} (HTTP {status})")]
    AzureRefused { url: String, status: u16, message: String },
    #[error("The answer of Azure DevOps at {url} cannot be read: {detail}.")]
    AzureAnswer { url: String, detail: String },
    #[error("No token for Azure DevOps could be got from the Azure CLI: {detail}.")]
    AzureCli { detail: String },
}

impl Explain for SecretsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::TooLong { .. } | Self::PlaceUnknown { .. } | Self::OrganizationInvalid { .. } => {
                ErrorKind::UserInput
            }
            Self::Locked { .. } | Self::PassphraseWrong { .. } | Self::AzureSignIn { .. } => {
                ErrorKind::Refused
            }
            Self::KeychainUnreachable { .. }
            | Self::KeychainRefused { .. }
            | Self::Corrupt { .. }
            | Self::Disk { .. }
            | Self::AzureUnreachable { .. }
            | Self::AzureRefused { .. }
            | Self::AzureAnswer { .. }
            | Self::AzureCli { .. } => ErrorKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::KeychainUnreachable { .. } => "keychain_unreachable",
            Self::KeychainRefused { .. } => "keychain_refused",
            Self::TooLong { .. } => "secret_too_long",
            Self::Locked { .. } => "secrets_locked",
            Self::PassphraseWrong { .. } => "passphrase_wrong",
            Self::Corrupt { .. } => "secrets_corrupt",
            Self::Disk { .. } => "secrets_disk",
            Self::PlaceUnknown { .. } => "secrets_place",
            Self::OrganizationInvalid { .. } => "organization_invalid",
            Self::AzureUnreachable { .. } => "azure_devops_unreachable",
            Self::AzureSignIn { .. } => "azure_devops_sign_in",
            Self::AzureRefused { .. } => "azure_devops_refused",
            Self::AzureAnswer { .. } => "azure_devops_answer",
            Self::AzureCli { .. } => "azure_cli",
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::KeychainUnreachable { .. } => {
                "Unlock it, or set SLIPWAY_SECRETS=file to keep secrets in an encrypted file; \
                 they have to be set again there."
            }
            Self::KeychainRefused { .. } => "Unlock the keychain and try again.",
            Self::TooLong { .. } => {
                "Keep it as a secure file, or set SLIPWAY_SECRETS=file for an encrypted file."
            }
            Self::Locked { .. } => "Start Slipway with SLIPWAY_PASSPHRASE set.",
            Self::PassphraseWrong { .. } => "Set SLIPWAY_PASSPHRASE to the one it was made with.",
            Self::Corrupt { .. } => {
                "Put the file back from a backup, or delete it and set the secrets again."
            }
            Self::Disk { .. } => "Check the folder's owner, its rights and the space left.",
            Self::PlaceUnknown { .. } => "SLIPWAY_SECRETS is keychain, file or left out.",
            Self::OrganizationInvalid { .. } => {
                "Write it as https://dev.azure.com/ORGANIZATION; plain http is only for this machine."
            }
            Self::AzureUnreachable { .. } => "What was read before stays in use; try again later.",
            Self::AzureSignIn { .. } => {
                "Set a personal access token with the scope Variable Groups (Read), or run `az login`."
            }
            Self::AzureRefused { status: 404, .. } => {
                "Check the names of organization and project."
            }
            Self::AzureRefused { .. } => "What was read before stays in use; try again later.",
            Self::AzureAnswer { .. } => "Check the organization's address.",
            Self::AzureCli { .. } => "Run `az login`, or set a personal access token.",
        };
        Some(hint.to_owned())
    }
}
