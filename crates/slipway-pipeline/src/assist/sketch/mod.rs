//! A file as its lines show it: keys and items by indentation, read even while somebody types.
//!
//! One pass over the lines, without recursion; a line that makes no sense spoils nothing but itself.
//! Every question of the editor starts here. Deliberately not here: what YAML means to the reader
//! ([`crate::tree`] is strict and needs a whole file), and the language ([`super::slots`]).

mod flow;
mod scan;
#[cfg(test)]
mod tests;

use std::ops::Range;

/// A place in [`Sketch::nodes`].
pub(crate) type Id = usize;

/// The whole file.
pub(crate) const ROOT: Id = 0;

/// A file's nodes in the order of their beginnings.
pub(crate) struct Sketch<'t> {
    pub(crate) text: &'t str,
    pub(crate) nodes: Vec<Node>,
    /// Where each line starts.
    pub(crate) lines: Vec<usize>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Root,
    /// `key: value`.
    Pair,
    /// `- value`.
    Item,
    /// A word without a colon: somebody is typing.
    Word,
}

/// How the value was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Nothing, or what the children are.
    Empty,
    Scalar,
    /// `|` or `>`.
    Block,
    /// `{ }`.
    FlowMapping,
    /// `[ ]`.
    FlowSequence,
}

/// A key or an item.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) form: Form,
    /// Bytes from the line's start; for what stands in brackets it says nothing.
    pub(crate) column: usize,
    pub(crate) is_flow: bool,
    /// The key with its quotes, or the dash.
    pub(crate) key: Range<usize>,
    /// What stands behind it: with quotes or brackets, over several lines if need be. Of a block
    /// scalar the indicator.
    pub(crate) value: Range<usize>,
    /// The lines of a block scalar.
    pub(crate) body: Range<usize>,
    /// Where its last line ends.
    pub(crate) end: usize,
    pub(crate) parent: Id,
    first_child: Id,
    last_child: Id,
    next: Id,
}

impl<'t> Sketch<'t> {
    /// Reads a text.
    pub(crate) fn new(text: &'t str) -> Self {
        scan::scan(text)
    }

    /// A node.
    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id]
    }

    /// The children of a node, in order.
    pub(crate) fn children(&self, id: Id) -> Children<'_, 't> {
        Children { sketch: self, next: self.nodes[id].first_child }
    }

    /// A key as its text says it, without quotes.
    pub(crate) fn key(&self, id: Id) -> &'t str {
        unquoted(&self.text[self.nodes[id].key.clone()])
    }

    /// A scalar value without quotes; empty for anything else.
    pub(crate) fn value(&self, id: Id) -> &'t str {
        let node = &self.nodes[id];
        match node.form {
            Form::Scalar => unquoted(&self.text[node.value.clone()]),
            _ => "",
        }
    }

    /// The first line of what stands behind a key, without quotes.
    pub(crate) fn first_line(&self, id: Id) -> &'t str {
        let body = self.nodes[id].body.clone();
        let range = if body.is_empty() { self.value_range(id) } else { body };
        self.text[range].trim().lines().next().unwrap_or_default()
    }

    /// The bytes of a scalar value without its quotes.
    pub(crate) fn value_range(&self, id: Id) -> Range<usize> {
        inner(self.text, self.nodes[id].value.clone())
    }

    /// The bytes of a key without its quotes.
    pub(crate) fn key_range(&self, id: Id) -> Range<usize> {
        inner(self.text, self.nodes[id].key.clone())
    }

    /// The child with this key.
    pub(crate) fn child(&self, id: Id, key: &str) -> Option<Id> {
        self.children(id).find(|child| self.is_pair(*child) && self.key(*child) == key)
    }

    /// True for `key: value`.
    pub(crate) fn is_pair(&self, id: Id) -> bool {
        self.nodes[id].kind == Kind::Pair
    }

    /// The last node that begins at or before a byte.
    pub(crate) fn last_before(&self, offset: usize) -> Id {
        self.nodes.partition_point(|node| node.key.start <= offset).saturating_sub(1)
    }

    /// The node and what it is in, up to the root.
    pub(crate) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut next = Some(id);
        std::iter::from_fn(move || {
            let at = next?;
            next = (at != ROOT).then(|| self.nodes[at].parent);
            Some(at)
        })
    }

    /// Number of the line of a byte, from 0.
    pub(crate) fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// A line without its end.
    pub(crate) fn line_range(&self, line: usize) -> Range<usize> {
        let start = self.lines.get(line).copied().unwrap_or(self.text.len());
        let end = self.lines.get(line + 1).copied().unwrap_or(self.text.len());
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    /// True for `${{ if … }}` and other keys that stand for what is below them.
    pub(crate) fn is_directive(&self, id: Id) -> bool {
        self.is_pair(id) && directive(self.key(id)).is_some()
    }
}

/// The word of a directive key: `if`, `elseif`, `else`, `each`, `insert`.
pub(crate) fn directive(key: &str) -> Option<&'static str> {
    let inner = key.trim().strip_prefix("${{")?.trim_start_matches('-').trim_start();
    ["if", "elseif", "else", "each", "insert"].into_iter().find(|word| {
        inner.strip_prefix(word).is_some_and(|rest| {
            rest.chars().next().is_none_or(|next| !next.is_alphanumeric() && next != '_')
        })
    })
}

/// Goes over a node's children.
pub(crate) struct Children<'s, 't> {
    sketch: &'s Sketch<'t>,
    next: Id,
}

impl Iterator for Children<'_, '_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        if self.next == ROOT {
            return None;
        }
        let at = self.next;
        self.next = self.sketch.nodes[at].next;
        Some(at)
    }
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    match text.as_bytes() {
        [b'\'', .., b'\''] | [b'"', .., b'"'] => &text[1..text.len() - 1],
        [b'\'', ..] | [b'"', ..] => &text[1..],
        _ => text,
    }
}

fn inner(text: &str, range: Range<usize>) -> Range<usize> {
    match text[range.clone()].as_bytes() {
        [b'\'', .., b'\''] | [b'"', .., b'"'] => range.start + 1..range.end - 1,
        [b'\'', ..] | [b'"', ..] => range.start + 1..range.end,
        _ => range,
    }
}
