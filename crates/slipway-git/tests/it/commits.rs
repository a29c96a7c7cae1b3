//! Opening, staging, committing and history.

use std::path::Path;

use slipway_core::{CommitSha, Explain};
use slipway_git::{ConfigScope, GitError, Repository, Signature};
use tempfile::TempDir;

use crate::support::{ada, git, place};

fn paths(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn repositories_are_made_opened_and_discovered() {
    let place = place();
    let repository = &place.repository;
    assert_eq!(repository.branch().as_deref(), Some("main"), "known before the first commit");
    assert_eq!(repository.head().unwrap(), None, "no commit yet");
    assert_eq!(repository.log(5).unwrap(), [], "no history yet");
    place.write("src/a.txt", "one\n");
    let inside = Repository::discover(&place.path("src")).unwrap();
    assert_eq!(inside.root(), repository.root(), "found from a folder inside");
    let error = Repository::open(&place.path("src")).unwrap_err();
    assert_eq!(error.code(), "not_a_repository", "open takes the root alone: {error}");
    let sha = place.commit("first");
    place.git(&["checkout", "-q", sha.as_str()]);
    assert_eq!(repository.branch(), None, "a detached head is on no branch");
    let elsewhere = TempDir::new().unwrap();
    git(elsewhere.path(), &["init", "-q", "--bare"]);
    let error = Repository::open(elsewhere.path()).unwrap_err();
    assert!(matches!(error, GitError::BareRepository { .. }), "nothing to change: {error}");
    let error = Repository::discover(Path::new("/nowhere/at/all")).unwrap_err();
    assert_eq!(error.code(), "not_a_repository", "a folder that is not there: {error}");
}

#[test]
fn what_is_staged_is_committed_in_the_authors_name() {
    let place = place();
    let repository = &place.repository;
    place.write("a.txt", "one\n");
    place.write("b.txt", "one\n");
    repository.stage(&paths(&["a.txt"])).unwrap();
    let made = repository
        .commit_staged_at("  greet\n\nbody AB#1\n\n\n", &ada(), 1_700_000_000_123)
        .unwrap();
    assert_eq!(made.summary, "greet", "the first line");
    assert_eq!(made.body, "body AB#1", "what follows");
    assert_eq!(made.message(), "greet\n\nbody AB#1", "both together");
    assert_eq!(made.committed_at, 1_700_000_000_000, "git keeps whole seconds");
    assert_eq!(made.parents, [], "the first commit has no parent");
    let shown = place.git(&["log", "-1", "--format=%H %an <%ae> %cn %s"]);
    let expected = format!("{} Ada Lovelace <ada@example.com> Ada Lovelace greet", made.sha);
    assert_eq!(shown, expected, "git reads the same");
    assert_eq!(place.git(&["ls-files"]), "a.txt", "only what was staged");
    assert_eq!(place.git(&["status", "--porcelain"]), "?? b.txt", "the rest is left as it was");
    let second = place.commit("second");
    let head = repository.head().unwrap().unwrap();
    assert_eq!((head.sha, head.parents), (second, vec![made.sha]), "the next hangs on it");
    place.git(&["fsck", "--strict"]);
}

#[test]
fn commits_that_say_nothing_are_refused() {
    let place = place();
    let repository = &place.repository;
    let error = repository.commit_staged("x", &ada()).unwrap_err();
    assert_eq!(error.code(), "nothing_staged", "an empty first commit: {error}");
    place.write("a.txt", "one\n");
    repository.stage_all().unwrap();
    let error = repository.commit_staged(" \n\t", &ada()).unwrap_err();
    assert_eq!(error.code(), "empty_message", "blanks are no message: {error}");
    for (name, email) in [("", "a@b"), ("A", " "), ("A <x>", "a@b"), ("A", "a@b>")] {
        let author = Signature { name: name.to_owned(), email: email.to_owned() };
        let error = repository.commit_staged("x", &author).unwrap_err();
        assert_eq!(error.code(), "invalid_author", "'{name} <{email}>': {error}");
    }
    repository.commit_staged("first", &ada()).unwrap();
    let error = repository.commit_staged("again", &ada()).unwrap_err();
    assert_eq!(error.code(), "nothing_staged", "nothing changed since: {error}");
    assert!(error.hint().unwrap().contains("Stage"), "the hint says what to do");
}

#[cfg(unix)]
#[test]
fn hooks_are_never_run() {
    use std::os::unix::fs::PermissionsExt;
    let place = place();
    for hook in ["pre-commit", "commit-msg", "post-commit"] {
        let path = place.path(".git/hooks").join(hook);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "#!/bin/sh\ntouch \"$GIT_DIR/../ran\"\nexit 1\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    place.write("a.txt", "one\n");
    place.commit("first");
    assert!(!place.path("ran").exists(), "no hook ran, and none could refuse");
}

#[test]
fn files_folders_and_deletions_are_staged_and_unstaged() {
    let place = place();
    let repository = &place.repository;
    place.write("keep.txt", "one\n");
    place.write("dir/gone.txt", "one\n");
    place.write("dir/run.sh", "#!/bin/sh\n");
    place.git(&["add", "."]);
    place.git(&["update-index", "--chmod=+x", "dir/run.sh"]);
    place.git(&["commit", "-qm", "first"]);
    place.remove("dir/gone.txt");
    place.write("dir/new.txt", "x\n");
    place.write("d*r/other.txt", "x\n");
    place.write("keep.txt", "two\n");
    let cached = || place.git(&["-c", "core.quotepath=off", "diff", "--cached", "--name-status"]);

    repository.stage(&paths(&["d*r"])).unwrap();
    assert_eq!(cached(), "A\td*r/other.txt", "a name is no pattern");
    repository.unstage(&paths(&["d*r"])).unwrap();
    repository.stage(&paths(&["dir"])).unwrap();
    assert!(cached().contains("D\tdir/gone.txt"), "deletions in a folder: {}", cached());
    assert!(cached().contains("A\tdir/new.txt"), "new files in a folder: {}", cached());
    assert!(!cached().contains("keep.txt"), "nothing else: {}", cached());
    repository.unstage(&paths(&["dir/new.txt"])).unwrap();
    assert!(cached().starts_with("D\tdir/gone.txt"), "one file taken back: {}", cached());
    repository.unstage(&paths(&["dir"])).unwrap();
    assert_eq!(cached(), "", "the whole folder taken back");
    assert!(place.git(&["ls-files", "-s", "dir/run.sh"]).starts_with("100755"), "mode kept");
    assert!(!place.path("dir/gone.txt").exists(), "the working tree is not touched");
    repository.stage(&paths(&["dir/gone.txt"])).unwrap();
    assert_eq!(cached(), "D\tdir/gone.txt", "a deleted file is staged as deleted");
    repository.stage(&paths(&["dir/gone.txt"])).expect("staging it twice is fine");
    repository.stage_all().unwrap();
    assert_eq!(place.git(&["diff", "--name-only"]), "", "everything is staged");
    let error = repository.stage(&paths(&["no.txt"])).unwrap_err();
    assert_eq!(error.code(), "path_not_found", "a file that is nowhere: {error}");
}

#[test]
fn an_ignored_file_is_not_staged_by_accident() {
    let place = place();
    place.write(".gitignore", "*.log\n");
    place.write("a.log", "x");
    let error = place.repository.stage(&paths(&["a.log"])).unwrap_err();
    assert_eq!(error.code(), "path_ignored", "git refuses it too: {error}");
    place.repository.stage_all().unwrap();
    assert_eq!(place.git(&["ls-files"]), ".gitignore", "nor with everything");
    place.repository.unstage(&paths(&[".gitignore"])).unwrap();
    assert_eq!(place.git(&["ls-files"]), "", "unstaging works before the first commit");
}

#[test]
fn history_is_read_from_anywhere() {
    let place = place();
    let repository = &place.repository;
    place.write("a.txt", "one\n");
    place.write("dir/b.txt", "b\n");
    let first = place.commit("first");
    place.write("a.txt", "two\n");
    place.remove("dir/b.txt");
    let second = place.commit("second");
    place.write("c.txt", "c\n");
    let third = place.commit("third");
    let shas =
        |log: Vec<slipway_git::CommitFacts>| log.into_iter().map(|c| c.sha).collect::<Vec<_>>();
    let all = shas(repository.log(9).unwrap());
    assert_eq!(all, [third.clone(), second.clone(), first.clone()], "newest first");
    assert_eq!(shas(repository.log(1).unwrap()), std::slice::from_ref(&third), "no more than asked for");
    let from = shas(repository.log_from(&second, 9).unwrap());
    assert_eq!(from, [second.clone(), first.clone()], "from a commit on");
    let found = repository.commit(&first.as_str()[..7]).unwrap().unwrap();
    assert_eq!(found.summary, "first", "by its beginning");
    for missing in ["ffffffff", "abc", "main", "", "zzzzzzz"] {
        assert_eq!(repository.commit(missing).unwrap(), None, "'{missing}' names no commit");
    }
    place.git(&["tag", "v1", first.as_str()]);
    let branch = repository.branch().unwrap();
    place.git(&["update-ref", "refs/remotes/origin/far", second.as_str()]);
    for (reference, wanted) in [
        (format!("refs/heads/{branch}"), Some(&third)),
        (branch, Some(&third)),
        ("refs/tags/v1".to_owned(), Some(&first)),
        ("refs/heads/far".to_owned(), Some(&second)),
        (first.as_str()[..8].to_owned(), Some(&first)),
        ("nothing".to_owned(), None),
        ("no such\u{7} name".to_owned(), None),
    ] {
        let found = repository.commit_of(&reference).unwrap().map(|commit| commit.sha);
        assert_eq!(found.as_ref(), wanted, "what {reference} leads to");
    }
    assert_eq!(repository.changed_paths(&second).unwrap(), ["a.txt", "dir/b.txt"], "and deleted");
    assert_eq!(repository.changed_paths(&first).unwrap(), ["a.txt", "dir/b.txt"], "the first");
    let read = |sha: &CommitSha, path: &str| repository.read_file_at(sha, path).unwrap();
    assert_eq!(read(&first, "a.txt").as_deref(), Some(&b"one\n"[..]), "as it was then");
    assert_eq!(read(&second, "dir/b.txt"), None, "gone by then");
    assert_eq!(read(&first, "dir"), None, "a folder is no file");
    let nobody = CommitSha::parse(&"ef".repeat(20)).unwrap();
    let error = repository.log_from(&nobody, 1).unwrap_err();
    assert_eq!(error.code(), "commit_not_found", "a commit of nobody: {error}");
    let error = repository.read_file_at(&first, "../x").unwrap_err();
    assert_eq!(error.code(), "path_outside", "paths are checked here too: {error}");
}

#[test]
fn the_author_comes_from_the_configuration_that_was_chosen() {
    let place = place();
    let error = place.repository.signature().unwrap_err();
    assert_eq!(error.code(), "author_unknown", "no configuration names anybody: {error}");
    assert!(error.hint().unwrap().contains("user.email"), "the hint says how");
    let global = place.dir.path().join("gitconfig");
    std::fs::write(&global, "[user]\n\tname = Grace\n\temail = grace@example.com\n").unwrap();
    let scope = ConfigScope::GlobalFile(global);
    let open = || Repository::open_with(place.repository.root(), scope.clone()).unwrap();
    assert_eq!(open().signature().unwrap().name, "Grace", "the file in the user's place");
    place.git(&["config", "user.name", "Local"]);
    let found = open().signature().unwrap();
    assert_eq!(found.name, "Local", "the repository's own goes first");
    assert_eq!(found.email, "grace@example.com", "and the rest stays");
}
