//! `trigger:` as written.

use super::Reader;
use crate::tree::{Node, NodeValue};
use crate::trigger::{Filter, Trigger, TriggerFilter};

impl Reader<'_, '_> {
    pub(super) fn trigger(&mut self, node: &Node) -> Trigger {
        let mut filter = TriggerFilter::default();
        match &node.value {
            NodeValue::Scalar(_) => {
                let Some(word) = self.some_text(node) else { return Trigger::Implied };
                if word.eq_ignore_ascii_case("none") {
                    return Trigger::Off;
                }
                filter.branches.include.push(word);
            }
            NodeValue::Sequence(items) => {
                if items.is_empty() {
                    return Trigger::Off;
                }
                filter.branches.include = self.patterns(node);
            }
            NodeValue::Mapping(_) => {
                let keys = ["batch", "branches", "paths", "tags", "enabled"];
                let mut is_on = true;
                for entry in self.mapping(node, &keys) {
                    let value = &entry.value;
                    match entry.key.as_str() {
                        "batch" => filter.batch = self.boolean(value).unwrap_or(false),
                        "branches" => filter.branches = self.filter(value),
                        "paths" => filter.paths = self.filter(value),
                        "tags" => filter.tags = Some(self.filter(value)),
                        _ => is_on = self.boolean(value).unwrap_or(true),
                    }
                }
                if !is_on {
                    return Trigger::Off;
                }
            }
        }
        Trigger::Filtered(filter)
    }

    fn filter(&mut self, node: &Node) -> Filter {
        let mut filter = Filter::default();
        if let NodeValue::Sequence(_) = node.value {
            filter.include = self.patterns(node);
            return filter;
        }
        for entry in self.mapping(node, &["include", "exclude"]) {
            let patterns = self.patterns(&entry.value);
            match entry.key.as_str() {
                "include" => filter.include = patterns,
                _ => filter.exclude = patterns,
            }
        }
        filter
    }

    fn patterns(&mut self, node: &Node) -> Vec<String> {
        self.texts(node).into_iter().map(|(text, _)| text).collect()
    }
}
