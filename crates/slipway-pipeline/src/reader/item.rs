//! Items of lists: which kind they are, and what an item without a kind is told.

use super::Reader;
use crate::tree::{Entry, Node};

impl Reader<'_, '_> {
    /// The entry that says what an item is; it should be the first one. `told` are the kinds that an
    /// item without one is told of.
    pub(super) fn kind<'n>(
        &mut self,
        item: &'n Node,
        kinds: &[&str],
        told: &[&str],
        keys: &[&str],
    ) -> Option<&'n Entry> {
        let entries = item.entries().unwrap_or_default();
        let at = entries.iter().position(|entry| kinds.contains(&entry.key.as_str()));
        let Some(at) = at else {
            self.missing_kind(item, told, keys);
            return None;
        };
        let found = &entries[at];
        if at > 0 {
            let key = &found.key.text;
            let message = format!("'{key}' is not the first key of its item.");
            let hint = format!("Azure tells items apart by their first key: put '{key}' first.");
            self.report.information(found.key_place, "first_key", message, Some(hint));
        }
        Some(found)
    }

    /// An item without the key that says what it is.
    pub(super) fn missing_kind(&mut self, item: &Node, kinds: &[&str], keys: &[&str]) {
        let Some(entries) = item.entries() else {
            let hint = Some(format!("Start the item with - {}: …", kinds[0]));
            self.report.error(item.place, "wrong_type", "Expected a mapping", hint);
            return;
        };
        if let Some(first) = entries.first()
            && !keys.contains(&first.key.as_str())
        {
            self.unexpected(&first.key.text, first.key_place, kinds);
            return;
        }
        let place = entries.first().map_or(item.place, |entry| entry.key_place);
        let hint = "It is the first key of the item.";
        self.not_enough(place, kinds, Some(hint.to_owned()));
    }

    /// Something has to be there, and there is nothing.
    pub(super) fn not_enough(
        &mut self,
        place: crate::tree::Place,
        kinds: &[&str],
        hint: Option<String>,
    ) {
        let message = format!(
            "There's not enough info to determine what you meant. Add one of these properties: {}",
            kinds.join(", ")
        );
        self.report.error(place, "missing_body", message, hint);
    }
}
