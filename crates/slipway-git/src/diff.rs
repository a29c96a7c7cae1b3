//! The difference of one file, line by line.

use git2::{Delta, Diff, DiffLineType, Patch};

use crate::Repository;
use crate::error::GitError;
use crate::path::spelled;
use crate::status::{find_renames, options};

/// The difference of one file between the newest commit and the working tree.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct FileDiff {
    pub hunks: Vec<DiffHunk>,
    pub is_binary: bool,
    /// More lines than were asked for.
    pub is_truncated: bool,
}

/// A run of lines around a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffHunk {
    /// Such as `@@ -1,3 +1,4 @@ fn main`.
    pub header: String,
    pub lines: Vec<DiffLine>,
}

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    pub kind: DiffLineKind,
    pub old_line: Option<u32>,
    pub new_line: Option<u32>,
    /// Without the end of line.
    pub text: String,
}

/// Whether a line stays, comes or goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DiffLineKind {
    Context,
    Added,
    Removed,
}

impl Repository {
    /// The difference of one file; no hunks when there is none. An untracked file is all added.
    pub fn diff_file(&self, path: &str, max_lines: usize) -> Result<FileDiff, GitError> {
        let failed = self.failed("comparing a file");
        let checked = self.inside(path)?;
        let spelled_path = spelled(&checked);
        let mut diff = self.diff_of(&[&spelled_path])?;
        if diff.deltas().any(|delta| matches!(delta.status(), Delta::Added | Delta::Untracked)) {
            // A renamed file is compared with what it was, as the list of changes says.
            let changes = self.status()?;
            let change = changes.into_iter().find(|change| change.path == spelled_path);
            if let Some(old_path) = change.and_then(|change| change.old_path) {
                diff = self.diff_of(&[&spelled_path, &old_path])?;
                find_renames(&mut diff).map_err(&failed)?;
            }
        }
        let index = diff.deltas().position(|delta| {
            [delta.new_file().path(), delta.old_file().path()]
                .into_iter()
                .flatten()
                .any(|found| found == checked)
        });
        match index {
            Some(index) => read(&diff, index, max_lines).map_err(&failed),
            None if self.is_known(&checked)? => Ok(FileDiff::default()),
            None => {
                Err(GitError::PathNotFound { path: path.to_owned(), root: self.root().to_owned() })
            }
        }
    }

    fn diff_of(&self, paths: &[&str]) -> Result<Diff<'_>, GitError> {
        let mut options = options();
        options.include_untracked(true).disable_pathspec_match(true);
        for path in paths {
            options.pathspec(*path);
        }
        self.diff_against_head(&mut options)
    }

    fn is_known(&self, path: &std::path::Path) -> Result<bool, GitError> {
        if self.root().join(path).symlink_metadata().is_ok() {
            return Ok(true);
        }
        let Some(head) = self.head_commit()? else { return Ok(false) };
        let tree = head.tree().map_err(self.failed("reading the newest commit"))?;
        Ok(tree.get_path(path).is_ok())
    }
}

fn read(diff: &Diff<'_>, index: usize, max_lines: usize) -> Result<FileDiff, git2::Error> {
    let Some(patch) = Patch::from_diff(diff, index)? else {
        return Ok(FileDiff { is_binary: true, ..FileDiff::default() });
    };
    let mut read = FileDiff { is_binary: patch.delta().flags().is_binary(), ..Default::default() };
    let mut left = max_lines;
    for place in 0..patch.num_hunks() {
        let (hunk, count) = patch.hunk(place)?;
        let header = String::from_utf8_lossy(hunk.header()).trim_end().to_owned();
        let mut lines = Vec::new();
        for line in 0..count {
            let line = patch.line_in_hunk(place, line)?;
            let kind = match line.origin_value() {
                DiffLineType::Context => DiffLineKind::Context,
                DiffLineType::Addition => DiffLineKind::Added,
                DiffLineType::Deletion => DiffLineKind::Removed,
                // "\ No newline at end of file" and headers are no lines of the file.
                _ => continue,
            };
            if left == 0 {
                read.is_truncated = true;
                break;
            }
            left -= 1;
            lines.push(DiffLine {
                kind,
                old_line: line.old_lineno(),
                new_line: line.new_lineno(),
                text: text(line.content()),
            });
        }
        if !lines.is_empty() {
            read.hunks.push(DiffHunk { header, lines });
        }
        if read.is_truncated {
            break;
        }
    }
    Ok(read)
}

fn text(content: &[u8]) -> String {
    let content = content.strip_suffix(b"\n").unwrap_or(content);
    let content = content.strip_suffix(b"\r").unwrap_or(content);
    String::from_utf8_lossy(content).into_owned()
}
