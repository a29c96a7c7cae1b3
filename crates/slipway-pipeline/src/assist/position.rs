//! Bytes and what editors count: lines from 0 with UTF-16 columns, or UTF-16 units of the whole text.
//!
//! The only place that knows about UTF-16.

/// A place as editors count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 0.
    pub line: u32,
    /// UTF-16 code units, from 0.
    pub character: u32,
}

/// A text with its lines counted.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Counts a text's lines.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { starts: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// The byte of a position; the nearest one if there is no such position.
    pub fn offset(&self, text: &str, position: Position) -> usize {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line).copied() else { return text.len() };
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        let content = text[start..end].trim_end_matches(['\n', '\r']);
        start + from_utf16(content, position.character as usize)
    }

    /// The position of a byte.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = super::on_boundary(text, offset);
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or(0);
        Position { line: small(line), character: small(to_utf16(&text[start..], offset - start)) }
    }
}

/// The byte of a number of UTF-16 code units; the text's end if there are not so many.
pub fn from_utf16(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (at, letter) in text.char_indices() {
        if seen >= units {
            return at;
        }
        seen += letter.len_utf16();
    }
    text.len()
}

/// UTF-16 code units before a byte.
pub fn to_utf16(text: &str, offset: usize) -> usize {
    let offset = super::on_boundary(text, offset);
    text[..offset].chars().map(char::len_utf16).sum()
}

/// UTF-16 code units of the whole text for many bytes of it: one walk, then one line each.
#[derive(Debug, Clone)]
pub struct Units<'t> {
    text: &'t str,
    /// Bytes and units before each line; nothing for a text in which both are the same.
    lines: Vec<(usize, usize)>,
}

impl<'t> Units<'t> {
    /// Counts a text.
    pub fn new(text: &'t str) -> Self {
        let mut lines = Vec::new();
        if !text.is_ascii() {
            let (mut bytes, mut units) = (0, 0);
            for line in text.split_inclusive('\n') {
                lines.push((bytes, units));
                bytes += line.len();
                units += line.chars().map(char::len_utf16).sum::<usize>();
            }
        }
        Self { text, lines }
    }

    /// The units before a byte.
    pub fn before(&self, offset: usize) -> u32 {
        let offset = super::on_boundary(self.text, offset);
        let line = self.lines.partition_point(|(start, _)| *start <= offset).checked_sub(1);
        let Some((bytes, units)) = line.map(|line| self.lines[line]) else { return small(offset) };
        small(units + self.text[bytes..offset].chars().map(char::len_utf16).sum::<usize>())
    }
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_utf16_are_turned_into_each_other() {
        let text = "a: \u{e9}\r\nb: \u{1f600}x\n";
        let index = LineIndex::new(text);
        for offset in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
            let position = index.position(text, offset);
            let is_line_end = text[..offset].ends_with('\r');
            let back = index.offset(text, position);
            assert!(back == offset || is_line_end, "{offset} comes back, but for a line's end");
            assert_eq!(from_utf16(text, to_utf16(text, offset)), offset, "{offset} comes back");
            let units = Units::new(text).before(offset) as usize;
            assert_eq!(units, to_utf16(text, offset), "{offset} is counted alike for many");
        }
        let x = index.position(text, text.find('x').unwrap_or_default());
        assert_eq!((x.line, x.character), (1, 5), "an emoji is two units");
        let far = Position { line: 9, character: 9 };
        assert_eq!(index.offset(text, far), text.len(), "beyond the end is the end");
        let wide = Position { line: 0, character: 99 };
        assert_eq!(index.offset(text, wide), 5, "beyond a line is its end");
    }
}
