//! Where the cursor is: on a key, in a value, in a script, or where something new may begin.

use std::ops::Range;

use super::sketch::{Form, Id, Kind, ROOT, Sketch};

/// A cursor's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Spot {
    /// On the key of a pair, or on a word that may become one.
    Key { id: Id },
    /// In what is written behind a key or a dash.
    Value { id: Id },
    /// In the lines of a block scalar.
    Body { id: Id },
    /// Where a key of `parent` may begin. `beside` is the key above, at the same column, whose list
    /// may begin here as well.
    NewKey { parent: Id, beside: Option<Id> },
    /// Where an item of a list in brackets may begin.
    NewElement { parent: Id },
    /// In a comment.
    Comment,
}

impl Sketch<'_> {
    /// The place of a cursor.
    pub(crate) fn spot(&self, offset: usize) -> Spot {
        let line = self.line_range(self.line(offset));
        let last = self.last_before(offset);
        if let Some(spot) = self.in_flow(last, offset) {
            return spot;
        }
        let node = self.node(last);
        let before = &self.text[line.start..offset.clamp(line.start, line.end)];
        let is_blank = self.text[line.clone()].trim().is_empty();
        if last != ROOT && node.form == Form::Block && offset >= node.body.start {
            let is_inside = offset <= node.body.end && !node.body.is_empty();
            if is_inside || (is_blank && before.len() > node.column) {
                return Spot::Body { id: last };
            }
        }
        if is_comment(before) {
            return Spot::Comment;
        }
        if last != ROOT && node.key.start >= line.start {
            return self.on_line(last, offset, before);
        }
        if last != ROOT && node.form == Form::Scalar && offset <= node.value.end && !is_blank {
            return Spot::Value { id: last };
        }
        self.by_indentation(last, before.len())
    }

    /// On the line on which a node begins.
    fn on_line(&self, id: Id, offset: usize, before: &str) -> Spot {
        let node = self.node(id);
        match node.kind {
            Kind::Item if offset == node.key.start => {
                self.by_indentation(self.previous(id), before.len())
            }
            Kind::Item if node.form == Form::Empty => Spot::NewKey { parent: id, beside: None },
            Kind::Word => Spot::Key { id },
            Kind::Pair if offset <= node.key.end => Spot::Key { id },
            _ => Spot::Value { id },
        }
    }

    fn previous(&self, id: Id) -> Id {
        id.saturating_sub(1)
    }

    fn by_indentation(&self, last: Id, column: usize) -> Spot {
        let mut beside = None;
        let mut parent = ROOT;
        for at in self.ancestors(last) {
            let node = self.node(at);
            if at == ROOT || node.is_flow {
                continue;
            }
            if node.kind == Kind::Pair && node.column == column && node.form == Form::Empty {
                beside = Some(at);
            }
            let may_hold = node.form == Form::Empty && node.kind != Kind::Word;
            if node.column < column && may_hold {
                parent = at;
                break;
            }
        }
        Spot::NewKey { parent, beside }
    }

    fn in_flow(&self, last: Id, offset: usize) -> Option<Spot> {
        let owner = self.ancestors(last).find(|at| {
            let node = self.node(*at);
            !node.is_flow && matches!(node.form, Form::FlowMapping | Form::FlowSequence)
        })?;
        let value = &self.node(owner).value;
        let is_closed = self.text[value.clone()].ends_with(['}', ']']) && value.len() > 1;
        let line_end = self.line_range(self.line(value.end.saturating_sub(1))).end;
        let reaches = if is_closed { offset < value.end } else { offset <= line_end };
        if offset <= value.start || !reaches {
            return None;
        }
        let node = self.node(last);
        if node.is_flow && !matches!(node.form, Form::FlowMapping | Form::FlowSequence) {
            let is_key = matches!(node.kind, Kind::Pair | Kind::Word) && offset <= node.key.end;
            if is_key {
                return Some(Spot::Key { id: last });
            }
            let end = node.end.max(node.value.end);
            let is_bare = node.kind == Kind::Pair && node.form == Form::Empty;
            let is_behind = is_bare && self.text[end.min(offset)..offset].trim().is_empty();
            if node.kind != Kind::Word && (offset <= end || is_behind) {
                return Some(Spot::Value { id: last });
            }
        }
        Some(self.between(last, offset))
    }

    /// Behind an element in brackets: what the commas and brackets since then leave open.
    fn between(&self, last: Id, offset: usize) -> Spot {
        let node = self.node(last);
        let is_open = matches!(node.form, Form::FlowMapping | Form::FlowSequence)
            && offset > node.value.start;
        let (mut at, from) = if is_open {
            (last, node.value.start + 1)
        } else {
            (node.parent, node.end.max(node.key.end))
        };
        let mut has_comma = is_open;
        // The brackets that were opened and closed again after `from` are nodes of their own; what is
        // met here are the ends of what `at` is in, and commas.
        let mut from = from;
        while let Some(inner) = self.last_closed(at, from, offset) {
            from = inner;
        }
        for byte in self.text.as_bytes()[from.min(offset)..offset].iter() {
            match byte {
                b',' => has_comma = true,
                b'}' | b']' => {
                    at = self.node(at).parent;
                    if self.node(at).kind != Kind::Root && self.node(at).form == Form::Empty {
                        at = self.node(at).parent;
                    }
                    has_comma = false;
                }
                _ => {}
            }
        }
        match self.node(at).form {
            Form::FlowMapping => Spot::NewKey { parent: at, beside: None },
            Form::FlowSequence if has_comma || is_open => Spot::NewElement { parent: at },
            _ if !has_comma && self.node(last).kind != Kind::Word => Spot::Value { id: last },
            _ => Spot::NewElement { parent: at },
        }
    }

    /// Where the child that holds `from` ends, if that is before the cursor.
    fn last_closed(&self, at: Id, from: usize, offset: usize) -> Option<usize> {
        self.children(at)
            .filter(|child| self.node(*child).is_flow)
            .map(|child| self.node(child).end)
            .filter(|end| *end > from && *end <= offset)
            .max()
    }

    /// The bytes that an answer at a spot replaces: the word that is being written.
    pub(crate) fn word(&self, offset: usize, is_part: impl Fn(char) -> bool) -> Range<usize> {
        let before = &self.text[..offset];
        let start = before.len()
            - before
                .chars()
                .rev()
                .take_while(|letter| is_part(*letter))
                .map(char::len_utf8)
                .sum::<usize>();
        let after = self.text[offset..].chars().take_while(|letter| is_part(*letter));
        start..offset + after.map(char::len_utf8).sum::<usize>()
    }
}

/// True when a line up to the cursor has begun a comment.
fn is_comment(before: &str) -> bool {
    let mut quote = None;
    let mut last = ' ';
    for letter in before.chars() {
        match (quote, letter) {
            (None, '#') if last == ' ' => return true,
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if letter == open => quote = None,
            _ => {}
        }
        last = letter;
    }
    false
}
