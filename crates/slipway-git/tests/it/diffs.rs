//! The difference of one file.

use slipway_core::Explain;
use slipway_git::DiffLineKind::{self, Added, Context, Removed};
use slipway_git::FileDiff;

use crate::support::{Place, place};

fn lines(diff: &FileDiff) -> Vec<(DiffLineKind, Option<u32>, Option<u32>, String)> {
    let all = diff.hunks.iter().flat_map(|hunk| &hunk.lines);
    all.map(|line| (line.kind, line.old_line, line.new_line, line.text.clone())).collect()
}

fn with_ten_lines() -> Place {
    let place = place();
    let text: String = (1..=10).map(|n| format!("line {n}\n")).collect();
    place.write("a.txt", text);
    place.commit("first");
    place
}

#[test]
fn a_changed_line_stands_between_three_of_context() {
    let place = with_ten_lines();
    let text = std::fs::read_to_string(place.path("a.txt")).unwrap();
    place.write("a.txt", text.replace("line 5\n", "line five\nand more\n"));
    let diff = place.repository.diff_file("a.txt", 100).unwrap();
    assert_eq!(diff.hunks.len(), 1, "one place differs");
    assert_eq!(diff.hunks[0].header, "@@ -2,7 +2,8 @@ line 1", "the header is git's");
    let row = |kind, old, new, text: &str| (kind, old, new, text.to_owned());
    let expected = [
        row(Context, Some(2), Some(2), "line 2"),
        row(Context, Some(3), Some(3), "line 3"),
        row(Context, Some(4), Some(4), "line 4"),
        row(Removed, Some(5), None, "line 5"),
        row(Added, None, Some(5), "line five"),
        row(Added, None, Some(6), "and more"),
        row(Context, Some(6), Some(7), "line 6"),
        row(Context, Some(7), Some(8), "line 7"),
        row(Context, Some(8), Some(9), "line 8"),
    ];
    assert_eq!(lines(&diff), expected, "with the numbers of both sides");
    place.repository.stage(&["a.txt".to_owned()]).unwrap();
    let staged = place.repository.diff_file("a.txt", 100).unwrap();
    assert_eq!(staged, diff, "staging changes nothing against the newest commit");
}

#[test]
fn a_missing_newline_at_the_end_is_no_line() {
    let place = place();
    place.write("a.txt", "one\ntwo");
    place.commit("first");
    place.write("a.txt", "one\r\ntwo\n");
    let diff = place.repository.diff_file("a.txt", 100).unwrap();
    let texts: Vec<_> = lines(&diff).into_iter().map(|(kind, .., text)| (kind, text)).collect();
    let row = |kind, text: &str| (kind, text.to_owned());
    let expected = [row(Removed, "one"), row(Removed, "two"), row(Added, "one"), row(Added, "two")];
    assert_eq!(texts, expected, "no marker among the lines, no end of line in them");
}

#[test]
fn untracked_deleted_binary_and_renamed_files_are_shown() {
    let place = with_ten_lines();
    place.write("gone.txt", "bye\n");
    place.write("b.bin", [0_u8, 1]);
    place.commit("second");
    place.write("new dir/fresh.txt", "one\ntwo");
    place.remove("gone.txt");
    place.write("b.bin", [0_u8, 2]);
    std::fs::rename(place.path("a.txt"), place.path("b.txt")).unwrap();
    let fresh = place.repository.diff_file("new dir/fresh.txt", 100).unwrap();
    let kinds: Vec<_> = lines(&fresh).into_iter().map(|(kind, _, new, _)| (kind, new)).collect();
    assert_eq!(kinds, [(Added, Some(1)), (Added, Some(2))], "an untracked file is all added");
    let gone = place.repository.diff_file("gone.txt", 100).unwrap();
    assert_eq!(lines(&gone), [(Removed, Some(1), None, "bye".to_owned())], "all removed");
    let binary = place.repository.diff_file("b.bin", 100).unwrap();
    assert!(binary.is_binary && binary.hunks.is_empty(), "bytes have no lines: {binary:?}");
    let renamed = place.repository.diff_file("b.txt", 100).unwrap();
    assert_eq!(renamed, FileDiff::default(), "renamed without a change: no line differs");
}

#[test]
fn no_more_lines_come_than_were_asked_for() {
    let place = place();
    let text: String = (1..=500).map(|n| format!("line {n}\n")).collect();
    place.write("a.txt", text);
    let diff = place.repository.diff_file("a.txt", 120).unwrap();
    assert_eq!(lines(&diff).len(), 120, "cut at the limit");
    assert!(diff.is_truncated, "and it says so");
    let diff = place.repository.diff_file("a.txt", 500).unwrap();
    assert!(!diff.is_truncated, "exactly as many is not cut");
}

#[test]
fn paths_that_lead_out_are_refused() {
    let place = with_ten_lines();
    std::fs::write(place.dir.path().join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.dir.path(), place.path("link")).unwrap();
    for path in [
        "../secret.txt",
        "a/../../secret.txt",
        "/etc/passwd",
        ".git/config",
        "x/.GIT/config",
        "link/secret.txt",
        "",
        ".",
        "a\0b",
    ] {
        let error = place.repository.diff_file(path, 10).unwrap_err();
        assert_eq!(error.code(), "path_outside", "'{path}' is refused: {error}");
        let error = place.repository.stage(&[path.to_owned()]).unwrap_err();
        assert_eq!(error.code(), "path_outside", "'{path}' is not staged: {error}");
    }
    let error = place.repository.diff_file("nothing.txt", 10).unwrap_err();
    assert_eq!(error.code(), "path_not_found", "a file that is nowhere: {error}");
    let same = place.repository.diff_file("./a.txt", 10).unwrap();
    assert_eq!(same, FileDiff::default(), "a file without a difference has no hunk");
}
