//! Files of Git LFS: put in the place of their pointers if the repository's own store has them.
//!
//! Called by `submodule` for each repository of a checkout. Deliberately not here: fetching them, which is
//! git-lfs's.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use git2::AttrCheckFlags;
use slipway_core::CheckedOut;

use crate::submodule::Failure;

/// A pointer is never longer.
const MAX_POINTER: u64 = 1024;
const VERSION: &str = "version https://git-lfs.github.com/spec/v1";

/// Fills what is there and tells what is not; `before` is the repository's path in the checkout.
pub(crate) fn fill(
    source: &git2::Repository,
    workspace: &git2::Repository,
    before: &Path,
    done: &mut CheckedOut,
) -> Result<(), Failure> {
    let Some(root) = workspace.workdir() else { return Ok(()) };
    for entry in workspace.index()?.iter() {
        let Ok(path) = std::str::from_utf8(&entry.path) else { continue };
        let file = root.join(path);
        let Some(oid) = pointer(&file) else { continue };
        let filter = workspace.get_attr(Path::new(path), "filter", AttrCheckFlags::default())?;
        if filter != Some("lfs") {
            continue;
        }
        let shown = before.join(path).display().to_string();
        let kept = place(source.commondir(), &oid);
        if !kept.is_file() {
            done.missing_large_files.push(shown);
            continue;
        }
        let own = place(workspace.commondir(), &oid);
        put(&kept, &own, &file).map_err(|source| Failure::Io { path: file.clone(), source })?;
        done.large_files.push(shown);
    }
    Ok(())
}

/// The object that a file stands for, if it is a pointer.
fn pointer(file: &Path) -> Option<String> {
    let facts = fs::symlink_metadata(file).ok()?;
    if !facts.is_file() || facts.len() > MAX_POINTER {
        return None;
    }
    let text = fs::read_to_string(file).ok()?;
    let mut lines = text.lines();
    if lines.next() != Some(VERSION) {
        return None;
    }
    let oid = lines.find_map(|line| line.strip_prefix("oid sha256:"))?.trim();
    let is_hex = oid.len() == 64 && oid.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| oid.to_owned())
}

fn place(git: &Path, oid: &str) -> PathBuf {
    git.join("lfs/objects").join(&oid[..2]).join(&oid[2..4]).join(oid)
}

/// The workspace's own store gets it too, so that git-lfs finds it there; the file keeps its mode.
fn put(kept: &Path, own: &Path, file: &Path) -> io::Result<()> {
    if let Some(folder) = own.parent() {
        fs::create_dir_all(folder)?;
    }
    if !own.exists() && fs::hard_link(kept, own).is_err() {
        fs::copy(kept, own)?;
    }
    let mut target = File::options().write(true).truncate(true).open(file)?;
    io::copy(&mut File::open(kept)?, &mut target).map(drop)
}
