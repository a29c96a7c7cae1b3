//! What a file cannot say itself: tasks, names of the project, other files.

use crate::catalog::{Known, TaskCatalog};
use crate::schema::NameKind;

/// Another file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherFile {
    /// Its path, as the editor opens it.
    pub path: String,
    pub text: String,
}

/// What is around the file. Every question may be answered with nothing.
pub trait Surroundings {
    /// The tasks.
    fn catalog(&self) -> &dyn TaskCatalog;

    /// Names that are declared outside: environments, pools, variable groups, service connections.
    fn names(&self, kind: NameKind) -> Vec<String>;

    /// Paths of YAML files, as this file would write them.
    fn templates(&self) -> Vec<String>;

    /// The template that a path in this file names.
    fn template(&self, path: &str) -> Option<OtherFile>;
}

/// Nothing but the known tasks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Surroundings for Alone {
    fn catalog(&self) -> &dyn TaskCatalog {
        &Known
    }

    fn names(&self, _kind: NameKind) -> Vec<String> {
        Vec::new()
    }

    fn templates(&self) -> Vec<String> {
        Vec::new()
    }

    fn template(&self, _path: &str) -> Option<OtherFile> {
        None
    }
}
