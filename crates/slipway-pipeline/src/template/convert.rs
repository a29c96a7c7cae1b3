//! Nodes to values (parameters) and back (what an expression put into the tree).
//!
//! A list or mapping that becomes a value is remembered, in both directions: put back into the tree it
//! is the very node again, with the places it was written at, and passing it on costs nothing however
//! large it is.

use std::collections::HashMap;
use std::sync::Arc;

use crate::expr::{Object, Value};
use crate::tree::{Entry, Node, NodeValue, Place, Scalar, ScalarStyle};

/// How scalars are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Typing {
    /// Plain `false` and `5` get their type.
    Core,
    /// Every scalar is a text, as in templates without types.
    Texts,
}

/// What was a node and is a value, and what was a value and is a node.
#[derive(Default)]
pub(super) struct Origins {
    // Each holds what its address belongs to, so that no address is given out anew.
    nodes: HashMap<usize, (Value, Node)>,
    values: HashMap<(usize, Typing), (Node, Value)>,
    scalars: HashMap<usize, (Arc<str>, Value)>,
}

fn address_of_node(node: &Node) -> Option<usize> {
    match &node.value {
        NodeValue::Scalar(_) => None,
        NodeValue::Sequence(items) => Some(items.as_ptr() as usize),
        NodeValue::Mapping(entries) => Some(entries.as_ptr() as usize),
    }
}

fn address_of_value(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(Arc::as_ptr(items) as usize),
        Value::Object(object) => Some(Arc::as_ptr(object) as usize),
        _ => None,
    }
}

impl Origins {
    /// A node as a value. Trees are at most [`crate::tree::MAX_DEPTH`] deep, so this may recurse.
    pub(super) fn value(&mut self, node: &Node, typing: Typing) -> Value {
        let Some(address) = address_of_node(node) else { return self.scalar(node, typing) };
        if let Some((_, known)) = self.values.get(&(address, typing)) {
            return known.clone();
        }
        let value: Value = match &node.value {
            NodeValue::Scalar(_) => Value::Null,
            NodeValue::Sequence(items) => {
                items.iter().map(|item| self.value(item, typing)).collect::<Vec<_>>().into()
            }
            NodeValue::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.key.text.to_string(), self.value(&entry.value, typing)))
                .collect::<Object>()
                .into(),
        };
        self.values.insert((address, typing), (node.clone(), value.clone()));
        self.remember(&value, node);
        value
    }

    /// Notes which node a value came from.
    fn remember(&mut self, value: &Value, node: &Node) {
        if let Some(address) = address_of_value(value) {
            self.nodes.insert(address, (value.clone(), node.clone()));
        }
    }

    fn scalar(&self, node: &Node, typing: Typing) -> Value {
        let NodeValue::Scalar(scalar) = &node.value else { return Value::Null };
        if scalar.is_null() {
            return Value::Null;
        }
        let text = Value::String(Arc::clone(&scalar.text));
        match (typing, scalar.style) {
            (Typing::Core, ScalarStyle::Plain) => Value::from_plain(&scalar.text),
            (Typing::Core, ScalarStyle::Expanded) => {
                let address = scalar.text.as_ptr() as usize;
                self.scalars.get(&address).map_or(text, |(_, value)| value.clone())
            }
            _ => text,
        }
    }

    /// A value as a node. What was a node is that node; the rest stands where the expression stood.
    pub(super) fn node(&mut self, value: &Value, place: Place) -> Node {
        if let Some((_, node)) =
            address_of_value(value).and_then(|address| self.nodes.get(&address))
        {
            return node.clone();
        }
        match value {
            Value::Null => Node::null(place),
            Value::Array(items) => {
                let items: Vec<Node> = items.iter().map(|item| self.node(item, place)).collect();
                Node::sequence(items, place)
            }
            Value::Object(object) => {
                let entries: Vec<Entry> =
                    object.iter().map(|(key, value)| self.entry(key, value, place)).collect();
                Node::mapping(entries, place)
            }
            Value::String(text) => Node::expanded(Arc::clone(text), place),
            other => self.typed(other, place),
        }
    }

    fn entry(&mut self, key: &str, value: &Value, place: Place) -> Entry {
        let key = Scalar::new(key, ScalarStyle::Expanded);
        Entry { key, key_place: place, value: self.node(value, place) }
    }

    /// A scalar that is more than its text, should it become a value again.
    fn typed(&mut self, value: &Value, place: Place) -> Node {
        let text: Arc<str> = value.to_text().unwrap_or_default().into();
        self.scalars.insert(text.as_ptr() as usize, (Arc::clone(&text), value.clone()));
        Node::expanded(text, place)
    }
}

/// The same tree with nothing left to evaluate, for texts that come from outside.
pub(super) fn without_code(node: &Node) -> Node {
    if !node.has_code {
        return node.clone();
    }
    let plain = |scalar: &Scalar| match scalar.has_code() {
        true => Scalar::new(Arc::clone(&scalar.text), ScalarStyle::Expanded),
        false => scalar.clone(),
    };
    match &node.value {
        NodeValue::Scalar(scalar) => Node::scalar(plain(scalar), node.place),
        NodeValue::Sequence(items) => {
            Node::sequence(items.iter().map(without_code).collect::<Vec<_>>(), node.place)
        }
        NodeValue::Mapping(entries) => {
            let entries = entries.iter().map(|entry| Entry {
                key: plain(&entry.key),
                key_place: entry.key_place,
                value: without_code(&entry.value),
            });
            Node::mapping(entries.collect::<Vec<_>>(), node.place)
        }
    }
}
