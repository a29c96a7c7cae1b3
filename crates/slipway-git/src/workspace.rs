//! The workspace of a run: a real clone at a commit, as an Azure agent's checkout leaves it.
//!
//! Objects are hard-linked (or copied across file systems), never borrowed through alternates: a
//! job's container sees only the workspace, and git must work in it. What a checkout brings along beside
//! the commit's files is in `shallow`, `submodule` and `large_file`.

use std::fs;
use std::path::{Path, PathBuf};

use git2::build::{CheckoutBuilder, CloneLocal, RepoBuilder};
use git2::{FetchOptions, Oid, PackBuilder};
use slipway_core::{CheckedOut, CheckoutOptions, CommitSha};

use crate::Repository;
use crate::error::GitError;
use crate::repository::apply;
use crate::{shallow, submodule};

impl Repository {
    /// Checks a commit out into a workspace, with HEAD detached at it.
    ///
    /// A missing or empty folder becomes a clone; a workspace of this repository is used again and
    /// given what it lacks; anything else is refused. Tracked files always end up as committed; with
    /// `clean`, every other file goes (`checkout: self, clean: true`).
    pub fn checkout_to(&self, sha: &CommitSha, into: &Path, clean: bool) -> Result<(), GitError> {
        let options = CheckoutOptions { clean, ..CheckoutOptions::default() };
        self.checkout_with(sha, into, &options).map(drop)
    }

    /// The same with history, tags, submodules and large files as they are wanted. What is not on this
    /// machine is told, not fetched.
    pub fn checkout_with(
        &self,
        sha: &CommitSha,
        into: &Path,
        options: &CheckoutOptions,
    ) -> Result<CheckedOut, GitError> {
        let failed = self.failed("checking out into the workspace");
        let id = self.found(sha)?.id();
        self.refuse_overlap(into)?;
        let workspace = if into.join(".git").exists() {
            remove_stale_locks(into);
            let workspace = self.open_workspace(into)?;
            self.catch_up(&workspace, id)?;
            workspace
        } else {
            self.clone_into(into)?
        };
        let mut checkout = CheckoutBuilder::new();
        checkout.force().remove_untracked(options.clean).remove_ignored(options.clean);
        let commit = workspace.find_object(id, None).map_err(&failed)?;
        workspace.checkout_tree(&commit, Some(&mut checkout)).map_err(&failed)?;
        workspace.set_head_detached(id).map_err(&failed)?;
        let mut done = CheckedOut { origin: self.own_origin(), ..CheckedOut::default() };
        let wish = submodule::Wish { options, top: into };
        submodule::finish(&self.inner, &workspace, &wish, &mut done).map_err(
            |error| match error {
                submodule::Failure::Git(source) => failed(source),
                submodule::Failure::Io { path, source } => GitError::Io { path, source },
            },
        )?;
        Ok(done)
    }

    /// Where the repository was cloned from, if it was.
    fn own_origin(&self) -> Option<String> {
        let origin = self.inner.find_remote("origin").ok()?;
        origin.url().ok().map(str::to_owned)
    }

    fn refuse_overlap(&self, into: &Path) -> Result<(), GitError> {
        let root = absolute(self.root());
        if root.starts_with(absolute(into)) {
            return Err(GitError::WorkspaceOverlaps { into: into.to_owned(), root });
        }
        Ok(())
    }

    /// Clones beside the folder and renames, so that half a clone is never taken for a whole one.
    fn clone_into(&self, into: &Path) -> Result<git2::Repository, GitError> {
        let failed = self.failed("cloning into the workspace");
        let io = |path: &Path| {
            let path = path.to_owned();
            move |source| GitError::Io { path, source }
        };
        if let Some(parent) = into.parent() {
            fs::create_dir_all(parent).map_err(io(parent))?;
        }
        // Only an empty folder can be removed this way: anything else is not ours.
        if into.symlink_metadata().is_ok() {
            fs::remove_dir(into).map_err(|_| GitError::WorkspaceTaken { into: into.to_owned() })?;
        }
        let mut name = into.file_name().unwrap_or_default().to_owned();
        name.push(".cloning");
        let half = into.with_file_name(name);
        if half.exists() {
            fs::remove_dir_all(&half).map_err(io(&half))?;
        }
        let mut nothing = CheckoutBuilder::new();
        nothing.dry_run();
        let cloned = RepoBuilder::new()
            .clone_local(CloneLocal::Local)
            .with_checkout(nothing)
            .clone(&self.origin(), &half)
            .map_err(&failed)?;
        drop(cloned);
        fs::rename(&half, into).map_err(io(into))?;
        self.open_workspace(into)
    }

    /// Opens a workspace, if it is one of this repository.
    fn open_workspace(&self, into: &Path) -> Result<git2::Repository, GitError> {
        let taken = || GitError::WorkspaceTaken { into: into.to_owned() };
        let workspace = git2::Repository::open(into).map_err(|_| taken())?;
        shallow::forget(&workspace)
            .map_err(|source| GitError::Io { path: workspace.path().to_owned(), source })?;
        let is_ours = workspace
            .find_remote("origin")
            .is_ok_and(|origin| origin.url().is_ok_and(|url| url == self.origin()));
        if !is_ours {
            return Err(taken());
        }
        apply(&workspace, &self.scope).map_err(self.failed("reading the configuration"))?;
        Ok(workspace)
    }

    /// Brings the branches up to date and, when no branch leads to the commit, the commit itself.
    fn catch_up(&self, workspace: &git2::Repository, id: Oid) -> Result<(), GitError> {
        let failed = self.failed("updating the workspace");
        let mut origin = workspace.find_remote("origin").map_err(&failed)?;
        let branches = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
        let mut options = FetchOptions::new();
        options.prune(git2::FetchPrune::On);
        origin.fetch(&branches, Some(&mut options), None).map_err(&failed)?;
        drop(origin);
        let objects = workspace.odb().map_err(&failed)?;
        objects.refresh().map_err(&failed)?;
        if objects.exists(id) {
            return Ok(());
        }
        let pack = self.pack_up(workspace, id).map_err(&failed)?;
        let mut writer = objects.packwriter().map_err(&failed)?;
        std::io::Write::write_all(&mut writer, &pack)
            .map_err(|source| GitError::Io { path: workspace.path().to_owned(), source })?;
        writer.commit().map_err(&failed)?;
        objects.refresh().map_err(&failed)
    }

    /// The commit with its history, less what the workspace's branches already lead to.
    fn pack_up(&self, workspace: &git2::Repository, id: Oid) -> Result<Vec<u8>, git2::Error> {
        let mut walk = self.inner.revwalk()?;
        walk.push(id)?;
        for reference in workspace.references()? {
            let Some(known) = reference?.target() else { continue };
            if self.inner.find_commit(known).is_ok() {
                walk.hide(known)?;
            }
        }
        let mut builder: PackBuilder<'_> = self.inner.packbuilder()?;
        builder.insert_walk(&mut walk)?;
        let mut pack = Vec::new();
        builder.foreach(|bytes| {
            pack.extend_from_slice(bytes);
            true
        })?;
        Ok(pack)
    }

    fn origin(&self) -> String {
        self.root().to_string_lossy().into_owned()
    }
}

/// The folder's real place; a folder that does not exist yet is placed by its parent.
fn absolute(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) if !parent.as_os_str().is_empty() => absolute(parent).join(name),
        _ => path.to_owned(),
    }
}

/// Removes locks that a killed checkout left; only one run at a time owns a workspace.
fn remove_stale_locks(into: &Path) {
    for name in ["index.lock", "HEAD.lock", "config.lock"] {
        // Usually there is none; one that stays is reported by the checkout that meets it.
        let _ = fs::remove_file(into.join(".git").join(name));
    }
}
