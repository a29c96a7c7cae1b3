//! Workspaces of runs: real clones at a commit.

use std::fs;
use std::path::Path;

use slipway_core::Explain;

use crate::support::{git, place};

fn head(folder: &Path) -> String {
    git(folder, &["rev-parse", "HEAD"])
}

#[cfg(unix)]
#[test]
fn a_workspace_is_a_real_repository_at_the_commit() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    place.write("run.sh", "#!/bin/sh\n");
    place.write("dir/a.txt", "one\n");
    fs::set_permissions(place.path("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    std::os::unix::fs::symlink("dir/a.txt", place.path("link")).unwrap();
    let first = place.commit("first");
    place.write("dir/a.txt", "two\n");
    place.commit("second");
    place.write("dir/a.txt", "not committed\n");
    let into = place.dir.path().join("work/1/s");
    place.repository.checkout_to(&first, &into, true).unwrap();
    assert_eq!(head(&into), first.as_str(), "scripts may ask git where they are");
    assert_eq!(git(&into, &["status", "--porcelain"]), "", "nothing differs from the commit");
    assert_eq!(git(&into, &["rev-parse", "--abbrev-ref", "HEAD"]), "HEAD", "detached, as in Azure");
    assert_eq!(fs::read_to_string(into.join("dir/a.txt")).unwrap(), "one\n", "as committed");
    let mode = fs::metadata(into.join("run.sh")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "programs can be run");
    assert_eq!(
        fs::read_link(into.join("link")).unwrap(),
        Path::new("dir/a.txt"),
        "links stay links"
    );
    assert!(!into.join(".git/objects/info/alternates").exists(), "it stands by itself");
    // In a container only the workspace is mounted: it must work without the repository.
    fs::rename(place.repository.root(), place.dir.path().join("away")).unwrap();
    git(&into, &["fsck"]);
    assert_eq!(git(&into, &["log", "--format=%s"]), "first", "history is there");
}

#[test]
fn a_workspace_is_used_again_for_newer_commits() {
    let place = place();
    place.write("a.txt", "one\n");
    place.write("gone.txt", "x\n");
    place.write(".gitignore", "*.cache\n");
    let first = place.commit("first");
    let into = place.dir.path().join("s");
    place.repository.checkout_to(&first, &into, false).unwrap();
    fs::write(into.join("a.txt"), "dirty").unwrap();
    fs::write(into.join("built.txt"), "x").unwrap();
    fs::write(into.join("kept.cache"), "x").unwrap();
    place.write("a.txt", "two\n");
    place.remove("gone.txt");
    let second = place.commit("second");
    // What a kill in the middle of a checkout leaves behind.
    fs::write(into.join(".git/index.lock"), "").unwrap();
    place.repository.checkout_to(&second, &into, false).unwrap();
    assert_eq!(head(&into), second.as_str(), "moved on");
    assert_eq!(
        fs::read_to_string(into.join("a.txt")).unwrap(),
        "two\n",
        "tracked files are renewed"
    );
    assert!(!into.join("gone.txt").exists(), "what the commit deleted is gone");
    assert!(into.join("built.txt").exists(), "other files stay without clean");
    assert_eq!(git(&into, &["rev-parse", "origin/main"]), second.as_str(), "branches follow");
    place.repository.checkout_to(&first, &into, true).unwrap();
    let mut left: Vec<_> = fs::read_dir(&into)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, [".git", ".gitignore", "a.txt", "gone.txt"], "clean leaves only the commit");
}

#[test]
fn a_commit_that_no_branch_leads_to_is_brought_along() {
    let place = place();
    place.write("a.txt", "one\n");
    let first = place.commit("first");
    let into = place.dir.path().join("s");
    place.repository.checkout_to(&first, &into, true).unwrap();
    place.git(&["checkout", "-q", "--detach"]);
    place.write("dir/b.txt", "b\n");
    place.commit("lost 1");
    place.write("dir/b.txt", "bb\n");
    let lost = place.commit("lost 2");
    place.git(&["checkout", "-q", "main"]);
    place.repository.checkout_to(&lost, &into, true).unwrap();
    assert_eq!(head(&into), lost.as_str(), "the commit came without a branch");
    assert_eq!(fs::read_to_string(into.join("dir/b.txt")).unwrap(), "bb\n", "with its files");
    git(&into, &["fsck"]);
}

#[test]
fn folders_that_hold_something_else_are_left_alone() {
    let place = place();
    place.write("a.txt", "one\n");
    let sha = place.commit("first");
    let full = place.dir.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("mine.txt"), "mine").unwrap();
    let error = place.repository.checkout_to(&sha, &full, true).unwrap_err();
    assert_eq!(error.code(), "workspace_taken", "somebody's files: {error}");
    assert!(full.join("mine.txt").exists(), "and they are still there");
    let other = place.dir.path().join("other");
    fs::create_dir(&other).unwrap();
    git(&other, &["init", "-q"]);
    let error = place.repository.checkout_to(&sha, &other, true).unwrap_err();
    assert_eq!(error.code(), "workspace_taken", "another repository: {error}");
    for over in [place.repository.root(), place.dir.path()] {
        let error = place.repository.checkout_to(&sha, over, true).unwrap_err();
        assert_eq!(error.code(), "workspace_overlaps", "never over the repository: {error}");
    }
    assert!(place.path("a.txt").exists(), "the repository is untouched");
    let empty = place.dir.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let half = place.dir.path().join("empty.cloning");
    fs::create_dir(&half).unwrap();
    fs::write(half.join("left"), "by a kill").unwrap();
    place.repository.checkout_to(&sha, &empty, true).expect("an empty folder may be used");
    assert!(!half.exists(), "half a clone is swept away");
}
