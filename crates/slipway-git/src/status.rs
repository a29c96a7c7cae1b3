//! The working tree against the newest commit.

use std::collections::{BTreeMap, BTreeSet};

use git2::{Delta, Diff, DiffFindOptions, DiffOptions, Patch, Status, StatusOptions};

use crate::Repository;
use crate::error::GitError;
use crate::path::spelled;

/// Files above this are shown as binary: nobody reads them here.
pub(crate) const LARGEST_TEXT: i64 = 4 * 1024 * 1024;

/// How a file differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileStatus {
    Added,
    Modified,
    Deleted,
    Renamed,
    Conflicted,
}

/// A file that differs from the newest commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileChange {
    pub path: String,
    /// Where a renamed file came from.
    pub old_path: Option<String>,
    pub status: FileStatus,
    /// Some of the difference is staged.
    pub is_staged: bool,
    /// Some of it is staged and some is not.
    pub is_partly_staged: bool,
    pub additions: u32,
    pub deletions: u32,
    pub is_binary: bool,
}

impl Repository {
    /// Every file that differs, sorted by path; untracked ones too, ignored ones not.
    pub fn status(&self) -> Result<Vec<FileChange>, GitError> {
        let failed = self.failed("comparing the working tree");
        let mut flags = self.flags()?;
        let mut options = options();
        options.include_untracked(true);
        let mut diff = self.diff_against_head(&mut options)?;
        find_renames(&mut diff).map_err(&failed)?;
        let mut changes = Vec::new();
        for index in 0..diff.deltas().len() {
            changes.extend(change_at(&diff, index, &mut flags).map_err(&failed)?);
        }
        // Staged one way and changed back in the working tree: no difference left to show.
        for (path, flags) in flags {
            if flags != Status::CURRENT {
                changes.push(without_lines(path, flags));
            }
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }

    /// Every file of the working tree that is not ignored, sorted.
    pub fn files(&self) -> Result<Vec<String>, GitError> {
        let index = self.fresh_index()?;
        let mut paths: BTreeSet<String> =
            index.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()).collect();
        for (path, flags) in self.flags()? {
            if flags.contains(Status::WT_NEW) {
                paths.insert(path);
            } else if flags.contains(Status::WT_DELETED) {
                paths.remove(&path);
            }
        }
        Ok(paths.into_iter().collect())
    }

    /// What git says of each path, with no thought of renames.
    fn flags(&self) -> Result<BTreeMap<String, Status>, GitError> {
        let mut options = StatusOptions::new();
        options.include_untracked(true).recurse_untracked_dirs(true).include_ignored(false);
        let statuses = self.inner.statuses(Some(&mut options));
        let statuses = statuses.map_err(self.failed("reading the status"))?;
        Ok(statuses
            .iter()
            .map(|entry| (String::from_utf8_lossy(entry.path_bytes()).into_owned(), entry.status()))
            .collect())
    }

    /// The newest commit's tree against working tree and index.
    pub(crate) fn diff_against_head(
        &self,
        options: &mut DiffOptions,
    ) -> Result<Diff<'_>, GitError> {
        let failed = self.failed("comparing the working tree");
        let tree = match self.head_commit()? {
            Some(head) => Some(head.tree().map_err(&failed)?),
            None => None,
        };
        self.inner.diff_tree_to_workdir_with_index(tree.as_ref(), Some(options)).map_err(&failed)
    }
}

/// The options of every comparison.
pub(crate) fn options() -> DiffOptions {
    let mut options = DiffOptions::new();
    options
        .recurse_untracked_dirs(true)
        .show_untracked_content(true)
        .include_typechange(true)
        .max_size(LARGEST_TEXT)
        .context_lines(3);
    options
}

/// Pairs what went with what came, untracked files included.
pub(crate) fn find_renames(diff: &mut Diff<'_>) -> Result<(), git2::Error> {
    diff.find_similar(Some(DiffFindOptions::new().renames(true).for_untracked(true)))
}

const STAGED: Status = Status::INDEX_NEW
    .union(Status::INDEX_MODIFIED)
    .union(Status::INDEX_DELETED)
    .union(Status::INDEX_RENAMED)
    .union(Status::INDEX_TYPECHANGE);
const UNSTAGED: Status = Status::WT_NEW
    .union(Status::WT_MODIFIED)
    .union(Status::WT_DELETED)
    .union(Status::WT_RENAMED)
    .union(Status::WT_TYPECHANGE);

fn change_at(
    diff: &Diff<'_>,
    index: usize,
    flags: &mut BTreeMap<String, Status>,
) -> Result<Option<FileChange>, git2::Error> {
    let Some(delta) = diff.get_delta(index) else { return Ok(None) };
    let path = delta.new_file().path().or(delta.old_file().path()).map(spelled).unwrap_or_default();
    let mut found = flags.remove(&path).unwrap_or(Status::CURRENT);
    let mut old_path = None;
    let status = match delta.status() {
        Delta::Added | Delta::Untracked | Delta::Copied => FileStatus::Added,
        Delta::Deleted => FileStatus::Deleted,
        Delta::Modified | Delta::Typechange => FileStatus::Modified,
        Delta::Conflicted => FileStatus::Conflicted,
        Delta::Renamed => {
            old_path = delta.old_file().path().map(spelled);
            if let Some(old_path) = &old_path {
                found |= flags.remove(old_path).unwrap_or(Status::CURRENT);
            }
            FileStatus::Renamed
        }
        Delta::Unmodified | Delta::Ignored | Delta::Unreadable => {
            // What else is known of it is said by its flags.
            flags.insert(path, found);
            return Ok(None);
        }
    };
    let patch = Patch::from_diff(diff, index)?;
    let (_, additions, deletions) = match &patch {
        Some(patch) => patch.line_stats()?,
        None => (0, 0, 0),
    };
    let is_binary = match &patch {
        Some(patch) => patch.delta().flags().is_binary(),
        None => true,
    };
    let status = if found.is_conflicted() { FileStatus::Conflicted } else { status };
    Ok(Some(FileChange {
        path,
        old_path,
        status,
        is_staged: found.intersects(STAGED),
        is_partly_staged: found.intersects(STAGED) && found.intersects(UNSTAGED),
        additions: u32::try_from(additions).unwrap_or(u32::MAX),
        deletions: u32::try_from(deletions).unwrap_or(u32::MAX),
        is_binary,
    }))
}

fn without_lines(path: String, flags: Status) -> FileChange {
    let status = if flags.is_conflicted() {
        FileStatus::Conflicted
    } else if flags.contains(Status::INDEX_NEW) {
        FileStatus::Added
    } else if flags.contains(Status::INDEX_DELETED) && !flags.contains(Status::WT_NEW) {
        FileStatus::Deleted
    } else {
        FileStatus::Modified
    };
    FileChange {
        path,
        old_path: None,
        status,
        is_staged: flags.intersects(STAGED),
        is_partly_staged: flags.intersects(STAGED) && flags.intersects(UNSTAGED),
        additions: 0,
        deletions: 0,
        is_binary: false,
    }
}
