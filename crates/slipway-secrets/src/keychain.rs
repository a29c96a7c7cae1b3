//! Secrets in the keychain of the operating system: Secret Service, Keychain, Credential Manager.
//!
//! Each value is an entry of the service `slipway`; its user name begins with the data folder's id, so that
//! two data folders do not meet.

use std::sync::Arc;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519;
use keyring_core::{CredentialStore, Entry, Error};

use crate::identity;
use crate::{SecretStore, SecretsError};

const SERVICE: &str = "slipway";
const IDENTITY: &str = "secure-files";

/// The keychain, as one data folder sees it.
pub(crate) struct Keychain {
    /// There until it is dropped.
    store: Option<Arc<CredentialStore>>,
    folder_id: String,
}

impl Drop for Keychain {
    fn drop(&mut self) {
        // Letting go of the connection blocks, which a thread of an async runtime must not.
        let store = self.store.take();
        std::thread::spawn(move || drop(store)).join().ok();
    }
}

impl Keychain {
    /// Opens the keychain and reads from it once: some only fail then.
    pub(crate) fn open(folder_id: &str) -> Result<Self, SecretsError> {
        let store = native()
            .map_err(|error| SecretsError::KeychainUnreachable { detail: words(&error) })?;
        let keychain = Self::over(store, folder_id);
        match keychain.entry("probe").and_then(|entry| entry.get_password().map_err(unreachable)) {
            Err(ReadError::Missing) | Ok(_) => Ok(keychain),
            Err(ReadError::Other(error)) => Err(error),
        }
    }

    /// Over any store.
    pub(crate) fn over(store: Arc<CredentialStore>, folder_id: &str) -> Self {
        Self { store: Some(store), folder_id: folder_id.to_owned() }
    }

    fn entry(&self, key: &str) -> Result<Entry, ReadError> {
        let user = format!("{}/{key}", self.folder_id);
        let store = self.store.as_ref().ok_or(ReadError::Missing)?;
        Entry::new_in_store(store, SERVICE, &user).map_err(unreachable)
    }
}

enum ReadError {
    Missing,
    Other(SecretsError),
}

fn unreachable(error: Error) -> ReadError {
    match error {
        Error::NoEntry => ReadError::Missing,
        other => ReadError::Other(SecretsError::KeychainUnreachable { detail: words(&other) }),
    }
}

/// Without the bytes that some errors carry.
fn words(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) | Error::BadDataFormat(..) => "the entry holds no text".to_owned(),
        Error::Ambiguous(_) => "there are several entries of this name".to_owned(),
        other => other.to_string().trim_end_matches('.').to_owned(),
    }
}

fn refused(key: &str, error: ReadError) -> SecretsError {
    match error {
        ReadError::Missing => {
            SecretsError::KeychainRefused { key: key.to_owned(), detail: "no entry".to_owned() }
        }
        ReadError::Other(error) => error,
    }
}

impl SecretStore for Keychain {
    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsError> {
        let read = self.entry(key).and_then(|entry| entry.get_password().map_err(unreachable));
        match read {
            Ok(value) => Ok(Some(SecretString::from(value))),
            Err(ReadError::Missing) => Ok(None),
            Err(ReadError::Other(error)) => Err(error),
        }
    }

    fn set(&self, key: &str, value: &SecretString) -> Result<(), SecretsError> {
        let entry = self.entry(key).map_err(|error| refused(key, error))?;
        entry.set_password(value.expose_secret()).map_err(|error| match error {
            Error::TooLong(_, most) => SecretsError::TooLong { key: key.to_owned(), most },
            other => SecretsError::KeychainRefused { key: key.to_owned(), detail: words(&other) },
        })
    }

    fn remove(&self, key: &str) -> Result<(), SecretsError> {
        let entry = self.entry(key).map_err(|error| refused(key, error))?;
        match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => {
                Err(SecretsError::KeychainRefused { key: key.to_owned(), detail: words(&error) })
            }
        }
    }

    fn identity(&self) -> Result<x25519::Identity, SecretsError> {
        if let Some(text) = self.get(IDENTITY)? {
            let place = std::path::Path::new("the keychain's key for secure files");
            return identity::parse(place, text.expose_secret().as_bytes());
        }
        let identity = x25519::Identity::generate();
        self.set(IDENTITY, &identity.to_string())?;
        Ok(identity)
    }
}

#[cfg(target_os = "linux")]
fn native() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "macos")]
fn native() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

#[cfg(target_os = "windows")]
fn native() -> Result<Arc<CredentialStore>, Error> {
    let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
fn native() -> Result<Arc<CredentialStore>, Error> {
    Err(Error::NotSupportedByStore("there is none for this operating system".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_apart_by_data_folder() -> Result<(), SecretsError> {
        let store: Arc<CredentialStore> = keyring_core::mock::Store::new()
            .map_err(|error| SecretsError::KeychainUnreachable { detail: words(&error) })?;
        let one = Keychain::over(Arc::clone(&store), "one");
        let two = Keychain::over(store, "two");
        one.set("pat", &SecretString::from("of-one"))?;
        let text = |kept: Option<SecretString>| kept.map(|kept| kept.expose_secret().to_owned());
        assert_eq!(text(one.get("pat")?).as_deref(), Some("of-one"), "what was set is there");
        assert_eq!(text(two.get("pat")?), None, "another data folder does not see it");
        one.remove("pat")?;
        one.remove("pat")?;
        assert_eq!(text(one.get("pat")?), None, "gone, however often it is removed");
        let (first, again) = (one.identity()?, one.identity()?);
        let public = |identity: x25519::Identity| identity.to_public().to_string();
        assert_eq!(public(first), public(again), "the key for files is made once");
        Ok(())
    }
}
