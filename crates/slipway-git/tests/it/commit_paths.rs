//! Commits of a few files, beside whatever else is staged and changed.

use slipway_core::Explain;
use slipway_git::{CommitFacts, GitError};

use crate::support::{Place, ada, place};

const FILE: &str = "azure-pipelines.yml";

fn commit(place: &Place, message: &str, branch: Option<&str>) -> Result<CommitFacts, GitError> {
    place.repository.commit_paths(&[FILE.to_owned()], message, &ada(), branch)
}

/// A repository with one commit, and of everything else that may be around a change of the file.
fn busy() -> Place {
    let place = place();
    for name in [FILE, "staged.txt", "changed.txt", "both.txt", "gone.txt"] {
        place.write(name, "one\n");
    }
    place.commit("first");
    place.write("staged.txt", "two\n");
    place.write("both.txt", "two\n");
    place.write("added.txt", "x\n");
    place.remove("gone.txt");
    place.git(&["add", "staged.txt", "both.txt", "added.txt", "gone.txt"]);
    place.write("both.txt", "three\n");
    place.write("changed.txt", "two\n");
    place.write("untracked.txt", "x\n");
    place
}

#[test]
fn only_the_named_file_is_committed_and_the_rest_stays_as_it_was() {
    let place = busy();
    let before = place.git(&["status", "--porcelain"]);
    // Staged one way and then changed again: the working tree's text is what is committed.
    place.write(FILE, "two\n");
    place.git(&["add", FILE]);
    place.write(FILE, "three\n");
    let made = commit(&place, "Draw it\n\nAB#12", None).unwrap();
    assert_eq!((made.summary.as_str(), made.body.as_str()), ("Draw it", "AB#12"), "the message");
    assert_eq!(
        place.git(&["show", "--format=%an", "--name-status"]),
        format!("Ada Lovelace\n\nM\t{FILE}"),
        "one file, in the author's name"
    );
    assert_eq!(place.git(&["show", &format!("HEAD:{FILE}")]), "three", "as on disk");
    assert_eq!(place.git(&["status", "--porcelain"]), before, "what else was there stays");
    assert_eq!(place.git(&["symbolic-ref", "HEAD"]), "refs/heads/main", "on the branch at hand");
    place.git(&["fsck", "--strict"]);
}

#[test]
fn a_branch_of_its_own_takes_the_commit_and_is_checked_out() {
    let place = busy();
    let before = place.git(&["status", "--porcelain"]);
    let main = place.git(&["rev-parse", "main"]);
    place.write(FILE, "two\n");
    let made = commit(&place, "Draw it", Some("topic/draw")).unwrap();
    assert_eq!(place.git(&["symbolic-ref", "HEAD"]), "refs/heads/topic/draw", "switched");
    assert_eq!(
        place.git(&["rev-parse", "topic/draw"]),
        made.sha.as_str(),
        "it leads to the commit"
    );
    assert_eq!(place.git(&["rev-parse", "main"]), main, "the old branch stays where it was");
    assert_eq!(made.parents[0].as_str(), main, "and the commit hangs on it");
    assert_eq!(place.git(&["status", "--porcelain"]), before, "what else was there stays");
}

#[test]
fn a_repository_without_a_commit_can_be_committed_to() {
    for branch in [None, Some("topic")] {
        let place = place();
        place.write(FILE, "one\n");
        place.write("other.txt", "x\n");
        place.git(&["add", "other.txt"]);
        let made = commit(&place, "first", branch).unwrap();
        assert_eq!(made.parents, [], "the first commit");
        assert_eq!(place.git(&["ls-tree", "--name-only", "HEAD"]), FILE, "holds the one file");
        assert_eq!(place.git(&["status", "--porcelain"]), "A  other.txt", "the other stays staged");
        let on = format!("refs/heads/{}", branch.unwrap_or("main"));
        assert_eq!(place.git(&["symbolic-ref", "HEAD"]), on, "{branch:?}");
    }
}

#[test]
fn new_and_deleted_files_are_committed_with_their_mode() {
    let place = place();
    place.write("a.txt", "one\n");
    place.write("run.sh", "#!/bin/sh\n");
    place.commit("first");
    place.git(&["update-index", "--chmod=+x", "run.sh"]);
    place.git(&["commit", "-qm", "mode"]);
    place.git(&["checkout", "-q", "--", "run.sh"]);
    place.write("run.sh", "#!/bin/sh\nset -e\n");
    place.remove("a.txt");
    place.write("deploy/new.yml", "x\n");
    let paths = ["a.txt", "run.sh", "deploy/new.yml"].map(str::to_owned);
    place.repository.commit_paths(&paths, "several", &ada(), None).unwrap();
    let shown = place.git(&["show", "--format=", "--name-status"]);
    assert_eq!(shown, "D\ta.txt\nA\tdeploy/new.yml\nM\trun.sh", "all three");
    assert!(place.git(&["ls-tree", "HEAD", "run.sh"]).starts_with("100755"), "it stays a program");
    assert_eq!(place.git(&["status", "--porcelain"]), "", "nothing is left over");
}

#[test]
fn what_cannot_be_done_is_refused_before_anything_changes() {
    let place = busy();
    place.write(".gitignore", "*.log\n");
    place.write("a.log", "x\n");
    place.git(&["branch", "taken/here"]);
    let refused = |message: &str, branch: Option<&str>| {
        let before = (place.git(&["show-ref", "--head"]), place.git(&["status", "--porcelain"]));
        let error = commit(&place, message, branch).unwrap_err();
        let after = (place.git(&["show-ref", "--head"]), place.git(&["status", "--porcelain"]));
        assert_eq!(before, after, "nothing moved: {error}");
        assert!(error.hint().is_some(), "it says what to do: {error}");
        error.code()
    };
    assert_eq!(refused("x", None), "nothing_changed", "the file is as in the newest commit");
    assert_eq!(refused("x", Some("topic")), "nothing_changed", "a branch changes nothing of that");
    place.write(FILE, "two\n");
    assert_eq!(refused(" \n ", None), "empty_message", "blanks are no message");
    for name in ["", "-x", "a..b", "a b", "a~1", "x.lock", "HEAD", "a\tb", "/x", "x/", "a//b"] {
        assert_eq!(refused("x", Some(name)), "invalid_branch_name", "'{name}'");
    }
    assert_eq!(refused("x", Some("main")), "branch_exists", "the branch at hand");
    assert_eq!(refused("x", Some("taken/here")), "branch_exists", "another");
    assert_eq!(refused("x", Some("taken")), "branch_in_the_way", "a folder of another");
    assert_eq!(refused("x", Some("main/x")), "branch_in_the_way", "below another");
    let ignored = place.repository.commit_paths(&["a.log".to_owned()], "x", &ada(), None);
    assert_eq!(ignored.unwrap_err().code(), "path_ignored", "git would refuse it too");
    let missing = place.repository.commit_paths(&["no.txt".to_owned()], "x", &ada(), None);
    assert_eq!(missing.unwrap_err().code(), "path_not_found", "a file that is nowhere");

    place.git(&["checkout", "-q", "--detach"]);
    assert_eq!(refused("x", None), "detached_head", "no branch would lead to the commit");
    commit(&place, "x", Some("topic")).expect("a branch of its own is the way out");
    assert_eq!(place.git(&["symbolic-ref", "HEAD"]), "refs/heads/topic", "and it is checked out");
}

#[test]
fn conflicts_and_merges_are_gits_to_finish() {
    let place = place();
    place.write(FILE, "one\n");
    place.write("a.txt", "one\n");
    place.commit("first");
    place.git(&["checkout", "-qb", "other"]);
    place.write("a.txt", "theirs\n");
    place.commit("theirs");
    place.git(&["checkout", "-q", "main"]);
    place.write("a.txt", "ours\n");
    place.commit("ours");
    std::process::Command::new("git")
        .current_dir(place.repository.root())
        .args(["-c", "user.name=G", "-c", "user.email=g@example.com", "merge", "-q", "other"])
        .output()
        .unwrap();
    place.write(FILE, "two\n");
    let error = commit(&place, "x", None).unwrap_err();
    assert_eq!(error.code(), "operation_in_progress", "a merge is going on: {error}");
}

#[test]
fn a_branch_that_cannot_move_leaves_the_file_saved_and_staged() {
    let place = place();
    place.write(FILE, "one\n");
    place.commit("first");
    place.write(FILE, "two\n");
    // Another git process holds the branch.
    place.write(".git/refs/heads/main.lock", "");
    let error = commit(&place, "second", None).unwrap_err();
    assert_eq!(error.code(), "repository_locked", "it says so: {error}");
    assert_eq!(place.git(&["log", "--format=%s"]), "first", "there is no half commit");
    assert_eq!(place.git(&["status", "--porcelain"]), format!("M  {FILE}"), "and no lost file");
    place.remove(".git/refs/heads/main.lock");
    commit(&place, "second", None).expect("the next try goes on from there");
    assert_eq!(place.git(&["status", "--porcelain"]), "", "all is committed");
}
