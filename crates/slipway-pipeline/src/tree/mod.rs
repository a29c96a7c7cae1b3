//! The tree of a YAML file: what was written, with its place.
//!
//! Scalars keep their source text and style (typing happens where a typed slot consumes them),
//! mappings keep their entries in order and twice if written twice (`${{ if }}:` may repeat). Every
//! node knows its file and span, so that whatever is said later can point at it. Deliberately not
//! here: comments and layout; edits work on the text itself.

mod place;
mod read;
mod syntax;

pub use place::{Place, SourceId, SourceText};
pub use read::{ReadTree, read};

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub value: NodeValue,
    pub place: Place,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeValue {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<Entry>),
}

/// A scalar: its text after unquoting, untyped.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    pub text: String,
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
    /// True for what YAML calls null.
    pub fn is_null(&self) -> bool {
        self.style == ScalarStyle::Plain
            && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }
}

impl Node {
    /// A null at a place.
    pub fn null(place: Place) -> Self {
        let scalar = Scalar { text: String::new(), style: ScalarStyle::Plain };
        Self { value: NodeValue::Scalar(scalar), place }
    }

    /// A text that an expression produced.
    pub fn expanded(text: String, place: Place) -> Self {
        let scalar = Scalar { text, style: ScalarStyle::Expanded };
        Self { value: NodeValue::Scalar(scalar), place }
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
        self.entries()?.iter().find(|entry| entry.key.text == key).map(|entry| &entry.value)
    }
}
