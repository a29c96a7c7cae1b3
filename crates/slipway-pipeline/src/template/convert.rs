//! Nodes to values (parameters) and back (what an expression put into the tree).

use crate::expr::{Object, Value};
use crate::tree::{Entry, Node, NodeValue, Place, Scalar, ScalarStyle};

/// A node as an object parameter holds it: plain `false` and `5` get their type.
pub(super) fn to_value(node: &Node) -> Value {
    match &node.value {
        NodeValue::Scalar(scalar) if scalar.is_null() => Value::Null,
        NodeValue::Scalar(scalar) if scalar.style == ScalarStyle::Plain => {
            Value::from_plain(&scalar.text)
        }
        NodeValue::Scalar(scalar) => (&*scalar.text).into(),
        NodeValue::Sequence(items) => items.iter().map(to_value).collect::<Vec<_>>().into(),
        NodeValue::Mapping(entries) => entries
            .iter()
            .map(|entry| (entry.key.text.to_string(), to_value(&entry.value)))
            .collect::<Object>()
            .into(),
    }
}

/// A value as a node that stands where the expression stood.
pub(super) fn to_node(value: &Value, place: Place) -> Node {
    match value {
        Value::Null => Node::null(place),
        Value::Array(items) => {
            let items: Vec<Node> = items.iter().map(|item| to_node(item, place)).collect();
            Node::sequence(items, place)
        }
        Value::Object(object) => {
            let entries: Vec<Entry> =
                object.iter().map(|(key, value)| to_entry(key, value, place)).collect();
            Node::mapping(entries, place)
        }
        other => Node::expanded(other.to_text().unwrap_or_default(), place),
    }
}

pub(super) fn to_entry(key: &str, value: &Value, place: Place) -> Entry {
    let key = Scalar::new(key, ScalarStyle::Expanded);
    Entry { key, key_place: place, value: to_node(value, place) }
}

/// How many nodes and bytes a value comes to, for the limits.
pub(super) fn weight(value: &Value) -> (usize, usize) {
    let add =
        |(nodes, bytes): (usize, usize), (more, size): (usize, usize)| (nodes + more, bytes + size);
    match value {
        Value::Array(items) => items.iter().map(weight).fold((1, 0), add),
        Value::Object(object) => {
            object.iter().map(|(_, value)| weight(value)).fold((1 + object.len(), 0), add)
        }
        Value::String(text) => (1, text.len()),
        _ => (1, 8),
    }
}
