//! Where templates of a project's pipeline come from: the working tree, or the commit that runs.
//!
//! A repository of the file's resources is a folder on this machine that the user named
//! (`repository_mapping_set`): at the resource's `ref` when it has one, else at what is checked out.
//! Nothing outside of a repository's root is read, whatever `..` or links say.

use std::path::{Path, PathBuf};

use slipway_core::CommitSha;
use slipway_git::Repository;
use slipway_pipeline::{FileAnswer, Files};

use crate::repositories::{Place, Repositories};

/// No template is larger than this.
const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// The files around one pipeline.
pub(crate) struct TemplateFiles {
    /// Root of the project's repository.
    pub(crate) root: PathBuf,
    /// Reads this commit; nothing means the working tree.
    pub(crate) commit: Option<CommitSha>,
    pub(crate) repositories: Repositories,
}

impl Files for TemplateFiles {
    fn read(&self, repository: &slipway_pipeline::Repository, path: &str) -> FileAnswer {
        if repository.is_own() {
            return match &self.commit {
                Some(commit) => of_commit(&self.root, commit.as_str(), path),
                None => of_tree(&self.root, path),
            };
        }
        let names = [repository.name.as_str(), repository.alias.as_str()];
        let Some(root) = self.repositories.folder(names) else {
            let name = &repository.name;
            let hint = format!(
                "Clone {name} to this machine and map it to its folder: Pipeline, Repositories; in a \
                 terminal: --repository {name}=FOLDER."
            );
            return FileAnswer::NotMapped { hint };
        };
        match (&repository.reference, &self.commit) {
            (Some(reference), _) => of_commit(root, reference, path),
            (None, Some(_)) => of_commit(root, "HEAD", path),
            (None, None) => of_tree(root, path),
        }
    }
}

/// Files around a pipeline on disk, for callers without a project: a terminal, a language server.
pub struct DiskFiles {
    root: PathBuf,
    pub(crate) repositories: Repositories,
}

impl DiskFiles {
    /// The files of the repository that a file lies in, or of its folder; and the file's path in it.
    pub fn around(file: &Path, repositories: Repositories) -> (Self, String) {
        let place = Place::of(file);
        (Self { root: place.root, repositories }, place.path)
    }
}

impl Files for DiskFiles {
    fn read(&self, repository: &slipway_pipeline::Repository, path: &str) -> FileAnswer {
        if repository.is_own() {
            return of_tree(&self.root, path);
        }
        match self.repositories.folder([repository.name.as_str(), repository.alias.as_str()]) {
            Some(folder) => of_tree(folder, path),
            None => FileAnswer::NotMapped {
                hint: format!(
                    "Clone {} to this machine and name the folder: --repository {}=FOLDER.",
                    repository.name, repository.alias
                ),
            },
        }
    }
}

fn refused(reason: impl std::fmt::Display) -> FileAnswer {
    FileAnswer::Refused { reason: reason.to_string() }
}

fn text(bytes: Vec<u8>) -> FileAnswer {
    match String::from_utf8(bytes) {
        Ok(text) => FileAnswer::Text(text.into()),
        Err(_) => refused("it is not UTF-8 text."),
    }
}

fn of_commit(root: &Path, reference: &str, path: &str) -> FileAnswer {
    let read = || {
        let git = Repository::open(root)?;
        let commit = match reference {
            "HEAD" => git.head()?,
            reference => git.commit_of(reference)?,
        };
        Ok::<_, slipway_git::GitError>(match commit {
            Some(commit) => Some(git.read_file_at(&commit.sha, path)?),
            None => None,
        })
    };
    match read() {
        Ok(Some(Some(bytes))) => text(bytes),
        Ok(Some(None)) => FileAnswer::NotFound,
        Ok(None) => refused(format!("{} has no {reference}; fetch it there.", root.display())),
        Err(error) => refused(error),
    }
}

fn of_tree(root: &Path, path: &str) -> FileAnswer {
    let found = root.canonicalize().and_then(|root| {
        let file = root.join(path).canonicalize()?;
        Ok((file.starts_with(&root), file))
    });
    let file = match found {
        Ok((true, file)) => file,
        Ok((false, _)) => return refused("it lies outside of the repository."),
        Err(error) if is_missing(&error) => return FileAnswer::NotFound,
        Err(error) => return refused(error),
    };
    match file.metadata() {
        Ok(about) if !about.is_file() => return FileAnswer::NotFound,
        Ok(about) if about.len() > MAX_BYTES => return refused("it is larger than 5 MB."),
        Ok(_) => {}
        Err(error) => return refused(error),
    }
    match std::fs::read(&file) {
        Ok(bytes) => text(bytes),
        Err(error) => refused(error),
    }
}

fn is_missing(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_of_the_root_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        std::fs::create_dir_all(root.join("ci")).unwrap();
        std::fs::write(dir.path().join("secret.yml"), "secret").unwrap();
        std::fs::write(root.join("ci/a.yml"), "steps: []").unwrap();
        std::fs::write(root.join("ci/bytes.yml"), [0xff, 0xfe, 0x00]).unwrap();
        std::os::unix::fs::symlink(dir.path().join("secret.yml"), root.join("link.yml")).unwrap();
        assert_eq!(of_tree(&root, "ci/a.yml"), FileAnswer::Text("steps: []".into()));
        assert_eq!(of_tree(&root, "ci"), FileAnswer::NotFound, "a folder is no file");
        assert_eq!(of_tree(&root, "ci/a.yml/b"), FileAnswer::NotFound, "nor is a file a folder");
        for path in ["link.yml", "../secret.yml"] {
            assert_eq!(
                of_tree(&root, path),
                refused("it lies outside of the repository."),
                "{path}"
            );
        }
        assert_eq!(of_tree(&root, "ci/bytes.yml"), refused("it is not UTF-8 text."));
    }

    #[test]
    fn a_repository_that_nobody_mapped_says_how_to() {
        let files = TemplateFiles {
            root: PathBuf::from("/nowhere"),
            commit: None,
            repositories: Repositories::default(),
        };
        let tools = slipway_pipeline::Repository {
            alias: "tools".to_owned(),
            name: "Contoso/Tools".to_owned(),
            ..slipway_pipeline::Repository::default()
        };
        let FileAnswer::NotMapped { hint } = files.read(&tools, "a.yml") else {
            panic!("it is not mapped");
        };
        assert!(
            hint.contains("Pipeline, Repositories") && hint.contains("Contoso/Tools"),
            "{hint}"
        );
    }
}
