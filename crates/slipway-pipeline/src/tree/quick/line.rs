//! From line to line: what may be passed over, where a line ends, where the next content is.

use super::{Mark, Reading};

/// True when a text has only characters and line ends that the quick way knows.
pub(super) fn is_plain_text(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_odd = |byte: &u8| (*byte < b' ' && !matches!(byte, b'\n' | b'\t')) || *byte == 0x7f;
    // Chunks let the compiler compare many bytes at a time; carriage returns are looked at closely.
    let is_suspect = |chunk: &[u8]| chunk.iter().fold(false, |odd, byte| odd | is_odd(byte));
    if bytes.chunks(64).any(is_suspect) {
        let is_fine = |(at, byte): (usize, &u8)| {
            !is_odd(byte) || (*byte == b'\r' && bytes.get(at + 1) == Some(&b'\n'))
        };
        if !bytes.iter().enumerate().all(is_fine) {
            return false;
        }
    }
    text.is_ascii() || has_plain_letters(text)
}

/// True when no character beyond ASCII is a control, and a byte-order mark is the first if any.
fn has_plain_letters(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // All the odd ones begin with one of these bytes.
    let has_suspect =
        |chunk: &[u8]| chunk.iter().fold(false, |odd, byte| odd | matches!(byte, 0xc2 | 0xef));
    if !text.as_bytes().chunks(64).any(has_suspect) {
        return true;
    }
    let is_odd =
        |letter: char| matches!(letter, '\u{80}'..='\u{9f}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    !text.chars().any(is_odd)
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

impl Reading<'_> {
    /// Goes to the start of a line.
    pub(super) fn enter_line(&mut self, line: usize) {
        let start = self.line_starts[line];
        let end = match self.line_starts.get(line + 1) {
            Some(next) => next - 1,
            None => self.bytes.len(),
        };
        let has_return = end > start && self.bytes[end - 1] == b'\r';
        let has_mark = line == 0 && self.bytes.starts_with(b"\xef\xbb\xbf");
        self.line = line;
        self.line_start = if has_mark { 3 } else { start };
        self.line_end = if has_return { end - 1 } else { end };
        self.at = self.line_start;
    }

    /// Goes to the next line; false when this is the last.
    pub(super) fn next_line(&mut self) -> bool {
        let is_there = self.line + 1 < self.line_starts.len();
        if is_there {
            self.enter_line(self.line + 1);
        }
        is_there
    }

    /// True when a line break ends this line.
    pub(super) fn has_break(&self) -> bool {
        self.line + 1 < self.line_starts.len()
    }

    /// The byte there, or a line feed at the line's end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        if at < self.line_end { self.bytes[at] } else { b'\n' }
    }

    pub(super) fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.byte(at), b' ' | b'\t' | b'\n')
    }

    pub(super) fn skip_spaces(&mut self) {
        while self.byte(self.at) == b' ' {
            self.at += 1;
        }
    }

    pub(super) fn skip_blanks(&mut self) {
        while is_blank(self.byte(self.at)) {
            self.at += 1;
        }
    }

    /// Skips blanks and a comment. Some(true) when the line ends there; nothing when a `#` is stuck to
    /// what stands before it.
    pub(super) fn is_rest_empty(&mut self) -> Option<bool> {
        let before = self.at;
        self.skip_blanks();
        match self.byte(self.at) {
            b'\n' => Some(true),
            b'#' if self.at == before && self.at > self.line_start => None,
            b'#' => {
                self.at = self.line_end;
                Some(true)
            }
            _ => Some(false),
        }
    }

    /// Goes to the line's end after a finished value: only blanks and a comment may follow.
    pub(super) fn finish_line(&mut self) -> Option<()> {
        if !self.is_rest_empty()? {
            return None;
        }
        self.at = self.line_end;
        Some(())
    }

    /// Goes to the next byte of content, over empty lines and comments; false at the end.
    pub(super) fn find_content(&mut self) -> Option<bool> {
        loop {
            self.skip_spaces();
            match self.byte(self.at) {
                b'\n' | b'#' => {}
                // Only a line without content may begin with a tab.
                b'\t' => {
                    if !self.is_rest_empty()? {
                        return None;
                    }
                }
                _ => return Some(true),
            }
            if !self.next_line() {
                self.at = self.bytes.len();
                return Some(false);
            }
        }
    }

    /// True when `---` or `...` stands at the line's start.
    pub(super) fn is_document_marker(&self) -> bool {
        let start = self.line_start;
        matches!(self.bytes.get(start..start + 3), Some(b"---" | b"..."))
            && self.is_blank_or_end(start + 3)
    }

    /// The mark behind the last byte before `end` that is no white space; `end` is in this line.
    pub(super) fn trimmed_mark(&self, end: usize) -> Mark {
        let text = &self.source.text[..end];
        let trimmed = text.trim_ascii_end();
        let at = match trimmed.as_bytes().last() {
            Some(last) if !last.is_ascii() => trimmed.trim_end().len(),
            _ => trimmed.len(),
        };
        if at >= self.line_start {
            return self.mark(at);
        }
        let mut line = self.line;
        while line > 0 && self.line_starts[line] > at {
            line -= 1;
        }
        let start = self.line_starts[line];
        let has_mark = line == 0 && self.bytes.starts_with(b"\xef\xbb\xbf");
        let start = if has_mark { 3 } else { start };
        Mark { at, line: super::number(line + 1), column: self.source.column(start, at.max(start)) }
    }
}
