//! The one error that crosses the boundary: kind, code, message, hint and a correlation id.
//!
//! Stage crates explain their own errors ([`Explain`]); the causes go to the log under the
//! correlation id, not to the page.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_core::{ErrorKind, Explain};
use ts_rs::TS;

/// An error as every face shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[error("{message}")]
pub struct ApiError {
    pub kind: ErrorKind,
    /// A stable word that a client may act on.
    pub code: String,
    pub message: String,
    /// One thing to do next.
    pub hint: Option<String>,
    /// Finds the details in the log.
    pub corr: String,
    /// What else stands in the way, a text each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub others: Option<Box<[String]>>,
}

impl ApiError {
    /// An error with its words.
    pub fn new(kind: ErrorKind, code: &str, message: impl Into<String>) -> Self {
        Self {
            kind,
            code: code.to_owned(),
            message: message.into(),
            hint: None,
            corr: String::new(),
            others: None,
        }
    }

    /// The present state does not allow it.
    pub fn refused(code: &str, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Refused, code, message)
    }

    /// What was asked for does not exist.
    pub fn not_found(what: &str, id: impl std::fmt::Display) -> Self {
        Self::new(ErrorKind::UserInput, "not_found", format!("There is no {what} {id}"))
    }

    /// With one thing to do.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With what else stands in the way.
    pub(crate) fn and(mut self, others: impl IntoIterator<Item = String>) -> Self {
        let mut all = self.others.map(Vec::from).unwrap_or_default();
        all.extend(others);
        self.others = (!all.is_empty()).then(|| all.into());
        self
    }

    /// All of it in one text a reason.
    pub(crate) fn into_reasons(self) -> Vec<String> {
        let hint = self.hint.map(|hint| format!(" {hint}")).unwrap_or_default();
        let first = format!("{}{hint}", self.message);
        std::iter::once(first).chain(self.others.map(Vec::from).unwrap_or_default()).collect()
    }

    pub(crate) fn unknown_command(name: &str) -> Self {
        Self::new(ErrorKind::Bug, "unknown_command", format!("There is no command {name}"))
    }
}

impl<E: Explain> From<E> for ApiError {
    fn from(error: E) -> Self {
        let mut cause = std::error::Error::source(&error);
        let mut details = String::new();
        while let Some(inner) = cause {
            details.push_str(": ");
            details.push_str(&inner.to_string());
            cause = inner.source();
        }
        if !details.is_empty() {
            tracing::warn!(code = error.code(), "{error}{details}");
        }
        Self {
            kind: error.kind(),
            code: error.code().to_owned(),
            message: error.to_string(),
            hint: error.hint(),
            corr: String::new(),
            others: None,
        }
    }
}

pub(crate) fn decode<T: DeserializeOwned>(command: &str, payload: Value) -> Result<T, ApiError> {
    let payload = if payload.is_null() { Value::Object(Default::default()) } else { payload };
    serde_json::from_value(payload).map_err(|error| {
        ApiError::new(
            ErrorKind::UserInput,
            "bad_request",
            format!("The request of {command} cannot be read: {error}."),
        )
    })
}

pub(crate) fn encode<T: Serialize>(command: &str, answer: &T) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(|error| {
        ApiError::new(
            ErrorKind::Bug,
            "bad_answer",
            format!("The answer of {command} cannot be written: {error}."),
        )
    })
}
