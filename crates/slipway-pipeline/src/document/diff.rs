//! What changed, as a unified diff: for `slipway pipeline edit --diff`.

use std::fmt::Write;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Lines around a change.
const CONTEXT: usize = 3;
/// Above that many lines a change is shown as one block: lining them up would take
/// long.
const MAX_LINES: usize = 4_000;

/// The unified diff of two texts, without the names of files; empty when they are equal.
pub fn diff(old: &str, new: &str) -> String {
    let (old, new) = (lines(old), lines(new));
    let mut text = String::new();
    for hunk in hunks(operations(&old, &new)) {
        write_hunk(&mut text, &hunk, &old, &new);
    }
    text
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// Lines that are equal, and those that are not.
#[derive(Debug, Clone, Copy)]
struct Operation {
    is_equal: bool,
    old: (usize, usize),
    new: (usize, usize),
}

fn operations(old: &[&str], new: &[&str]) -> Vec<Operation> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let tail = old[head..]
        .iter()
        .rev()
        .zip(new[head..].iter().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let (old_end, new_end) = (old.len() - tail, new.len() - tail);
    let mut found = vec![Operation { is_equal: true, old: (0, head), new: (0, head) }];
    if (old_end - head).max(new_end - head) > MAX_LINES {
        let (old, new) = ((head, old_end), (head, new_end));
        found.push(Operation { is_equal: false, old, new });
    } else {
        let inner = capture_diff_slices(Algorithm::Myers, &old[head..old_end], &new[head..new_end]);
        found.extend(inner.iter().map(|operation| {
            let (old, new) = (operation.old_range(), operation.new_range());
            Operation {
                is_equal: matches!(operation, DiffOp::Equal { .. }),
                old: (head + old.start, head + old.end),
                new: (head + new.start, head + new.end),
            }
        }));
    }
    found.push(Operation { is_equal: true, old: (old_end, old.len()), new: (new_end, new.len()) });
    found.retain(|at| at.old.0 < at.old.1 || at.new.0 < at.new.1);
    found
}

/// Changes that are near each other, with the lines around them.
fn hunks(operations: Vec<Operation>) -> Vec<Vec<Operation>> {
    let mut found: Vec<Vec<Operation>> = Vec::new();
    let mut hunk: Vec<Operation> = Vec::new();
    let count = operations.len();
    for (at, mut operation) in operations.into_iter().enumerate() {
        if !operation.is_equal {
            hunk.push(operation);
            continue;
        }
        let length = operation.old.1 - operation.old.0;
        if hunk.is_empty() {
            let skipped = length.saturating_sub(CONTEXT);
            operation.old.0 += skipped;
            operation.new.0 += skipped;
            hunk.push(operation);
            continue;
        }
        let is_last = at + 1 == count;
        if length > 2 * CONTEXT || is_last {
            let mut before = operation;
            let shown = length.min(CONTEXT);
            before.old.1 = before.old.0 + shown;
            before.new.1 = before.new.0 + shown;
            hunk.push(before);
            found.push(std::mem::take(&mut hunk));
            operation.old.0 = operation.old.1 - shown;
            operation.new.0 = operation.new.1 - shown;
        }
        hunk.push(operation);
    }
    found.push(hunk);
    found.retain(|hunk| hunk.iter().any(|at| !at.is_equal));
    found
}

fn write_hunk(text: &mut String, hunk: &[Operation], old: &[&str], new: &[&str]) {
    let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { return };
    let range = |start: usize, end: usize| match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    };
    // Writing to a text cannot fail.
    let _ = writeln!(
        text,
        "@@ -{} +{} @@",
        range(first.old.0, last.old.1),
        range(first.new.0, last.new.1)
    );
    for operation in hunk {
        let gone = &old[operation.old.0..operation.old.1];
        if operation.is_equal {
            gone.iter().for_each(|line| write_line(text, ' ', line));
            continue;
        }
        gone.iter().for_each(|line| write_line(text, '-', line));
        new[operation.new.0..operation.new.1].iter().for_each(|line| write_line(text, '+', line));
    }
}

fn write_line(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_has_context_and_ranges() {
        let old: String = (1..=20).map(|line| format!("{line}\n")).collect();
        let new = old.replace("\n5\n", "\nfive\n").replace("20\n", "20\n21");
        let wanted = "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -18,3 +18,4 @@\n 18\n 19\n 20\n+21\n\\ No newline at end of file\n";
        assert_eq!(diff(&old, &new), wanted);
        assert_eq!(diff(&old, &old), "", "nothing changed");
        assert_eq!(diff("", "a\n"), "@@ -0,0 +1 @@\n+a\n", "a new file");
    }

    #[test]
    fn near_changes_share_a_hunk() {
        let old = "a\nb\nc\nd\ne\n";
        let new = "A\nb\nc\nd\nE\n";
        assert_eq!(diff(old, new), "@@ -1,5 +1,5 @@\n-a\n+A\n b\n c\n d\n-e\n+E\n");
    }

    #[test]
    fn a_whole_file_that_changed_is_shown_soon() {
        let old: String = (0..60_000).map(|line| format!("{line}\n")).collect();
        let new: String = (0..60_000).map(|line| format!("  {line}\n")).collect();
        assert_eq!(diff(&old, &new).lines().count(), 120_001, "one block, not a search");
    }
}
