//! Real repositories for runs: made of folders by the `git` program, checked out as the house does.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use indexmap::IndexMap;
use serde::Deserialize;
use slipway_core::{CheckedOut, ErrorKind, Explain as _};
use slipway_git::Repository;
use slipway_runner::{CheckoutOrder, HostError, RepositoryAt, WantedRepository};

/// A repository of a conformance folder; its first commit holds the files of the folder `@name`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MadeRepository {
    /// `self` is the pipeline's own.
    name: String,
    /// Under which name it is mapped; under none if left out.
    mapped: Option<String>,
    #[serde(default)]
    commit: Vec<MadeCommit>,
    /// Large files by their id, in the repository's own store.
    #[serde(default)]
    lfs: IndexMap<String, String>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeCommit {
    message: String,
    /// A branch that begins here; `main` if left out.
    branch: Option<String>,
    tag: Option<String>,
    #[serde(default)]
    files: IndexMap<String, String>,
    /// Paths of submodules, and the repositories they are.
    #[serde(default)]
    submodules: IndexMap<String, String>,
    /// Addresses that `.gitmodules` is given afterwards.
    #[serde(default)]
    urls: IndexMap<String, String>,
    /// The repository forgets its own copies of submodules.
    #[serde(default)]
    forgets: bool,
}

/// Makes them beside each other, the own one in `shop`; answers where those are that are mapped.
pub(crate) fn make(
    from: &Path,
    beside: &Path,
    all: &[MadeRepository],
) -> Result<HashMap<String, PathBuf>, String> {
    let mut mapped = HashMap::new();
    for one in all {
        let is_own = one.name == "self";
        let root = beside.join(if is_own { "shop" } else { &one.name });
        fs::create_dir_all(&root).map_err(|error| error.to_string())?;
        let files = from.join(format!("@{}", one.name));
        if files.is_dir() {
            copy(&files, &root).map_err(|error| error.to_string())?;
        }
        git(&root, &["init", "-q", "-b", "main"])?;
        git(&root, &["add", "-A"])?;
        git(&root, &["commit", "-q", "--allow-empty", "-m", "first"])?;
        for commit in &one.commit {
            add(&root, beside, commit)?;
        }
        for (id, text) in &one.lfs {
            let folder = root.join(".git/lfs/objects").join(&id[..2]).join(&id[2..4]);
            let written =
                fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(id), text));
            written.map_err(|error| error.to_string())?;
        }
        git(&root, &["checkout", "-q", "main"])?;
        if let Some(name) = &one.mapped {
            mapped.insert(name.clone(), root);
        }
    }
    Ok(mapped)
}

fn add(root: &Path, beside: &Path, commit: &MadeCommit) -> Result<(), String> {
    match &commit.branch {
        Some(branch) => git(root, &["checkout", "-q", "-b", branch])?,
        None => git(root, &["checkout", "-q", "main"])?,
    };
    for (path, text) in &commit.files {
        let path = root.join(path);
        let folder = path.parent().unwrap_or(root);
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        written.map_err(|error| error.to_string())?;
    }
    for (path, other) in &commit.submodules {
        let url = beside.join(other).display().to_string();
        git(root, &["-c", "protocol.file.allow=always", "submodule", "add", "-q", &url, path])?;
        let recursive = ["submodule", "update", "-q", "--init", "--recursive"];
        git(root, &[&["-c", "protocol.file.allow=always"][..], &recursive[..]].concat())?;
    }
    for (path, url) in &commit.urls {
        git(root, &["config", "-f", ".gitmodules", &format!("submodule.{path}.url"), url])?;
    }
    git(root, &["add", "-A"])?;
    git(root, &["commit", "-q", "--allow-empty", "-m", &commit.message])?;
    if let Some(tag) = &commit.tag {
        git(root, &["tag", tag])?;
    }
    if commit.forgets {
        for path in commit.submodules.keys() {
            git(root, &["submodule", "-q", "deinit", "-f", path])?;
        }
        fs::remove_dir_all(root.join(".git/modules")).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn copy(from: &Path, into: &Path) -> std::io::Result<()> {
    fs::create_dir_all(into)?;
    for entry in fs::read_dir(from)?.flatten() {
        let to = into.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), &to)?;
        }
    }
    Ok(())
}

/// Runs the `git` program with no configuration but the repository's.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
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
        .map_err(|error| format!("the git program is needed: {error}"))?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned());
    }
    Err(format!("git {arguments:?} failed: {}", String::from_utf8_lossy(&done.stderr)))
}

fn explained(error: slipway_git::GitError) -> HostError {
    HostError { kind: error.kind(), message: error.to_string(), hint: error.hint() }
}

/// The newest commit of what a repository has checked out.
pub(crate) fn head(folder: &Path) -> slipway_core::CommitSha {
    Repository::open(folder).unwrap().head().unwrap().unwrap().sha
}

/// As the house finds a repository.
pub(crate) fn repository_at(
    folder: &Path,
    wanted: &WantedRepository,
) -> Result<RepositoryAt, HostError> {
    let git = Repository::open(folder).map_err(explained)?;
    let found = match &wanted.reference {
        Some(reference) => git.commit_of(reference),
        None => git.head(),
    };
    let commit = found.map_err(explained)?.ok_or_else(|| HostError {
        kind: ErrorKind::Refused,
        message: format!("{} has no {:?}.", folder.display(), wanted.reference),
        hint: None,
    })?;
    let here = || git.branch().map(|branch| format!("refs/heads/{branch}"));
    let reference = wanted.reference.clone().or_else(here);
    Ok(RepositoryAt { folder: folder.to_owned(), commit: commit.sha, reference })
}

/// As the house checks out.
pub(crate) fn checked_out(order: &CheckoutOrder) -> Result<CheckedOut, HostError> {
    let git = Repository::open(&order.folder).map_err(explained)?;
    git.checkout_with(&order.commit, &order.into, &order.options).map_err(explained)
}
