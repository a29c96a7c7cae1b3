//! Artifacts: published under a name, copied back where a job wants them.
//!
//! Called by tasks and `artifact.upload`. They lie below `<work root>/_artifacts/<build id>/<name>`.
//! Files are copied by the kernel where it can (`std::fs::copy`: shared blocks, modes kept), never linked:
//! a step that writes to a file it downloaded must not change the artifact. Deliberately not here: where
//! artifacts of other runs lie, which the house knows.

mod fetch;
mod ignore;

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use fetch::{Fetch, Fetched, fetch, fetch_from};
use ignore::Ignore;

use crate::archive::{Compression, Format, Pack, pack};
use crate::error::{OnPath, RunnerError};
use crate::scope::lock;
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

/// Files and their size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) files: u32,
    pub(crate) bytes: u64,
}

impl Extent {
    fn and(self, other: Self) -> Self {
        Self { files: self.files + other.files, bytes: self.bytes + other.bytes }
    }
}

/// How a task publishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A pipeline artifact: a name is taken once, `.artifactignore` counts.
    Once,
    /// A build artifact: several steps may add to it.
    Added,
    /// A build artifact in a tar file.
    Tarred,
}

/// Publishes a file or folder under a name of its own.
pub(crate) async fn publish(step: &StepScope, name: &str, path: &Path) -> Result<(), RunnerError> {
    publish_as(step, name, path, Manner::Once).await
}

/// Adds a file or folder to a folder of a build artifact, as `artifact.upload` does.
pub(crate) async fn publish_below(
    step: &StepScope,
    name: &str,
    folder: &str,
    path: &Path,
) -> Result<(), RunnerError> {
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    parts.iter().try_for_each(|part| check_name(part))?;
    publish_at(step, name, &parts.iter().collect::<PathBuf>(), path, Manner::Added).await
}

/// Publishes a file or folder.
pub(crate) async fn publish_as(
    step: &StepScope,
    name: &str,
    path: &Path,
    manner: Manner,
) -> Result<(), RunnerError> {
    publish_at(step, name, Path::new(""), path, manner).await
}

async fn publish_at(
    step: &StepScope,
    name: &str,
    below: &Path,
    path: &Path,
    manner: Manner,
) -> Result<(), RunnerError> {
    let run = &step.job.run;
    check_name(name)?;
    // A name is a folder's name, too, and cannot be masked.
    if run.masker.finds(name) || run.masker.finds(&below.to_string_lossy()) {
        return Err(RunnerError::ArtifactNameSecret { name: run.masker.mask(name) });
    }
    if !path.exists() {
        return Err(RunnerError::PathMissing { path: path.to_owned() });
    }
    let target = run.artifact_folder().join(name);
    let is_known = {
        let mut artifacts = lock(&run.artifacts);
        let is_known = artifacts.keys().any(|known| known.eq_ignore_ascii_case(name));
        if is_known && manner == Manner::Once {
            return Err(RunnerError::ArtifactExists { name: name.to_owned() });
        }
        // The name is taken at once: another job may publish at the same time.
        artifacts.insert(name.to_owned(), target.clone());
        is_known
    };
    let (from, to, file_name) = (path.to_owned(), target.clone(), format!("{name}.tar"));
    let inside = target.join(below);
    let copied = blocking(move || {
        if !is_known {
            wipe(&to)?;
        }
        let added = store(&from, &inside, &file_name, manner)?;
        Ok((added, extent_of(&to)?))
    })
    .await;
    let (added, whole) = match copied {
        Ok(extents) => extents,
        Err(error) => {
            if !is_known {
                lock(&run.artifacts).shift_remove(name);
            }
            return Err(error);
        }
    };
    let size = i64::try_from(whole.bytes).unwrap_or(i64::MAX);
    run.recorder.artifact(&step.record, name, &target, size, whole.files).await;
    let text = format!("Published artifact {name}: {} files, {} bytes", added.files, added.bytes);
    step.line(&text).await;
    Ok(())
}

/// The size of a file or folder.
pub(crate) fn extent_of(path: &Path) -> Result<Extent, RunnerError> {
    if !path.is_dir() {
        let bytes = fs::metadata(path).on("Reading", path)?.len();
        return Ok(Extent { files: 1, bytes });
    }
    let mut extent = Extent::default();
    for entry in fs::read_dir(path).on("Reading", path)? {
        let path = entry.on("Reading", path)?.path();
        // Links to folders are not followed, as they are not when copying.
        if path.is_file() || (path.is_dir() && !path.is_symlink()) {
            extent = extent.and(extent_of(&path)?);
        }
    }
    Ok(extent)
}

fn check_name(name: &str) -> Result<(), RunnerError> {
    let is_bad = name.trim().is_empty()
        || name == "."
        || name == ".."
        || name.contains(['\\', '/', '"', ':', '<', '>', '|', '*', '?']);
    if is_bad { Err(RunnerError::ArtifactName { name: name.to_owned() }) } else { Ok(()) }
}

fn store(from: &Path, to: &Path, tar: &str, manner: Manner) -> Result<Extent, RunnerError> {
    fs::create_dir_all(to).on("Creating", to)?;
    if manner == Manner::Tarred {
        let is_file = from.is_file();
        let name = if is_file { from.file_name().unwrap_or_default() } else { "".as_ref() };
        let archive = to.join(tar);
        let order = Pack {
            entries: vec![(from.to_owned(), PathBuf::from(name))],
            format: Format::Tar(Compression::None),
            archive: archive.clone(),
            adds: false,
        };
        pack(&order)?;
        return extent_of(&archive);
    }
    if !from.is_dir() {
        return copy_file(from, &to.join(from.file_name().unwrap_or_default()));
    }
    let ignore = match manner {
        Manner::Once => Ignore::read(from)?,
        _ => Ignore::default(),
    };
    copy_folder(from, to, Path::new(""), &ignore)
}

/// Copies all of an artifact.
pub(crate) fn copy_whole(from: &Path, to: &Path) -> Result<(), RunnerError> {
    copy_folder(from, to, Path::new(""), &Ignore::default()).map(drop)
}

fn copy_folder(
    from: &Path,
    to: &Path,
    below: &Path,
    ignore: &Ignore,
) -> Result<Extent, RunnerError> {
    let mut extent = Extent::default();
    fs::create_dir_all(to).on("Creating", to)?;
    for entry in fs::read_dir(from).on("Reading", from)? {
        let entry = entry.on("Reading", from)?;
        let target = to.join(entry.file_name());
        let relative = below.join(entry.file_name());
        let path = entry.path();
        // Links to files are followed, links to folders are not: they may lead in a circle.
        let kind = entry.file_type().on("Reading", &path)?;
        if ignore.leaves_out(&relative, kind.is_dir()) {
            continue;
        }
        let part = if kind.is_dir() {
            copy_folder(&path, &target, &relative, ignore)?
        } else if path.is_file() {
            copy_file(&path, &target)?
        } else {
            Extent::default()
        };
        extent = extent.and(part);
    }
    Ok(extent)
}

/// Copies one file, making its folder.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<Extent, RunnerError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).on("Creating", folder)?;
    }
    let bytes = fs::copy(from, to).on("Copying", from)?;
    Ok(Extent { files: 1, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in ["a/b", "..", "a\\b", "", "a:b", "x*"] {
            assert!(check_name(name).is_err(), "'{name}' is no artifact name");
        }
        assert!(check_name("drop 1.x").is_ok(), "blanks and dots are fine");
    }

    #[test]
    fn artifactignore_leaves_files_out() {
        let root = tempfile::tempdir().unwrap();
        let from = root.path().join("from");
        for file in ["a.log", "b.txt", "obj/c.txt", "sub/a.log", "sub/keep.log", ".artifactignore"]
        {
            fs::create_dir_all(from.join(file).parent().unwrap()).unwrap();
            fs::write(from.join(file), "x").unwrap();
        }
        fs::write(from.join(".artifactignore"), "# no logs\n*.log\n!keep.log\nobj/\n").unwrap();
        let to = root.path().join("to");
        let extent = store(&from, &to, "x.tar", Manner::Once).unwrap();
        assert!(to.join("sub/keep.log").is_file() && to.join("b.txt").is_file(), "these stay");
        for gone in ["a.log", "sub/a.log", "obj"] {
            assert!(!to.join(gone).exists(), "{gone} is left out");
        }
        assert_eq!(extent.files, 3, "the file itself is an ordinary one");
    }
}
