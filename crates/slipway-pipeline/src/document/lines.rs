//! The lines of a text: where they start and end, how far they are indented.

/// A text cut into lines.
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        // A byte-order mark is no part of the first line.
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![first];
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        starts.extend(ends.map(|(at, _)| at + 1));
        if starts.len() > 1 && starts.last() == Some(&text.len()) {
            starts.pop();
        }
        Self { text, starts }
    }

    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, from 0, that a byte is in.
    pub(super) fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    pub(super) fn start(&self, line: usize) -> usize {
        self.starts.get(line).copied().unwrap_or(self.text.len())
    }

    /// Where the line's text ends, its line end aside.
    pub(super) fn end(&self, line: usize) -> usize {
        let next = self.start(line + 1);
        let text = &self.text[self.start(line)..next];
        self.start(line) + text.trim_end_matches(['\r', '\n']).len()
    }

    pub(super) fn line(&self, line: usize) -> &'t str {
        &self.text[self.start(line)..self.end(line)]
    }

    /// Where the line with this byte ends.
    pub(super) fn end_of(&self, offset: usize) -> usize {
        self.end(self.of(offset))
    }

    /// The column of a byte, from 0; what stands before a node is one byte a letter.
    pub(super) fn column(&self, offset: usize) -> usize {
        offset - self.start(self.of(offset)).min(offset)
    }

    /// How many blanks the line starts with.
    pub(super) fn indent(&self, line: usize) -> usize {
        let text = self.line(line);
        text.len() - text.trim_start_matches(' ').len()
    }

    pub(super) fn is_blank(&self, line: usize) -> bool {
        self.line(line).trim().is_empty()
    }

    pub(super) fn is_comment(&self, line: usize) -> bool {
        self.line(line).trim_start().starts_with('#')
    }

    /// True when nothing but blanks stands before this byte on its line.
    pub(super) fn is_first_on_line(&self, offset: usize) -> bool {
        self.text[self.start(self.of(offset))..offset].trim().is_empty()
    }
}
