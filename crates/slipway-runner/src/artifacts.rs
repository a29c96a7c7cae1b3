//! The run's artifacts: published once under a name, copied back where a job wants them.
//!
//! Called by tasks and `artifact.upload`. They lie below `<work root>/_artifacts/<build id>/<name>`.
//! Deliberately not here: artifacts of other runs.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{OnPath, RunnerError};
use crate::glob::find_files;
use crate::scope::{RunScope, lock};
use crate::step_scope::StepScope;
use crate::workspace::{blocking, wipe};

/// Files and their size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) files: u32,
    pub(crate) bytes: u64,
}

/// Publishes a file or folder.
pub(crate) async fn publish(step: &StepScope, name: &str, path: &Path) -> Result<(), RunnerError> {
    let run = &step.job.run;
    check_name(name)?;
    if !path.exists() {
        return Err(RunnerError::PathMissing { path: path.to_owned() });
    }
    let target = run.artifact_folder().join(name);
    {
        let mut artifacts = lock(&run.artifacts);
        if artifacts.keys().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(RunnerError::ArtifactExists { name: name.to_owned() });
        }
        // The name is taken at once: another job may publish at the same time.
        artifacts.insert(name.to_owned(), target.clone());
    }
    let (from, to) = (path.to_owned(), target.clone());
    let copied = blocking(move || store(&from, &to)).await;
    let extent = match copied {
        Ok(extent) => extent,
        Err(error) => {
            lock(&run.artifacts).shift_remove(name);
            return Err(error);
        }
    };
    let size = i64::try_from(extent.bytes).unwrap_or(i64::MAX);
    run.recorder.artifact(name, &target, size, extent.files).await;
    let text = format!("Published artifact {name}: {} files, {} bytes", extent.files, extent.bytes);
    step.line(&text).await;
    Ok(())
}

fn check_name(name: &str) -> Result<(), RunnerError> {
    let is_bad = name.trim().is_empty()
        || name == "."
        || name == ".."
        || name.contains(['\\', '/', '"', ':', '<', '>', '|', '*', '?']);
    if is_bad { Err(RunnerError::ArtifactName { name: name.to_owned() }) } else { Ok(()) }
}

fn store(from: &Path, to: &Path) -> Result<Extent, RunnerError> {
    wipe(to)?;
    fs::create_dir_all(to).on("Creating", to)?;
    if from.is_dir() {
        copy_folder(from, to)
    } else {
        copy_file(from, &to.join(from.file_name().unwrap_or_default()))
    }
}

fn copy_folder(from: &Path, to: &Path) -> Result<Extent, RunnerError> {
    let mut extent = Extent::default();
    fs::create_dir_all(to).on("Creating", to)?;
    for entry in fs::read_dir(from).on("Reading", from)? {
        let entry = entry.on("Reading", from)?;
        let target = to.join(entry.file_name());
        let path = entry.path();
        // Links to files are followed, links to folders are not: they may lead in a circle.
        let kind = entry.file_type().on("Reading", &path)?;
        let part = if kind.is_dir() {
            copy_folder(&path, &target)?
        } else if path.is_file() {
            copy_file(&path, &target)?
        } else {
            Extent::default()
        };
        extent = Extent { files: extent.files + part.files, bytes: extent.bytes + part.bytes };
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

/// What to fetch of the run's artifacts.
#[derive(Debug)]
pub(crate) struct Fetch {
    /// All of them if left out.
    pub(crate) name: Option<String>,
    /// Patterns below each artifact.
    pub(crate) patterns: Vec<String>,
    pub(crate) into: PathBuf,
    /// Each artifact in a folder of its name.
    pub(crate) has_own_folder: bool,
}

/// Copies artifacts of this run; answers what it copied, by name.
pub(crate) async fn fetch(
    run: &RunScope,
    order: Fetch,
) -> Result<Vec<(String, Extent)>, RunnerError> {
    let known: Vec<(String, PathBuf)> =
        lock(&run.artifacts).iter().map(|(name, path)| (name.clone(), path.clone())).collect();
    let wanted: Vec<(String, PathBuf)> = match &order.name {
        None => known,
        Some(name) => {
            let found = known.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
            vec![found.ok_or_else(|| RunnerError::ArtifactMissing { name: name.clone() })?]
        }
    };
    blocking(move || {
        let mut copied = Vec::new();
        for (name, from) in wanted {
            let into =
                if order.has_own_folder { order.into.join(&name) } else { order.into.clone() };
            let extent = copy_matching(&from, &into, &name, &order.patterns)?;
            copied.push((name, extent));
        }
        Ok(copied)
    })
    .await
}

/// Patterns may be written for the artifact's files or with its name in front.
fn copy_matching(
    from: &Path,
    into: &Path,
    name: &str,
    patterns: &[String],
) -> Result<Extent, RunnerError> {
    if patterns.is_empty() || patterns == ["**"] {
        return copy_folder(from, into);
    }
    let prefix = format!("{name}/");
    let patterns: Vec<String> = patterns
        .iter()
        .map(|line| match line.strip_prefix('!') {
            Some(excluded) => format!("!{}", excluded.strip_prefix(&prefix).unwrap_or(excluded)),
            None => line.strip_prefix(&prefix).unwrap_or(line).to_owned(),
        })
        .collect();
    let mut extent = Extent::default();
    for file in find_files(from, &patterns)? {
        if let Ok(relative) = file.strip_prefix(from) {
            let part = copy_file(&file, &into.join(relative))?;
            extent = Extent { files: extent.files + part.files, bytes: extent.bytes + part.bytes };
        }
    }
    Ok(extent)
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
    fn patterns_choose_what_is_copied() {
        let root = tempfile::tempdir().unwrap();
        let from = root.path().join("from");
        for file in ["m/a.yml", "m/b.txt", "c.yml"] {
            fs::create_dir_all(from.join(file).parent().unwrap()).unwrap();
            fs::write(from.join(file), "x").unwrap();
        }
        let into = root.path().join("into");
        let patterns = ["drop/**/*.yml".to_owned(), "!c.yml".to_owned()];
        let extent = copy_matching(&from, &into, "drop", &patterns).unwrap();
        assert_eq!(extent, Extent { files: 1, bytes: 1 }, "one file matches and is not excluded");
        assert!(into.join("m/a.yml").is_file(), "its folder is kept");
    }
}
