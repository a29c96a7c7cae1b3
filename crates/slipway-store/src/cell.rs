//! Reads cells of a row into the words and ids of slipway-core.
//!
//! A cell that does not read (a word of a newer version, a broken digest) becomes an error that
//! names its column, never a default.

use serde::{Serialize, de::DeserializeOwned};
use slipway_core::{CommitSha, Digest};
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Row, Sqlite, Type};

use crate::error::StoreError;

/// Typed look-ups on a row.
pub(crate) trait Cells {
    /// A value SQLite knows.
    fn cell<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(
        &'r self,
        column: &'static str,
    ) -> Result<T, sqlx::Error>;
    /// A text id.
    fn id<T: for<'a> From<&'a str>>(&self, column: &'static str) -> Result<T, sqlx::Error>;
    /// A text id that may be missing.
    fn maybe_id<T: for<'a> From<&'a str>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, sqlx::Error>;
    /// One of slipway-core's words.
    fn word<T>(&self, column: &'static str, parse: fn(&str) -> Option<T>)
    -> Result<T, sqlx::Error>;
    /// One of slipway-core's words, or none.
    fn maybe_word<T>(
        &self,
        column: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, sqlx::Error>;
    /// A value kept as JSON text.
    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, sqlx::Error>;
    /// A value kept as JSON text, or none.
    fn maybe_json<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, sqlx::Error>;
    /// A commit id.
    fn commit(&self, column: &'static str) -> Result<CommitSha, sqlx::Error>;
    /// An image digest.
    fn digest(&self, column: &'static str) -> Result<Digest, sqlx::Error>;
}

impl Cells for SqliteRow {
    fn cell<'r, T: Decode<'r, Sqlite> + Type<Sqlite>>(
        &'r self,
        column: &'static str,
    ) -> Result<T, sqlx::Error> {
        self.try_get(column)
    }

    fn id<T: for<'a> From<&'a str>>(&self, column: &'static str) -> Result<T, sqlx::Error> {
        Ok(T::from(self.try_get::<&str, _>(column)?))
    }

    fn maybe_id<T: for<'a> From<&'a str>>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, sqlx::Error> {
        Ok(self.try_get::<Option<&str>, _>(column)?.map(T::from))
    }

    fn word<T>(
        &self,
        column: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<T, sqlx::Error> {
        let word: &str = self.try_get(column)?;
        parse(word).ok_or_else(|| unreadable(column, format!("the word '{word}' is not known")))
    }

    fn maybe_word<T>(
        &self,
        column: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, sqlx::Error> {
        match self.try_get::<Option<&str>, _>(column)? {
            Some(_) => self.word(column, parse).map(Some),
            None => Ok(None),
        }
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, sqlx::Error> {
        serde_json::from_str(self.try_get(column)?).map_err(|error| unreadable(column, error))
    }

    fn maybe_json<T: DeserializeOwned>(
        &self,
        column: &'static str,
    ) -> Result<Option<T>, sqlx::Error> {
        match self.try_get::<Option<&str>, _>(column)? {
            Some(_) => self.json(column).map(Some),
            None => Ok(None),
        }
    }

    fn commit(&self, column: &'static str) -> Result<CommitSha, sqlx::Error> {
        CommitSha::parse(self.try_get(column)?).map_err(|error| unreadable(column, error))
    }

    fn digest(&self, column: &'static str) -> Result<Digest, sqlx::Error> {
        Digest::parse(self.try_get(column)?).map_err(|error| unreadable(column, error))
    }
}

/// The error of a cell that does not read.
pub(crate) fn unreadable(
    column: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: column.to_owned(), source: source.into() }
}

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(column: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Encode { column, source })
}
