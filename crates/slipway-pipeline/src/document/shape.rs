//! What a tree says, without places and quotes: what an edit is judged by.
//!
//! The tree that is expected after an edit is the old one with the edit applied here; the tree that
//! was read back has to equal it.

use std::sync::Arc;

use crate::tree::{Node, NodeValue, Scalar};

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Null,
    Text(Arc<str>),
    List(Vec<Shape>),
    /// Entries in order, twice if written twice.
    Map(Vec<(Arc<str>, Shape)>),
}

impl Shape {
    /// The shape of a node; its depth is limited by the reader.
    pub(super) fn of(node: &Node) -> Self {
        match &node.value {
            NodeValue::Scalar(scalar) => Self::of_scalar(scalar),
            NodeValue::Sequence(items) => Self::List(items.iter().map(Self::of).collect()),
            NodeValue::Mapping(entries) => Self::Map(
                entries
                    .iter()
                    .map(|entry| (entry.key.text.clone(), Self::of(&entry.value)))
                    .collect(),
            ),
        }
    }

    fn of_scalar(scalar: &Scalar) -> Self {
        if scalar.is_null() { Self::Null } else { Self::Text(scalar.text.clone()) }
    }

    /// What stands at some entry and item numbers.
    pub(super) fn at(&mut self, indexes: &[usize]) -> Option<&mut Shape> {
        let mut shape = self;
        for index in indexes {
            shape = match shape {
                Self::List(items) => items.get_mut(*index)?,
                Self::Map(entries) => &mut entries.get_mut(*index)?.1,
                Self::Null | Self::Text(_) => return None,
            };
        }
        Some(shape)
    }

    /// Takes the entry or item away and returns it.
    pub(super) fn remove(&mut self, parent: &[usize], index: usize) -> Option<Shape> {
        match self.at(parent)? {
            Self::List(items) if index < items.len() => Some(items.remove(index)),
            Self::Map(entries) if index < entries.len() => Some(entries.remove(index).1),
            _ => None,
        }
    }

    /// Where two shapes differ first, in words.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        let mut path = String::new();
        self.differs(other, &mut path).then(|| {
            if path.is_empty() {
                "the whole file differs".to_owned()
            } else {
                format!("'{path}' differs")
            }
        })
    }

    fn differs(&self, other: &Self, path: &mut String) -> bool {
        if self == other {
            return false;
        }
        let length = path.len();
        let pairs: Vec<(String, &Shape, &Shape)> = match (self, other) {
            (Self::List(left), Self::List(right)) if left.len() == right.len() => left
                .iter()
                .zip(right)
                .enumerate()
                .map(|(at, (left, right))| (at.to_string(), left, right))
                .collect(),
            (Self::Map(left), Self::Map(right)) if left.len() == right.len() => {
                let is_same = left.iter().zip(right).all(|(left, right)| left.0 == right.0);
                if !is_same {
                    return true;
                }
                left.iter()
                    .zip(right)
                    .map(|((key, left), (_, right))| (key.to_string(), left, right))
                    .collect()
            }
            _ => return true,
        };
        for (name, left, right) in pairs {
            path.push('/');
            path.push_str(&name);
            if left.differs(right, path) {
                return true;
            }
            path.truncate(length);
        }
        true
    }
}
