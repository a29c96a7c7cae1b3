//! Typed slots: what a key's value may be, and Azure's words when it is not.

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::Reader;
use crate::expr::is_identifier;
use crate::plan::is_late;
use crate::schema::{self, Shape};
use crate::tree::{Entry, Node, NodeValue, Place};

const MAX_NAME: usize = 100;
const MAX_DEPTH: usize = 100;

impl Reader<'_, '_> {
    /// The entries of a mapping whose keys the shape knows; others are said and left out.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, shape: Shape) -> Vec<&'n Entry> {
        self.mapping_with(node, shape, &[])
    }

    /// As [`Self::mapping`], with keys of other shapes that are told something of their own.
    pub(super) fn mapping_with<'n>(
        &mut self,
        node: &'n Node,
        shape: Shape,
        others: &[&str],
    ) -> Vec<&'n Entry> {
        let Some(entries) = self.any_mapping(node) else { return Vec::new() };
        let mut kept = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            let name = entry.key.as_str();
            if schema::key(shape, name).is_some() || others.contains(&name) {
                kept.push(entry);
            } else {
                let known: Vec<&str> = schema::names(shape).collect();
                self.unexpected(name, entry.key_place, &known);
            }
        }
        kept
    }

    pub(super) fn any_mapping<'n>(&mut self, node: &'n Node) -> Option<&'n [Entry]> {
        let entries = node.entries();
        if entries.is_none() && !node.is_null() {
            self.report.error(node.place, "wrong_type", "Expected a mapping", None);
        }
        entries
    }

    pub(super) fn unexpected(&mut self, word: &str, place: Place, known: &[&str]) {
        // A key that is no word was said when the tree was read.
        if word.is_empty() {
            return;
        }
        let hint = self
            .near(word, known.iter().copied())
            .or_else(|| (known.len() <= 12).then(|| format!("Known here: {}.", known.join(", "))));
        let message = format!("Unexpected value '{word}'");
        self.report.error(place, "unexpected_value", message, hint);
    }

    /// A key that is a right one elsewhere.
    pub(super) fn misplaced(&mut self, entry: &Entry, hint: &str) {
        let message = format!("Unexpected value '{}'", entry.key.text);
        self.report.error(entry.key_place, "unexpected_value", message, Some(hint.to_owned()));
    }

    /// A key that still works, and has a newer name.
    pub(super) fn deprecated(&mut self, entry: &Entry, instead: &str) {
        let message = format!("The key '{}' is an old one.", entry.key.text);
        self.report.information(entry.key_place, "deprecated", message, Some(instead.to_owned()));
    }

    /// The items of a list; null is the empty list.
    pub(super) fn sequence<'n>(&mut self, node: &'n Node) -> &'n [Node] {
        let items = node.items();
        if items.is_none() && !node.is_null() {
            let hint = Some("Start each item with '- '.".to_owned());
            self.report.error(node.place, "wrong_type", "Expected a sequence", hint);
        }
        items.unwrap_or_default()
    }

    pub(super) fn text(&mut self, node: &Node) -> Option<String> {
        self.borrowed_text(node).map(str::to_owned)
    }

    fn borrowed_text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let message = match &node.value {
            NodeValue::Scalar(_) => return node.text(),
            NodeValue::Sequence(_) => "A sequence was not expected",
            NodeValue::Mapping(_) => "A mapping was not expected",
        };
        let hint = Some("Write one value, in quotes when it has a ': ' in it.".to_owned());
        self.report.error(node.place, "wrong_type", message, hint);
        None
    }

    /// As [`Self::text`], where null and the empty text mean that nothing was written.
    pub(super) fn some_text(&mut self, node: &Node) -> Option<String> {
        self.text(node).filter(|text| !text.is_empty())
    }

    pub(super) fn boolean(&mut self, node: &Node) -> Option<bool> {
        let text = self.borrowed_text(node).filter(|text| !text.is_empty())?;
        let truth = truth(text);
        if truth.is_none() {
            self.wrong(text, node.place, "Write true or false.");
        }
        truth
    }

    /// `true`, `false`, or a text that only a run can fill in.
    pub(super) fn late_boolean(&mut self, node: &Node) -> Option<String> {
        let text = self.some_text(node)?;
        match truth(&text) {
            Some(truth) => Some(truth.to_string()),
            None if is_late(&text) => Some(text),
            None => {
                self.wrong(&text, node.place, "Write true or false.");
                None
            }
        }
    }

    /// A whole number, or a text that only a run can fill in.
    pub(super) fn late_number(&mut self, node: &Node) -> Option<String> {
        let text = self.some_text(node)?;
        let text = text.trim();
        if is_late(text) || text.parse::<u32>().is_ok() {
            return Some(text.to_owned());
        }
        self.wrong(text, node.place, "Write a whole number.");
        None
    }

    fn wrong(&mut self, text: &str, place: Place, hint: &str) {
        let message = format!("Unexpected value '{text}'");
        self.report.error(place, "wrong_type", message, Some(hint.to_owned()));
    }

    /// One of the words that a key of a shape may be, ignoring case, as the table spells it.
    pub(super) fn word(&mut self, node: &Node, shape: Shape, key: &str) -> Option<&'static str> {
        let words = schema::words(shape, key);
        let text = self.some_text(node)?;
        let found = words.iter().find(|word| word.eq_ignore_ascii_case(text.trim()));
        if found.is_none() {
            self.unexpected(&text, node.place, words);
        }
        found.copied()
    }

    /// `a` or `[a, b]`; null and `[]` are nothing.
    pub(super) fn texts(&mut self, node: &Node) -> Vec<(String, Place)> {
        match &node.value {
            NodeValue::Sequence(items) => {
                let mut found = Vec::with_capacity(items.len());
                for item in items.iter() {
                    if let Some(text) = self.some_text(item) {
                        found.push((text, item.place));
                    }
                }
                found
            }
            NodeValue::Scalar(_) => {
                self.some_text(node).map(|text| (text, node.place)).into_iter().collect()
            }
            NodeValue::Mapping(_) => {
                let message = "A mapping was not expected";
                let hint = Some("Write a name or a list of names.".to_owned());
                self.report.error(node.place, "wrong_type", message, hint);
                Vec::new()
            }
        }
    }

    /// As [`Self::texts`], without the places.
    pub(super) fn words(&mut self, node: &Node) -> Vec<String> {
        self.texts(node).into_iter().map(|(text, _)| text).collect()
    }

    /// A mapping of names to texts, such as `env` and `inputs`.
    pub(super) fn text_map(&mut self, node: &Node) -> Vec<(String, String, Place)> {
        let mut found = Vec::new();
        for entry in self.any_mapping(node).unwrap_or_default() {
            if let Some(text) = self.text(&entry.value) {
                found.push((entry.key.text.to_string(), text, entry.key_place));
            }
        }
        found
    }

    pub(super) fn environment(&mut self, node: &Node) -> IndexMap<String, String> {
        self.text_map(node).into_iter().map(|(name, value, _)| (name, value)).collect()
    }

    /// Names of stages, jobs and steps are identifiers.
    pub(super) fn check_name(&mut self, what: &str, name: &str, place: Place) {
        if !is_identifier(name) || name.len() > MAX_NAME {
            let message = format!(
                "{what} {name} has an invalid name. Valid names may only contain alphanumeric characters and '_' and may not start with a number."
            );
            let hint = Some("Put what people read into displayName.".to_owned());
            self.report.error(place, "invalid_name", message, hint);
        }
    }
}

/// A part of the file as data, every scalar a text.
pub(super) fn to_json(node: &Node) -> Value {
    fn convert(node: &Node, depth: usize) -> Value {
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        match &node.value {
            _ if node.is_null() => Value::Null,
            NodeValue::Scalar(scalar) => Value::String(scalar.as_str().to_owned()),
            NodeValue::Sequence(items) => {
                Value::Array(items.iter().map(|item| convert(item, depth + 1)).collect())
            }
            NodeValue::Mapping(entries) => {
                let pairs = entries
                    .iter()
                    .map(|entry| (entry.key.text.to_string(), convert(&entry.value, depth + 1)));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }
    convert(node, 0)
}

/// `true y yes on` and `false n no off`, in any case.
pub(super) fn truth(text: &str) -> Option<bool> {
    const YES: [&str; 4] = ["true", "y", "yes", "on"];
    const NO: [&str; 4] = ["false", "n", "no", "off"];
    let is_in = |words: [&str; 4]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_in(YES) { Some(true) } else { is_in(NO).then_some(false) }
}
