//! `condition:` is checked when the file is read: its grammar, and the names its place knows.

use super::Reader;
use crate::condition::{NODE_NAMES, STATUS_FUNCTIONS, STEP_NAMES, runtime_expression};
use crate::expr::Expression;
use crate::hints::did_you_mean;
use crate::tree::{Node, NodeValue};

/// Whose condition it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Node,
    Step,
}

impl Reader<'_, '_> {
    pub(super) fn condition(&mut self, node: &Node, owner: Owner) -> Option<String> {
        let text = self.some_text(node)?;
        let names: &[&str] = match owner {
            Owner::Node => &NODE_NAMES,
            Owner::Step => &STEP_NAMES,
        };
        self.check_expression(node, &text, 0, names, &STATUS_FUNCTIONS);
        Some(text)
    }

    /// The inside of a whole `$[ … ]`.
    pub(super) fn check_runtime(&mut self, node: &Node, text: &str) {
        if let Some(inner) = runtime_expression(text) {
            let base = text.find("$[").unwrap_or(0) + 2;
            let base = base + text[base..].len() - text[base..].trim_start().len();
            self.check_expression(node, inner, base, &NODE_NAMES, &["counter"]);
        }
    }

    fn check_expression(
        &mut self,
        node: &Node,
        text: &str,
        base: usize,
        names: &[&str],
        functions: &[&str],
    ) {
        let NodeValue::Scalar(scalar) = &node.value else { return };
        let errors = match Expression::parse(text) {
            Ok(expression) => expression.check_names(names, functions),
            Err(error) => vec![error],
        };
        for error in errors {
            let place = self.report.within(scalar, node.place, base + error.offset());
            let hint = match &error {
                crate::ExpressionError::UnknownFunction { name, .. } => {
                    did_you_mean(name, FUNCTIONS.iter().chain(functions).copied())
                }
                crate::ExpressionError::UnknownName { name, .. } => {
                    did_you_mean(name, names.iter().copied())
                }
                _ => None,
            };
            let hint = hint.or_else(|| slipway_core::Explain::hint(&error));
            self.report.error(place, "bad_condition", error.to_string(), hint);
        }
    }
}

const FUNCTIONS: [&str; 25] = [
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
    "format",
    "join",
    "split",
    "replace",
    "lower",
    "upper",
    "length",
    "iif",
];
