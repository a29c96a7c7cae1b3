//! What can go wrong with the data folder, and what the user does about it.
//!
//! Every query error passes through [`StoreError::from_query`], so a full disk, a damaged file or a
//! busy database reads the same wherever it strikes. No message carries a bound value.

use std::path::{Path, PathBuf};

use slipway_core::{ErrorKind, Explain};

/// Something went wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("The data folder {} cannot be made or read.", path.display())]
    DataFolder { path: PathBuf, source: std::io::Error },
    #[error("{} holds no Slipway data: {} is not there.", dir.display(), file.display())]
    NotADataFolder { dir: PathBuf, file: PathBuf },
    #[error("The data folder {} is in use by {}.", dir.display(), owner_words(*pid, address.as_deref()))]
    DataFolderInUse { dir: PathBuf, pid: Option<u32>, address: Option<String> },
    #[error("The database {} cannot be opened.", file.display())]
    Open { file: PathBuf, source: sqlx::Error },
    #[error(
        "The database {} was written by a newer Slipway: it has schema {found} and this version knows up to {known}.",
        file.display()
    )]
    SchemaTooNew { file: PathBuf, found: i64, known: i64 },
    #[error(
        "The database {} still has schema {found}; this version reads schema {known}.",
        file.display()
    )]
    SchemaTooOld { file: PathBuf, found: i64, known: i64 },
    #[error("The database {} could not be brought up to date.", file.display())]
    Migrate { file: PathBuf, source: Box<sqlx::migrate::MigrateError> },
    #[error("The disk is full: {} cannot grow. What was saved before is intact.", file.display())]
    DiskFull { file: PathBuf },
    #[error("The database {} is damaged: {detail}.", file.display())]
    Corrupt { file: PathBuf, detail: String },
    #[error("The database {} is busy: another process has been writing to it for too long.", file.display())]
    Busy { file: PathBuf },
    #[error("The database {} is open for reading only.", file.display())]
    ReadOnly { file: PathBuf },
    #[error("The disk does not read or write {}: {detail}.", file.display())]
    Disk { file: PathBuf, detail: String },
    #[error("There is no {table} '{id}' in the database.")]
    RowNotFound { table: &'static str, id: String },
    #[error("The {table} '{id}' is already in the database.")]
    RowExists { table: &'static str, id: String },
    #[error("A row of {} cannot be read: {detail}.", file.display())]
    UnreadableRow { file: PathBuf, detail: String },
    #[error("This expression cannot be searched for: {detail}.")]
    Pattern { detail: String },
    #[error("A value for the column {column} cannot be written as text.")]
    Encode { column: &'static str, source: serde_json::Error },
    #[error("A question to {} failed.", file.display())]
    Query { file: PathBuf, source: sqlx::Error },
}

fn owner_words(pid: Option<u32>, address: Option<&str>) -> String {
    match (pid, address) {
        (Some(pid), Some(address)) => {
            format!("another Slipway (process {pid}, which answers at {address})")
        }
        (Some(pid), None) => format!("another Slipway (process {pid})"),
        (None, _) => "another Slipway".to_owned(),
    }
}

/// Primary result codes of SQLite (<https://www.sqlite.org/rescode.html>).
mod code {
    pub(super) const BUSY: i64 = 5;
    pub(super) const LOCKED: i64 = 6;
    pub(super) const READONLY: i64 = 8;
    pub(super) const IOERR: i64 = 10;
    pub(super) const CORRUPT: i64 = 11;
    pub(super) const FULL: i64 = 13;
    pub(super) const CANTOPEN: i64 = 14;
    pub(super) const NOTADB: i64 = 26;
}

impl StoreError {
    /// Classifies what SQLite said about one of the two files.
    pub(crate) fn from_query(file: &Path, source: sqlx::Error) -> Self {
        let file = file.to_owned();
        match &source {
            sqlx::Error::PoolTimedOut => return Self::Busy { file },
            sqlx::Error::ColumnDecode { index, source } => {
                return Self::UnreadableRow { file, detail: format!("column {index}: {source}") };
            }
            _ => {}
        }
        let Some(database) = source.as_database_error() else {
            return Self::Query { file, source };
        };
        let extended = database.code().and_then(|code| code.parse::<i64>().ok()).unwrap_or(0);
        let detail = database.message().to_owned();
        match extended & 0xff {
            code::FULL => Self::DiskFull { file },
            code::CORRUPT | code::NOTADB => Self::Corrupt { file, detail },
            code::BUSY | code::LOCKED => Self::Busy { file },
            code::READONLY => Self::ReadOnly { file },
            code::IOERR | code::CANTOPEN => Self::Disk { file, detail },
            _ => Self::Query { file, source },
        }
    }

    /// Names the row that a uniqueness rule refused; every other error stays what it is.
    pub(crate) fn or_exists(self, table: &'static str, id: impl ToString) -> Self {
        match &self {
            Self::Query { source, .. }
                if source.as_database_error().is_some_and(|e| e.is_unique_violation()) =>
            {
                Self::RowExists { table, id: id.to_string() }
            }
            _ => self,
        }
    }

    /// Names the row that a foreign key missed; every other error stays what it is.
    pub(crate) fn or_missing(self, table: &'static str, id: impl ToString) -> Self {
        match &self {
            Self::Query { source, .. }
                if source.as_database_error().is_some_and(|e| e.is_foreign_key_violation()) =>
            {
                Self::RowNotFound { table, id: id.to_string() }
            }
            _ => self,
        }
    }
}

impl Explain for StoreError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::DataFolderInUse { .. }
            | Self::SchemaTooNew { .. }
            | Self::SchemaTooOld { .. }
            | Self::NotADataFolder { .. }
            | Self::RowNotFound { .. }
            | Self::RowExists { .. } => ErrorKind::Refused,
            Self::Pattern { .. } => ErrorKind::UserInput,
            Self::DataFolder { .. }
            | Self::Open { .. }
            | Self::DiskFull { .. }
            | Self::Corrupt { .. }
            | Self::Busy { .. }
            | Self::Disk { .. } => ErrorKind::Unavailable,
            Self::Migrate { .. }
            | Self::ReadOnly { .. }
            | Self::UnreadableRow { .. }
            | Self::Encode { .. }
            | Self::Query { .. } => ErrorKind::Bug,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::DataFolder { .. } => "data_folder_unusable",
            Self::NotADataFolder { .. } => "data_folder_empty",
            Self::DataFolderInUse { .. } => "data_folder_in_use",
            Self::Open { .. } => "database_unopenable",
            Self::SchemaTooNew { .. } => "schema_too_new",
            Self::SchemaTooOld { .. } => "schema_too_old",
            Self::Migrate { .. } => "migration_failed",
            Self::DiskFull { .. } => "disk_full",
            Self::Corrupt { .. } => "database_corrupt",
            Self::Busy { .. } => "database_busy",
            Self::ReadOnly { .. } => "database_read_only",
            Self::Disk { .. } => "disk_error",
            Self::RowNotFound { .. } => "not_found",
            Self::RowExists { .. } => "already_exists",
            Self::UnreadableRow { .. } => "row_unreadable",
            Self::Pattern { .. } => "pattern_invalid",
            Self::Encode { .. } => "value_unwritable",
            Self::Query { .. } => "query_failed",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::DataFolder { path, .. } => {
                Some(format!("Check that you may write to {}.", path.display()))
            }
            Self::NotADataFolder { .. } | Self::SchemaTooOld { .. } => {
                Some("Start the Slipway window or `slipway serve` once, then try again.".to_owned())
            }
            Self::DataFolderInUse { .. } => Some(
                "Use the Slipway that is already running, or give this one another --data-dir."
                    .to_owned(),
            ),
            Self::SchemaTooNew { .. } => {
                Some("Update Slipway, or use another data folder.".to_owned())
            }
            Self::DiskFull { file } => Some(format!(
                "Free some space on the disk that holds {}, then do it again.",
                file.display()
            )),
            Self::Corrupt { file, .. } => Some(format!(
                "Quit Slipway, move {} and its -wal and -shm files aside, and start again.",
                file.display()
            )),
            Self::Open { .. } | Self::Disk { .. } => {
                Some("Check the disk and the rights on the data folder.".to_owned())
            }
            Self::Busy { .. } => Some("Try again in a moment.".to_owned()),
            Self::Pattern { .. } => {
                Some("Correct the regular expression, or search for the plain word.".to_owned())
            }
            Self::Migrate { .. }
            | Self::ReadOnly { .. }
            | Self::RowNotFound { .. }
            | Self::RowExists { .. }
            | Self::UnreadableRow { .. }
            | Self::Encode { .. }
            | Self::Query { .. } => None,
        }
    }
}
