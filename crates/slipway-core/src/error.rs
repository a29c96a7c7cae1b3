//! How an error explains itself to a person, whichever crate it comes from.
//!
//! Each crate's error enum implements [`Explain`] beside its variants, without a wildcard, so that
//! whoever adds a variant also decides what the user reads and does about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of answer an error is; decides its colour and whether it is worth a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ErrorKind {
    /// The present state does not allow it; nothing is broken.
    Refused,
    /// What was typed or written cannot be used.
    UserInput,
    /// An engine, cluster, registry or disk does not answer: worth a retry once it does.
    Unavailable,
    /// The user stopped it.
    Cancelled,
    /// Our fault.
    Bug,
}

/// An error that says what to do next.
pub trait Explain: std::error::Error {
    /// The kind.
    fn kind(&self) -> ErrorKind;

    /// A stable word that a client may act on, such as `engine_unreachable`.
    fn code(&self) -> &'static str;

    /// One thing the user can do.
    fn hint(&self) -> Option<String> {
        None
    }
}
