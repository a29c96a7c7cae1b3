//! The key that opens the encrypted file: as it is (0600), or locked with a passphrase.
//!
//! A plain key protects against whoever gets the encrypted file without it: a backup, a synced folder that
//! leaves `identity.key` out. It does not protect against whoever may read the whole data folder; a
//! passphrase does.

use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use age::secrecy::{ExposeSecret as _, SecretString};
use age::x25519;

use crate::SecretsError;
use crate::write::{Writer, disk, replace};

const PLAIN: &str = "identity.key";
const LOCKED: &str = "identity.age";

/// True if a passphrase locks the key in this folder.
pub(crate) fn is_locked(folder: &Path) -> bool {
    folder.join(LOCKED).is_file()
}

/// Reads the key; makes one where there is none, locked if there is a passphrase.
pub(crate) fn open(
    folder: &Path,
    passphrase: Option<&SecretString>,
) -> Result<x25519::Identity, SecretsError> {
    if let Some(known) = read(folder, passphrase)? {
        return Ok(known);
    }
    let _writer = Writer::wait(folder)?;
    // Another process may have made it meanwhile.
    if let Some(known) = read(folder, passphrase)? {
        return Ok(known);
    }
    let identity = x25519::Identity::generate();
    keep(folder, &identity, passphrase)?;
    Ok(identity)
}

/// Locks the key with a passphrase, or takes the passphrase away.
pub(crate) fn keep(
    folder: &Path,
    identity: &x25519::Identity,
    passphrase: Option<&SecretString>,
) -> Result<(), SecretsError> {
    let text = identity.to_string();
    let (path, other) = match passphrase {
        Some(_) => (folder.join(LOCKED), folder.join(PLAIN)),
        None => (folder.join(PLAIN), folder.join(LOCKED)),
    };
    let bytes = match passphrase {
        Some(passphrase) => {
            let recipient = age::scrypt::Recipient::new(passphrase.clone());
            age::encrypt(&recipient, text.expose_secret().as_bytes())
                .map_err(|error| corrupt(&path, &error))?
        }
        None => text.expose_secret().as_bytes().to_vec(),
    };
    replace(&path, &bytes)?;
    match std::fs::remove_file(&other) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(disk(&other, "removed")(error))
        }
        _ => Ok(()),
    }
}

fn read(
    folder: &Path,
    passphrase: Option<&SecretString>,
) -> Result<Option<x25519::Identity>, SecretsError> {
    let locked = folder.join(LOCKED);
    if let Some(bytes) = bytes_of(&locked)? {
        let Some(passphrase) = passphrase else {
            return Err(SecretsError::Locked { path: locked });
        };
        let identity = age::scrypt::Identity::new(passphrase.clone());
        let text = age::decrypt(&identity, &bytes).map_err(|error| match error {
            age::DecryptError::NoMatchingKeys
            | age::DecryptError::DecryptionFailed
            | age::DecryptError::KeyDecryptionFailed => {
                SecretsError::PassphraseWrong { path: locked.clone() }
            }
            other => corrupt(&locked, &other),
        })?;
        return parse(&locked, &text).map(Some);
    }
    let plain = folder.join(PLAIN);
    bytes_of(&plain)?.map(|bytes| parse(&plain, &bytes)).transpose()
}

pub(crate) fn parse(path: &Path, text: &[u8]) -> Result<x25519::Identity, SecretsError> {
    let text = std::str::from_utf8(text).unwrap_or_default();
    x25519::Identity::from_str(text.trim()).map_err(|detail| SecretsError::Corrupt {
        path: path.to_owned(),
        detail: detail.to_owned(),
    })
}

pub(crate) fn bytes_of(path: &PathBuf) -> Result<Option<Vec<u8>>, SecretsError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk(path, "read")(error)),
    }
}

pub(crate) fn corrupt(path: &Path, error: &dyn std::fmt::Display) -> SecretsError {
    SecretsError::Corrupt { path: path.to_owned(), detail: error.to_string() }
}
