//! A job's folders under the work root, and what is wiped when.
//!
//! ```text
//! <work root>/<n>/{s,a,b,TestResults}   n: the job's place in the plan, so sources and outputs persist
//! <work root>/_temp/<n>                 emptied for each job
//! <work root>/_tool                     shared
//! <work root>/_artifacts/<build id>/    what the run published
//! ```
//! Two runs must not share a work root at the same time; whoever starts runs sees to that.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use crate::error::{OnPath, RunnerError};

/// Where a job works.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// `$(Pipeline.Workspace)`.
    pub(crate) workspace: PathBuf,
    pub(crate) sources: PathBuf,
    pub(crate) staging: PathBuf,
    pub(crate) binaries: PathBuf,
    pub(crate) test_results: PathBuf,
    pub(crate) temp: PathBuf,
    pub(crate) tools: PathBuf,
}

impl Folders {
    /// The folders of the job with this number, 1 for the first.
    pub(crate) fn of(root: &Path, number: usize) -> Self {
        let workspace = root.join(number.to_string());
        Self {
            sources: workspace.join("s"),
            staging: workspace.join("a"),
            binaries: workspace.join("b"),
            test_results: workspace.join("TestResults"),
            temp: root.join("_temp").join(number.to_string()),
            tools: root.join("_tool"),
            workspace,
        }
    }

    /// Makes the folders ready for a job. A deployment job starts with nothing, so that it never
    /// deploys a file of an older run.
    pub(crate) fn prepare(
        &self,
        clean: Option<&str>,
        is_deployment: bool,
    ) -> Result<(), RunnerError> {
        match clean.map(str::to_lowercase).as_deref() {
            _ if is_deployment => wipe(&self.workspace)?,
            Some("all") => wipe(&self.workspace)?,
            Some("resources") => wipe(&self.sources)?,
            Some("outputs") => wipe(&self.binaries)?,
            _ => {}
        }
        for folder in [&self.staging, &self.test_results, &self.temp] {
            wipe(folder)?;
        }
        for folder in [
            &self.sources,
            &self.staging,
            &self.binaries,
            &self.test_results,
            &self.temp,
            &self.tools,
        ] {
            fs::create_dir_all(folder).on("Creating", folder)?;
        }
        Ok(())
    }
}

/// Removes a folder or file, if there is one.
pub(crate) fn wipe(path: &Path) -> Result<(), RunnerError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(facts) if facts.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error).on("Removing", path),
        _ => Ok(()),
    }
}

/// Joins a path that must stay below the folder.
pub(crate) fn join_below(folder: &Path, path: &str) -> Result<PathBuf, RunnerError> {
    let joined = normal(&folder.join(path));
    if joined.starts_with(normal(folder)) {
        Ok(joined)
    } else {
        Err(RunnerError::PathOutside { path: path.to_owned(), folder: folder.to_owned() })
    }
}

/// Takes `.` and `..` out of a path, without asking the disk.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// Runs disk work where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, RunnerError> + Send + 'static,
) -> Result<T, RunnerError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_its_folder() {
        let folder = Path::new("/w/1");
        assert_eq!(join_below(folder, "a/../b").unwrap(), Path::new("/w/1/b"));
        for path in ["../2", "/etc", "a/../../2"] {
            assert!(join_below(folder, path).is_err(), "{path} leads out of the workspace");
        }
    }

    #[test]
    fn clean_rules_wipe_what_they_name() {
        let root = tempfile::tempdir().unwrap();
        let folders = Folders::of(root.path(), 1);
        let kept = |clean, is_deployment| {
            folders.prepare(None, false).unwrap();
            for folder in [&folders.sources, &folders.binaries, &folders.staging] {
                fs::write(folder.join("f"), "x").unwrap();
            }
            folders.prepare(clean, is_deployment).unwrap();
            [&folders.sources, &folders.binaries, &folders.staging].map(|f| f.join("f").exists())
        };
        assert_eq!(kept(None, false), [true, true, false], "only the staging folder starts empty");
        assert_eq!(kept(Some("outputs"), false), [true, false, false], "outputs are binaries");
        assert_eq!(kept(Some("resources"), false), [false, true, false], "resources are sources");
        assert_eq!(kept(Some("all"), false), [false; 3], "all is all");
        assert_eq!(kept(None, true), [false; 3], "a deployment job starts with nothing");
    }
}
