//! A repository that knows nothing of the machine's configuration.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use slipway_core::CommitSha;
use slipway_git::{ConfigScope, FileChange, Repository, Signature};
use tempfile::TempDir;

/// A repository in a folder that goes with it.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    pub(crate) repository: Repository,
}

pub(crate) fn place() -> Place {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("repo");
    fs::create_dir(&root).unwrap();
    let repository = Repository::init_with(&root, "main", ConfigScope::RepositoryOnly).unwrap();
    Place { dir, repository }
}

pub(crate) fn ada() -> Signature {
    Signature { name: "Ada Lovelace".to_owned(), email: "ada@example.com".to_owned() }
}

impl Place {
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.repository.root().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Stages everything and commits it.
    pub(crate) fn commit(&self, message: &str) -> CommitSha {
        self.repository.stage_all().unwrap();
        self.repository.commit_staged(message, &ada()).unwrap().sha
    }

    pub(crate) fn change(&self, path: &str) -> FileChange {
        let status = self.repository.status().unwrap();
        let found = status.iter().find(|change| change.path == path).cloned();
        found.unwrap_or_else(|| panic!("{path} is not among the changes: {status:?}"))
    }

    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(self.repository.root(), arguments)
    }
}

/// Runs the `git` program with no configuration but the repository's; answers what it printed.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let done = Command::new("git")
        .current_dir(folder)
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Git")
        .env("GIT_AUTHOR_EMAIL", "git@example.com")
        .env("GIT_COMMITTER_NAME", "Git")
        .env("GIT_COMMITTER_EMAIL", "git@example.com")
        .env_remove("GIT_DIR")
        .output()
        .expect("the git program is needed for these tests");
    let printed = String::from_utf8_lossy(&done.stdout).trim_end().to_owned();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "git {arguments:?} failed: {said}{printed}");
    printed
}
