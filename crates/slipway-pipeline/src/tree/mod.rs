//! The tree of a YAML file: what was written, with its place.
//!
//! Scalars keep their source text and style (typing happens where a typed slot consumes them),
//! mappings keep their entries in order and twice if written twice (`${{ if }}:` may repeat). Every
//! node knows its file and span, so that whatever is said later can point at it. Deliberately not
//! here: comments and layout; edits work on the text itself.

use std::sync::Arc;

mod place;
mod read;
mod syntax;

pub use place::{Place, SourceId, SourceText};
pub use read::{ReadTree, read, read_strictly};

/// A node. Cloning one is cheap, whatever lies below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub value: NodeValue,
    pub place: Place,
    /// True when `${{` stands in it or below: what has none is taken over by an expansion as it is.
    pub has_code: bool,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    Scalar(Scalar),
    Sequence(Arc<[Node]>),
    Mapping(Arc<[Entry]>),
}

/// A scalar: its text after unquoting, untyped.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    pub text: Arc<str>,
    pub style: ScalarStyle,
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarStyle {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// Came out of a `${{ }}`.
    Expanded,
}

/// One `key: value`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub key: Scalar,
    pub key_place: Place,
    pub value: Node,
}

impl Scalar {
    /// A scalar.
    pub fn new(text: impl Into<Arc<str>>, style: ScalarStyle) -> Self {
        Self { text: text.into(), style }
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// True when `${{` was written in it.
    pub fn has_code(&self) -> bool {
        self.style != ScalarStyle::Expanded && self.text.contains("${{")
    }

    /// True for what YAML calls null.
    pub fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain
            && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }
}

impl Node {
    /// A scalar at a place.
    pub fn scalar(scalar: Scalar, place: Place) -> Self {
        let has_code = scalar.has_code();
        Self { value: NodeValue::Scalar(scalar), place, has_code }
    }

    /// A list at a place.
    pub fn sequence(items: impl Into<Arc<[Node]>>, place: Place) -> Self {
        let items = items.into();
        let has_code = items.iter().any(|item| item.has_code);
        Self { value: NodeValue::Sequence(items), place, has_code }
    }

    /// A mapping at a place.
    pub fn mapping(entries: impl Into<Arc<[Entry]>>, place: Place) -> Self {
        let entries = entries.into();
        let has_code = entries.iter().any(|entry| entry.value.has_code || entry.key.has_code());
        Self { value: NodeValue::Mapping(entries), place, has_code }
    }

    /// A null at a place.
    pub fn null(place: Place) -> Self {
        Self::scalar(Scalar::new("", ScalarStyle::Plain), place)
    }

    /// A text that an expression produced: a `${{` in it is no expression any more.
    pub fn expanded(text: impl Into<Arc<str>>, place: Place) -> Self {
        let scalar = Scalar::new(text, ScalarStyle::Expanded);
        Self { value: NodeValue::Scalar(scalar), place, has_code: false }
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        matches!(&self.value, NodeValue::Scalar(scalar) if scalar.is_null())
    }

    /// The scalar's text; null is the empty text.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar(scalar) if scalar.is_null() => Some(""),
            NodeValue::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// The entries of a mapping.
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            NodeValue::Mapping(entries) => Some(entries),
            _ => None,
        }
    }

    /// The items of a sequence.
    pub fn items(&self) -> Option<&[Node]> {
        match &self.value {
            NodeValue::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The value under a key of a mapping, the first if written twice.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|entry| entry.key.as_str() == key).map(|entry| &entry.value)
    }
}
