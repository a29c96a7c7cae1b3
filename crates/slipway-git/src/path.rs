//! Keeps paths that come from a caller inside the repository.

use std::path::{Component, Path, PathBuf};

use crate::Repository;
use crate::error::GitError;

impl Repository {
    /// Checks a path relative to the root: no way up, nothing of git's own, no way through a link.
    pub(crate) fn inside(&self, path: &str) -> Result<PathBuf, GitError> {
        let outside =
            || GitError::PathOutside { path: path.to_owned(), root: self.root().to_owned() };
        let mut checked = PathBuf::new();
        for component in Path::new(path).components() {
            match component {
                Component::CurDir => {}
                Component::Normal(name) if !name.eq_ignore_ascii_case(".git") => {
                    // A link on the way may lead anywhere; a link at the end is a file of its own.
                    if !checked.as_os_str().is_empty() && self.root().join(&checked).is_symlink() {
                        return Err(outside());
                    }
                    checked.push(name);
                }
                Component::Normal(_)
                | Component::ParentDir
                | Component::RootDir
                | Component::Prefix(_) => return Err(outside()),
            }
        }
        if checked.as_os_str().is_empty() || path.contains('\0') {
            Err(outside())
        } else {
            Ok(checked)
        }
    }
}

/// A path as git spells it: with slashes, whatever the system.
pub(crate) fn spelled(path: &Path) -> String {
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}
