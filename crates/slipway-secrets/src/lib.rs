//! Secrets at rest, and variable groups as Azure DevOps hands them out.
//!
//! [`Secrets`] keeps values under keys and files under ids: in the keychain of the operating system, or in a
//! file that age encrypts where there is no keychain. [`azure_devops`] reads variable groups over HTTP.
//! `slipway-api` calls both. All of [`Secrets`] blocks: call it where blocking is allowed. Deliberately not
//! here: what the keys mean, names and flags of variables (the store has them), masking.

pub mod azure_devops;
mod error;
mod file;
mod identity;
mod keychain;
mod secrets;
mod write;

pub use error::SecretsError;
pub use secrecy::{ExposeSecret, SecretString};
pub use secrets::{Place, PlaceKind, Secrets};

/// A place that keeps values under keys.
pub(crate) trait SecretStore: Send + Sync {
    /// The value under a key.
    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsError>;

    /// Sets or replaces the value under a key; once answered, it survives the end of the process.
    fn set(&self, key: &str, value: &SecretString) -> Result<(), SecretsError>;

    /// Forgets a key; nothing happens if it is not there.
    fn remove(&self, key: &str) -> Result<(), SecretsError>;

    /// What secure files are encrypted for; made on first use.
    fn identity(&self) -> Result<age::x25519::Identity, SecretsError>;
}
