//! Scalars without quotes: plain ones, over several lines too, and block scalars.

use super::line::is_blank;
use super::{Mark, Reading};
use crate::tree::{Node, Scalar, ScalarStyle};

/// What ended a piece of plain text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stop {
    Line,
    Comment,
    /// A colon that makes a key of it.
    Colon,
    /// A bracket or a comma, in brackets.
    Bracket,
}

/// Bytes that may end plain text, or not, as their neighbours say.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut at = 0;
    while at < 7 {
        stops[b":#,[]{}"[at] as usize] = true;
        at += 1;
    }
    stops
};

fn is_bracket(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

/// What a block scalar's first line says.
struct Header {
    is_literal: bool,
    /// `-`, `+`, or a blank for neither.
    chomping: u8,
    indentation: usize,
}

impl Reading<'_> {
    /// True when plain text outside brackets may begin with the next byte.
    pub(super) fn is_plain_start(&self) -> bool {
        match self.byte(self.at) {
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' | b'\n' => false,
            b'?' | b':' => !self.is_blank_or_end(self.at + 1),
            _ => true,
        }
    }

    /// Passes over plain text in this line: where it ends, blanks aside, and why.
    pub(super) fn plain_piece(&mut self, is_flow: bool) -> (usize, Stop) {
        let begun = self.at;
        let line = &self.bytes[..self.line_end];
        let mut at = begun;
        let stop = loop {
            let Some(byte) = line.get(at) else { break Stop::Line };
            if STOPS[usize::from(*byte)] {
                let next = line.get(at + 1).copied().unwrap_or(b'\n');
                match byte {
                    b'#' if at > begun && is_blank(line[at - 1]) => break Stop::Comment,
                    b'#' => {}
                    b':' if matches!(next, b' ' | b'\t' | b'\n') => break Stop::Colon,
                    b':' if is_flow && is_bracket(next) => break Stop::Colon,
                    b':' => {}
                    _ if is_flow => break Stop::Bracket,
                    _ => {}
                }
            }
            at += 1;
        };
        let mut end = at;
        while end > begun && is_blank(line[end - 1]) {
            end -= 1;
        }
        self.at = at;
        (end, stop)
    }

    /// The mark behind plain text. Blanks beyond ASCII at its end are text but not place.
    pub(super) fn plain_end(&self, start: usize, end: usize) -> Option<Mark> {
        if self.bytes[end - 1].is_ascii() {
            return Some(self.mark(end));
        }
        let trimmed = self.source.text[start..end].trim_end().len();
        (trimmed > 0).then(|| self.mark(start + trimmed))
    }

    /// A plain scalar whose first piece has been passed over, with the lines that go on with it.
    pub(super) fn plain_value(
        &mut self,
        start: usize,
        end: usize,
        stop: Stop,
        is_flow: bool,
    ) -> Option<Node> {
        let from = self.mark(start);
        let mut to = self.plain_end(start, end)?;
        let mut stop = stop;
        let mut is_folded = false;
        let least = if is_flow { 0 } else { self.frames.last()?.indent + 1 };
        while let Stop::Line = stop {
            let Some(breaks) = self.continuation(least, is_flow)? else { break };
            if !is_folded {
                self.scratch.clear();
                self.scratch.push_str(&self.source.text[start..end]);
                is_folded = true;
            }
            self.push_breaks(breaks);
            let piece = self.at;
            let (piece_end, next) = self.plain_piece(is_flow);
            self.scratch.push_str(&self.source.text[piece..piece_end]);
            to = self.plain_end(piece, piece_end)?;
            stop = next;
        }
        match stop {
            Stop::Colon => return None,
            Stop::Comment if !is_flow => self.at = self.line_end,
            _ => {}
        }
        let text = if is_folded { &self.scratch } else { &self.source.text[start..end] };
        Some(Node::scalar(Scalar::new(text, ScalarStyle::Plain), self.place(from, to)))
    }

    /// A line break folds to a blank, more of them to one less.
    pub(super) fn push_breaks(&mut self, breaks: usize) {
        if breaks == 0 {
            self.scratch.push(' ');
        }
        self.scratch.extend(std::iter::repeat_n('\n', breaks));
    }

    /// Goes to the next content. When plain text goes on there: how many lines are empty in between.
    fn continuation(&mut self, least: usize, is_flow: bool) -> Option<Option<usize>> {
        let mut breaks = 0;
        loop {
            if !self.next_line() {
                self.at = self.bytes.len();
                return Some(None);
            }
            self.skip_spaces();
            match self.byte(self.at) {
                b'\n' => breaks += 1,
                b'\t' => {
                    self.skip_blanks();
                    if self.byte(self.at) != b'\n' {
                        return None;
                    }
                    breaks += 1;
                }
                _ => break,
            }
        }
        let column = self.at - self.line_start;
        let byte = self.bytes[self.at];
        if column < least || byte == b'#' || (is_flow && is_bracket(byte)) {
            return Some(None);
        }
        // A colon by itself would end the text here, which makes no sense to anybody.
        let is_colon = byte == b':' && (is_flow || self.is_blank_or_end(self.at + 1));
        if is_colon || (column == 0 && self.is_document_marker()) {
            return None;
        }
        Some(Some(breaks))
    }

    /// Reads a block scalar and hands it over.
    pub(super) fn block_scalar(&mut self) -> Option<()> {
        let header = self.header()?;
        let parent = self.frames.last()?.indent;
        if !self.next_line() || self.byte(self.at) == b'\t' {
            return None;
        }
        let indent = match header.indentation {
            0 => self.found_indentation(parent)?,
            written => parent + written,
        };
        let mut breaks = 0;
        let has_content = self.find_block_line(indent, &mut breaks)?;
        if !has_content && self.at - self.line_start > parent {
            return None;
        }
        let from = self.mark(self.at);
        self.scratch.clear();
        let mut end = from;
        if has_content {
            breaks = self.block_lines(indent, breaks, header.is_literal);
            let trimmed = self.trimmed_mark(self.at);
            end = if trimmed.at < from.at { from } else { trimmed };
        }
        if has_content && header.chomping != b'-' {
            self.scratch.push('\n');
        }
        if header.chomping == b'+' {
            self.scratch.extend(std::iter::repeat_n('\n', breaks));
        }
        let style = if header.is_literal { ScalarStyle::Literal } else { ScalarStyle::Folded };
        let scalar = Scalar::new(self.scratch.as_str(), style);
        self.hand_over(Node::scalar(scalar, self.place(from, end)))
    }

    /// Collects the lines of a block scalar, the first of which is here behind `breaks` empty ones.
    /// Comes to the number of empty lines behind the last.
    fn block_lines(&mut self, indent: usize, mut breaks: usize, is_literal: bool) -> usize {
        let mut is_first = true;
        let mut was_blank = false;
        loop {
            // Lines that begin with a blank are not folded, nor are those around them.
            let is_blank = is_blank(self.bytes[self.at]);
            let folds = !is_literal && !was_blank && !is_blank;
            if !is_first && !folds {
                self.scratch.push('\n');
            } else if !is_first && breaks == 0 {
                self.scratch.push(' ');
            }
            self.scratch.extend(std::iter::repeat_n('\n', breaks));
            self.scratch.push_str(&self.source.text[self.at..self.line_end]);
            breaks = 0;
            is_first = false;
            was_blank = is_blank;
            if !self.next_line() {
                self.at = self.bytes.len();
                return breaks;
            }
            if self.find_block_line(indent, &mut breaks) != Some(true) {
                return breaks;
            }
        }
    }

    fn header(&mut self) -> Option<Header> {
        let is_literal = self.bytes[self.at] == b'|';
        let mut header = Header { is_literal, chomping: b' ', indentation: 0 };
        self.at += 1;
        for _ in 0..2 {
            match self.byte(self.at) {
                sign @ (b'-' | b'+') if header.chomping == b' ' => header.chomping = sign,
                digit @ b'1'..=b'9' if header.indentation == 0 => {
                    header.indentation = usize::from(digit - b'0');
                }
                _ => break,
            }
            self.at += 1;
        }
        self.finish_line()?;
        Some(header)
    }

    /// The indentation of a block scalar that does not say it: that of its first line, or of a longer
    /// empty one before it. Nothing when the file ends first.
    fn found_indentation(&self, parent: usize) -> Option<usize> {
        let mut most = parent + 1;
        for (line, start) in self.line_starts.iter().enumerate().skip(self.line) {
            let end = self.line_starts.get(line + 1).copied().unwrap_or(self.bytes.len());
            let text = &self.bytes[*start..end];
            let spaces = text.iter().take_while(|byte| **byte == b' ').count();
            most = most.max(spaces);
            if !matches!(text[spaces..], [b'\n'] | [b'\r', b'\n']) {
                return (spaces < text.len()).then_some(most);
            }
        }
        None
    }

    /// Goes over empty lines to the next line of a block scalar, behind its indentation. False when
    /// that line is not one; nothing when the file ends instead.
    fn find_block_line(&mut self, indent: usize, breaks: &mut usize) -> Option<bool> {
        loop {
            let most = (self.line_start + indent).min(self.line_end);
            while self.at < most && self.bytes[self.at] == b' ' {
                self.at += 1;
            }
            if self.at < self.line_end {
                return Some(self.at == self.line_start + indent);
            }
            if !self.has_break() {
                return None;
            }
            *breaks += 1;
            self.next_line();
        }
    }
}
