//! The compile-time engine: `${{ }}` and its directives (pipelines.md 7).
//!
//! [`Expander`] turns a tree with expressions into one without. It walks in document order and knows
//! where variables are declared, because `${{ variables.x }}` sees what stands above it. The reader
//! then sees plain YAML whose places are those of the original. Including other files (`template:`)
//! will be one more case in [`Expander::item`]; it is deliberately not here yet.

mod convert;
mod expand;
mod parameters;
mod text;

pub use parameters::ParameterDeclaration;
pub(crate) use parameters::bind;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::error::ExpressionError;
use crate::expr::{Context, Expression, Object, Value};
use crate::report::Report;
use crate::tree::{Node, NodeValue, Place, Scalar};
use text::{BadDirective, Code, Segment, directive, segments};

const MAX_EVENTS: usize = 1_000_000;
const MAX_BYTES: usize = 10 * 1024 * 1024;

/// A loop variable, and those of the loops around.
type Scope = Option<Rc<Loop>>;

struct Loop {
    name: String,
    value: Value,
    outer: Scope,
}

/// Expands a tree.
pub(crate) struct Expander<'a, 'r> {
    report: &'a mut Report<'r>,
    parameters: Value,
    /// Predefined variables: nothing overrides them.
    fixed: Object,
    /// What the outermost scope starts with, then one frame per scope: root, stage, job.
    frames: Vec<Object>,
    parsed: RefCell<HashMap<String, Result<Rc<Expression>, ExpressionError>>>,
    events: usize,
    bytes: usize,
    is_halted: bool,
}

impl<'a, 'r> Expander<'a, 'r> {
    pub(crate) fn new(
        parameters: Object,
        variables: &IndexMap<String, String>,
        report: &'a mut Report<'r>,
    ) -> Self {
        let (fixed, queued): (Vec<_>, Vec<_>) = variables
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .partition(|(name, _)| is_predefined(name));
        Self {
            report,
            parameters: Value::Object(Arc::new(parameters)),
            fixed: fixed.into_iter().collect(),
            frames: vec![queued.into_iter().collect(), Object::new()],
            parsed: RefCell::default(),
            events: 0,
            bytes: 0,
            is_halted: false,
        }
    }

    /// The tree without expressions. A syntax error anywhere is fatal, taken branch or not.
    pub(crate) fn root(mut self, root: &Node) -> Option<Node> {
        self.check_syntax(root);
        let expanded = self.expand_root(root);
        (!self.is_halted).then_some(expanded)
    }

    /// Counts one more event; false when a limit is reached.
    fn count(&mut self, place: Place, events: usize, bytes: usize) -> bool {
        self.events += events;
        self.bytes += bytes;
        if !self.is_halted && (self.events > MAX_EVENTS || self.bytes > MAX_BYTES) {
            self.is_halted = true;
            let message = if self.events > MAX_EVENTS {
                "Maximum events exceeded while evaluating the template. This may indicate an infinite loop or too many nested loops."
            } else {
                "Maximum object size exceeded"
            };
            let hint = Some("Loop over less.".to_owned());
            self.report.error(place, "limit_exceeded", message, hint);
        }
        !self.is_halted
    }

    fn check_syntax(&mut self, node: &Node) {
        match &node.value {
            NodeValue::Scalar(scalar) => self.check_scalar(scalar, node.place, false),
            NodeValue::Sequence(items) => {
                for item in items.iter() {
                    self.check_syntax(item);
                }
            }
            NodeValue::Mapping(entries) => {
                for entry in entries.iter() {
                    self.check_scalar(&entry.key, entry.key_place, true);
                    self.check_syntax(&entry.value);
                }
            }
        }
    }

    fn check_scalar(&mut self, scalar: &Scalar, place: Place, is_key: bool) {
        let parts = match segments(&scalar.text) {
            Ok(parts) => parts,
            Err(unclosed) => {
                let place = self.report.within(scalar, place, unclosed.offset);
                let message = "The expression is not closed. An unescaped ${{ sequence was found, but the closing }} sequence was not found.";
                let hint = Some("Add }}, or write ${{ '${{' }} for the text itself.".to_owned());
                self.report.error(place, "expression_syntax", message, hint);
                return;
            }
        };
        let is_whole = matches!(parts.as_slice(), [Segment::Code(_)]);
        for part in parts {
            let Segment::Code(code) = part else { continue };
            match directive(code) {
                Err(bad) => self.bad_directive(scalar, place, code, bad),
                Ok(Some(found)) if is_key && is_whole => {
                    use text::Directive::{Each, ElseIf, If};
                    if let If(code) | ElseIf(code) | Each { items: code, .. } = found {
                        self.check_code(scalar, place, code);
                    }
                }
                Ok(Some(_)) => self.misplaced(scalar, place, code),
                Ok(None) => self.check_code(scalar, place, code),
            }
        }
    }

    fn bad_directive(&mut self, scalar: &Scalar, place: Place, code: Code<'_>, bad: BadDirective) {
        let place = self.report.within(scalar, place, code.offset);
        let hint = Some("Write ${{ if condition }}: or ${{ each item in list }}:".to_owned());
        self.report.error(place, "expression_syntax", bad.message(), hint);
    }

    fn misplaced(&mut self, scalar: &Scalar, place: Place, code: Code<'_>) {
        let word = code.text.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        let place = self.report.within(scalar, place, code.offset);
        let message = format!(
            "The directive '{word}' is not allowed in this context. Directives are not supported for expressions that are embedded within a string. Directives are only supported when the entire value is an expression."
        );
        let hint = Some("Make it a key of its own: ${{ if condition }}:".to_owned());
        self.report.error(place, "expression_syntax", message, hint);
    }

    fn check_code(&mut self, scalar: &Scalar, place: Place, code: Code<'_>) {
        if let Err(error) = self.parse(code.text) {
            self.report.expression(scalar, place, code.offset, &error);
        }
    }

    fn parse(&self, text: &str) -> Result<Rc<Expression>, ExpressionError> {
        if let Some(known) = self.parsed.borrow().get(text) {
            return known.clone();
        }
        let parsed = Expression::parse(text).map(Rc::new);
        self.parsed.borrow_mut().insert(text.to_owned(), parsed.clone());
        parsed
    }

    /// The value of an expression; errors are said and read as null.
    fn evaluate(&mut self, scalar: &Scalar, place: Place, code: Code<'_>, scope: &Scope) -> Value {
        let outcome = self
            .parse(code.text)
            .and_then(|expression| expression.evaluate(&Names { expander: self, scope }));
        match outcome {
            Ok(value) => value,
            Err(error) => {
                // Syntax was checked before anything was expanded.
                if !error.is_syntax() {
                    self.report.expression(scalar, place, code.offset, &error);
                }
                Value::Null
            }
        }
    }

    fn variable(&self, name: &str) -> Value {
        let frames = self.frames.iter().rev();
        std::iter::once(&self.fixed)
            .chain(frames)
            .find_map(|frame| frame.get(name).cloned())
            .unwrap_or(Value::Null)
    }
}

/// Variables of the service itself, which no file overrides.
fn is_predefined(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["build.", "system.", "agent.", "pipeline.", "resources.", "environment.", "checks."]
        .iter()
        .any(|start| name.starts_with(start))
}

/// What a template expression sees.
struct Names<'e, 'a, 'r> {
    expander: &'e Expander<'a, 'r>,
    scope: &'e Scope,
}

impl Context for Names<'_, '_, '_> {
    fn named(&self, name: &str) -> Option<Value> {
        let mut scope = self.scope;
        while let Some(at) = scope {
            if at.name.eq_ignore_ascii_case(name) {
                return Some(at.value.clone());
            }
            scope = &at.outer;
        }
        match name.to_ascii_lowercase().as_str() {
            "parameters" => Some(self.expander.parameters.clone()),
            "variables" => {
                let mut all = Object::new();
                for frame in self.expander.frames.iter().chain([&self.expander.fixed]) {
                    for (key, value) in frame.iter() {
                        all.insert(key, value.clone());
                    }
                }
                Some(all.into())
            }
            _ => None,
        }
    }

    fn property(&self, name: &str, key: &str) -> Option<Value> {
        let mut scope = self.scope;
        while let Some(at) = scope {
            if at.name.eq_ignore_ascii_case(name) {
                return None;
            }
            scope = &at.outer;
        }
        name.eq_ignore_ascii_case("variables").then(|| self.expander.variable(key))
    }
}
