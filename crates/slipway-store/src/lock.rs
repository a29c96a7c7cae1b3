//! One Slipway a data folder: the lock that the first one holds and the next one reads.
//!
//! The operating system lets the lock go when its process ends, however it ends; so a file left by
//! a crash never keeps anybody out. The window, `serve` and `run` take it before they open the store.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::StoreError;

const FILE_NAME: &str = "slipway.lock";

/// Who holds a data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockOwner {
    /// Its process id, if it could be read.
    pub pid: Option<u32>,
    /// Where it answers, once it does.
    pub address: Option<String>,
}

/// A data folder held by this process until dropped.
#[derive(Debug)]
pub struct DataFolderLock {
    path: PathBuf,
    file: File,
}

impl DataFolderLock {
    /// Takes the folder (and makes it), or says who has it.
    pub fn acquire(dir: &Path) -> Result<Self, StoreError> {
        let unusable = |source| StoreError::DataFolder { path: dir.to_owned(), source };
        std::fs::create_dir_all(dir).map_err(unusable)?;
        let path = dir.join(FILE_NAME);
        let mut file = open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let LockOwner { pid, address } = read_owner(&mut file);
                return Err(StoreError::DataFolderInUse { dir: dir.to_owned(), pid, address });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let lock = Self { path, file };
        lock.write_owner(None)?;
        Ok(lock)
    }

    /// Tells whoever finds the folder taken where this process answers.
    pub fn set_address(&self, address: &str) -> Result<(), StoreError> {
        self.write_owner(Some(address))
    }

    /// Who holds the folder now; none when nobody does.
    pub fn owner(dir: &Path) -> Result<Option<LockOwner>, StoreError> {
        let path = dir.join(FILE_NAME);
        if !path.is_file() {
            return Ok(None);
        }
        let unusable = |source| StoreError::DataFolder { path: dir.to_owned(), source };
        let mut file = open(&path).map_err(unusable)?;
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(read_owner(&mut file))),
            Err(TryLockError::Error(source)) => Err(unusable(source)),
        }
    }

    fn write_owner(&self, address: Option<&str>) -> Result<(), StoreError> {
        let text = format!("{}\n{}\n", std::process::id(), address.unwrap_or_default());
        let mut file = &self.file;
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| file.write_all(text.as_bytes()))
            .map_err(|source| StoreError::DataFolder { path: self.path.clone(), source })
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

/// Reads who wrote the lock file. On Windows a locked file cannot be read: then nobody is named.
fn read_owner(file: &mut File) -> LockOwner {
    let mut text = String::new();
    if file.read_to_string(&mut text).is_err() {
        return LockOwner { pid: None, address: None };
    }
    let mut lines = text.lines();
    let pid = lines.next().and_then(|line| line.trim().parse().ok());
    let address = lines.next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
    LockOwner { pid, address }
}
