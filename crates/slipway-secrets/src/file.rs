//! Secrets in one encrypted file, for machines without a keychain.
//!
//! Every read decrypts the file anew, so that two processes see each other's writes; every write replaces
//! it whole under a lock.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519;
use serde::{Deserialize, Serialize};

use crate::identity::{self, bytes_of, corrupt};
use crate::write::{Writer, private_folder, replace};
use crate::{SecretStore, SecretsError};

#[derive(Default, Serialize, Deserialize)]
struct Values {
    version: u32,
    values: BTreeMap<String, String>,
}

/// The encrypted file.
pub(crate) struct EncryptedFile {
    folder: PathBuf,
    passphrase: Option<SecretString>,
    /// Opened once: a passphrase is slow by design.
    identity: OnceLock<x25519::Identity>,
}

impl EncryptedFile {
    /// In a folder, which is made.
    pub(crate) fn open(
        folder: &Path,
        passphrase: Option<SecretString>,
    ) -> Result<Self, SecretsError> {
        private_folder(folder)?;
        Ok(Self { folder: folder.to_owned(), passphrase, identity: OnceLock::new() })
    }

    fn path(&self) -> PathBuf {
        self.folder.join("secrets.age")
    }

    fn read(&self) -> Result<Values, SecretsError> {
        let path = self.path();
        let Some(bytes) = bytes_of(&path)? else {
            return Ok(Values { version: 1, ..Values::default() });
        };
        let text =
            age::decrypt(&self.identity()?, &bytes).map_err(|error| corrupt(&path, &error))?;
        // The cause would quote the text.
        serde_json::from_slice(&text).map_err(|_| corrupt(&path, &"it holds something else"))
    }

    fn change(&self, change: impl FnOnce(&mut Values) -> bool) -> Result<(), SecretsError> {
        let identity = self.identity()?;
        let _writer = Writer::wait(&self.folder)?;
        let mut values = self.read()?;
        if !change(&mut values) {
            return Ok(());
        }
        let path = self.path();
        let text = SecretString::from(
            serde_json::to_string(&values).map_err(|error| corrupt(&path, &error))?,
        );
        let bytes = age::encrypt(&identity.to_public(), text.expose_secret().as_bytes())
            .map_err(|error| corrupt(&path, &error))?;
        replace(&path, &bytes)
    }
}

impl SecretStore for EncryptedFile {
    fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsError> {
        Ok(self.read()?.values.remove(key).map(SecretString::from))
    }

    fn set(&self, key: &str, value: &SecretString) -> Result<(), SecretsError> {
        self.change(|kept| {
            kept.values.insert(key.to_owned(), value.expose_secret().to_owned());
            true
        })
    }

    fn remove(&self, key: &str) -> Result<(), SecretsError> {
        self.change(|kept| kept.values.remove(key).is_some())
    }

    fn identity(&self) -> Result<x25519::Identity, SecretsError> {
        if let Some(known) = self.identity.get() {
            return Ok(known.clone());
        }
        let opened = identity::open(&self.folder, self.passphrase.as_ref())?;
        Ok(self.identity.get_or_init(|| opened).clone())
    }
}
