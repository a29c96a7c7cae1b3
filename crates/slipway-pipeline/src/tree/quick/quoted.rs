//! Quoted scalars: escapes, and the lines they may go over.

use super::Reading;
use super::line::is_blank;
use crate::tree::{Place, Scalar, ScalarStyle};

impl Reading<'_> {
    /// Reads a quoted scalar, up to its closing quote.
    pub(super) fn quoted(&mut self, quote: u8) -> Option<(Scalar, Place)> {
        let style =
            if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        let from = self.mark(self.at);
        let start = self.at + 1;
        let is_stop = |byte: &u8| *byte == quote || (quote == b'"' && *byte == b'\\');
        let line = self.bytes.get(start..self.line_end)?;
        let end = start + line.iter().position(is_stop).unwrap_or(line.len());
        self.at = end;
        let is_simple = self.byte(end) == quote && (quote == b'"' || self.byte(end + 1) != b'\'');
        let scalar = if is_simple {
            Scalar::new(&self.source.text[start..end], style)
        } else {
            self.scratch.clear();
            self.scratch.push_str(&self.source.text[start..end]);
            self.rest(quote)?;
            Scalar::new(self.scratch.as_str(), style)
        };
        self.at += 1;
        Some((scalar, self.place(from, self.mark(self.at))))
    }

    /// Adds what follows to the scratch text, up to the closing quote.
    fn rest(&mut self, quote: u8) -> Option<()> {
        // What an escape or a fold has made is no blank that the end of a line takes away.
        let mut kept = 0;
        loop {
            let begun = self.at;
            while self.at < self.line_end && !matches!(self.bytes[self.at], b'\'' | b'"' | b'\\') {
                self.at += 1;
            }
            self.scratch.push_str(&self.source.text[begun..self.at]);
            if self.at == self.line_end {
                let blanks =
                    self.scratch.as_bytes()[kept..].iter().rev().take_while(|b| is_blank(**b));
                let length = self.scratch.len() - blanks.count();
                self.scratch.truncate(length);
                let breaks = self.quoted_line()?;
                self.push_breaks(breaks);
                kept = self.scratch.len();
                continue;
            }
            match self.bytes[self.at] {
                b'\'' if quote == b'\'' && self.byte(self.at + 1) == b'\'' => {
                    self.scratch.push('\'');
                    self.at += 2;
                }
                byte if byte == quote => return Some(()),
                b'\\' if quote == b'"' => {
                    self.escape()?;
                    kept = self.scratch.len();
                }
                other => {
                    self.scratch.push(char::from(other));
                    self.at += 1;
                }
            }
        }
    }

    /// Goes to the next line with content: how many are empty in between.
    fn quoted_line(&mut self) -> Option<usize> {
        let mut breaks = 0;
        loop {
            if !self.next_line() {
                return None;
            }
            if self.is_document_marker() {
                return None;
            }
            self.skip_blanks();
            if self.at < self.line_end {
                return Some(breaks);
            }
            breaks += 1;
        }
    }

    fn escape(&mut self) -> Option<()> {
        let letter = self.byte(self.at + 1);
        if letter == b'\n' {
            let breaks = self.quoted_line()?;
            self.scratch.extend(std::iter::repeat_n('\n', breaks));
            return Some(());
        }
        self.at += 2;
        let decoded = match letter {
            b'0' => '\0',
            b'a' => '\u{7}',
            b'b' => '\u{8}',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\u{b}',
            b'f' => '\u{c}',
            b'r' => '\r',
            b'e' => '\u{1b}',
            b' ' | b'"' | b'/' | b'\\' => char::from(letter),
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => self.hex(2)?,
            b'u' => self.hex(4)?,
            b'U' => self.hex(8)?,
            _ => return None,
        };
        self.scratch.push(decoded);
        Some(())
    }

    /// A character by its number; halves of a pair are left to granit-parser.
    fn hex(&mut self, digits: usize) -> Option<char> {
        let text = self.source.text.get(self.at..self.at + digits)?;
        if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.at += digits;
        char::from_u32(u32::from_str_radix(text, 16).ok()?)
    }
}
