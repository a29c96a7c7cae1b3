//! The address of a node: keys and numbers from the root down, written like a JSON pointer.
//!
//! `/stages/0/jobs/#1/steps/2/env/${{ if a }}#1`: a key, an item by its number, the second entry of
//! a mapping by its number (`#1`), and the second of two keys that are written alike (`key#1`). `~0`
//! is `~`, `~1` is `/` and `~2` is `#`. Every edit that is not in the words of pipelines has one.
//! Deliberately not here: what stands at the address (`part`).

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::EditError;
use super::part::{Form, Part};
use crate::hints::nearest;

/// An address in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(rename = "EditPath", type = "string")]
pub struct Path {
    segments: Vec<Segment>,
}

/// One level of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// An entry by its key, `nth` among those written alike; a number is also an item of a list.
    Key { name: String, nth: usize },
    /// An entry or item by its number.
    At(usize),
}

impl Path {
    /// The root.
    pub fn root() -> Self {
        Self::default()
    }

    /// Reads the written form.
    pub fn parse(text: &str) -> Result<Self, EditError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let Some(rest) = text.strip_prefix('/') else {
            return Err(EditError::BadPath { path: text.to_owned() });
        };
        let segments = rest.split('/').map(segment).collect::<Option<Vec<_>>>();
        match segments {
            Some(segments) => Ok(Self { segments }),
            None => Err(EditError::BadPath { path: text.to_owned() }),
        }
    }

    /// One level further down, by key.
    #[must_use]
    pub fn key(&self, name: &str) -> Self {
        self.with(Segment::Key { name: name.to_owned(), nth: 0 })
    }

    /// One level further down, by number.
    #[must_use]
    pub fn at(&self, index: usize) -> Self {
        self.with(Segment::At(index))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.segments.clone();
        segments.push(segment);
        Self { segments }
    }

    /// The levels, from the root down.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// A path out of numbers only.
    pub(super) fn of(indexes: &[usize]) -> Self {
        Self { segments: indexes.iter().copied().map(Segment::At).collect() }
    }

    /// The entry and item numbers that lead there.
    pub(super) fn resolve(&self, root: &Part<'_>) -> Result<Vec<usize>, EditError> {
        let mut part = root;
        let mut indexes = Vec::with_capacity(self.segments.len());
        for (depth, segment) in self.segments.iter().enumerate() {
            let index = child(part, segment).ok_or_else(|| self.missing(part, segment, depth))?;
            indexes.push(index);
            part = &part.children[index];
        }
        Ok(indexes)
    }

    fn missing(&self, part: &Part<'_>, segment: &Segment, depth: usize) -> EditError {
        let parent = Self { segments: self.segments[..depth].to_vec() };
        let name = match segment {
            Segment::Key { name, .. } => name.clone(),
            Segment::At(index) => index.to_string(),
        };
        let keys = part.children.iter().filter_map(|child| child.key.map(|at| at.key.as_str()));
        let near = nearest(&name, keys).map(str::to_owned);
        let what = match part.form {
            Form::BlockList | Form::FlowList => "item",
            _ => "key",
        };
        EditError::NotFound { what, name, place: parent.to_string(), nearest: near }
    }
}

fn child(part: &Part<'_>, segment: &Segment) -> Option<usize> {
    match (part.form, segment) {
        (Form::Scalar, _) => None,
        (_, Segment::At(index)) => (*index < part.children.len()).then_some(*index),
        (Form::BlockList | Form::FlowList, Segment::Key { name, nth: 0 }) => {
            name.parse().ok().filter(|index| *index < part.children.len())
        }
        (Form::BlockList | Form::FlowList, _) => None,
        (_, Segment::Key { name, nth }) => part
            .children
            .iter()
            .enumerate()
            .filter(|(_, child)| child.key.is_some_and(|entry| entry.key.as_str() == name))
            .nth(*nth)
            .map(|(index, _)| index),
    }
}

fn segment(text: &str) -> Option<Segment> {
    let numbered = text.rsplit_once('#').and_then(|(name, number)| {
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| number.parse::<usize>().ok().map(|number| (name, number)))?
    });
    match numbered {
        Some(("", number)) => Some(Segment::At(number)),
        Some((name, nth)) => Some(Segment::Key { name: unescaped(name)?, nth }),
        None => Some(Segment::Key { name: unescaped(text)?, nth: 0 }),
    }
}

fn unescaped(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        plain.push(match letter {
            '~' => match letters.next()? {
                '0' => '~',
                '1' => '/',
                '2' => '#',
                _ => return None,
            },
            other => other,
        });
    }
    Some(plain)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            match segment {
                Segment::At(index) => write!(f, "/#{index}")?,
                Segment::Key { name, nth } => {
                    let name = name.replace('~', "~0").replace('/', "~1").replace('#', "~2");
                    write!(f, "/{name}")?;
                    if *nth > 0 {
                        write!(f, "#{nth}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

impl TryFrom<String> for Path {
    type Error = EditError;

    fn try_from(text: String) -> Result<Self, EditError> {
        Self::parse(&text)
    }
}

impl From<Path> for String {
    fn from(path: Path) -> Self {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_they_are_read() {
        for text in ["", "/a", "/a/0/#1", "/${{ if eq(a, 'b') }}#2", "/a~1b~0c~2d", "/", "/ü/#0"] {
            let path = Path::parse(text).unwrap();
            assert_eq!(path.to_string(), text, "reading and writing {text:?} is a circle");
        }
        assert!(Path::parse("a").is_err(), "a path starts at the root");
        assert!(Path::parse("/~3").is_err(), "~3 stands for nothing");
        let path = Path::parse("/a#b").unwrap();
        let hash = Segment::Key { name: "a#b".to_owned(), nth: 0 };
        assert_eq!(path.segments(), [hash], "a hash without a number is a letter");
    }
}
