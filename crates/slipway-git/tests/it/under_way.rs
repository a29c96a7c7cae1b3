//! Changes that a process died over, at each of their steps: what is left in the git folder is what a kill leaves.

use std::fs;
use std::path::PathBuf;

use slipway_git::{Change, GitError, Repository};

use crate::support::{Place, ada, place};

const PIPELINE: &str = "azure-pipelines.yml";
const MANIFEST: &str = "manifests/web/service.yml";

fn two_files(branch: Option<&str>) -> Change {
    let text = |path: &str| (path.to_owned(), format!("# {path}\n"));
    Change {
        added: vec![text(MANIFEST), text(PIPELINE)],
        branch: branch.map(str::to_owned),
        ..Change::default()
    }
}

/// Begins a change and dies at once: the note stays, and nobody holds it.
fn dies(place: &Place, change: &Change) {
    let note = place.path(".git/slipway-under-way");
    let kept = place.path(".git/kept");
    let under_way = place.repository.begin(change).unwrap();
    fs::copy(&note, &kept).unwrap();
    drop(under_way);
    assert!(!note.exists(), "a change that ended leaves no note");
    fs::rename(&kept, &note).unwrap();
}

fn write_all(place: &Place, change: &Change) {
    for (path, text) in change.added.iter().chain(&change.replaced) {
        place.write(path, text);
    }
}

/// Everything that a user can see of a repository.
fn seen(place: &Place) -> [String; 4] {
    [
        place.git(&["status", "--porcelain=v2", "--branch", "--untracked-files=all"]),
        place.git(&["for-each-ref"]),
        place.git(&["ls-files", "--stage"]),
        format!("{}", place.path("manifests").exists()),
    ]
}

fn begun() -> Place {
    let place = place();
    place.write("readme.md", "one\n");
    place.commit("first");
    place
}

#[test]
fn what_was_written_and_staged_goes_again_with_its_folders_and_its_branch() {
    for branch in [None, Some("topic/add")] {
        let change = two_files(branch);
        let steps: [fn(&Place); 6] = [
            |_| {},
            |place| place.write(&format!("{MANIFEST}.slipway-new"), "half"),
            |place| place.write(MANIFEST, format!("# {MANIFEST}\n")),
            |place| write_all(place, &two_files(None)),
            |place| {
                write_all(place, &two_files(None));
                place.git(&["add", "--all"]);
            },
            |place| {
                write_all(place, &two_files(None));
                place.write("azure-pipelines.yml.slipway-new", "half");
                place.git(&["add", MANIFEST, PIPELINE]);
                place.write(".git/index.lock", "");
                place.write(".git/HEAD.lock", "");
            },
        ];
        for (at, step) in steps.iter().enumerate() {
            let place = begun();
            let before = seen(&place);
            dies(&place, &change);
            if let Some(branch) = branch
                && at >= 4
            {
                place.git(&["branch", branch]);
                place.git(&["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")]);
            }
            step(&place);
            assert!(place.repository.mend().unwrap(), "there was something to mend");
            assert_eq!(seen(&place), before, "as before, after step {at} with {branch:?}");
            assert!(!place.repository.mend().unwrap(), "once");
            place.git(&["fsck", "--strict"]);
        }
    }
}

#[test]
fn a_commit_that_was_made_stays() {
    for branch in [None, Some("topic/add")] {
        let place = begun();
        let change = two_files(branch);
        dies(&place, &change);
        write_all(&place, &change);
        let paths: Vec<String> = change.added.iter().map(|(path, _)| path.clone()).collect();
        place.repository.commit_paths(&paths, "Add it", &ada(), branch).unwrap();
        place.write("azure-pipelines.yml.slipway-new", "left");
        let mut before = seen(&place);
        assert!(place.repository.mend().unwrap(), "its note is removed");
        before[0] = before[0].replace("\n? azure-pipelines.yml.slipway-new", "");
        assert_eq!(seen(&place), before, "with everything but what lay beside");
    }
}

#[test]
fn the_first_commit_of_all_is_taken_back_or_stays_too() {
    let place = place();
    let before = seen(&place);
    dies(&place, &two_files(Some("topic")));
    write_all(&place, &two_files(None));
    place.git(&["add", "--all"]);
    place.git(&["symbolic-ref", "HEAD", "refs/heads/topic"]);
    assert!(place.repository.mend().unwrap(), "no branch is there yet");
    assert_eq!(seen(&place), before, "the branch at hand is the old one");
}

#[test]
fn what_was_saved_over_a_file_stays_saved_and_is_staged_as_before() {
    let place = begun();
    place.write(PIPELINE, "old\n");
    place.commit("second");
    let change =
        Change { replaced: vec![(PIPELINE.to_owned(), "new\n".to_owned())], ..Change::default() };
    dies(&place, &change);
    write_all(&place, &change);
    place.git(&["add", PIPELINE]);
    assert!(place.repository.mend().unwrap(), "mended");
    assert_eq!(
        place.git(&["status", "--porcelain"]),
        format!(" M {PIPELINE}"),
        "saved, not staged"
    );
    assert_eq!(fs::read_to_string(place.path(PIPELINE)).unwrap(), "new\n", "no work is lost");
}

#[test]
fn what_somebody_changed_since_is_theirs() {
    let place = begun();
    dies(&place, &two_files(None));
    write_all(&place, &two_files(None));
    place.write(MANIFEST, "mine\n");
    place.write("manifests/web/other.yml", "mine\n");
    place.write("staged.txt", "mine\n");
    place.git(&["add", "staged.txt"]);
    assert!(place.repository.mend().unwrap(), "mended");
    assert_eq!(
        place.git(&["status", "--porcelain", "--untracked-files=all"]),
        format!("A  staged.txt\n?? manifests/web/other.yml\n?? {MANIFEST}"),
        "only what was as written is gone"
    );
}

#[test]
fn a_file_that_was_there_before_stays_whatever_it_says() {
    let place = begun();
    write_all(&place, &two_files(None));
    let before = seen(&place);
    dies(&place, &two_files(None));
    assert!(place.repository.mend().unwrap(), "mended");
    assert_eq!(seen(&place), before, "it would have been refused, and is nobody's to remove");
}

#[test]
fn a_lock_of_another_git_stays() {
    let place = begun();
    place.write(".git/index.lock", "");
    let old = fs::File::options().write(true).open(place.path(".git/index.lock")).unwrap();
    let hour = std::time::Duration::from_secs(3600);
    old.set_modified(std::time::SystemTime::now() - hour).unwrap();
    dies(&place, &two_files(None));
    assert!(place.repository.mend().unwrap(), "nothing had to be staged");
    assert!(place.path(".git/index.lock").exists(), "it is older than the change");
}

#[test]
fn one_change_at_a_time_and_one_that_lives_is_left_alone() {
    let place = begun();
    let first = place.repository.begin(&two_files(None)).unwrap();
    write_all(&place, &two_files(None));
    let other = Repository::open(place.repository.root()).unwrap();
    assert!(!other.mend().unwrap(), "its process lives");
    assert!(place.path(PIPELINE).exists(), "and its files stay");
    let refused = other.begin(&two_files(None)).unwrap_err();
    assert!(matches!(refused, GitError::Locked { .. }), "one at a time: {refused:?}");
    drop(first);
    drop(other.begin(&two_files(None)).expect("after it the next one begins"));
    let left: Vec<PathBuf> = fs::read_dir(place.path(".git"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains("slipway"))
        .collect();
    assert_eq!(left, Vec::<PathBuf>::new(), "nothing is left in the git folder");
}
