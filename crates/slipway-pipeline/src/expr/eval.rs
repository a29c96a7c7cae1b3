//! Computes an expression. What names mean is the context's business.

use std::sync::Arc;

use super::functions;
use super::parser::{Ast, AstKind, Expression};
use super::value::{NoConversion, Value};
use crate::error::ExpressionError;

/// What an expression can see: named values, and functions that only some places know.
pub trait Context {
    /// The value under a name such as `variables`; `None` when the place does not know the name.
    fn named(&self, name: &str) -> Option<Value>;

    /// A short way to `name.key` that spares building the whole of `name`.
    fn property(&self, _name: &str, _key: &str) -> Option<Value> {
        None
    }

    /// A function beyond those every place knows, such as `succeeded`.
    fn call(&self, _function: &str, _arguments: &[Value]) -> Option<Value> {
        None
    }
}

/// A value together with how it came about, as Azure logs it for a skipped step.
#[derive(Debug, Clone, PartialEq)]
pub struct Traced {
    pub value: Value,
    /// The expression with named values replaced and parts that were never looked at left out.
    pub expanded: String,
}

impl Expression {
    /// Computes the value.
    pub fn evaluate(&self, context: &dyn Context) -> Result<Value, ExpressionError> {
        Evaluation { expression: self, context, seen: None }.value(&self.root)
    }

    /// Computes the value and keeps the trace.
    pub fn evaluate_traced(&self, context: &dyn Context) -> Result<Traced, ExpressionError> {
        let seen = Some(vec![None; self.nodes]);
        let mut evaluation = Evaluation { expression: self, context, seen };
        let value = evaluation.value(&self.root)?;
        Ok(Traced { value, expanded: evaluation.expanded(&self.root) })
    }
}

/// `is_filtered`: the list came from `x.*`, so that the next property goes to each of its items.
struct Found {
    value: Value,
    is_filtered: bool,
}

impl From<Value> for Found {
    fn from(value: Value) -> Self {
        Self { value, is_filtered: false }
    }
}

struct Evaluation<'a> {
    expression: &'a Expression,
    context: &'a dyn Context,
    seen: Option<Vec<Option<Value>>>,
}

impl Evaluation<'_> {
    fn value(&mut self, node: &Ast) -> Result<Value, ExpressionError> {
        Ok(self.found(node)?.value)
    }

    fn found(&mut self, node: &Ast) -> Result<Found, ExpressionError> {
        let found = match &node.kind {
            AstKind::Literal(value) => value.clone().into(),
            AstKind::Named(name) => self
                .context
                .named(name)
                .ok_or_else(|| self.expression.unknown_name(name, node.offset))?
                .into(),
            AstKind::Function { name, arguments } => self.call(node, name, arguments)?.into(),
            AstKind::Property { base, name } => {
                self.access(base, &Value::from(name.as_str()), node.offset)?
            }
            AstKind::Index { base, index } => {
                let index = self.value(index)?;
                self.access(base, &index, node.offset)?
            }
            AstKind::Wildcard { base } => {
                let base = self.found(base)?;
                Found { value: all_items(&base), is_filtered: true }
            }
        };
        if let Some(seen) = &mut self.seen {
            seen[node.id] = Some(found.value.clone());
        }
        Ok(found)
    }

    fn access(&mut self, base: &Ast, key: &Value, offset: usize) -> Result<Found, ExpressionError> {
        if let (AstKind::Named(name), Some(key)) = (&base.kind, key.to_text())
            && let Some(value) = self.context.property(name, &key)
        {
            return Ok(value.into());
        }
        let base = self.found(base)?;
        if base.is_filtered {
            let Value::Array(items) = &base.value else { return Ok(Value::Null.into()) };
            let picked: Vec<Value> = items.iter().filter_map(|item| item_at(item, key)).collect();
            return Ok(Found { value: picked.into(), is_filtered: true });
        }
        match item_at(&base.value, key) {
            Some(value) => Ok(value.into()),
            None => match &base.value {
                Value::Object(object) if object.is_strict() => Err(ExpressionError::KeyNotFound {
                    key: key.to_text().unwrap_or_default(),
                    offset,
                }),
                _ => Ok(Value::Null.into()),
            },
        }
    }

    /// Functions that look at their arguments one by one come first, the others get values.
    fn call(
        &mut self,
        node: &Ast,
        name: &str,
        arguments: &[Ast],
    ) -> Result<Value, ExpressionError> {
        match name.to_ascii_lowercase().as_str() {
            "and" => {
                for argument in arguments {
                    if !self.value(argument)?.to_boolean() {
                        return Ok(false.into());
                    }
                }
                Ok(true.into())
            }
            "or" => {
                for argument in arguments {
                    if self.value(argument)?.to_boolean() {
                        return Ok(true.into());
                    }
                }
                Ok(false.into())
            }
            "coalesce" => {
                for argument in arguments {
                    let value = self.value(argument)?;
                    if !value.is_empty() {
                        return Ok(value);
                    }
                }
                Ok(Value::Null)
            }
            word @ ("in" | "notin") => {
                let mut is_in = false;
                let mut rest = arguments.iter();
                let wanted = match rest.next() {
                    Some(first) => self.value(first)?,
                    None => Value::Null,
                };
                for argument in rest {
                    if wanted.equals(&self.value(argument)?) {
                        is_in = true;
                        break;
                    }
                }
                Ok((is_in == (word == "in")).into())
            }
            word => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(self.value(argument)?);
                }
                match functions::call(word, &values, node.offset) {
                    Some(result) => result,
                    None => self
                        .context
                        .call(word, &values)
                        .ok_or_else(|| self.expression.unknown_function(name, node.offset)),
                }
            }
        }
    }

    fn expanded(&self, node: &Ast) -> String {
        let value = self.seen.as_ref().and_then(|seen| seen[node.id].as_ref());
        match &node.kind {
            AstKind::Function { name, arguments } if functions::is_shown_with_arguments(name) => {
                let shown: Vec<String> = arguments
                    .iter()
                    .filter(|argument| {
                        self.seen.as_ref().is_some_and(|seen| seen[argument.id].is_some())
                    })
                    .map(|argument| self.expanded(argument))
                    .collect();
                format!("{name}({})", shown.join(", "))
            }
            _ => value.map(Value::shown).unwrap_or_default(),
        }
    }
}

fn all_items(base: &Found) -> Value {
    let expand = |value: &Value| -> Vec<Value> {
        match value {
            Value::Array(items) => items.as_ref().clone(),
            Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
            _ => Vec::new(),
        }
    };
    match &base.value {
        Value::Array(items) if base.is_filtered => {
            Value::Array(Arc::new(items.iter().flat_map(expand).collect()))
        }
        other => Value::Array(Arc::new(expand(other))),
    }
}

fn item_at(base: &Value, key: &Value) -> Option<Value> {
    match base {
        Value::Object(object) => object.get(&key.to_text()?).cloned(),
        Value::Array(items) => items.get(key.to_number()?.as_index()?).cloned(),
        _ => None,
    }
}

/// Turns a failed conversion into an error with its place.
pub(crate) fn conversion(failed: NoConversion, offset: usize) -> ExpressionError {
    let NoConversion { from, to, value } = failed;
    ExpressionError::Conversion { from, to, value, offset }
}
