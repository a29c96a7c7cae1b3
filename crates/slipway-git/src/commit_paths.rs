//! Commits a few files and nothing else, on the branch at hand or on one made for it.
//!
//! What else is staged or changed stays as it is, as with `git commit --only`. Deliberately not here: writing
//! the files, and commits of what is staged (`stage`).

use std::path::{Path, PathBuf};

use git2::{Index, IndexEntry};
use slipway_core::{Clock, SystemClock, Timestamp};

use crate::error::GitError;
use crate::path::spelled;
use crate::{CommitFacts, Repository, Signature};

impl Repository {
    /// Whether [`Repository::commit_paths`] could be asked for: what can be known before a file is
    /// written, and of these paths that none is ignored.
    pub fn may_commit_paths(
        &self,
        paths: &[String],
        message: &str,
        branch: Option<&str>,
    ) -> Result<(), GitError> {
        self.tidied(message)?;
        self.refuse_operation()?;
        let index = self.fresh_index()?;
        self.refuse_conflicts(&index)?;
        for path in paths {
            self.refuse_ignored(&index, &self.inside(path)?)?;
        }
        match branch {
            Some(name) => self.refuse_branch(name),
            None if self.branch().is_none() => {
                Err(GitError::DetachedHead { root: self.root().to_owned() })
            }
            None => Ok(()),
        }
    }

    /// Commits these files as they are in the working tree, now. See [`Repository::commit_paths_at`].
    pub fn commit_paths(
        &self,
        paths: &[String],
        message: &str,
        author: &Signature,
        branch: Option<&str>,
    ) -> Result<CommitFacts, GitError> {
        self.commit_paths_at(paths, message, author, branch, SystemClock.now_ms())
    }

    /// Commits these files as they are in the working tree, deleted ones as deleted. With a branch, that branch is
    /// made where the head is and checked out first; the working tree stays as it is.
    ///
    /// The files are staged before the commit is made, so that whatever ends the process leaves either the commit
    /// or staged files, and never a commit that the index would take back. `under_way` takes back the latter.
    pub fn commit_paths_at(
        &self,
        paths: &[String],
        message: &str,
        author: &Signature,
        branch: Option<&str>,
        at: Timestamp,
    ) -> Result<CommitFacts, GitError> {
        self.may_commit_paths(paths, message, branch)?;
        let failed = self.failed("committing");
        let message = self.tidied(message)?;
        let signature = self.signed(author, at)?;
        let parent = self.head_commit()?;
        let mut index = self.fresh_index()?;
        let mut only = Index::new().map_err(&failed)?;
        if let Some(parent) = &parent {
            only.read_tree(&parent.tree().map_err(&failed)?).map_err(&failed)?;
        }
        for path in paths {
            let path = self.inside(path)?;
            match self.take(&mut index, &path)? {
                Some(entry) => only.add(&entry).map_err(&failed)?,
                None if only.get_path(&path, 0).is_some() => {
                    only.remove_path(&path).map_err(&failed)?;
                }
                None => {}
            }
        }
        let tree = only.write_tree_to(&self.inner).map_err(&failed)?;
        let is_empty = match &parent {
            Some(parent) => parent.tree_id() == tree,
            None => only.is_empty(),
        };
        if is_empty {
            let paths = paths.to_vec();
            return Err(GitError::NothingChanged { root: self.root().to_owned(), paths });
        }
        index.write().map_err(&failed)?;
        if let Some(name) = branch {
            self.switch_to_new(name)?;
        }
        self.commit_tree(tree, parent.as_ref(), &signature, &message)
    }

    /// Stages a file as it is in the working tree; none if it is gone there.
    fn take(&self, index: &mut Index, path: &Path) -> Result<Option<IndexEntry>, GitError> {
        let failed = self.failed("staging");
        if self.root().join(path).symlink_metadata().is_ok() {
            index.add_path(path).map_err(&failed)?;
            return Ok(index.get_path(path, 0));
        }
        if index.get_path(path, 0).is_some() {
            index.remove_path(path).map_err(&failed)?;
        } else if !self.is_in_head(path)? {
            let path = spelled(path);
            return Err(GitError::PathNotFound { path, root: self.root().to_owned() });
        }
        Ok(None)
    }

    fn refuse_ignored(&self, index: &Index, path: &Path) -> Result<(), GitError> {
        let is_tracked = index.get_path(path, 0).is_some();
        let failed = self.failed("reading .gitignore");
        if !is_tracked && self.inner.is_path_ignored(path).map_err(&failed)? {
            return Err(GitError::PathIgnored { path: spelled(path) });
        }
        Ok(())
    }

    /// Refuses a name that no new branch can have here.
    fn refuse_branch(&self, name: &str) -> Result<(), GitError> {
        let is_valid = git2::Branch::name_is_valid(name).map_err(self.failed("naming a branch"))?;
        if !is_valid || name == "HEAD" || name.contains(char::is_whitespace) {
            return Err(GitError::InvalidBranchName { name: name.to_owned() });
        }
        // Branches are files below a folder, so `a` and `a/b` cannot both be.
        let is_below =
            |inner: &str, outer: &str| Path::new(inner).starts_with(PathBuf::from(outer));
        let mut known = self.branches()?;
        known.extend(self.branch());
        let root = || self.root().to_owned();
        for other in known {
            if other == name {
                return Err(GitError::BranchExists { root: root(), name: other });
            }
            if is_below(&other, name) || is_below(name, &other) {
                return Err(GitError::BranchInTheWay {
                    root: root(),
                    name: name.to_owned(),
                    other,
                });
            }
        }
        Ok(())
    }

    /// Makes a branch where the head is, and checks it out. Before the first commit it is only named.
    fn switch_to_new(&self, name: &str) -> Result<(), GitError> {
        let failed = self.failed("making a branch");
        if let Some(head) = self.head_commit()? {
            self.inner.branch(name, &head, false).map_err(&failed)?;
        }
        self.inner.set_head(&format!("refs/heads/{name}")).map_err(&failed)
    }
}
