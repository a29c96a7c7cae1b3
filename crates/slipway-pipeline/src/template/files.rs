//! Where template files come from: the trait that a host implements, and what was read through it.
//!
//! The crate itself opens nothing. A path given to [`Files::read`] is relative to the root of the
//! repository, has `/` between its parts and no `.` or `..` in it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Span;

/// A repository that files come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Repository {
    /// What `path@alias` calls it; `self` is the repository of the root file.
    pub alias: String,
    /// As the service knows it, such as `Contoso/Templates`; empty for `self`.
    pub name: String,
    /// `git`, `github`, …
    pub kind: String,
    /// Branch, tag or commit, when the file names one.
    pub reference: Option<String>,
    pub endpoint: Option<String>,
}

impl Repository {
    /// The repository of the root file.
    pub fn own() -> Self {
        Self { alias: "self".to_owned(), ..Self::default() }
    }

    /// True for the repository of the root file.
    pub fn is_own(&self) -> bool {
        self.name.is_empty() && self.alias.eq_ignore_ascii_case("self")
    }
}

/// What became of reading a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileAnswer {
    Text(Arc<str>),
    NotFound,
    /// No folder on this machine is known for the repository; `hint` says how to name one.
    NotMapped {
        hint: String,
    },
    /// It is there, but cannot be given: a sentence that says why.
    Refused {
        reason: String,
    },
}

/// Gives the text of template files.
pub trait Files {
    /// Reads one file.
    fn read(&self, repository: &Repository, path: &str) -> FileAnswer;
}

/// For callers that have one text and no files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _repository: &Repository, _path: &str) -> FileAnswer {
        FileAnswer::NotFound
    }
}

/// A file that was read. The first one of a load is the root file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFile {
    /// As diagnostics call it.
    pub name: String,
    pub repository: Repository,
    /// From the root of the repository.
    pub path: String,
}

/// A place that includes a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Include {
    /// The including file, by its position among the files that were read.
    pub from: usize,
    /// The path as written there.
    pub span: Span,
    /// The included file.
    pub to: usize,
}
