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
pub use read::{MAX_DEPTH, ReadTree, read, read_strictly};

/// A node. Cloning one is cheap, whatever lies below it.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub value: NodeValue,
    pub place: Place,
    /// True when `${{` stands in it or below: what has none is taken over by an expansion as it is.
    pub has_code: bool,
    /// True when a key `template` stands in it or below, so that another file may be meant.
    pub has_include: bool,
    pub weight: Weight,
}

/// What a node and all below it come to, for the limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weight {
    pub nodes: u32,
    pub bytes: u32,
    pub depth: u16,
}

impl Weight {
    /// With the weight of a child beside its own.
    fn add(&mut self, child: Self) {
        self.nodes = self.nodes.saturating_add(child.nodes);
        self.bytes = self.bytes.saturating_add(child.bytes);
        self.depth = self.depth.max(child.depth.saturating_add(1));
    }

    fn of_text(text: &str) -> Self {
        Self { nodes: 1, bytes: u32::try_from(text.len()).unwrap_or(u32::MAX), depth: 0 }
    }
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
        let weight = Weight::of_text(&scalar.text);
        Self { value: NodeValue::Scalar(scalar), place, has_code, has_include: false, weight }
    }

    /// A list at a place.
    pub fn sequence(items: impl Into<Arc<[Node]>>, place: Place) -> Self {
        let items = items.into();
        let (mut has_code, mut has_include) = (false, false);
        let mut weight = Weight { nodes: 1, bytes: 0, depth: 1 };
        for item in items.iter() {
            has_code |= item.has_code;
            has_include |= item.has_include;
            weight.add(item.weight);
        }
        Self { value: NodeValue::Sequence(items), place, has_code, has_include, weight }
    }

    /// A mapping at a place.
    pub fn mapping(entries: impl Into<Arc<[Entry]>>, place: Place) -> Self {
        let entries = entries.into();
        let (mut has_code, mut has_include) = (false, false);
        let mut weight = Weight { nodes: 1, bytes: 0, depth: 1 };
        for entry in entries.iter() {
            has_code |= entry.value.has_code || entry.key.has_code();
            has_include |= entry.value.has_include || entry.key.as_str() == "template";
            weight.add(Weight::of_text(&entry.key.text));
            weight.add(entry.value.weight);
        }
        Self { value: NodeValue::Mapping(entries), place, has_code, has_include, weight }
    }

    /// A null at a place.
    pub fn null(place: Place) -> Self {
        Self::scalar(Scalar::new("", ScalarStyle::Plain), place)
    }

    /// A text that an expression produced: a `${{` in it is no expression any more.
    pub fn expanded(text: impl Into<Arc<str>>, place: Place) -> Self {
        Self::scalar(Scalar::new(text, ScalarStyle::Expanded), place)
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
