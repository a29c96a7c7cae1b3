//! Typed slots: what a key's value may be, and Azure's words when it is not.

use indexmap::IndexMap;

use super::Reader;
use crate::expr::is_identifier;
use crate::hints::did_you_mean;
use crate::tree::{Entry, Node, NodeValue, Place};

const MAX_NAME: usize = 100;

impl Reader<'_, '_> {
    /// The entries of a mapping whose keys are all known; others are said and left out.
    pub(super) fn mapping<'n>(&mut self, node: &'n Node, known: &[&str]) -> Vec<&'n Entry> {
        let Some(entries) = self.any_mapping(node) else { return Vec::new() };
        let mut kept = Vec::new();
        for entry in entries.iter() {
            if known.contains(&entry.key.as_str()) {
                kept.push(entry);
            } else {
                self.unexpected(&entry.key.text, entry.key_place, known);
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
        let hint = did_you_mean(word, known.iter().copied())
            .or_else(|| (known.len() <= 12).then(|| format!("Known here: {}.", known.join(", "))));
        let message = format!("Unexpected value '{word}'");
        self.report.error(place, "unexpected_value", message, hint);
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
        let message = match &node.value {
            NodeValue::Scalar(_) => return node.text().map(str::to_owned),
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
        let text = self.some_text(node)?;
        let truth = truth(&text);
        if truth.is_none() {
            let message = format!("Unexpected value '{text}'");
            let hint = Some("Write true or false.".to_owned());
            self.report.error(node.place, "wrong_type", message, hint);
        }
        truth
    }

    /// A whole number that is known before the run.
    pub(super) fn number(&mut self, node: &Node, what: &str) -> Option<u32> {
        let text = self.some_text(node)?;
        let number = text.trim().parse().ok();
        if number.is_none() {
            if is_late(&text) {
                let instead = "Write a number, or ${{ }}, which is known before the run.";
                self.report.not_yet(
                    node.place,
                    &format!("{what} known only during a run is"),
                    instead,
                );
            } else {
                let message = format!("Unexpected value '{text}'");
                let hint = Some("Write a whole number.".to_owned());
                self.report.error(node.place, "wrong_type", message, hint);
            }
        }
        number
    }

    /// `a` or `[a, b]`; null and `[]` are nothing.
    pub(super) fn texts(&mut self, node: &Node) -> Vec<(String, Place)> {
        match &node.value {
            NodeValue::Sequence(items) => {
                let mut found = Vec::new();
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

/// `true y yes on` and `false n no off`, in any case.
pub(super) fn truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "y" | "yes" | "on" => Some(true),
        "false" | "n" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// True for a text that only a run can fill in.
pub(super) fn is_late(text: &str) -> bool {
    text.contains("$(") || text.contains("$[")
}
