//! What indentation makes: mappings, sequences, and which value belongs to which key or dash.

use super::scalars::Stop;
use super::{Kind, Mark, Reading, Turn};
use crate::tree::{Node, Scalar};

impl Reading<'_> {
    /// Reads the one document.
    pub(super) fn document(&mut self) -> Option<()> {
        let mut has_begun = false;
        while self.find_content()? {
            let column = self.at - self.line_start;
            if column == 0 && self.bytes[self.at] == b'%' {
                return None;
            }
            if column == 0 && self.is_document_marker() {
                if has_begun || self.bytes[self.at] == b'.' {
                    return None;
                }
                self.at += 3;
                self.finish_line()?;
            } else {
                self.entry(column)?;
            }
            has_begun = true;
        }
        let end = self.trimmed_mark(self.bytes.len());
        while !self.frames.is_empty() {
            self.close_with(end)?;
        }
        Some(())
    }

    /// Closes the innermost collection, with a null if its last value is not there.
    fn close_with(&mut self, end: Mark) -> Option<()> {
        if self.is_waiting() {
            self.hand_over_null()?;
        }
        self.close(end)
    }

    fn is_waiting(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.turn == Turn::Value)
    }

    fn is_dash(&self) -> bool {
        self.bytes[self.at] == b'-' && self.is_blank_or_end(self.at + 1)
    }

    /// Closes what is indented further than this line's content.
    fn dedent(&mut self, column: usize) -> Option<()> {
        let is_dash = self.is_dash();
        let mut end = None;
        while let Some(frame) = self.frames.last() {
            let is_over = frame.indent > column
                || (frame.indent == column && frame.kind == Kind::Indentless && !is_dash);
            if !is_over {
                break;
            }
            let end = *end.get_or_insert_with(|| self.trimmed_mark(self.at));
            self.close_with(end)?;
        }
        let Some(frame) = self.frames.last() else { return Some(()) };
        let is_value = frame.kind == Kind::Mapping && is_dash;
        if frame.indent == column && frame.turn == Turn::Value && !is_value {
            self.hand_over_null()?;
        }
        Some(())
    }

    /// Reads a line's content: dashes, then a key or a value.
    fn entry(&mut self, mut column: usize) -> Option<()> {
        self.dedent(column)?;
        while self.is_dash() {
            if !self.dash(column)? {
                return Some(());
            }
            column = self.at - self.line_start;
        }
        match self.bytes[self.at] {
            quote @ (b'\'' | b'"') => self.quoted_entry(column, quote),
            b'[' | b'{' => {
                self.expect_value(column)?;
                self.flow()?;
                self.finish_line()
            }
            b'|' | b'>' => {
                self.expect_value(column)?;
                self.block_scalar()
            }
            _ => self.plain_entry(column),
        }
    }

    /// Takes a dash; false when nothing else is in its line.
    fn dash(&mut self, column: usize) -> Option<bool> {
        let start = self.mark(self.at);
        self.at += 1;
        self.skip_spaces();
        let is_alone = match self.byte(self.at) {
            b'\t' => return None,
            b'\n' | b'#' => {
                self.at = self.line_end;
                true
            }
            _ => false,
        };
        // granit-parser lets a sequence without indentation begin behind its first dash.
        let behind = self.mark(self.at);
        let is_next = self.frames.last().is_some_and(|frame| {
            frame.indent == column
                && frame.turn == Turn::Entry
                && matches!(frame.kind, Kind::Sequence | Kind::Indentless)
        });
        if !is_next {
            let is_same_column = self.frames.last().is_some_and(|frame| frame.indent == column);
            if is_same_column {
                // `dedent` has left a mapping that waits, or this is not in its place.
                if !self.is_waiting() {
                    return None;
                }
                self.open(Kind::Indentless, Turn::Entry, column, behind)?;
            } else {
                self.expect_value(column)?;
                self.open(Kind::Sequence, Turn::Entry, column, start)?;
            }
        }
        let frame = self.frames.last_mut()?;
        frame.turn = Turn::Value;
        frame.null = behind;
        Some(!is_alone)
    }

    /// True when a value may begin in that column, which is one that its key or dash allows.
    fn expect_value(&self, column: usize) -> Option<()> {
        match self.frames.last() {
            None => self.root.is_none().then_some(()),
            Some(frame) => (frame.turn == Turn::Value && frame.indent < column).then_some(()),
        }
    }

    fn quoted_entry(&mut self, column: usize, quote: u8) -> Option<()> {
        let line = self.line;
        let (scalar, place) = self.quoted(quote)?;
        let is_key = {
            self.skip_blanks();
            self.byte(self.at) == b':'
        };
        if is_key && line == self.line && self.is_blank_or_end(self.at + 1) {
            return self.key(column, scalar, place);
        }
        self.at = place.span.end;
        self.finish_line()?;
        self.lone_value(column)?;
        self.hand_over(Node::scalar(scalar, place))
    }

    fn plain_entry(&mut self, column: usize) -> Option<()> {
        if !self.is_plain_start() {
            return None;
        }
        let start = self.at;
        let (end, stop) = self.plain_piece(false);
        if let Stop::Colon = stop {
            let scalar = self.key_text(start, end);
            let place = self.place(self.mark(start), self.plain_end(start, end)?);
            return self.key(column, scalar, place);
        }
        self.lone_value(column)?;
        let node = self.plain_value(start, end, stop, false)?;
        self.hand_over(node)
    }

    /// Like `expect_value`, for a scalar: a file that is one scalar is left to granit-parser.
    fn lone_value(&self, column: usize) -> Option<()> {
        self.frames.last()?;
        self.expect_value(column)
    }

    /// Takes a key, whose colon is next, and the value in its line.
    fn key(&mut self, column: usize, key: Scalar, place: crate::tree::Place) -> Option<()> {
        let is_next = self.frames.last().is_some_and(|frame| {
            frame.kind == Kind::Mapping && frame.indent == column && frame.turn == Turn::Entry
        });
        if !is_next {
            self.expect_value(column)?;
            let span = place.span;
            let start = Mark { at: span.start, line: span.line, column: span.column };
            self.open(Kind::Mapping, Turn::Entry, column, start)?;
        }
        let colon = self.at;
        self.take_key(key, place, colon)?;
        self.at = colon + 1;
        self.skip_blanks();
        match self.byte(self.at) {
            b'\n' | b'#' => {
                self.at = self.line_end;
                Some(())
            }
            quote @ (b'\'' | b'"') => {
                let (scalar, place) = self.quoted(quote)?;
                self.finish_line()?;
                self.hand_over(Node::scalar(scalar, place))
            }
            b'[' | b'{' => {
                self.flow()?;
                self.finish_line()
            }
            b'|' | b'>' => self.block_scalar(),
            _ if self.is_dash() || !self.is_plain_start() => None,
            _ => {
                let start = self.at;
                let (end, stop) = self.plain_piece(false);
                let node = self.plain_value(start, end, stop, false)?;
                self.hand_over(node)
            }
        }
    }
}
