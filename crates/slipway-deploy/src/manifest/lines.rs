//! The line of every node of a YAML document, to point at a field by its path.
//!
//! Built beside the JSON value, read only for complaints. Deliberately not here: values.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// A node with its line (0 if unknown) and what is below it.
#[derive(Debug, Clone, Default)]
pub(crate) struct LineTree {
    pub(crate) line: u64,
    below: Below,
}

#[derive(Debug, Clone, Default)]
enum Below {
    #[default]
    Nothing,
    List(Vec<LineTree>),
    Map(Vec<(String, LineTree)>),
}

impl LineTree {
    /// The node under a key.
    pub(crate) fn at(&self, key: &str) -> Option<&Self> {
        match &self.below {
            Below::Map(entries) => {
                entries.iter().find(|(name, _)| name == key).map(|(_, tree)| tree)
            }
            Below::Nothing | Below::List(_) => None,
        }
    }

    /// The node at an index.
    pub(crate) fn nth(&self, index: usize) -> Option<&Self> {
        match &self.below {
            Below::List(items) => items.get(index),
            Below::Nothing | Below::Map(_) => None,
        }
    }

    /// The line of the deepest node on a path such as `spec.containers[0].image`.
    pub(crate) fn line_of(&self, path: &str) -> u64 {
        let mut node = self;
        for part in path.split('.') {
            let (key, indexes) = part.split_once('[').unwrap_or((part, ""));
            if !key.is_empty() {
                match node.at(key) {
                    Some(next) => node = next,
                    None => return node.line,
                }
            }
            for index in indexes.split(['[', ']']).filter(|text| !text.is_empty()) {
                match index.parse().ok().and_then(|index| node.nth(index)) {
                    Some(next) => node = next,
                    None => return node.line,
                }
            }
        }
        node.line
    }
}

impl<'de> Deserialize<'de> for LineTree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Below>::deserialize(deserializer)?;
        Ok(Self { line: spanned.referenced.line(), below: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Below {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BelowVisitor)
    }
}

struct BelowVisitor;

impl<'de> Visitor<'de> for BelowVisitor {
    type Value = Below;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML node")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Below, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Below::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Below, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let mut tree: LineTree = map.next_value()?;
            // A person looks for the key, not for the first line below it.
            tree.line = key.referenced.line();
            entries.push((key.value, tree));
        }
        Ok(Below::Map(entries))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Below, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Below::Nothing)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_str<E>(self, _: &str) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_unit<E>(self) -> Result<Below, E> {
        Ok(Below::Nothing)
    }

    fn visit_none<E>(self) -> Result<Below, E> {
        Ok(Below::Nothing)
    }
}
