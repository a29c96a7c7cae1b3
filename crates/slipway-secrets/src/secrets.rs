//! Values under keys and files under ids, wherever this machine keeps secrets.

use std::path::{Path, PathBuf};

use age::secrecy::SecretString;

use crate::file::EncryptedFile;
use crate::identity::{bytes_of, corrupt, is_locked, keep};
use crate::keychain::Keychain;
use crate::write::{Writer, disk, private_folder, replace};
use crate::{SecretStore, SecretsError};

/// Which place the user wants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Place {
    /// The keychain if there is one, else the file. Whatever it was the first time stays.
    #[default]
    Automatic,
    Keychain,
    File,
}

impl Place {
    /// From the word of `SLIPWAY_SECRETS`.
    pub fn parse(word: &str) -> Result<Self, SecretsError> {
        match word {
            "" => Ok(Self::Automatic),
            "keychain" => Ok(Self::Keychain),
            "file" => Ok(Self::File),
            other => Err(SecretsError::PlaceUnknown { word: other.to_owned() }),
        }
    }
}

/// Where secrets are kept, and what protects them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    /// The user's login protects them.
    Keychain,
    /// A key file beside it opens the encrypted file.
    FileWithKey,
    /// A passphrase opens the encrypted file.
    FileWithPassphrase,
}

/// The secrets of one data folder.
pub struct Secrets {
    store: Box<dyn SecretStore>,
    folder: PathBuf,
    is_file: bool,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Secrets").field("folder", &self.folder).finish_non_exhaustive()
    }
}

impl Secrets {
    /// Opens the secrets in a folder. Nothing is decrypted yet, so a locked file opens too.
    pub fn open(
        folder: &Path,
        place: Place,
        passphrase: Option<SecretString>,
    ) -> Result<Self, SecretsError> {
        private_folder(folder)?;
        let marker = folder.join("keychain");
        let known = bytes_of(&marker)?.map(|id| String::from_utf8_lossy(&id).trim().to_owned());
        let has_file = folder.join("identity.key").exists() || is_locked(folder);
        let keychain = match (place, &known) {
            (Place::File, _) => None,
            (Place::Keychain, _) => Some(Self::keychain(&marker, known)?),
            // Secrets lie there: an encrypted file beside them would be an empty one.
            (Place::Automatic, Some(_)) => Some(Self::keychain(&marker, known)?),
            (Place::Automatic, None) if has_file => None,
            (Place::Automatic, None) => Self::keychain(&marker, None)
                .inspect_err(|error| tracing::info!("secrets go to an encrypted file: {error}"))
                .ok(),
        };
        let is_file = keychain.is_none();
        let store: Box<dyn SecretStore> = match keychain {
            Some(keychain) => Box::new(keychain),
            None => Box::new(EncryptedFile::open(folder, passphrase)?),
        };
        Ok(Self { store, folder: folder.to_owned(), is_file })
    }

    fn keychain(marker: &Path, known: Option<String>) -> Result<Keychain, SecretsError> {
        let id = known.clone().unwrap_or_else(new_id);
        let keychain = Keychain::open(&id)?;
        if known.is_none() {
            replace(marker, id.as_bytes())?;
        }
        Ok(keychain)
    }

    /// Where secrets are kept.
    pub fn place(&self) -> PlaceKind {
        match (self.is_file, is_locked(&self.folder)) {
            (false, _) => PlaceKind::Keychain,
            (true, true) => PlaceKind::FileWithPassphrase,
            (true, false) => PlaceKind::FileWithKey,
        }
    }

    /// The value under a key.
    pub fn get(&self, key: &str) -> Result<Option<SecretString>, SecretsError> {
        self.store.get(key)
    }

    /// Sets or replaces the value under a key.
    pub fn set(&self, key: &str, value: &SecretString) -> Result<(), SecretsError> {
        self.store.set(key, value)
    }

    /// Forgets a key.
    pub fn remove(&self, key: &str) -> Result<(), SecretsError> {
        self.store.remove(key)
    }

    /// Locks the encrypted file with a passphrase, or takes it away. The keychain has its own.
    pub fn set_passphrase(&self, passphrase: Option<&SecretString>) -> Result<(), SecretsError> {
        if !self.is_file {
            return Ok(());
        }
        let identity = self.store.identity()?;
        let _writer = Writer::wait(&self.folder)?;
        keep(&self.folder, &identity, passphrase)
    }

    /// Keeps a file, encrypted.
    pub fn put_file(&self, id: &str, bytes: &[u8]) -> Result<(), SecretsError> {
        let path = self.file_path(id)?;
        let recipient = self.store.identity()?.to_public();
        let coded = age::encrypt(&recipient, bytes).map_err(|error| corrupt(&path, &error))?;
        replace(&path, &coded)
    }

    /// A file that was kept.
    pub fn file(&self, id: &str) -> Result<Option<Vec<u8>>, SecretsError> {
        let path = self.file_path(id)?;
        let Some(coded) = bytes_of(&path)? else { return Ok(None) };
        let identity = self.store.identity()?;
        age::decrypt(&identity, &coded).map(Some).map_err(|error| corrupt(&path, &error))
    }

    /// Forgets a file.
    pub fn remove_file(&self, id: &str) -> Result<(), SecretsError> {
        let path = self.file_path(id)?;
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(disk(&path, "removed")(error))
            }
            _ => Ok(()),
        }
    }

    fn file_path(&self, id: &str) -> Result<PathBuf, SecretsError> {
        let folder = self.folder.join("files");
        private_folder(&folder)?;
        // Ids are ours, but a path never leaves its folder.
        let name: String =
            id.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        Ok(folder.join(format!("{name}.age")))
    }
}

/// Names a data folder in the keychain: the public half of a key nobody has is as random as it gets.
fn new_id() -> String {
    let public = age::x25519::Identity::generate().to_public().to_string();
    public.chars().skip(4).take(24).collect()
}
