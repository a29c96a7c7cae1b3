//! The tree again, with the places that edits need: dashes, colons, block headers, true ends.
//!
//! A node's own place starts at its first text and may trail comments; a [`Part`] knows where its
//! line begins, where its value begins and where its last letter is. Built once per edit.

use std::ops::Range;

use super::lines::Lines;
use crate::tree::{Entry, Node, NodeValue, Scalar, ScalarStyle};

/// How a part is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Scalar,
    BlockList,
    BlockMap,
    FlowList,
    FlowMap,
}

/// A node in its text.
pub(super) struct Part<'t> {
    pub(super) node: &'t Node,
    pub(super) key: Option<&'t Entry>,
    pub(super) form: Form,
    /// The first byte of its key or dash; of a flow item, of the item.
    pub(super) start: usize,
    /// The byte behind its colon or dash.
    pub(super) after: usize,
    /// The first byte of its value; a block scalar's header. `after` when there is none.
    pub(super) value: usize,
    /// The byte behind its last letter.
    pub(super) end: usize,
    /// The lines of a block scalar, from the end of the header's line.
    pub(super) body: Option<Range<usize>>,
    /// Written in a way that edits do not understand (`? key`, `[a: b]`).
    pub(super) is_odd: bool,
    pub(super) children: Vec<Part<'t>>,
}

impl<'t> Part<'t> {
    pub(super) fn scalar(&self) -> Option<&'t Scalar> {
        match &self.node.value {
            NodeValue::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    pub(super) fn key_text(&self) -> Option<&'t str> {
        self.key.map(|entry| entry.key.as_str())
    }

    pub(super) fn is_block(&self) -> bool {
        matches!(self.form, Form::BlockList | Form::BlockMap)
    }

    pub(super) fn is_flow(&self) -> bool {
        matches!(self.form, Form::FlowList | Form::FlowMap)
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.form, Form::BlockList | Form::FlowList)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.form, Form::BlockMap | Form::FlowMap)
    }

    /// True for `key:` with nothing behind it, and for `~`.
    pub(super) fn is_null(&self) -> bool {
        self.node.is_null()
    }

    /// The part at some entry and item numbers.
    pub(super) fn at(&self, indexes: &[usize]) -> &Part<'t> {
        indexes.iter().fold(self, |part, index| &part.children[*index])
    }

    /// The child under a key, the first if written twice.
    pub(super) fn get(&self, key: &str) -> Option<&Part<'t>> {
        self.index_of(key).map(|index| &self.children[index])
    }

    pub(super) fn index_of(&self, key: &str) -> Option<usize> {
        self.children.iter().position(|child| child.key_text() == Some(key))
    }

    pub(super) fn text(&self) -> Option<&'t str> {
        self.node.text()
    }

    /// The scalar that is written last below it.
    pub(super) fn last(&self) -> &Part<'t> {
        let mut part = self;
        while let Some(last) = part.children.last() {
            part = last;
        }
        part
    }
}

/// The parts of a tree.
pub(super) fn parts<'t>(lines: &Lines<'t>, root: &'t Node) -> Part<'t> {
    let build = Build { lines, text: lines.text };
    let start = build.prologue();
    build.part(root, None, start, start, false)
}

struct Build<'a, 't> {
    lines: &'a Lines<'t>,
    text: &'t str,
}

impl<'t> Build<'_, 't> {
    /// Behind the byte-order mark, directives and `---`.
    fn prologue(&self) -> usize {
        let mut at = self.skip(self.lines.start(0));
        while self.text[at..].starts_with('%') {
            at = self.skip(self.lines.end_of(at));
        }
        if self.text[at..].starts_with("---") { at + 3 } else { at }
    }

    /// Past blanks, line ends, comments and tags.
    fn skip(&self, mut at: usize) -> usize {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'#' => at = self.lines.end_of(at),
                b'!' => {
                    let rest = &self.text[at..];
                    at += rest.find(char::is_whitespace).unwrap_or(rest.len());
                }
                _ => break,
            }
        }
        at
    }

    // The depth is that of the tree, which its reader limits.
    fn part(
        &self,
        node: &'t Node,
        key: Option<&'t Entry>,
        start: usize,
        after: usize,
        in_flow: bool,
    ) -> Part<'t> {
        let mut part = Part {
            node,
            key,
            form: Form::Scalar,
            start,
            after,
            value: after,
            end: after,
            body: None,
            is_odd: false,
            children: Vec::new(),
        };
        match &node.value {
            NodeValue::Scalar(scalar) => self.scalar(&mut part, scalar),
            NodeValue::Sequence(items) => self.sequence(&mut part, items, in_flow),
            NodeValue::Mapping(entries) => self.mapping(&mut part, entries, in_flow),
        }
        part
    }

    fn scalar(&self, part: &mut Part<'t>, scalar: &Scalar) {
        let span = part.node.place.span;
        if matches!(scalar.style, ScalarStyle::Literal | ScalarStyle::Folded) {
            part.value = self.skip(part.after);
            part.is_odd = !self.text[part.value..].starts_with(['|', '>']);
            if part.is_odd {
                part.end = span.end.max(part.after);
            } else {
                self.block_scalar(part, scalar);
            }
        } else if span.start < span.end {
            part.value = span.start;
            part.end = span.end;
        }
    }

    /// The end of a block scalar is where its last line of content ends, trailing blank lines of a
    /// `|+` included.
    fn block_scalar(&self, part: &mut Part<'t>, scalar: &Scalar) {
        let lines = self.lines;
        let rest = &self.text[part.value + 1..];
        let header = rest.trim_start_matches(|letter: char| {
            letter.is_ascii_digit() || letter == '+' || letter == '-'
        });
        let header_end = self.text.len() - header.len();
        let is_keep = self.text[part.value..header_end].contains('+');
        let has_text = scalar.text.contains(|letter| letter != '\n');
        let column = if has_text { lines.column(part.node.place.span.start) } else { usize::MAX };
        let header_line = lines.of(part.value);
        let (mut line, mut last) = (header_line + 1, header_line);
        while line < lines.count() {
            let is_blank = lines.is_blank(line);
            if !is_blank && lines.indent(line) < column {
                break;
            }
            // A line of blanks that is longer than the indentation is text.
            if !is_blank || is_keep || lines.line(line).len() > column {
                last = line;
            }
            line += 1;
        }
        let body = lines.end(header_line);
        let end = if last == header_line { body } else { lines.end(last) };
        part.end = if last == header_line { header_end } else { end };
        part.body = Some(body..end);
    }

    fn sequence(&self, part: &mut Part<'t>, items: &'t [Node], in_flow: bool) {
        let first = if in_flow { part.node.place.span.start } else { self.skip(part.after) };
        if in_flow || self.text[first..].starts_with('[') {
            part.form = Form::FlowList;
            part.value = first;
            part.end = part.node.place.span.end;
            for item in items {
                let start = item.place.span.start;
                part.children.push(self.part(item, None, start, start, true));
            }
            return;
        }
        part.form = Form::BlockList;
        part.value = first;
        part.end = part.after;
        for item in items {
            let dash = self.skip(part.end);
            let is_dash = self.text[dash..].starts_with('-');
            let dash = if is_dash { dash } else { item.place.span.start };
            let after = if is_dash { dash + 1 } else { dash };
            let child = self.part(item, None, dash, after, false);
            part.is_odd |= !is_dash;
            part.end = child.end;
            part.children.push(child);
        }
    }

    fn mapping(&self, part: &mut Part<'t>, entries: &'t [Entry], in_flow: bool) {
        let first = if in_flow { part.node.place.span.start } else { self.skip(part.after) };
        let is_flow = in_flow || self.text[first..].starts_with('{');
        part.form = if is_flow { Form::FlowMap } else { Form::BlockMap };
        part.value = if is_flow { first } else { part.node.place.span.start };
        // `[a: b]` is a mapping without braces.
        part.is_odd = is_flow && !self.text[first..].starts_with('{');
        part.end = part.node.place.span.end;
        for entry in entries {
            let key = entry.key_place.span;
            let rest = &self.text[key.end..];
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let has_colon = rest[blank..].starts_with(':');
            let after = if has_colon { key.end + blank + 1 } else { key.end };
            let child = self.part(&entry.value, Some(entry), key.start, after, is_flow);
            if is_flow {
                part.is_odd |= self.text[..key.start].trim_end().ends_with('?');
            } else {
                let line = &self.text[self.lines.start(self.lines.of(key.start))..key.start];
                part.is_odd |= !has_colon || !line.bytes().all(|byte| matches!(byte, b' ' | b'-'));
                part.end = child.end;
            }
            part.children.push(child);
        }
    }
}
