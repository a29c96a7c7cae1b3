//! Removing an entry or item, with the comments that belong to it and without a hole.

use std::ops::Range;

use super::change::TextChange;
use super::draft::{Step, View};
use super::error::EditError;
use super::extent::{blank_above, blank_below, extent, takes_blanks};
use super::lines::Lines;
use super::part::Part;
use super::path::Path;
use super::render::pad;
use super::set::set;
use super::shape::Shape;
use super::value::Value;

/// Keys that stay when their list is empty: without them the file would mean something else.
const BODIES: [&str; 5] = ["stages", "jobs", "steps", "phases", "dependsOn"];

/// Removes what stands at an address. A list or mapping that would be empty goes as well, or stays
/// as `[]` where something has to stand.
pub(super) fn remove(view: &View<'_>, at: &[usize]) -> Result<Step, EditError> {
    let mut at = at;
    loop {
        let Some((_, above)) = at.split_last() else {
            return Err(EditError::Layout { place: "/".to_owned(), why: "it is the whole file" });
        };
        let parent = view.root.at(above);
        if parent.children.len() > 1 {
            return remove_each(view, &[at.to_vec()]);
        }
        let Some((_, outer)) = above.split_last() else {
            return emptied_root(view);
        };
        let is_item = view.root.at(outer).is_list();
        if !is_item && parent.key_text().is_some_and(|key| BODIES.contains(&key)) {
            let empty =
                if parent.is_list() { Value::List(Vec::new()) } else { Value::Map(Vec::new()) };
            return set(view, above, &empty);
        }
        at = above;
    }
}

/// The only entry of the file: nothing is left but comments.
fn emptied_root(view: &View<'_>) -> Result<Step, EditError> {
    if !view.root.is_block() || view.root.is_odd {
        return Err(EditError::Layout { place: "/".to_owned(), why: "nothing would be left" });
    }
    let own = extent(&view.lines, &view.root, 0);
    let lines = whole_lines(&view.lines, own.begin, own.finish);
    let removed = vec![(own.begin, own.finish)];
    Ok(Step {
        changes: vec![TextChange::delete(lines.start, lines.end)],
        expected: Shape::Null,
        removed,
    })
}

/// Removes some of several in one step: never two of one parent, and never the last of one.
pub(super) fn remove_each(view: &View<'_>, paths: &[Vec<usize>]) -> Result<Step, EditError> {
    let mut step = Step { changes: Vec::new(), expected: view.shape(), removed: Vec::new() };
    for path in paths {
        if let Some((index, above)) = path.split_last() {
            let (changes, removed) = child(view, above, *index)?;
            step.expected.remove(above, *index);
            step.changes.extend(changes);
            step.removed.push((removed.start, removed.end));
        }
    }
    Ok(step)
}

type Gone = (Vec<TextChange>, Range<usize>);

/// Removes one of several.
fn child(view: &View<'_>, above: &[usize], index: usize) -> Result<Gone, EditError> {
    let parent = view.root.at(above);
    if parent.is_odd {
        let place = Path::of(above).at(index).to_string();
        return Err(EditError::Layout { place, why: "it is written in an unusual way" });
    }
    Ok(if parent.is_block() {
        block(view, parent, index)
    } else {
        let range = match parent.children.get(index + 1) {
            Some(next) => parent.children[index].start..next.start,
            None => parent.children[index - 1].end..parent.children[index].end,
        };
        (vec![TextChange::delete(range.start, range.end)], range)
    })
}

fn block(view: &View<'_>, parent: &Part<'_>, index: usize) -> (Vec<TextChange>, Range<usize>) {
    let lines = &view.lines;
    let own = extent(lines, parent, index);
    if own.is_inline {
        return inline(view, parent, own.begin, own.finish);
    }
    let is_first = index == 0;
    let is_last = index + 1 == parent.children.len();
    let floor = match index.checked_sub(1) {
        Some(before) => parent.children[before].end,
        None => parent.after.saturating_sub(1),
    };
    let above = if is_first { 0 } else { blank_above(lines, own.begin, floor) };
    let below = blank_below(lines, own.finish);
    // Blank lines below would become text of a block above that keeps its blank lines.
    let is_taken = !is_first && takes_blanks(lines, &parent.children[index - 1]);
    let (mut from, mut to) = (lines.of(own.begin), lines.of(own.finish) + 1);
    if is_taken || !is_last && below > 0 && (above > 0 || is_first) {
        to += below;
    } else if is_last {
        from -= above;
    }
    let range = whole_lines(lines, lines.start(from), lines.end(to - 1));
    (vec![TextChange::delete(range.start, range.end)], own.begin..own.finish)
}

/// Lines with their line ends: the one below, or at the end of the file the one above.
pub(super) fn whole_lines(lines: &Lines<'_>, begin: usize, finish: usize) -> Range<usize> {
    let (first, last) = (lines.of(begin), lines.of(finish));
    let (start, next) = (lines.start(first), lines.start(last + 1));
    let has_end = lines.text[..next].ends_with('\n');
    if !has_end && first > 0 { lines.end(first - 1)..next } else { start..next }
}

/// The first of a collection that starts behind a dash: the second takes its place, and the
/// comments between go above the dash.
fn inline(
    view: &View<'_>,
    parent: &Part<'_>,
    begin: usize,
    finish: usize,
) -> (Vec<TextChange>, Range<usize>) {
    let lines = &view.lines;
    let next = &parent.children[1];
    let dash_line = lines.of(begin);
    let column = lines.indent(dash_line);
    let comments: String = (lines.of(finish) + 1..lines.of(next.start))
        .filter(|line| lines.is_comment(*line))
        .map(|line| format!("{}{}{}", pad(column), lines.line(line).trim(), view.style.line_end))
        .collect();
    let changes = vec![
        TextChange::insert(lines.start(dash_line), comments),
        TextChange::delete(begin, next.start),
    ];
    (changes, begin..finish)
}
