//! Items of lists: which kind they are, and what an item without a kind is told.

use super::Reader;
use crate::schema::{self, Shape};
use crate::tree::{Entry, Node};

impl Reader<'_, '_> {
    /// The entry that says what an item is, and the shape it says; it should be the first one.
    pub(super) fn kind<'n>(
        &mut self,
        item: &'n Node,
        shapes: &[Shape],
    ) -> Option<(&'n Entry, Shape)> {
        let entries = item.entries().unwrap_or_default();
        let found = entries.iter().enumerate().find_map(|(at, entry)| {
            let shape = shapes.iter().find(|shape| {
                // Templates are put in by now; one that is left stands where none can.
                schema::first(**shape) == Some(entry.key.as_str()) && !is_template(**shape)
            });
            shape.map(|shape| (at, *shape))
        });
        let Some((at, shape)) = found else {
            self.missing_kind(item, shapes);
            return None;
        };
        let found = &entries[at];
        if at > 0 {
            let key = &found.key.text;
            let message = format!("'{key}' is not the first key of its item.");
            let hint = format!("Azure tells items apart by their first key: put '{key}' first.");
            self.report.information(found.key_place, "first_key", message, Some(hint));
        }
        Some((found, shape))
    }

    /// An item without the key that says what it is.
    pub(super) fn missing_kind(&mut self, item: &Node, shapes: &[Shape]) {
        let kinds = schema::kinds(shapes);
        let Some(entries) = item.entries() else {
            let hint = kinds.first().map(|kind| format!("Start the item with - {kind}: …"));
            self.report.error(item.place, "wrong_type", "Expected a mapping", hint);
            return;
        };
        if let Some(first) = entries.first()
            && !shapes.iter().any(|shape| schema::key(*shape, &first.key.text).is_some())
        {
            self.unexpected(&first.key.text, first.key_place, &kinds);
            return;
        }
        let place = entries.first().map_or(item.place, |entry| entry.key_place);
        let hint = "It is the first key of the item.";
        self.not_enough(place, &kinds, Some(hint.to_owned()));
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

fn is_template(shape: Shape) -> bool {
    schema::first(shape) == Some("template")
}
