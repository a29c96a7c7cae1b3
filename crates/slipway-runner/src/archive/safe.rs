//! Where a file of an archive may be put: below the folder, and through no link that leads out of it.
//!
//! Called by the unpackers. Archives come from anywhere; a name such as `../../.bashrc`, or a link followed
//! by a file behind it, must not reach the user's own files. Deliberately not here: reading archives.

use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::error::{OnPath, RunnerError};
use crate::workspace::{normal, wipe};

/// What becomes of files that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    Replaced,
    Kept,
}

/// A folder that is being filled from an archive.
pub(super) struct Destination<'a> {
    archive: &'a Path,
    folder: &'a Path,
    real: PathBuf,
    existing: Existing,
    /// Slipway wrote the archive itself: its links may lead anywhere, as they did before.
    is_own: bool,
}

impl<'a> Destination<'a> {
    pub(super) fn new(
        archive: &'a Path,
        folder: &'a Path,
        existing: Existing,
    ) -> Result<Self, RunnerError> {
        let real = fs::canonicalize(folder).on("Reading", folder)?;
        Ok(Self { archive, folder, real, existing, is_own: false })
    }

    pub(super) fn own(self, is_own: bool) -> Self {
        Self { is_own, ..self }
    }

    fn refused(&self, name: &Path) -> RunnerError {
        let message = format!(
            "holds '{}', which would lead out of {}",
            name.display(),
            self.folder.display()
        );
        RunnerError::Archive { path: self.archive.to_owned(), message }
    }

    /// The place of a file, with its folder made and cleared of what may be replaced; `None` if a file that
    /// is to be kept is there.
    pub(super) fn place(&self, name: &Path) -> Result<Option<PathBuf>, RunnerError> {
        let path = self.path(name)?;
        let parent = path.parent().unwrap_or(self.folder);
        self.make(name, parent)?;
        match fs::symlink_metadata(&path) {
            Err(_) => Ok(Some(path)),
            Ok(facts) if facts.is_dir() => {
                Err(RunnerError::TargetIsFolder { file: name.to_owned(), target: path })
            }
            Ok(_) if self.existing == Existing::Kept => Ok(None),
            Ok(_) => {
                // Removed, so that nothing is written through a link.
                wipe(&path)?;
                Ok(Some(path))
            }
        }
    }

    /// Makes a folder.
    pub(super) fn folder(&self, name: &Path) -> Result<PathBuf, RunnerError> {
        let path = self.path(name)?;
        self.make(name, &path)?;
        Ok(path)
    }

    /// Whether a link at this place may lead there.
    pub(super) fn check_link(&self, name: &Path, target: &Path) -> Result<(), RunnerError> {
        if self.is_own {
            return Ok(());
        }
        let path = self.path(name)?;
        let parent = path.parent().unwrap_or(self.folder);
        let leads_to = normal(&parent.join(target));
        let real_parent = fs::canonicalize(parent).on("Reading", parent)?;
        let really = normal(&real_parent.join(target));
        let stays = leads_to.starts_with(normal(self.folder)) && really.starts_with(&self.real);
        if stays && !target.is_absolute() { Ok(()) } else { Err(self.refused(name)) }
    }

    /// A file of the archive that another one is a second name of.
    pub(super) fn known(&self, name: &Path) -> Result<PathBuf, RunnerError> {
        let path = self.path(name)?;
        let real = fs::canonicalize(&path).on("Reading", &path)?;
        if real.starts_with(&self.real) { Ok(real) } else { Err(self.refused(name)) }
    }

    fn path(&self, name: &Path) -> Result<PathBuf, RunnerError> {
        let mut path = self.folder.to_owned();
        for part in name.components() {
            match part {
                Component::Normal(part) => path.push(part),
                Component::CurDir => {}
                _ => return Err(self.refused(name)),
            }
        }
        Ok(path)
    }

    /// Makes a folder part by part, so that none is made behind a link that leads out.
    fn make(&self, name: &Path, folder: &Path) -> Result<(), RunnerError> {
        let below = folder.strip_prefix(self.folder).unwrap_or(Path::new(""));
        let mut path = self.folder.to_owned();
        for part in below.components() {
            path.push(part);
            match fs::create_dir(&path) {
                Ok(()) => {}
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    let real = fs::canonicalize(&path).on("Reading", &path)?;
                    if !real.starts_with(&self.real) {
                        return Err(self.refused(name));
                    }
                }
                Err(error) => return Err(error).on("Creating", path),
            }
        }
        Ok(())
    }
}
