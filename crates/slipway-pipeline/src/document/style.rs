//! How a file is written: how far its levels are indented, which quotes, which line ends.

use super::lines::Lines;
use super::part::{Form, Part};
use super::scalar::Quote;
use crate::tree::ScalarStyle;

/// The habits of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Blanks a level.
    pub(super) step: usize,
    /// Where a list's dashes stand, from its key.
    pub(super) list: usize,
    /// From a dash to its item.
    pub(super) gap: usize,
    pub(super) quote: Quote,
    pub(super) line_end: &'static str,
}

/// Looks at the whole file.
pub(super) fn style(lines: &Lines<'_>, root: &Part<'_>) -> Style {
    let mut seen = Seen { lines, steps: [0; 17], lists: [0; 17], single: 0, double: 0 };
    seen.look(root);
    let crlf = lines.text.matches("\r\n").count();
    let step = most(&seen.steps).filter(|step| *step > 0).unwrap_or(2);
    Style {
        step,
        list: most(&seen.lists).unwrap_or(0),
        gap: 2,
        quote: if seen.double > seen.single { Quote::Double } else { Quote::Single },
        line_end: if crlf * 2 > lines.text.matches('\n').count() { "\r\n" } else { "\n" },
    }
}

/// Where the dashes of lists stand in this mapping, if it has lists.
pub(super) fn list_column(lines: &Lines<'_>, map: &Part<'_>) -> Option<usize> {
    let list = map.children.iter().rfind(|child| child.form == Form::BlockList)?;
    lines.column(list.children.first()?.start).checked_sub(lines.column(list.start))
}

struct Seen<'a, 't> {
    lines: &'a Lines<'t>,
    steps: [usize; 17],
    lists: [usize; 17],
    single: usize,
    double: usize,
}

impl Seen<'_, '_> {
    // The depth is that of the tree, which its reader limits.
    fn look(&mut self, part: &Part<'_>) {
        match part.scalar().map(|scalar| scalar.style) {
            Some(ScalarStyle::SingleQuoted) => self.single += 1,
            Some(ScalarStyle::DoubleQuoted) => self.double += 1,
            _ => {}
        }
        if part.key.is_some()
            && let Some(first) = part.children.first()
            && part.is_block()
        {
            let further = self.lines.column(first.start).checked_sub(self.lines.column(part.start));
            let counts =
                if part.form == Form::BlockList { &mut self.lists } else { &mut self.steps };
            if let Some(count) = further.and_then(|further| counts.get_mut(further)) {
                *count += 1;
            }
        }
        for child in &part.children {
            self.look(child);
        }
    }
}

/// The first of those counted most often.
fn most(counts: &[usize]) -> Option<usize> {
    let most = counts.iter().copied().max().filter(|count| *count > 0)?;
    counts.iter().position(|count| *count == most)
}
