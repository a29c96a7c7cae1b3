//! The pass over the lines.

use std::ops::Range;

use super::{Form, Id, Kind, Node, ROOT, Sketch};

/// Reads a text.
pub(super) fn scan(text: &str) -> Sketch<'_> {
    // A byte-order mark is no part of the first line.
    let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = vec![first];
    lines.extend(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1));
    let root = Node {
        kind: Kind::Root,
        form: Form::Empty,
        column: 0,
        is_flow: false,
        key: 0..0,
        value: 0..0,
        body: 0..0,
        end: text.len(),
        parent: ROOT,
        first_child: ROOT,
        last_child: ROOT,
        next: ROOT,
    };
    let sketch = Sketch { text, nodes: vec![root], lines };
    let mut scan = Scan { sketch, open: vec![ROOT], last_end: 0 };
    let mut line = 0;
    while line < scan.sketch.lines.len() {
        line = scan.line(line);
    }
    scan.close(|_| true);
    scan.sketch
}

pub(super) struct Scan<'t> {
    pub(super) sketch: Sketch<'t>,
    /// The nodes that the next line may belong to, the root first.
    open: Vec<Id>,
    /// Where the last line that said something ends.
    last_end: usize,
}

impl<'t> Scan<'t> {
    pub(super) fn text(&self) -> &'t str {
        self.sketch.text
    }

    /// Takes a line and what it goes on to; says which line is next.
    fn line(&mut self, line: usize) -> usize {
        let range = self.sketch.line_range(line);
        let content = &self.text()[range.clone()];
        let mut at = range.start + (content.len() - content.trim_start_matches(' ').len());
        let rest = &self.text()[at..range.end];
        if rest.trim().is_empty() || rest.starts_with('#') || rest.starts_with("---") {
            return line + 1;
        }
        if self.goes_on(at - range.start, rest) {
            let top = self.top();
            self.sketch.nodes[top].value.end = at + rest.trim_end().len();
            self.last_end = range.end;
            return line + 1;
        }
        while let Some(after) = dash(&self.text()[at..range.end]) {
            self.item(at, at - range.start);
            at += after;
        }
        let rest = &self.text()[at..range.end];
        if rest.trim().is_empty() || rest.starts_with('#') {
            self.last_end = range.end;
            return line + 1;
        }
        let column = at - range.start;
        match key_end(rest) {
            Some(colon) => {
                let key = at..at + rest[..colon].trim_end().len();
                // What this line closes ended before it.
                let id = self.pair(Kind::Pair, key, column);
                self.last_end = range.end;
                self.value(id, at + colon + 1..range.end, line)
            }
            None => {
                let top = self.top();
                let is_fresh_item = {
                    let node = self.sketch.node(top);
                    node.kind == Kind::Item && node.key.start >= range.start
                };
                if is_fresh_item {
                    self.last_end = range.end;
                    return self.value(top, at..range.end, line);
                }
                self.pair(Kind::Word, at..at + rest.trim_end().len(), column);
                self.last_end = range.end;
                line + 1
            }
        }
    }

    fn top(&self) -> Id {
        self.open.last().copied().unwrap_or(ROOT)
    }

    /// True for a line that goes on with the scalar of the line before.
    fn goes_on(&self, column: usize, rest: &str) -> bool {
        let node = self.sketch.node(self.top());
        let is_structure = dash(rest).is_some()
            || key_end(rest).is_some_and(|colon| {
                let key = &rest[..colon];
                key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
            });
        node.form == Form::Scalar && column > node.column && !is_structure
    }

    fn close(&mut self, ends: impl Fn(&Node) -> bool) {
        while self.open.len() > 1 && ends(self.sketch.node(self.top())) {
            let top = self.top();
            self.open.pop();
            let end = self.last_end.max(self.sketch.node(top).key.end);
            self.sketch.nodes[top].end = end;
        }
    }

    fn item(&mut self, at: usize, column: usize) {
        self.close(|node| match node.kind {
            Kind::Pair => node.column > column || node.form != Form::Empty,
            Kind::Word => true,
            _ => node.column >= column,
        });
        let parent = self.top();
        let id = self.add(Kind::Item, at..at + 1, parent);
        self.sketch.nodes[id].column = column;
        self.open.push(id);
    }

    fn pair(&mut self, kind: Kind, key: Range<usize>, column: usize) -> Id {
        self.close(|node| node.column >= column || node.kind == Kind::Word);
        let parent = self.top();
        let id = self.add(kind, key, parent);
        self.sketch.nodes[id].column = column;
        self.open.push(id);
        id
    }

    /// Adds a node below another.
    pub(super) fn add(&mut self, kind: Kind, key: Range<usize>, parent: Id) -> Id {
        let id = self.sketch.nodes.len();
        self.sketch.nodes.push(Node {
            kind,
            form: Form::Empty,
            column: usize::MAX,
            is_flow: false,
            value: key.end..key.end,
            body: key.end..key.end,
            end: key.end,
            key,
            parent,
            first_child: ROOT,
            last_child: ROOT,
            next: ROOT,
        });
        let last = self.sketch.nodes[parent].last_child;
        if last == ROOT {
            self.sketch.nodes[parent].first_child = id;
        } else {
            self.sketch.nodes[last].next = id;
        }
        self.sketch.nodes[parent].last_child = id;
        id
    }

    /// Takes what stands behind a key or a dash; says which line is next.
    fn value(&mut self, id: Id, rest: Range<usize>, line: usize) -> usize {
        let text = &self.text()[rest.clone()];
        let start = rest.start + (text.len() - text.trim_start().len());
        let text = text.trim_start();
        self.sketch.nodes[id].value = start..start;
        let Some(first) = text.bytes().next() else {
            // Behind `key: ` the value is where somebody types it.
            self.sketch.nodes[id].value = rest.start..rest.start;
            return line + 1;
        };
        match first {
            b'#' => line + 1,
            b'|' | b'>' if is_block(text) => self.block(id, start..rest.end, line),
            b'{' | b'[' => {
                let end = self.flow(id, start);
                self.last_end =
                    end.max(rest.end.min(self.sketch.line_range(self.sketch.line(end)).end));
                self.sketch.line(end.saturating_sub(1).max(start)) + 1
            }
            b'"' | b'\'' => {
                let end = self.quoted(id, start, first);
                self.set_scalar(id, start..end);
                let last = self.sketch.line(end.saturating_sub(1).max(start));
                self.last_end = self.sketch.line_range(last).end;
                last + 1
            }
            _ => {
                let end = start + text.find(" #").unwrap_or(text.len());
                let end = start + self.text()[start..end].trim_end().len();
                self.set_scalar(id, start..end);
                line + 1
            }
        }
    }

    pub(super) fn set_scalar(&mut self, id: Id, value: Range<usize>) {
        let node = &mut self.sketch.nodes[id];
        node.form = Form::Scalar;
        node.end = node.end.max(value.end);
        node.value = value;
    }

    fn block(&mut self, id: Id, indicator: Range<usize>, line: usize) -> usize {
        let column = self.sketch.node(id).column;
        let start = self.sketch.lines.get(line + 1).copied().unwrap_or(self.text().len());
        let (mut next, mut end) = (line + 1, start);
        while next < self.sketch.lines.len() {
            let range = self.sketch.line_range(next);
            let content = &self.text()[range.clone()];
            let indent = content.len() - content.trim_start_matches(' ').len();
            if !content.trim().is_empty() {
                if indent <= column {
                    break;
                }
                end = range.end;
                self.last_end = range.end;
            }
            next += 1;
        }
        let node = &mut self.sketch.nodes[id];
        node.form = Form::Block;
        node.value = indicator;
        node.body = start..end.max(start);
        next
    }

    /// Where a quoted text ends: behind its closing quote, or before a line that is not deeper.
    fn quoted(&self, id: Id, start: usize, quote: u8) -> usize {
        let column = self.sketch.node(id).column;
        let bytes = self.text().as_bytes();
        let mut at = start + 1;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if quote == b'"' => at += 1,
                b'\n' if self.ends_at(at + 1, column) => {
                    return start + self.text()[start..at].trim_end().len();
                }
                byte if byte == quote => {
                    if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') {
                        at += 1;
                    } else {
                        return at + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        bytes.len()
    }

    /// True when the line at a byte cannot belong to what began at a column: the rest of the file is
    /// not swallowed by a quote or a bracket that is still to be closed.
    pub(super) fn ends_at(&self, line_start: usize, column: usize) -> bool {
        let rest = &self.text()[line_start..];
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let closes = content.starts_with([']', '}']);
        !content.trim().is_empty() && indent <= column && !(closes && indent == column)
    }
}

/// Bytes from a dash to what follows it.
fn dash(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('-')?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t']) {
        return None;
    }
    Some(1 + rest.len() - rest.trim_start_matches([' ', '\t']).len())
}

fn is_block(text: &str) -> bool {
    let head = text.split(" #").next().unwrap_or_default().trim_end();
    head[1..].bytes().all(|byte| byte == b'+' || byte == b'-' || byte.is_ascii_digit())
}

/// Where the colon of a key is, if a text starts with a key.
pub(super) fn key_end(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 0;
    match bytes.first() {
        Some(quote @ (b'"' | b'\'')) => {
            at = 1 + text[1..].find(char::from(*quote))? + 1;
            let rest = text[at..].trim_start();
            at += text[at..].len() - rest.len();
            return is_colon(bytes, at).then_some(at);
        }
        Some(b'{' | b'[' | b'#') => return None,
        _ => {}
    }
    while at < bytes.len() {
        match bytes[at] {
            b'$' if text[at..].starts_with("${{") => at += expression_length(&text[at..]),
            b':' if is_colon(bytes, at) => return Some(at),
            b'#' if at > 0 && bytes[at - 1] == b' ' => return None,
            _ => at += 1,
        }
    }
    None
}

fn is_colon(bytes: &[u8], at: usize) -> bool {
    bytes.get(at) == Some(&b':') && matches!(bytes.get(at + 1), None | Some(b' ' | b'\t' | b'\r'))
}

/// Length of a `${{ … }}`, quotes respected; of all the text when it is not closed.
pub(super) fn expression_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut is_quoted = false;
    let mut at = 3;
    while at < bytes.len() {
        match bytes[at] {
            b'\'' => is_quoted = !is_quoted,
            b'}' if !is_quoted && bytes.get(at + 1) == Some(&b'}') => return at + 2,
            b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
