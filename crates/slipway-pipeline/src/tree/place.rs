//! Places: which file, which bytes, which line and column.

use super::{Scalar, ScalarStyle};
use crate::diagnostic::Span;

/// Number of a file among those read together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

/// A span in a file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    pub source: SourceId,
    pub span: Span,
}

/// A file's name and text, with its lines counted.
#[derive(Debug, Clone)]
pub struct SourceText {
    pub id: SourceId,
    pub name: String,
    pub text: String,
    line_starts: Vec<usize>,
}

impl SourceText {
    /// Takes a text.
    pub fn new(id: SourceId, name: &str, text: &str) -> Self {
        let line_starts = std::iter::once(0)
            .chain(
                text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1),
            )
            .collect();
        Self { id, name: name.to_owned(), text: text.to_owned(), line_starts }
    }

    /// Line and column of a byte, both from 1, columns in characters.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        let before = &self.text[self.line_starts[line]..offset];
        // A byte-order mark takes no column.
        let column = before.chars().filter(|letter| *letter != '\u{feff}').count();
        (small(line + 1), small(column + 1))
    }

    /// The place of some bytes.
    pub fn place(&self, start: usize, end: usize) -> Place {
        let end = end.max(start).min(self.text.len());
        let start = start.min(end);
        let (line, column) = self.line_column(start);
        let (end_line, end_column) = self.line_column(end);
        let span = Span { start, end, line, column, end_line, end_column };
        Place { source: self.id, span }
    }

    /// The place of a part of a scalar, given in bytes of its unquoted text. Folding, quotes and
    /// escapes are walked around by lining both texts up; what cannot be lined up is the whole scalar.
    pub fn place_within(&self, scalar: &Scalar, place: Place, start: usize, end: usize) -> Place {
        if place.source != self.id || scalar.style == ScalarStyle::Expanded {
            return place;
        }
        let raw = self.text.get(place.span.start..place.span.end).unwrap_or_default();
        let skipped = match scalar.style {
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => 1,
            // The parser's span of a block scalar starts at its first line of text.
            _ => 0,
        };
        let find = |offset: usize| lined_up(&scalar.text, raw, skipped, offset);
        match (find(start), find(end.max(start + 1).min(scalar.text.len()))) {
            (Some(from), to) => {
                let to = to.filter(|to| *to > from).unwrap_or(from + 1);
                self.place(place.span.start + from, place.span.start + to)
            }
            _ => place,
        }
    }
}

/// Byte of `raw` at which byte `offset` of the unquoted `text` stands, blanks aside.
fn lined_up(text: &str, raw: &str, skipped: usize, offset: usize) -> Option<usize> {
    let mut at = skipped;
    let mut end_of_last = skipped;
    for (position, letter) in text.char_indices() {
        if letter.is_whitespace() {
            if position >= offset {
                return Some(end_of_last);
            }
            continue;
        }
        at += raw.get(at..)?.find(letter)?;
        if position >= offset {
            return Some(at);
        }
        at += letter.len_utf8();
        end_of_last = at;
        if letter == '\'' && raw.get(at..)?.starts_with('\'') && raw.starts_with('\'') {
            at += 1;
        }
    }
    Some(end_of_last)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::{NodeValue, read};

    #[test]
    fn a_part_of_a_scalar_is_found_in_every_style() {
        for (text, wanted) in [
            ("a: and(x, y)\n", (1, 11)),
            ("a: 'and(''b'', y)'\n", (1, 16)),
            ("a: \"and(x, y)\"\n", (1, 12)),
            ("a: |\n  and(x,\n    y)\n", (3, 5)),
            ("a: >-\n  and(x,\n  y)\n", (3, 3)),
            ("a: and(x,\n     y)\n", (2, 6)),
        ] {
            let source = SourceText::new(SourceId(0), "a.yml", text);
            let tree = read(&source);
            let node = tree.root.as_ref().and_then(|root| root.get("a")).unwrap();
            let NodeValue::Scalar(scalar) = &node.value else { panic!("a is a scalar") };
            let at = scalar.text.find('y').unwrap();
            let span = source.place_within(scalar, node.place, at, at + 1).span;
            assert_eq!((span.line, span.column), wanted, "where y stands in {text:?}");
        }
    }

    #[test]
    fn columns_count_characters() {
        let source = SourceText::new(SourceId(0), "a.yml", "\u{feff}é: ü\r\nb: 1\r\n");
        assert_eq!(source.line_column(3), (1, 1), "the mark takes no column");
        assert_eq!(source.line_column(7), (1, 4), "é is one column");
        assert_eq!(source.line_column(11), (2, 1), "a line starts after its line feed");
    }
}
