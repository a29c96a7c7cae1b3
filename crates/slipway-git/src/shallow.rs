//! How much history a workspace shows.
//!
//! Called by `workspace` and `submodule`. Objects are hard-linked, so leaving some out would save nothing; git
//! is only told where the history ends, as after `git fetch --depth`.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::io;

use git2::{ErrorCode, Oid};

/// Ends the history after so many commits from HEAD, every branch and every tag.
pub(crate) fn cut(workspace: &git2::Repository, depth: u32) -> Result<(), git2::Error> {
    let mut open: VecDeque<(Oid, u32)> = VecDeque::new();
    let mut seen: HashSet<Oid> = HashSet::new();
    let mut tips: Vec<Oid> = workspace.head()?.target().into_iter().collect();
    for reference in workspace.references()? {
        // A tag of a tree or a blob has no history.
        tips.extend(reference?.peel_to_commit().map(|commit| commit.id()).ok());
    }
    open.extend(tips.into_iter().filter(|tip| seen.insert(*tip)).map(|tip| (tip, 1)));
    let mut last = BTreeSet::new();
    while let Some((id, at)) = open.pop_front() {
        let commit = match workspace.find_commit(id) {
            Ok(commit) => commit,
            // Where the repository itself is shallow.
            Err(error) if error.code() == ErrorCode::NotFound => continue,
            Err(error) => return Err(error),
        };
        if at >= depth {
            if commit.parent_count() > 0 {
                last.insert(id.to_string());
            }
            continue;
        }
        open.extend(
            commit.parent_ids().filter(|parent| seen.insert(*parent)).map(|it| (it, at + 1)),
        );
    }
    if last.is_empty() {
        return Ok(());
    }
    let lines: String = last.into_iter().map(|id| id + "\n").collect();
    let path = workspace.path().join("shallow");
    std::fs::write(path, lines).map_err(|error| git2::Error::from_str(&error.to_string()))
}

/// Shows all history again.
pub(crate) fn forget(workspace: &git2::Repository) -> io::Result<()> {
    match std::fs::remove_file(workspace.path().join("shallow")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes every tag.
pub(crate) fn drop_tags(workspace: &git2::Repository) -> Result<(), git2::Error> {
    for reference in workspace.references_glob("refs/tags/*")? {
        reference?.delete()?;
    }
    Ok(())
}
