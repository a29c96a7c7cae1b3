//! `variables:` in both forms.

use super::Reader;
use crate::plan::PlanVariable;
use crate::tree::{Node, NodeValue};

const KEYS: [&str; 5] = ["name", "value", "readonly", "group", "template"];

impl Reader<'_, '_> {
    pub(super) fn variables(&mut self, node: &Node) -> Vec<PlanVariable> {
        let mut found = Vec::new();
        match &node.value {
            NodeValue::Mapping(entries) => {
                for entry in entries.iter() {
                    if let Some(value) = self.text(&entry.value) {
                        self.check_runtime(&entry.value, &value);
                        let name = entry.key.text.to_string();
                        let span = entry.key_place.span;
                        put(&mut found, PlanVariable { name, value, is_readonly: false, span });
                    }
                }
            }
            NodeValue::Sequence(items) => {
                for item in items.iter() {
                    if let Some(variable) = self.variable(item) {
                        put(&mut found, variable);
                    }
                }
            }
            NodeValue::Scalar(_) if node.is_null() => {}
            NodeValue::Scalar(_) => {
                let hint = Some("Write name: value, or a list of - name: x, value: y.".to_owned());
                self.report.error(node.place, "wrong_type", "Expected a mapping", hint);
            }
        }
        found
    }

    fn variable(&mut self, item: &Node) -> Option<PlanVariable> {
        if let Some(group) = item.get("group") {
            let name = group.text().unwrap_or_default();
            self.report.not_yet(
                item.place,
                &format!("The variable group '{name}' is"),
                "Write its variables here; keep secrets in the environment of the run.",
            );
            return None;
        }
        let mut variable = PlanVariable {
            name: String::new(),
            value: String::new(),
            is_readonly: false,
            span: item.place.span,
        };
        if item.entries().is_none() || item.get("name").is_none() {
            self.missing_kind(item, &["name", "group", "template"], &KEYS);
            return None;
        }
        for entry in self.mapping(item, &KEYS) {
            let node = &entry.value;
            match entry.key.as_str() {
                "name" => variable.name = self.some_text(node)?,
                "value" => {
                    variable.value = self.text(node)?;
                    self.check_runtime(node, &variable.value);
                }
                "readonly" => variable.is_readonly = self.boolean(node).unwrap_or(false),
                _ => {}
            }
        }
        Some(variable)
    }
}

/// The last one with a name wins, in its own place.
fn put(found: &mut Vec<PlanVariable>, variable: PlanVariable) {
    found.retain(|known| !known.name.eq_ignore_ascii_case(&variable.name));
    found.push(variable);
}
