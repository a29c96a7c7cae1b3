//! What a checkout brings along: history, tags, submodules, large files.

use std::fs;
use std::path::Path;

use slipway_core::CommitSha;
use slipway_core::{CheckoutOptions, SubmoduleDepth};
use slipway_git::Repository;

use crate::support::{Place, git, place};

fn add_submodule(place: &Place, url: &str, path: &str) -> CommitSha {
    let allowed = ["-c", "protocol.file.allow=always"];
    git(place.repository.root(), &[&allowed[..], &["submodule", "add", url, path]].concat());
    place.commit("with a submodule")
}

#[test]
fn history_ends_where_the_step_says() {
    let place = place();
    let mut last = None;
    for text in ["one", "two", "three"] {
        place.write("a.txt", text);
        last = Some(place.commit(text));
    }
    git(place.repository.root(), &["tag", "v1"]);
    let (sha, into) = (last.unwrap(), place.dir.path().join("s"));
    let options = CheckoutOptions { depth: Some(2), ..CheckoutOptions::default() };
    place.repository.checkout_with(&sha, &into, &options).unwrap();
    assert_eq!(git(&into, &["log", "--format=%s"]), "three\ntwo", "two commits are seen");
    assert_eq!(git(&into, &["rev-parse", "--is-shallow-repository"]), "true", "git says so too");
    assert_eq!(git(&into, &["tag"]), "v1", "tags are there");
    let options = CheckoutOptions { has_tags: false, ..CheckoutOptions::default() };
    place.repository.checkout_with(&sha, &into, &options).unwrap();
    assert_eq!(git(&into, &["log", "--format=%s"]), "three\ntwo\none", "all of it again");
    assert_eq!(git(&into, &["tag"]), "", "no tags");
    git(&into, &["fsck"]);
}

#[test]
fn submodules_come_from_where_they_lie() {
    let (inner, outer, place) = (place(), place(), place());
    inner.write("inner.txt", "in\n");
    inner.commit("inner");
    outer.write("outer.txt", "out\n");
    outer.commit("outer");
    add_submodule(&outer, &inner.repository.root().display().to_string(), "deep");
    place.write("a.txt", "a\n");
    place.commit("first");
    let sha = add_submodule(&place, &outer.repository.root().display().to_string(), "libs/outer");
    let into = place.dir.path().join("s");
    let wish = |submodules| CheckoutOptions { submodules, ..CheckoutOptions::default() };
    let done = place.repository.checkout_with(&sha, &into, &wish(SubmoduleDepth::None)).unwrap();
    assert!(done.submodules.is_empty(), "none are filled unless asked for");
    let done = place.repository.checkout_with(&sha, &into, &wish(SubmoduleDepth::Direct)).unwrap();
    assert_eq!(done.submodules, ["libs/outer"], "its own");
    assert!(!into.join("libs/outer/deep/inner.txt").exists(), "not those of its own");
    let wish = wish(SubmoduleDepth::Recursive);
    let done = place.repository.checkout_with(&sha, &into, &wish).unwrap();
    assert_eq!(done.submodules, ["libs/outer", "libs/outer/deep"], "all of them");
    assert_eq!(fs::read_to_string(into.join("libs/outer/deep/inner.txt")).unwrap(), "in\n");
    assert_eq!(git(&into, &["status", "--porcelain"]), "", "nothing differs from the commit");
    let status = git(&into, &["submodule", "status"]);
    assert!(!status.starts_with(['-', '+']), "git knows it as filled: {status}");
    // The clone of the user's has it: the address may be gone.
    fs::rename(outer.repository.root(), outer.dir.path().join("away")).unwrap();
    let again = place.dir.path().join("again");
    let done = place.repository.checkout_with(&sha, &again, &wish).unwrap();
    assert!(done.missing_submodules.is_empty(), "the repository's own copy serves: {done:?}");
}

#[test]
fn a_submodule_that_is_nowhere_is_told() {
    let (lib, place) = (place(), place());
    lib.write("lib.txt", "x\n");
    lib.commit("lib");
    let url = lib.repository.root().display().to_string();
    add_submodule(&place, &url, "lib");
    let root = place.repository.root();
    git(root, &["config", "-f", ".gitmodules", "submodule.lib.url", "../far.git"]);
    git(root, &["remote", "add", "origin", "https://host.invalid/contoso/app.git"]);
    let sha = place.commit("another address");
    fs::remove_dir_all(root.join(".git/modules")).unwrap();
    fs::remove_dir_all(root.join("lib")).unwrap();
    let options =
        CheckoutOptions { submodules: SubmoduleDepth::Direct, ..CheckoutOptions::default() };
    let done = place.repository.checkout_with(&sha, &place.dir.path().join("s"), &options).unwrap();
    let [missing] = &done.missing_submodules[..] else { panic!("one is missing: {done:?}") };
    assert_eq!((missing.name.as_str(), missing.path.as_str()), ("lib", "lib"), "which one");
    assert_eq!(missing.url, "https://host.invalid/contoso/far.git", "relative to the origin");
}

#[test]
fn large_files_come_from_the_own_store() {
    let place = place();
    let oid = "a".repeat(64);
    let pointer = |oid: &str| {
        format!("version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize 4\n")
    };
    place.write(".gitattributes", "*.bin filter=lfs -text\n");
    place.write("big.bin", pointer(&oid));
    place.write("lost.bin", pointer(&"b".repeat(64)));
    place.write("no.txt", pointer(&oid));
    let sha = place.commit("large");
    let root: &Path = place.repository.root();
    let kept = root.join(".git/lfs/objects/aa/aa");
    fs::create_dir_all(&kept).unwrap();
    fs::write(kept.join(&oid), "data").unwrap();
    let read = |into: &Path, name: &str| fs::read_to_string(into.join(name)).unwrap();
    let into = place.dir.path().join("s");
    let options = CheckoutOptions { has_large_files: true, ..CheckoutOptions::default() };
    let done = place.repository.checkout_with(&sha, &into, &options).unwrap();
    assert_eq!(done.large_files, ["big.bin"], "what the store has");
    assert_eq!(done.missing_large_files, ["lost.bin"], "what it has not is told");
    assert_eq!(read(&into, "big.bin"), "data", "the file itself");
    assert!(read(&into, "no.txt").starts_with("version"), "a text that only looks like one");
    place.repository.checkout_to(&sha, &into, true).unwrap();
    assert!(read(&into, "big.bin").starts_with("version"), "pointers unless asked for");
    Repository::open(root).unwrap();
}
