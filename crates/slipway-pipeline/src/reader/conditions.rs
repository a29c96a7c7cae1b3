//! `condition:` and `$[ ]` are checked when the file is read: grammar, and the names their place knows.

use std::rc::Rc;

use super::Reader;
use super::references::{Facts, facts_of};
use crate::condition::{STATUS_FUNCTIONS, runtime_expression};
use crate::error::ExpressionError;
use crate::expr::Expression;
use crate::tree::{Node, NodeValue};

/// Where an expression stands (pipelines.md 8.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Site {
    RootVariable,
    StageVariable,
    StageCondition,
    /// Variables of a job.
    JobVariable,
    /// Other values of a job: matrix, container, limits.
    JobValue,
    JobCondition,
    StepCondition,
}

impl Site {
    fn names(self) -> &'static [&'static str] {
        match self {
            Self::RootVariable => &["variables", "pipeline", "resources"],
            Self::StageCondition => &["variables", "dependencies", "pipeline", "resources"],
            Self::StepCondition => &["variables"],
            _ => &["variables", "dependencies", "stageDependencies", "pipeline", "resources"],
        }
    }

    fn functions(self) -> &'static [&'static str] {
        match self {
            Self::RootVariable | Self::StageVariable | Self::JobVariable => &["counter"],
            Self::JobValue => &[],
            _ => &STATUS_FUNCTIONS,
        }
    }

    fn is_condition(self) -> bool {
        matches!(self, Self::StageCondition | Self::JobCondition | Self::StepCondition)
    }
}

/// What is wrong with an expression, and what it looks at.
pub(super) struct Checked {
    errors: Vec<ExpressionError>,
    facts: Facts,
}

impl Reader<'_, '_> {
    pub(super) fn condition(&mut self, node: &Node, site: Site) -> Option<String> {
        let text = self.some_text(node)?;
        self.check_expression(node, &text, 0, site);
        Some(text)
    }

    /// The inside of a whole `$[ … ]`.
    pub(super) fn check_runtime(&mut self, node: &Node, text: &str, site: Site) {
        if let Some(inner) = runtime_expression(text) {
            let base = text.find("$[").unwrap_or(0) + 2;
            let base = base + text[base..].len() - text[base..].trim_start().len();
            self.check_expression(node, inner, base, site);
        }
    }

    fn check_expression(&mut self, node: &Node, text: &str, base: usize, site: Site) {
        let NodeValue::Scalar(scalar) = &node.value else { return };
        let key = (site, text.into());
        let checked = match self.checked.get(&key) {
            Some(known) => Rc::clone(known),
            None => {
                let checked = Rc::new(check(text, site));
                self.checked.insert(key, Rc::clone(&checked));
                checked
            }
        };
        for error in &checked.errors {
            let place = self.report.within(scalar, node.place, base + error.offset());
            let hint = match error {
                ExpressionError::UnknownFunction { name, .. } => {
                    let names = FUNCTIONS.iter().chain(site.functions()).copied();
                    self.near(name, names)
                }
                ExpressionError::UnknownName { name, .. } => {
                    self.near(name, site.names().iter().copied())
                }
                _ => None,
            };
            let hint = hint.or_else(|| slipway_core::Explain::hint(error));
            self.report.error(place, "bad_condition", error.to_string(), hint);
        }
        if !checked.errors.is_empty() {
            return;
        }
        for found in &checked.facts.references {
            let place = self.report.within(scalar, node.place, base + found.offset);
            self.references.push(found.at(place));
        }
        let facts = &checked.facts;
        if site.is_condition()
            && !facts.has_status
            && !facts.is_literal
            && facts.references.is_empty()
        {
            let message = "This condition replaces succeeded(), so it may hold after a failure.";
            let hint = "Write and(succeeded(), …) to run only when all before went well.";
            let place = self.report.within(scalar, node.place, base);
            let code = "condition_without_status";
            self.report.information(place, code, message, Some(hint.to_owned()));
        }
    }
}

fn check(text: &str, site: Site) -> Checked {
    match Expression::parse(text) {
        Ok(expression) => Checked {
            errors: expression.check_names(site.names(), site.functions()),
            facts: facts_of(&expression),
        },
        Err(error) => Checked { errors: vec![error], facts: Facts::default() },
    }
}

const FUNCTIONS: [&str; 28] = [
    "and",
    "or",
    "not",
    "xor",
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "in",
    "notIn",
    "coalesce",
    "contains",
    "startsWith",
    "endsWith",
    "containsValue",
    "convertToJson",
    "format",
    "join",
    "split",
    "replace",
    "lower",
    "upper",
    "trim",
    "length",
    "substring",
    "iif",
];
