//! `variables:` in both forms.

use std::collections::HashMap;

use super::Reader;
use super::conditions::Site;
use crate::plan::{PlanVariable, PlanVariableGroup};
use crate::schema::{self, Shape};
use crate::tree::{Node, NodeValue, Place};

/// Variables and groups of one scope.
#[derive(Default)]
pub(super) struct Found {
    pub(super) variables: Vec<PlanVariable>,
    pub(super) groups: Vec<PlanVariableGroup>,
}

impl Reader<'_, '_> {
    pub(super) fn variables(&mut self, node: &Node, site: Site) -> Found {
        let mut found = Gathered::default();
        match &node.value {
            NodeValue::Mapping(entries) => {
                for entry in entries.iter() {
                    if let Some(value) = self.text(&entry.value) {
                        self.check_runtime(&entry.value, &value, site);
                        found.put(variable(&entry.key.text, value, entry.key_place));
                    }
                }
            }
            NodeValue::Sequence(items) => {
                for item in items.iter() {
                    if item.get("group").is_some() {
                        self.group(item, &mut found);
                    } else if let Some(variable) = self.variable(item, site) {
                        found.put(variable);
                    }
                }
            }
            NodeValue::Scalar(_) if node.is_null() => {}
            NodeValue::Scalar(_) => {
                let hint = Some("Write name: value, or a list of - name: x, value: y.".to_owned());
                self.report.error(node.place, "wrong_type", "Expected a mapping", hint);
            }
        }
        found.finish()
    }

    fn group(&mut self, item: &Node, found: &mut Gathered) {
        for entry in self.mapping(item, Shape::VariableGroup) {
            if let Some(name) = self.some_text(&entry.value) {
                let position = found.variables.len();
                let (span, file) = (item.place.span, item.place.source.0);
                found.groups.push(PlanVariableGroup { name, position, span, file });
            }
        }
    }

    fn variable(&mut self, item: &Node, site: Site) -> Option<PlanVariable> {
        if item.entries().is_none() || item.get("name").is_none() {
            self.missing_kind(item, schema::variables());
            return None;
        }
        self.kind(item, &[Shape::Variable]);
        let mut variable = variable("", String::new(), item.place);
        for entry in self.mapping(item, Shape::Variable) {
            let node = &entry.value;
            match entry.key.as_str() {
                "name" => variable.name = self.some_text(node)?,
                "value" => {
                    variable.value = self.text(node)?;
                    self.check_runtime(node, &variable.value, site);
                }
                _ => variable.is_readonly = self.boolean(node).unwrap_or(false),
            }
        }
        Some(variable)
    }
}

/// A plain variable.
pub(super) fn variable(name: &str, value: String, place: Place) -> PlanVariable {
    let (span, file) = (place.span, place.source.0);
    PlanVariable { name: name.to_owned(), value, is_readonly: false, span, file }
}

#[derive(Default)]
struct Gathered {
    variables: Vec<Option<PlanVariable>>,
    groups: Vec<PlanVariableGroup>,
    places: HashMap<String, usize>,
}

impl Gathered {
    /// The last one with a name wins, in its own place.
    fn put(&mut self, variable: PlanVariable) {
        let at = self.variables.len();
        if let Some(before) = self.places.insert(variable.name.to_lowercase(), at) {
            self.variables[before] = None;
        }
        self.variables.push(Some(variable));
    }

    fn finish(self) -> Found {
        let mut groups = self.groups;
        // Positions count what is left.
        let mut kept = 0;
        let mut next = groups.iter_mut().peekable();
        for (at, variable) in self.variables.iter().enumerate() {
            while let Some(group) = next.next_if(|group| group.position <= at) {
                group.position = kept;
            }
            kept += usize::from(variable.is_some());
        }
        next.for_each(|group| group.position = kept);
        Found { variables: self.variables.into_iter().flatten().collect(), groups }
    }
}
