//! Stages, unstages and commits.

use std::path::{Path, PathBuf};

use git2::{Index, IndexAddOption, IndexEntry, IndexTime, ObjectType, RepositoryState, Time, Tree};
use git2::{TreeWalkMode, TreeWalkResult};
use slipway_core::{Clock, CommitSha, SystemClock, Timestamp};

use crate::error::GitError;
use crate::history::facts;
use crate::path::spelled;
use crate::{CommitFacts, Repository, Signature};

impl Repository {
    /// Stages files or folders as they are in the working tree, deleted ones as deleted.
    ///
    /// Staging a renamed file stages both of its names.
    pub fn stage(&self, paths: &[String]) -> Result<(), GitError> {
        let failed = self.failed("staging");
        let paths = self.with_old_names(paths)?;
        let mut index = self.fresh_index()?;
        for path in &paths {
            let metadata = self.root().join(path).symlink_metadata();
            match metadata {
                Ok(metadata) if metadata.is_dir() => {
                    self.stage_folder(&mut index, path)?;
                }
                Ok(_) => {
                    let is_tracked = index.get_path(path, 0).is_some();
                    if !is_tracked && self.inner.is_path_ignored(path).map_err(&failed)? {
                        return Err(GitError::PathIgnored { path: spelled(path) });
                    }
                    index.add_path(path).map_err(&failed)?;
                }
                Err(_) => {
                    let gone = entries_under(&index, path);
                    if gone.is_empty() && !self.is_in_head(path)? {
                        return Err(GitError::PathNotFound {
                            path: spelled(path),
                            root: self.root().to_owned(),
                        });
                    }
                    for entry in gone {
                        index.remove_path(&entry).map_err(&failed)?;
                    }
                }
            }
        }
        index.write().map_err(&failed)
    }

    fn stage_folder(&self, index: &mut Index, path: &Path) -> Result<(), GitError> {
        let failed = self.failed("staging");
        let folder = path.to_owned();
        // The path goes in by comparison, not as a pattern: names may hold `*` and `[`.
        let mut only_inside =
            |found: &Path, _: &[u8]| if found.starts_with(&folder) { 0 } else { 1 };
        index.add_all(["*"], IndexAddOption::DEFAULT, Some(&mut only_inside)).map_err(&failed)?;
        index.update_all(["*"], Some(&mut only_inside)).map_err(&failed)
    }

    /// Stages everything that `git add --all` would.
    pub fn stage_all(&self) -> Result<(), GitError> {
        let failed = self.failed("staging");
        let mut index = self.fresh_index()?;
        index.add_all(["*"], IndexAddOption::DEFAULT, None).map_err(&failed)?;
        index.update_all(["*"], None).map_err(&failed)?;
        index.write().map_err(&failed)
    }

    /// Puts files or folders of the index back to the newest commit; the working tree stays.
    pub fn unstage(&self, paths: &[String]) -> Result<(), GitError> {
        let failed = self.failed("unstaging");
        let paths = self.with_old_names(paths)?;
        let mut index = self.fresh_index()?;
        let tree = match self.head_commit()? {
            Some(head) => Some(head.tree().map_err(&failed)?),
            None => None,
        };
        for path in &paths {
            for entry in entries_under(&index, path) {
                index.remove_path(&entry).map_err(&failed)?;
            }
            if let Some(tree) = &tree {
                for entry in committed_under(tree, path).map_err(&failed)? {
                    index.add(&entry).map_err(&failed)?;
                }
            }
        }
        index.write().map_err(&failed)
    }

    /// A commit of the working tree as it is, ignored files aside. No branch leads to it and the index stays;
    /// the newest commit itself if nothing has changed.
    pub fn snapshot(&self) -> Result<CommitSha, GitError> {
        let failed = self.failed("taking a snapshot");
        let mut index = self.fresh_index()?;
        self.refuse_conflicts(&index)?;
        index.add_all(["*"], IndexAddOption::DEFAULT, None).map_err(&failed)?;
        index.update_all(["*"], None).map_err(&failed)?;
        let tree = index.write_tree().map_err(&failed)?;
        // Whoever asks next reads the index from disk again.
        index.read(true).map_err(&failed)?;
        let parent = self.head_commit()?;
        if let Some(parent) = parent.as_ref().filter(|parent| parent.tree_id() == tree) {
            return Ok(facts(parent).sha);
        }
        let tree = self.inner.find_tree(tree).map_err(&failed)?;
        let who = git2::Signature::now("Slipway", "slipway@localhost").map_err(&failed)?;
        let parents: Vec<_> = parent.iter().collect();
        let made = self.inner.commit(None, &who, &who, "Working tree", &tree, &parents);
        let commit = self.inner.find_commit(made.map_err(&failed)?).map_err(&failed)?;
        Ok(facts(&commit).sha)
    }

    /// Commits what is staged, now. See [`Repository::commit_staged_at`].
    pub fn commit_staged(
        &self,
        message: &str,
        author: &Signature,
    ) -> Result<CommitFacts, GitError> {
        self.commit_staged_at(message, author, SystemClock.now_ms())
    }

    /// Commits what is staged to the branch that is checked out, in the author's name.
    ///
    /// No hook runs and nothing is signed, whatever the configuration says. Refused: an empty
    /// message, an empty commit, conflicts, and a merge or rebase that git itself must finish.
    pub fn commit_staged_at(
        &self,
        message: &str,
        author: &Signature,
        at: Timestamp,
    ) -> Result<CommitFacts, GitError> {
        let failed = self.failed("committing");
        let message = self.tidied(message)?;
        self.refuse_operation()?;
        let mut index = self.fresh_index()?;
        self.refuse_conflicts(&index)?;
        let tree = index.write_tree().map_err(&failed)?;
        let parent = self.head_commit()?;
        let is_empty = match &parent {
            Some(parent) => parent.tree_id() == tree,
            None => index.is_empty(),
        };
        if is_empty {
            return Err(GitError::NothingStaged { root: self.root().to_owned() });
        }
        let signature = self.signed(author, at)?;
        self.commit_tree(tree, parent.as_ref(), &signature, &message)
    }

    /// Commits a tree to the branch that is checked out.
    pub(crate) fn commit_tree(
        &self,
        tree: git2::Oid,
        parent: Option<&git2::Commit<'_>>,
        signature: &git2::Signature<'_>,
        message: &str,
    ) -> Result<CommitFacts, GitError> {
        let failed = self.failed("committing");
        let tree = self.inner.find_tree(tree).map_err(&failed)?;
        let parents: Vec<_> = parent.into_iter().collect();
        let id = self
            .inner
            .commit(Some("HEAD"), signature, signature, message, &tree, &parents)
            .map_err(&failed)?;
        let commit = self.inner.find_commit(id).map_err(&failed)?;
        Ok(facts(&commit))
    }

    /// The message as git keeps it; refused if it says nothing.
    pub(crate) fn tidied(&self, message: &str) -> Result<String, GitError> {
        let tidied = git2::message_prettify(message.trim(), None);
        let tidied = tidied.map_err(self.failed("committing"))?;
        if tidied.trim().is_empty() { Err(GitError::EmptyMessage) } else { Ok(tidied) }
    }

    /// Refuses while git itself has something to finish.
    pub(crate) fn refuse_operation(&self) -> Result<(), GitError> {
        match going_on(self.inner.state()) {
            None => Ok(()),
            Some(operation) => {
                Err(GitError::OperationInProgress { root: self.root().to_owned(), operation })
            }
        }
    }

    pub(crate) fn signed(
        &self,
        author: &Signature,
        at: Timestamp,
    ) -> Result<git2::Signature<'static>, GitError> {
        let invalid =
            || GitError::InvalidAuthor { name: author.name.clone(), email: author.email.clone() };
        // libgit2 strips angle brackets silently; git would have refused.
        let has_brackets =
            [&author.name, &author.email].iter().any(|part| part.contains(['<', '>']));
        if has_brackets || author.name.trim().is_empty() || author.email.trim().is_empty() {
            return Err(invalid());
        }
        let time = Time::new(at.div_euclid(1000), 0);
        git2::Signature::new(&author.name, &author.email, &time).map_err(|_| invalid())
    }

    pub(crate) fn refuse_conflicts(&self, index: &Index) -> Result<(), GitError> {
        if !index.has_conflicts() {
            return Ok(());
        }
        let conflicts = index.conflicts().map_err(self.failed("reading the conflicts"))?;
        let mut paths: Vec<String> = conflicts
            .flatten()
            .filter_map(|conflict| conflict.our.or(conflict.their).or(conflict.ancestor))
            .map(|entry| String::from_utf8_lossy(&entry.path).into_owned())
            .collect();
        paths.sort();
        Err(GitError::UnresolvedConflicts { root: self.root().to_owned(), paths })
    }

    /// The index as it is on disk now: git on a command line may have changed it.
    pub(crate) fn fresh_index(&self) -> Result<Index, GitError> {
        let failed = self.failed("reading the index");
        let mut index = self.inner.index().map_err(&failed)?;
        index.read(false).map_err(&failed)?;
        Ok(index)
    }

    /// Checks paths and adds the old names of renamed files among them.
    fn with_old_names(&self, paths: &[String]) -> Result<Vec<PathBuf>, GitError> {
        let mut checked = Vec::with_capacity(paths.len());
        for path in paths {
            checked.push(self.inside(path)?);
        }
        for change in self.status()? {
            let Some(old_path) = change.old_path else { continue };
            let old_path = PathBuf::from(old_path);
            if checked.iter().any(|path| *path == Path::new(&change.path))
                && !checked.contains(&old_path)
            {
                checked.push(old_path);
            }
        }
        Ok(checked)
    }

    pub(crate) fn is_in_head(&self, path: &Path) -> Result<bool, GitError> {
        let Some(head) = self.head_commit()? else { return Ok(false) };
        let tree = head.tree().map_err(self.failed("reading the newest commit"))?;
        Ok(tree.get_path(path).is_ok())
    }
}

/// The index's paths that are this path or lie under it.
fn entries_under(index: &Index, path: &Path) -> Vec<PathBuf> {
    index
        .iter()
        .map(|entry| PathBuf::from(String::from_utf8_lossy(&entry.path).into_owned()))
        .filter(|entry| entry.starts_with(path))
        .collect()
}

/// Index entries for what a tree holds at or under a path.
fn committed_under(tree: &Tree<'_>, path: &Path) -> Result<Vec<IndexEntry>, git2::Error> {
    let mut entries = Vec::new();
    // Walked whole, because a path may name a file or a folder.
    tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
        let full = [folder.as_bytes(), entry.name_bytes()].concat();
        let full_path = PathBuf::from(String::from_utf8_lossy(&full).into_owned());
        if entry.kind() == Some(ObjectType::Tree) {
            let is_on_the_way = path.starts_with(&full_path) || full_path.starts_with(path);
            return if is_on_the_way { TreeWalkResult::Ok } else { TreeWalkResult::Skip };
        }
        if full_path.starts_with(path) {
            entries.push(IndexEntry {
                ctime: IndexTime::new(0, 0),
                mtime: IndexTime::new(0, 0),
                dev: 0,
                ino: 0,
                mode: u32::try_from(entry.filemode()).unwrap_or_default(),
                uid: 0,
                gid: 0,
                file_size: 0,
                id: entry.id(),
                flags: 0,
                flags_extended: 0,
                path: full,
            });
        }
        TreeWalkResult::Ok
    })?;
    Ok(entries)
}

/// What git itself must finish before a commit.
fn going_on(state: RepositoryState) -> Option<&'static str> {
    match state {
        RepositoryState::Clean => None,
        RepositoryState::Merge => Some("merge"),
        RepositoryState::Revert | RepositoryState::RevertSequence => Some("revert"),
        RepositoryState::CherryPick | RepositoryState::CherryPickSequence => Some("cherry-pick"),
        RepositoryState::Bisect => Some("bisect"),
        RepositoryState::Rebase
        | RepositoryState::RebaseInteractive
        | RepositoryState::RebaseMerge => Some("rebase"),
        RepositoryState::ApplyMailbox | RepositoryState::ApplyMailboxOrRebase => Some("git am"),
    }
}
