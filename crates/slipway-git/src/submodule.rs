//! What a checkout brings along beside the commit's files: submodules from wherever on this machine they lie,
//! large files, less tags and history; the same for every submodule.
//!
//! Called by `workspace`. A submodule is looked for in the repository that is checked out (`.git/modules`, its own
//! folder), then where its URL leads, if that is on this machine. Deliberately not here: the network.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use git2::build::{CheckoutBuilder, CloneLocal, RepoBuilder};
use git2::{Oid, SubmoduleUpdate};
use slipway_core::{CheckedOut, CheckoutOptions, MissingSubmodule, SubmoduleDepth};

use crate::{large_file, shallow};

/// What is wanted.
pub(crate) struct Wish<'a> {
    pub(crate) options: &'a CheckoutOptions,
    /// The workspace of the whole.
    pub(crate) top: &'a Path,
}

/// Why it failed.
pub(crate) enum Failure {
    Git(git2::Error),
    Io { path: PathBuf, source: io::Error },
}

impl From<git2::Error> for Failure {
    fn from(source: git2::Error) -> Self {
        Self::Git(source)
    }
}

/// Makes a workspace that is at its commit what is wanted.
pub(crate) fn finish(
    source: &git2::Repository,
    workspace: &git2::Repository,
    wish: &Wish<'_>,
    done: &mut CheckedOut,
) -> Result<(), Failure> {
    let options = wish.options;
    if !options.has_tags {
        shallow::drop_tags(workspace)?;
    }
    let root = workspace.workdir().unwrap_or(wish.top);
    let before = root.strip_prefix(wish.top).unwrap_or(Path::new("")).to_owned();
    if options.has_large_files {
        large_file::fill(source, workspace, &before, done)?;
    }
    let is_top = before.as_os_str().is_empty();
    let is_wanted = match options.submodules {
        SubmoduleDepth::None => false,
        SubmoduleDepth::Direct => is_top,
        SubmoduleDepth::Recursive => true,
    };
    if is_wanted {
        for submodule in workspace.submodules()? {
            fill(source, workspace, &submodule, (&before, wish), done)?;
        }
    }
    if let Some(depth) = options.depth.filter(|depth| *depth > 0) {
        shallow::cut(workspace, depth)?;
    }
    Ok(())
}

fn fill(
    source: &git2::Repository,
    workspace: &git2::Repository,
    submodule: &git2::Submodule<'_>,
    (before, wish): (&Path, &Wish<'_>),
    done: &mut CheckedOut,
) -> Result<(), Failure> {
    let Some(commit) = submodule.index_id().or_else(|| submodule.head_id()) else { return Ok(()) };
    if submodule.update_strategy() == SubmoduleUpdate::None {
        return Ok(());
    }
    let root = workspace.workdir().unwrap_or(wish.top);
    let path = submodule.path().to_owned();
    let name = String::from_utf8_lossy(submodule.name_bytes()).into_owned();
    let written =
        String::from_utf8_lossy(submodule.opt_url_bytes().unwrap_or_default()).into_owned();
    let urls = urls(source, &written);
    let shown = before.join(&path).display().to_string();
    let Some(found) = find(source, &name, &path, &urls, commit) else {
        done.missing_submodules.push(MissingSubmodule {
            name,
            path: shown,
            url: urls.into_iter().next().unwrap_or(written),
            commit: commit.to_string(),
            within: root.to_owned(),
            path_within: path.display().to_string(),
        });
        return Ok(());
    };
    let into = root.join(&path);
    let filled = clone_at(&found, commit, &into)?;
    if let Some(url) = urls.first() {
        filled.remote_set_url("origin", url)?;
        workspace.config()?.set_str(&format!("submodule.{name}.url"), url)?;
    }
    done.submodules.push(shown);
    finish(&found, &filled, wish, done)
}

/// Puts a commit of a repository into a folder, whatever is there.
fn clone_at(from: &git2::Repository, id: Oid, into: &Path) -> Result<git2::Repository, Failure> {
    let io = |source| Failure::Io { path: into.to_owned(), source };
    if into.symlink_metadata().is_ok() {
        fs::remove_dir_all(into).map_err(io)?;
    }
    let mut nothing = CheckoutBuilder::new();
    nothing.dry_run();
    let filled = RepoBuilder::new()
        .clone_local(CloneLocal::Local)
        .with_checkout(nothing)
        .clone(&from.path().to_string_lossy(), into)?;
    let mut checkout = CheckoutBuilder::new();
    filled.checkout_tree(&filled.find_object(id, None)?, Some(checkout.force()))?;
    filled.set_head_detached(id)?;
    Ok(filled)
}

/// The first place on this machine that has the commit.
fn find(
    source: &git2::Repository,
    name: &str,
    path: &Path,
    urls: &[String],
    commit: Oid,
) -> Option<git2::Repository> {
    let mut places = vec![source.commondir().join("modules").join(name)];
    places.extend(source.workdir().map(|root| root.join(path)));
    places.extend(urls.iter().filter_map(|url| local(url)));
    places.into_iter().find_map(|place| {
        let found = git2::Repository::open(place).ok()?;
        let has_it = found.find_commit(commit).is_ok();
        has_it.then_some(found)
    })
}

/// What a URL may mean, likeliest first: one that is relative is so to where the repository came from, and on
/// this machine to where it lies.
fn urls(source: &git2::Repository, written: &str) -> Vec<String> {
    if !written.starts_with("./") && !written.starts_with("../") {
        return vec![written.to_owned()];
    }
    let origin = source.find_remote("origin");
    let origin = origin.ok().and_then(|origin| origin.url().ok().map(str::to_owned));
    let place = source.workdir().unwrap_or_else(|| source.path()).display().to_string();
    [origin, Some(place)].into_iter().flatten().map(|base| join(&base, written)).collect()
}

/// Joins a relative URL as git does: each `../` takes a part away.
fn join(base: &str, relative: &str) -> String {
    let mut base = base.trim_end_matches('/');
    let mut rest = relative;
    let mut between = "/";
    loop {
        if let Some(after) = rest.strip_prefix("./") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix("../") {
            rest = after;
            let Some(at) = base.rfind(['/', ':']) else { break };
            between = if base[at..].starts_with(':') { ":" } else { "/" };
            base = &base[..at];
        } else {
            break;
        }
    }
    format!("{base}{between}{}", rest.trim_end_matches('/'))
}

/// The folder that a URL names, if it is on this machine.
fn local(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("file://").unwrap_or(url);
    path.starts_with('/').then(|| PathBuf::from(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_urls_are_joined_as_git_does() {
        for (base, relative, whole) in [
            ("https://h/contoso/app", "../lib", "https://h/contoso/lib"),
            ("https://h/contoso/app/", "../../x/lib.git", "https://h/x/lib.git"),
            ("git@h:contoso/app.git", "../lib.git", "git@h:contoso/lib.git"),
            ("git@h:app.git", "../lib.git", "git@h:lib.git"),
            ("/work/app", "./lib", "/work/app/lib"),
        ] {
            assert_eq!(join(base, relative), whole, "{relative} at {base}");
        }
    }

    #[test]
    fn only_paths_are_on_this_machine() {
        assert_eq!(local("file:///srv/lib.git"), Some("/srv/lib.git".into()), "a file's URL");
        assert_eq!(local("https://h/lib"), None, "a remote");
        assert_eq!(local("git@h:lib"), None, "a remote by ssh");
    }
}
