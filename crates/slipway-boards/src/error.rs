//! What cannot be understood as backlog words.

use slipway_core::{ErrorKind, Explain};

/// A backlog word that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BoardsError {
    #[error("'{key}' is not a work item: expected a number such as 1, #1 or AB#1.")]
    NotAWorkItem { key: String },
}

impl Explain for BoardsError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotAWorkItem { .. } => ErrorKind::UserInput,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotAWorkItem { .. } => "not_a_work_item",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::NotAWorkItem { .. } => {
                Some("The backlog shows each work item's number.".to_owned())
            }
        }
    }
}
