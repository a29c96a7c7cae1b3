//! Commits: one, many, and what they hold.

use std::collections::BTreeSet;
use std::path::Path;

use git2::{Commit, ErrorCode, Oid, Sort};
use slipway_core::{CommitSha, Timestamp};

use crate::Repository;
use crate::error::GitError;
use crate::path::spelled;

/// Fewest digits that stand for a commit.
const FEWEST_DIGITS: usize = 4;

/// What a commit says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitFacts {
    pub sha: CommitSha,
    /// First line of the message.
    pub summary: String,
    /// What follows, without the blank line between.
    pub body: String,
    pub author_name: String,
    pub author_email: String,
    /// The committer's instant; git keeps whole seconds.
    pub committed_at: Timestamp,
    pub parents: Vec<CommitSha>,
}

impl CommitFacts {
    /// The whole message.
    pub fn message(&self) -> String {
        if self.body.is_empty() {
            self.summary.clone()
        } else {
            format!("{}\n\n{}", self.summary, self.body)
        }
    }
}

impl Repository {
    /// The newest commit of what is checked out; none before the first one.
    pub fn head(&self) -> Result<Option<CommitFacts>, GitError> {
        Ok(self.head_commit()?.map(|commit| facts(&commit)))
    }

    /// A commit by its id or a beginning of at least four digits.
    pub fn commit(&self, sha: &str) -> Result<Option<CommitFacts>, GitError> {
        let is_hex = sha.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_hex || !(FEWEST_DIGITS..=40).contains(&sha.len()) {
            return Ok(None);
        }
        match self.inner.find_commit_by_prefix(sha) {
            Ok(commit) => Ok(Some(facts(&commit))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) if error.code() == ErrorCode::Ambiguous => Err(GitError::AmbiguousCommit {
                prefix: sha.to_owned(),
                root: self.root().to_owned(),
            }),
            Err(error) => Err(self.failed("looking for a commit")(error)),
        }
    }

    /// The commit that a branch, a tag or the id of a commit leads to: `refs/heads/x`, `x`, `1a2b3c4`.
    /// A branch that was only fetched counts, too.
    pub fn commit_of(&self, reference: &str) -> Result<Option<CommitFacts>, GitError> {
        let short = reference.strip_prefix("refs/heads/").unwrap_or(reference);
        let names = [
            reference.to_owned(),
            format!("refs/heads/{short}"),
            format!("refs/tags/{short}"),
            format!("refs/remotes/origin/{short}"),
        ];
        for name in names.iter().filter(|name| name.starts_with("refs/")) {
            match self.inner.find_reference(name).and_then(|found| found.peel_to_commit()) {
                Ok(commit) => return Ok(Some(facts(&commit))),
                Err(error)
                    if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {}
                Err(error) => return Err(self.failed("looking for a branch or tag")(error)),
            }
        }
        self.commit(reference)
    }

    /// The newest commits, newest first; empty before the first one.
    pub fn log(&self, limit: usize) -> Result<Vec<CommitFacts>, GitError> {
        match self.head_commit()? {
            Some(head) => self.walk(head.id(), limit),
            None => Ok(Vec::new()),
        }
    }

    /// A commit and those before it, newest first.
    pub fn log_from(&self, sha: &CommitSha, limit: usize) -> Result<Vec<CommitFacts>, GitError> {
        self.walk(self.found(sha)?.id(), limit)
    }

    fn walk(&self, from: Oid, limit: usize) -> Result<Vec<CommitFacts>, GitError> {
        let failed = self.failed("reading the history");
        let mut walk = self.inner.revwalk().map_err(&failed)?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).map_err(&failed)?;
        walk.push(from).map_err(&failed)?;
        walk.take(limit)
            .map(|id| id.and_then(|id| self.inner.find_commit(id)).map(|commit| facts(&commit)))
            .collect::<Result<_, _>>()
            .map_err(&failed)
    }

    /// How many commits lead to `newer` and not to `older`.
    pub fn commits_ahead(&self, newer: &CommitSha, older: &CommitSha) -> Result<u32, GitError> {
        let (newer, older) = (self.found(newer)?.id(), self.found(older)?.id());
        let counted = self.inner.graph_ahead_behind(newer, older);
        let (ahead, _) = counted.map_err(self.failed("counting commits"))?;
        Ok(u32::try_from(ahead).unwrap_or(u32::MAX))
    }

    /// The paths that a commit changed against its first parent, sorted; both names of a rename.
    pub fn changed_paths(&self, sha: &CommitSha) -> Result<Vec<String>, GitError> {
        let failed = self.failed("comparing a commit with its parent");
        let commit = self.found(sha)?;
        let tree = commit.tree().map_err(&failed)?;
        let parent = match commit.parent_count() {
            0 => None,
            _ => Some(commit.parent(0).and_then(|parent| parent.tree()).map_err(&failed)?),
        };
        let diff = self.inner.diff_tree_to_tree(parent.as_ref(), Some(&tree), None);
        let diff = diff.map_err(&failed)?;
        let paths: BTreeSet<String> = diff
            .deltas()
            .flat_map(|delta| [delta.old_file().path(), delta.new_file().path()])
            .flatten()
            .map(spelled)
            .collect();
        Ok(paths.into_iter().collect())
    }

    /// A file as a commit holds it; none when it holds no such file.
    pub fn read_file_at(&self, sha: &CommitSha, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let failed = self.failed("reading a file of a commit");
        let path = self.inside(path)?;
        let tree = self.found(sha)?.tree().map_err(&failed)?;
        let entry = match tree.get_path(Path::new(&path)) {
            Ok(entry) => entry,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let object = entry.to_object(&self.inner).map_err(&failed)?;
        Ok(object.as_blob().map(|blob| blob.content().to_vec()))
    }

    pub(crate) fn head_commit(&self) -> Result<Option<Commit<'_>>, GitError> {
        match self.inner.head().and_then(|head| head.peel_to_commit()) {
            Ok(commit) => Ok(Some(commit)),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => {
                Ok(None)
            }
            Err(error) => Err(self.failed("reading HEAD")(error)),
        }
    }

    pub(crate) fn found(&self, sha: &CommitSha) -> Result<Commit<'_>, GitError> {
        let found = Oid::from_str(sha.as_str()).and_then(|id| self.inner.find_commit(id));
        found.map_err(|error| match error.code() {
            ErrorCode::NotFound => {
                GitError::CommitNotFound { sha: sha.to_string(), root: self.root().to_owned() }
            }
            _ => self.failed("looking for a commit")(error),
        })
    }
}

/// Reads a commit; text that is not UTF-8 is shown as well as it can be.
pub(crate) fn facts(commit: &Commit<'_>) -> CommitFacts {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    let author = commit.author();
    CommitFacts {
        sha: sha_of(commit.id()),
        summary: text(commit.summary_bytes().unwrap_or_default()),
        body: text(commit.body_bytes().unwrap_or_default()),
        author_name: text(author.name_bytes()),
        author_email: text(author.email_bytes()),
        committed_at: commit.time().seconds().saturating_mul(1000),
        parents: commit.parent_ids().map(sha_of).collect(),
    }
}

fn sha_of(id: Oid) -> CommitSha {
    CommitSha::parse(&id.to_string()).expect("BUG: libgit2 gave an object id that is not SHA-1")
}
