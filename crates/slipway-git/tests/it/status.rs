//! The list of changes.

use slipway_git::FileStatus::{Added, Conflicted, Deleted, Modified, Renamed};

use crate::support::place;

#[test]
fn a_clean_tree_and_an_empty_repository_have_no_changes() {
    let place = place();
    assert_eq!(place.repository.status().unwrap(), [], "nothing is there yet");
    place.write("a.txt", "one\n");
    place.commit("first");
    assert_eq!(place.repository.status().unwrap(), [], "all is committed");
}

#[test]
fn before_the_first_commit_every_file_is_added() {
    let place = place();
    place.write("src/deep/a.txt", "one\ntwo\n");
    place.write(".gitignore", "target/\n");
    place.write("target/out.bin", "x");
    let paths: Vec<_> =
        place.repository.status().unwrap().into_iter().map(|c| (c.path, c.additions)).collect();
    let expected = [(".gitignore".to_owned(), 1), ("src/deep/a.txt".to_owned(), 2)];
    assert_eq!(paths, expected, "folders are opened, ignored files are left out");
}

#[test]
fn each_kind_of_change_is_told() {
    let place = place();
    for name in ["same", "changed", "gone"] {
        place.write(&format!("{name}.txt"), format!("{name}\none\ntwo\n"));
    }
    let long: String = (0..40).map(|n| format!("line {n}\n")).collect();
    place.write("old/name.txt", &long);
    place.write("picture.bin", [0_u8, 1, 2, 3]);
    place.commit("first");
    place.write("changed.txt", "changed\none\nTWO\nthree\n");
    place.remove("gone.txt");
    place.remove("old/name.txt");
    place.write("new/name.txt", long.replace("line 7\n", "line seven\n"));
    place.write("picture.bin", [0_u8, 1, 2, 9]);
    place.write("fresh [1] ü.txt", "x");

    let told: Vec<_> = place
        .repository
        .status()
        .unwrap()
        .into_iter()
        .map(|c| (c.path, c.status, c.additions, c.deletions))
        .collect();
    let row = |path: &str, status, plus, minus| (path.to_owned(), status, plus, minus);
    let expected = [
        row("changed.txt", Modified, 2, 1),
        row("fresh [1] ü.txt", Added, 1, 0),
        row("gone.txt", Deleted, 0, 3),
        row("new/name.txt", Renamed, 1, 1),
        row("picture.bin", Modified, 0, 0),
    ];
    assert_eq!(told, expected, "every difference once, sorted, with its lines");
    assert!(place.change("picture.bin").is_binary, "bytes are not shown as lines");
    let renamed = place.change("new/name.txt");
    assert_eq!(renamed.old_path.as_deref(), Some("old/name.txt"), "where it came from");
    assert!(!renamed.is_staged, "nothing is staged yet");
}

#[test]
fn staged_partly_staged_and_taken_back_are_told_apart() {
    let place = place();
    place.write("a.txt", "one\n");
    place.write("b.txt", "one\n");
    place.commit("first");
    place.write("a.txt", "two\n");
    assert!(!place.change("a.txt").is_staged, "only in the working tree");
    place.repository.stage(&["a.txt".to_owned()]).unwrap();
    let staged = place.change("a.txt");
    assert!(staged.is_staged && !staged.is_partly_staged, "staged whole: {staged:?}");
    place.write("a.txt", "three\n");
    let partly = place.change("a.txt");
    assert!(partly.is_staged && partly.is_partly_staged, "staged, then changed: {partly:?}");
    place.write("a.txt", "one\n");
    let back = place.change("a.txt");
    assert!(back.is_partly_staged, "the index still differs: {back:?}");
    assert_eq!((back.status, back.additions), (Modified, 0), "with no line to show");
}

#[test]
fn a_staged_rename_is_one_staged_change() {
    let place = place();
    let long: String = (0..40).map(|n| format!("line {n}\n")).collect();
    place.write("old.txt", &long);
    place.commit("first");
    place.remove("old.txt");
    place.write("new.txt", &long);
    place.repository.stage(&["new.txt".to_owned()]).unwrap();
    let change = place.change("new.txt");
    assert_eq!(change.status, Renamed, "it is the same file: {change:?}");
    assert!(change.is_staged && !change.is_partly_staged, "both names were staged: {change:?}");
    assert_eq!(place.git(&["diff", "--name-only"]), "", "git sees nothing unstaged");
    place.repository.unstage(&["new.txt".to_owned()]).unwrap();
    assert_eq!(place.git(&["diff", "--cached", "--name-only"]), "", "both names were unstaged");
}

#[test]
fn conflicts_are_told_and_cannot_be_committed() {
    use slipway_core::Explain;
    let place = place();
    place.write("a.txt", "one\n");
    place.commit("first");
    place.git(&["checkout", "-q", "-b", "side"]);
    place.write("a.txt", "side\n");
    place.commit("side");
    place.git(&["checkout", "-q", "main"]);
    place.write("a.txt", "main\n");
    place.commit("main");
    let merged = std::process::Command::new("git")
        .current_dir(place.repository.root())
        .args(["-c", "user.name=g", "-c", "user.email=g@x", "merge", "side"])
        .output()
        .unwrap();
    assert!(!merged.status.success(), "the merge stops at the conflict");
    assert_eq!(place.change("a.txt").status, Conflicted, "both sides changed it");
    let error = place.repository.commit_staged("x", &crate::support::ada()).unwrap_err();
    assert_eq!(error.code(), "operation_in_progress", "git must finish the merge: {error}");
    assert!(error.to_string().contains("merge"), "it says what is going on: {error}");
}

#[test]
fn the_files_of_a_working_tree_are_those_that_git_would_keep() {
    let place = place();
    place.write(".gitignore", "*.log\n");
    place.write("kept.txt", "x\n");
    place.write("gone.txt", "x\n");
    place.commit("first");
    place.remove("gone.txt");
    place.write("new/a.txt", "x\n");
    place.write("a.log", "x\n");
    let files = place.repository.files().unwrap();
    assert_eq!(files, [".gitignore", "kept.txt", "new/a.txt"], "neither ignored nor deleted ones");
}

#[test]
fn the_main_branch_is_the_remotes_or_goes_by_its_name() {
    let place = place();
    let of = || place.repository.default_branch().unwrap();
    assert_eq!(of().as_deref(), Some("main"), "the one to come, before the first commit");
    place.write("a.txt", "x\n");
    let sha = place.commit("first");
    place.git(&["checkout", "-qb", "topic"]);
    assert_eq!(of().as_deref(), Some("main"), "not the one at hand");
    place.git(&["branch", "-qD", "main"]);
    assert_eq!(of().as_deref(), Some("topic"), "the one at hand where there is no other");
    place.git(&["update-ref", "refs/remotes/origin/trunk", sha.as_str()]);
    place.git(&["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/trunk"]);
    assert_eq!(of().as_deref(), Some("trunk"), "what the remote says goes first");
}
