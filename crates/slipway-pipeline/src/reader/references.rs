//! What an expression reads of other jobs and stages: `dependencies.A…`, `stageDependencies.S.J…`.
//!
//! The graph then says when somebody reads what he does not wait for.

use crate::condition::STATUS_FUNCTIONS;
use crate::expr::{Ast, AstKind, Expression, Value};
use crate::tree::Place;

/// A job or stage that an expression reads.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reference {
    /// True for `stageDependencies`.
    pub(super) is_stage: bool,
    /// The job, or the stage.
    pub(super) name: String,
    /// Byte of the expression where the name stands.
    pub(super) offset: usize,
    pub(super) place: Place,
}

impl Reference {
    /// The same, where it stands in a file.
    pub(super) fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }
}

/// What there is to know about an expression.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) references: Vec<Reference>,
    /// It asks `succeeded()` or the like.
    pub(super) has_status: bool,
    /// It is one value and no question.
    pub(super) is_literal: bool,
}

/// Looks an expression through.
pub(super) fn facts_of(expression: &Expression) -> Facts {
    let is_literal = matches!(expression.root.kind, AstKind::Literal(_));
    let mut facts = Facts { is_literal, ..Facts::default() };
    walk(&expression.root, &mut facts);
    facts
}

// The parser limits the depth.
fn walk(node: &Ast, facts: &mut Facts) {
    match &node.kind {
        AstKind::Literal(_) | AstKind::Named(_) => {}
        AstKind::Function { name, arguments } => {
            facts.has_status |= STATUS_FUNCTIONS.iter().any(|at| at.eq_ignore_ascii_case(name));
            for argument in arguments {
                walk(argument, facts);
            }
        }
        AstKind::Property { base, name } => {
            note(base, name, node.offset, facts);
            walk(base, facts);
        }
        AstKind::Index { base, index } => {
            if let AstKind::Literal(Value::String(name)) = &index.kind {
                note(base, name, index.offset, facts);
            }
            walk(base, facts);
            walk(index, facts);
        }
        AstKind::Wildcard { base } => walk(base, facts),
    }
}

fn note(base: &Ast, name: &str, offset: usize, facts: &mut Facts) {
    let AstKind::Named(root) = &base.kind else { return };
    let is_stage = root.eq_ignore_ascii_case("stageDependencies");
    if is_stage || root.eq_ignore_ascii_case("dependencies") {
        let name = name.to_owned();
        facts.references.push(Reference { is_stage, name, offset, place: Place::default() });
    }
}
