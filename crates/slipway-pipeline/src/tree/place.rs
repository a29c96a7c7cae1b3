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
    /// How many bytes before each block of the text take no column; empty when all of them do.
    columnless: Vec<usize>,
}

/// Bytes per entry of `columnless`: a column costs no more than counting these, however long the line.
const BLOCK: usize = 64;

impl SourceText {
    /// Takes a text.
    pub fn new(id: SourceId, name: &str, text: &str) -> Self {
        let mut line_starts = Vec::with_capacity(text.len() / 24 + 1);
        line_starts.push(0);
        line_starts.extend(
            text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1),
        );
        let columnless = if text.is_ascii() { Vec::new() } else { columnless_blocks(text) };
        Self { id, name: name.to_owned(), text: text.to_owned(), line_starts, columnless }
    }

    /// Line and column of a byte, both from 1, columns in characters.
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= offset) - 1;
        (small(line + 1), self.column(self.line_starts[line], offset))
    }

    /// Where each line starts.
    pub(super) fn line_starts(&self) -> &[usize] {
        &self.line_starts
    }

    /// Column of a character's first byte in the line that starts there.
    pub(super) fn column(&self, line_start: usize, offset: usize) -> u32 {
        let bytes = offset - line_start;
        // Most lines have none, which the counts before their blocks and behind them tell.
        let before = self.columnless.get(line_start / BLOCK);
        if before == self.columnless.get(offset / BLOCK + 1) {
            return small(bytes + 1);
        }
        small(bytes + 1 + self.columnless(line_start) - self.columnless(offset))
    }

    fn columnless(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let before = self.columnless.get(block).copied().unwrap_or_default();
        before + columnless_in(self.text.as_bytes(), block * BLOCK, offset)
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

fn columnless_blocks(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut blocks = Vec::with_capacity(bytes.len() / BLOCK + 1);
    let mut count = 0;
    for start in (0..=bytes.len()).step_by(BLOCK) {
        blocks.push(count);
        count += columnless_in(bytes, start, (start + BLOCK).min(bytes.len()));
    }
    blocks.push(count);
    blocks
}

/// The bytes that take no column: all but the first of a character, and a whole byte-order mark.
fn columnless_in(bytes: &[u8], start: usize, end: usize) -> usize {
    let Some(block) = bytes.get(start..end) else { return 0 };
    if block.is_ascii() {
        return 0;
    }
    let later = block.iter().filter(|byte| **byte & 0xc0 == 0x80).count();
    let is_mark = |at: usize| bytes[at] == 0xef && bytes[at..].starts_with(b"\xef\xbb\xbf");
    later + (start..end).filter(|at| is_mark(*at)).count()
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

    #[test]
    fn columns_are_counted_alike_in_long_lines() {
        let line = "abc é 日本\u{feff}x ".repeat(40);
        for before in 0..70 {
            let text = format!("{}{line}\n{line}", "-".repeat(before));
            let source = SourceText::new(SourceId(0), "a.yml", &text);
            for (at, _) in text.char_indices() {
                let line_start = text[..at].rfind('\n').map_or(0, |at| at + 1);
                let letters = text[line_start..at].chars().filter(|letter| *letter != '\u{feff}');
                let wanted = u32::try_from(letters.count() + 1).unwrap();
                assert_eq!(source.line_column(at).1, wanted, "column of byte {at} behind {before}");
            }
        }
    }
}
