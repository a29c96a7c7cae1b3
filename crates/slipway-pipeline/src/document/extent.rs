//! Which lines belong to an entry or item: those it is written on, the comments directly above it,
//! and the comments directly below that are indented further.

use super::lines::Lines;
use super::part::Part;
use crate::tree::ScalarStyle;

/// An entry or item of a block collection in its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Its first byte: of the first comment line above, or of its key or dash when it starts in the
    /// middle of a line (`- - a`).
    pub(super) begin: usize,
    /// The end of its last line, the line end aside.
    pub(super) finish: usize,
    /// True when something else stands before it on its line.
    pub(super) is_inline: bool,
}

/// The lines of a child of a block collection.
pub(super) fn extent(lines: &Lines<'_>, parent: &Part<'_>, index: usize) -> Extent {
    let child = &parent.children[index];
    let is_inline = !lines.is_first_on_line(child.start);
    let begin = if is_inline { child.start } else { lines.start(first_line(lines, parent, index)) };
    Extent { begin, finish: finish(lines, child), is_inline }
}

fn first_line(lines: &Lines<'_>, parent: &Part<'_>, index: usize) -> usize {
    let child = &parent.children[index];
    let column = lines.column(child.start);
    let line = lines.of(child.start);
    let (floor, is_root) = match index.checked_sub(1) {
        Some(before) => (lines.of(parent.children[before].end) + 1, false),
        None if parent.start == parent.after && parent.key.is_none() => (0, true),
        None => (lines.of(parent.after.saturating_sub(1)) + 1, false),
    };
    let mut first = line;
    while first > floor && lines.is_comment(first - 1) {
        let indent = lines.indent(first - 1);
        if indent != column && !(index == 0 && indent > column) {
            break;
        }
        first -= 1;
    }
    // What opens the file is about the file.
    if is_root && first == 0 { line } else { first }
}

/// The end of a child's last line, comments that are indented further included.
pub(super) fn finish(lines: &Lines<'_>, child: &Part<'_>) -> usize {
    let column = lines.column(child.start);
    let mut last = lines.of(child.end);
    while last + 1 < lines.count() && lines.is_comment(last + 1) && lines.indent(last + 1) > column
    {
        last += 1;
    }
    lines.end(last)
}

/// Blank lines directly above a byte, not above `floor`.
pub(super) fn blank_above(lines: &Lines<'_>, offset: usize, floor: usize) -> usize {
    let line = lines.of(offset);
    let least = lines.of(floor) + 1;
    (least..line).rev().take_while(|line| lines.is_blank(*line)).count()
}

/// Blank lines directly below the line with a byte.
pub(super) fn blank_below(lines: &Lines<'_>, offset: usize) -> usize {
    (lines.of(offset) + 1..lines.count()).take_while(|line| lines.is_blank(*line)).count()
}

/// True when blank lines stand between a child and the next.
pub(super) fn is_spaced(lines: &Lines<'_>, parent: &Part<'_>, index: usize) -> bool {
    let (this, next) = (extent(lines, parent, index), extent(lines, parent, index + 1));
    !next.is_inline && blank_above(lines, next.begin, this.finish) > 0
}

/// True when what follows on blank lines would become text of a `|+` in it.
pub(super) fn takes_blanks(lines: &Lines<'_>, part: &Part<'_>) -> bool {
    let last = part.last();
    last.scalar().is_some_and(|scalar| {
        matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded)
            && last.body.as_ref().is_some_and(|body| {
                let header = &lines.text[last.value..body.start];
                header.split('#').next().is_some_and(|header| header.contains('+'))
            })
    })
}
