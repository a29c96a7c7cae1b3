//! Proposals for a folder on disk: what lies there is read, and files that were agreed on are added.
//!
//! The handlers of proposals and `slipway pipeline init` come here. A file that is there is never written over.
//! Deliberately not here: what is proposed (`slipway_pipeline::propose`), and commits.

use std::fs;
use std::io::{ErrorKind as IoKind, Read, Write};
use std::path::{Component, Path, PathBuf};

use slipway_core::ErrorKind;
use slipway_git::{BESIDE, Change, GitError, Repository};
use slipway_pipeline::propose::{Contents, PIPELINE_FILE, Proposal, Wishes, propose};

use crate::error::ApiError;

/// No file is larger that says something about a build.
const MAX_BYTES: u64 = 1024 * 1024;
/// More files are not listed where no git says which of them count.
const MAX_FILES: usize = 20_000;

/// A folder whose files are known.
#[derive(Debug)]
pub struct Source {
    root: PathBuf,
    paths: Vec<String>,
    branch: Option<String>,
}

impl Source {
    /// The repository that a folder lies in, or the folder itself where there is none.
    pub fn of(folder: &Path) -> Result<Self, ApiError> {
        match Repository::discover(folder) {
            Ok(git) => {
                git.mend()?;
                Ok(Self::of_repository(&git)?)
            }
            Err(GitError::NotARepository { .. }) => {
                let root = folder.canonicalize().map_err(|error| unreadable(folder, &error))?;
                let mut paths = Vec::new();
                list(&root, "", &mut paths);
                Ok(Self { root, paths, branch: None })
            }
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn of_repository(git: &Repository) -> Result<Self, GitError> {
        let (root, paths) = (git.root().to_owned(), git.files()?);
        Ok(Self { root, paths, branch: git.default_branch()? })
    }

    /// The folder that proposed paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The branch that the proposal is for, unless another is wished.
    pub fn branch(&self) -> &str {
        self.branch.as_deref().unwrap_or("main")
    }

    /// Adds files: all of them or none, also if the process dies in between and this is a repository.
    pub fn add(&self, files: &[(String, String)]) -> Result<(), ApiError> {
        let change = Change { added: files.to_vec(), ..Change::default() };
        let git = Repository::open(&self.root).ok();
        let under_way = git.map(|git| git.begin(&change)).transpose()?;
        add_files(&self.root, files)?;
        drop(under_way);
        Ok(())
    }

    /// What is proposed; name and branch are the repository's where none is wished.
    pub fn propose(&self, mut wishes: Wishes) -> Proposal {
        if wishes.name.is_empty() {
            let name = self.root.file_name().map(|name| name.to_string_lossy().into_owned());
            wishes.name = name.unwrap_or_default();
        }
        if wishes.branch.trim().is_empty() {
            wishes.branch = self.branch().to_owned();
        }
        propose(self, &wishes)
    }
}

impl Contents for Source {
    fn paths(&self) -> Vec<String> {
        self.paths.clone()
    }

    fn read(&self, path: &str) -> Option<String> {
        let file = self.root.join(path).canonicalize().ok()?;
        // A link may lead anywhere; what others keep there is not ours to show.
        if !file.starts_with(self.root.canonicalize().ok()?) {
            return None;
        }
        let mut text = String::new();
        let opened = fs::File::open(file).ok()?;
        let facts = opened.metadata().ok()?;
        if !facts.is_file() || facts.len() > MAX_BYTES {
            return None;
        }
        opened.take(MAX_BYTES).read_to_string(&mut text).ok()?;
        Some(text)
    }
}

/// Everything below a folder but hidden folders and what tools keep there.
fn list(root: &Path, folder: &str, into: &mut Vec<String>) {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && !name.starts_with('.') && name != "node_modules" => {
                folders.push(path);
            }
            Ok(kind) if kind.is_file() && into.len() < MAX_FILES => into.push(path),
            _ => {}
        }
    }
    for folder in folders {
        list(root, &folder, into);
    }
}

/// Adds files below a folder: all of them, or none if one cannot be added. One that is there is refused by its name.
///
/// Each is written whole beside its place and then put there, the pipeline last: who finds the pipeline finds
/// the files that it names.
pub(crate) fn add_files(root: &Path, files: &[(String, String)]) -> Result<(), ApiError> {
    if files.is_empty() {
        let error = ApiError::new(ErrorKind::UserInput, "no_files", "There is no file to create.");
        return Err(error.with_hint("Choose at least one of the proposed files."));
    }
    let mut places: Vec<(PathBuf, &str)> = Vec::new();
    for (path, text) in files {
        let place = root.join(checked(root, path)?);
        if place.symlink_metadata().is_ok() || places.iter().any(|(other, _)| *other == place) {
            return Err(ApiError::refused("file_exists", format!("{path} is there already."))
                .with_hint("Leave it out, or move yours away first: nothing is written over."));
        }
        places.push((place, text));
    }
    places.sort_by_key(|(place, _)| place.file_name().is_some_and(|name| name == PIPELINE_FILE));
    let mut added = Added::default();
    let done = added.write(&places).and_then(|()| added.put(&places));
    done.map_err(|(place, error)| {
        added.take_back();
        if error.kind() == IoKind::AlreadyExists {
            let message = format!("{} is there already.", place.display());
            return ApiError::refused("file_exists", message)
                .with_hint("Leave it out, or move yours away first: nothing is written over.");
        }
        let message = format!("{} cannot be written: {error}.", place.display());
        ApiError::new(ErrorKind::Unavailable, "file_write", message)
            .with_hint("Nothing was created. Check the folder's permissions and the free space.")
    })
}

/// What was made so far, to be taken back.
#[derive(Default)]
struct Added {
    folders: Vec<PathBuf>,
    beside: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

impl Added {
    fn write(&mut self, places: &[(PathBuf, &str)]) -> Result<(), (PathBuf, std::io::Error)> {
        for (place, text) in places {
            let failed = |error| (place.clone(), error);
            self.make_folders(place).map_err(failed)?;
            let mut name = place.file_name().unwrap_or_default().to_owned();
            name.push(BESIDE);
            let beside = place.with_file_name(name);
            let mut file = fs::File::create(&beside).map_err(failed)?;
            self.beside.push(beside);
            file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
        }
        Ok(())
    }

    fn make_folders(&mut self, place: &Path) -> std::io::Result<()> {
        let above = place.ancestors().skip(1);
        let missing: Vec<&Path> = above.take_while(|folder| !folder.exists()).collect();
        for folder in missing.into_iter().rev() {
            fs::create_dir(folder)?;
            self.folders.push(folder.to_owned());
        }
        Ok(())
    }

    fn put(&mut self, places: &[(PathBuf, &str)]) -> Result<(), (PathBuf, std::io::Error)> {
        for ((place, _), beside) in places.iter().zip(&self.beside) {
            // A link is refused where a file is by now; a move would write over it.
            fs::hard_link(beside, place).map_err(|error| (place.clone(), error))?;
            self.files.push(place.clone());
        }
        for beside in self.beside.drain(..) {
            // The file is in its place; what is left beside it harms nobody.
            fs::remove_file(beside).ok();
        }
        Ok(())
    }

    fn take_back(&self) {
        for file in self.files.iter().chain(&self.beside) {
            // The first failure is what the user has to hear of.
            fs::remove_file(file).ok();
        }
        for folder in self.folders.iter().rev() {
            fs::remove_dir(folder).ok();
        }
    }
}

/// A path below the root: no way up, nothing of git's own, no way through a link.
fn checked(root: &Path, path: &str) -> Result<PathBuf, ApiError> {
    let outside = || {
        let message = format!("'{path}' does not lie inside {}.", root.display());
        ApiError::new(ErrorKind::UserInput, "path_outside", message)
            .with_hint("Give a path relative to the repository's root.")
    };
    let mut whole = PathBuf::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) if !name.eq_ignore_ascii_case(".git") => {
                if !whole.as_os_str().is_empty() && root.join(&whole).is_symlink() {
                    return Err(outside());
                }
                whole.push(name);
            }
            _ => return Err(outside()),
        }
    }
    if whole.as_os_str().is_empty() || path.ends_with('/') || path.contains('\0') {
        return Err(outside());
    }
    Ok(whole)
}

fn unreadable(folder: &Path, error: &std::io::Error) -> ApiError {
    let message = format!("The folder {} cannot be read: {error}.", folder.display());
    ApiError::new(ErrorKind::UserInput, "folder_unreadable", message)
        .with_hint("Name a folder that is there.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    /// Every path below a folder.
    fn tree(root: &Path) -> Vec<String> {
        let mut found = Vec::new();
        list(root, "", &mut found);
        found.sort();
        found
    }

    #[test]
    fn files_are_added_together_with_their_folders() {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            file(PIPELINE_FILE, "a\n"),
            file("manifests/web/a.yml", "b\n"),
            file(".dockerignore", ""),
        ];
        add_files(dir.path(), &files).unwrap();
        assert_eq!(
            tree(dir.path()),
            [".dockerignore", PIPELINE_FILE, "manifests/web/a.yml"],
            "and no more"
        );
        assert_eq!(fs::read_to_string(dir.path().join(PIPELINE_FILE)).unwrap(), "a\n", "whole");
    }

    #[test]
    fn a_file_that_is_there_is_refused_by_name_and_nothing_is_written() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("Dockerfile"), "mine").unwrap();
        let files = [file("manifests/a.yml", "b"), file("Dockerfile", "theirs")];
        let error = add_files(dir.path(), &files).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("file_exists", "Dockerfile is there already."),
            "by name"
        );
        assert_eq!(tree(dir.path()), ["Dockerfile"], "nothing else came");
        assert_eq!(fs::read_to_string(dir.path().join("Dockerfile")).unwrap(), "mine", "it stays");
        let twice = [file("a", "1"), file("a", "2")];
        assert_eq!(add_files(dir.path(), &twice).unwrap_err().code, "file_exists", "nor twice");
        assert_eq!(add_files(dir.path(), &[]).unwrap_err().code, "no_files", "nor nothing");
    }

    #[test]
    fn what_fails_half_way_is_taken_back() {
        let dir = tempfile::tempdir().unwrap();
        // A file where a folder would have to be: the second place cannot be written.
        fs::write(dir.path().join("taken"), "mine").unwrap();
        let files = [file("manifests/a.yml", "b"), file("taken/a.yml", "c")];
        let error = add_files(dir.path(), &files).unwrap_err();
        assert_eq!(error.code, "file_write", "it says what cannot be written: {error:?}");
        assert_eq!(tree(dir.path()), ["taken"], "what came before it is gone again");
        assert!(!dir.path().join("manifests").exists(), "with its folder");
    }

    #[test]
    fn nothing_is_written_outside_of_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("root");
        fs::create_dir_all(&root).unwrap();
        std::os::unix::fs::symlink(dir.path(), root.join("link")).unwrap();
        for path in ["../a", "/a", ".git/hooks/x", "a/../../b", "link/a", "", "a/"] {
            let error = add_files(&root, &[file(path, "x")]).unwrap_err();
            assert_eq!(error.code, "path_outside", "'{path}': {error:?}");
        }
        assert!(!dir.path().join("a").exists(), "nothing came");
    }
}
