//! Why a task folder cannot be taken.

use std::io;
use std::path::PathBuf;

use slipway_core::{ErrorKind, Explain};

/// Why a task folder cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum TaskFolderError {
    #[error("There is no folder {}.", .path.display())]
    Missing { path: PathBuf },
    #[error("There is no task in {}: neither it nor a folder below it has a task.json.", .path.display())]
    NoTask { path: PathBuf },
    #[error("{} cannot be read: {source}.", .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("{}:{line}:{column}: {what}.", .path.display())]
    Json { path: PathBuf, line: usize, column: usize, what: String },
    #[error("{}: `{field}` {problem}.", .path.display())]
    Field { path: PathBuf, field: String, problem: String },
}

impl Explain for TaskFolderError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. } | Self::NoTask { .. } | Self::Json { .. } | Self::Field { .. } => {
                ErrorKind::UserInput
            }
            Self::Unreadable { .. } => ErrorKind::Unavailable,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "task_folder_missing",
            Self::NoTask { .. } => "task_folder_empty",
            Self::Unreadable { .. } => "task_unreadable",
            Self::Json { .. } => "task_json",
            Self::Field { .. } => "task_field",
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Missing { .. } => Some("Write the whole path of a folder.".to_owned()),
            Self::NoTask { .. } => Some(
                "Point at a task's own folder, at an unpacked extension (a .vsix is a zip file), or at \
                 the built tasks of a checkout."
                    .to_owned(),
            ),
            Self::Unreadable { .. } => Some("Check the permissions of the file.".to_owned()),
            Self::Json { .. } | Self::Field { .. } => {
                Some("Mend the file, or add another folder of the task.".to_owned())
            }
        }
    }
}
