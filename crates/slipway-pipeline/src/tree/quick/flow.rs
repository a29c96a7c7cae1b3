//! What brackets make: lists and mappings within a line, or over several.

use super::line::is_blank;
use super::scalars::Stop;
use super::{Kind, Reading, Turn};
use crate::tree::{Node, Scalar, ScalarStyle};

impl Reading<'_> {
    /// Reads what an opening bracket begins, up to its closing one.
    pub(super) fn flow(&mut self) -> Option<()> {
        let outside = self.frames.len();
        self.open_bracket()?;
        while self.frames.len() > outside {
            self.find_in_flow()?;
            let frame = self.frames.last()?;
            let is_mapping = frame.kind == Kind::FlowMapping;
            match (self.bytes[self.at], frame.turn) {
                (b']', Turn::Entry | Turn::Separator) if !is_mapping => self.close_bracket()?,
                (b'}', Turn::Entry | Turn::Separator) if is_mapping => self.close_bracket()?,
                (b',', Turn::Separator) => {
                    self.at += 1;
                    self.frames.last_mut()?.turn = Turn::Entry;
                }
                (_, Turn::Separator) => return None,
                // A key without a value.
                (b',' | b'}', Turn::Value) => self.hand_over_null()?,
                (_, Turn::Entry) if is_mapping => self.flow_key()?,
                _ => self.flow_value()?,
            }
        }
        Some(())
    }

    fn open_bracket(&mut self) -> Option<()> {
        let kind = if self.bytes[self.at] == b'[' { Kind::FlowSequence } else { Kind::FlowMapping };
        let start = self.mark(self.at);
        // Brackets know no indentation.
        self.open(kind, Turn::Entry, 0, start)?;
        self.at += 1;
        Some(())
    }

    fn close_bracket(&mut self) -> Option<()> {
        self.at += 1;
        self.close(self.mark(self.at))
    }

    /// Goes to the next byte in brackets, over blanks, line breaks and comments.
    fn find_in_flow(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.byte(self.at) {
                b'\n' => {}
                b'#' if self.at > self.line_start && !is_blank(self.bytes[self.at - 1]) => {
                    return None;
                }
                b'#' => {}
                _ => return Some(()),
            }
            if !self.next_line() || self.is_document_marker() || self.byte(self.at) == b'%' {
                return None;
            }
            self.skip_spaces();
            if self.byte(self.at) == b'\t' {
                return None;
            }
        }
    }

    /// Reads a key in braces, which stands in one line with its colon.
    fn flow_key(&mut self) -> Option<()> {
        let start = self.at;
        let (scalar, place) = match self.bytes[self.at] {
            quote @ (b'\'' | b'"') => {
                let line = self.line;
                let read = self.quoted(quote)?;
                self.skip_blanks();
                if line != self.line || self.byte(self.at) != b':' {
                    return None;
                }
                read
            }
            _ if self.is_flow_plain_start() => {
                let (end, stop) = self.plain_piece(true);
                let Stop::Colon = stop else { return None };
                // `a:[b]` is refused by granit-parser.
                if matches!(self.byte(self.at + 1), b'[' | b'{') {
                    return None;
                }
                let scalar = Scalar::new(&self.source.text[start..end], ScalarStyle::Plain);
                (scalar, self.place(self.mark(start), self.plain_end(start, end)?))
            }
            _ => return None,
        };
        let colon = self.at;
        self.take_key(scalar, place, colon)?;
        self.at = colon + 1;
        Some(())
    }

    fn flow_value(&mut self) -> Option<()> {
        match self.bytes[self.at] {
            b'[' | b'{' => self.open_bracket(),
            quote @ (b'\'' | b'"') => {
                let (scalar, place) = self.quoted(quote)?;
                self.hand_over(Node::scalar(scalar, place))
            }
            _ if self.is_flow_plain_start() => {
                let start = self.at;
                let (end, stop) = self.plain_piece(true);
                let node = self.plain_value(start, end, stop, true)?;
                self.hand_over(node)
            }
            _ => None,
        }
    }

    /// True when plain text in brackets may begin with the next byte.
    fn is_flow_plain_start(&self) -> bool {
        let next = self.byte(self.at + 1);
        match self.bytes[self.at] {
            b'?' | b':' => false,
            b'-' => !matches!(next, b' ' | b'\t' | b'\n' | b',' | b'[' | b']' | b'{' | b'}'),
            _ => self.is_plain_start(),
        }
    }
}
