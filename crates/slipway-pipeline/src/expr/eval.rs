//! Computes an expression. What names mean is the context's business.
//!
//! The work of one evaluation is limited: what it reads and makes may come to ten megabytes, so that
//! a short text cannot fill the memory.

use std::sync::Arc;

use super::functions::{self, Call};
use super::parser::{Ast, AstKind, Expression};
use super::value::{NoConversion, Value};
use crate::error::ExpressionError;

/// What one evaluation may read and make, in bytes.
pub const MAX_MEMORY: usize = 10 * 1024 * 1024;
// What an item of a list costs when it is copied, when it is looked at, and what any value costs.
const ITEM_BYTES: usize = 32;
const LOOK_BYTES: usize = 8;
const VALUE_BYTES: usize = 16;

/// What an expression can see: named values, and functions that only some places know.
pub trait Context {
    /// The value under a name such as `variables`; `None` when the place does not know the name.
    fn named(&self, name: &str) -> Option<Value>;

    /// A short way to `name.key` that spares building the whole of `name`.
    fn property(&self, _name: &str, _key: &str) -> Option<Value> {
        None
    }

    /// A function beyond those every place knows, such as `succeeded`, by its lower-case name;
    /// `None` when the place does not know it. `offset` is where the call stands.
    fn call(
        &self,
        _function: &str,
        _arguments: &[Value],
        _offset: usize,
    ) -> Option<Result<Value, ExpressionError>> {
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
        Evaluation::new(self, context).value(&self.root)
    }

    /// Computes the value, and tells how many bytes the work came to: whoever evaluates in a loop adds
    /// them up and stops somewhere.
    pub fn evaluate_counted(
        &self,
        context: &dyn Context,
    ) -> (Result<Value, ExpressionError>, usize) {
        let mut evaluation = Evaluation::new(self, context);
        let value = evaluation.value(&self.root);
        (value, evaluation.spent)
    }

    /// Computes the value and keeps the trace.
    pub fn evaluate_traced(&self, context: &dyn Context) -> Result<Traced, ExpressionError> {
        let mut evaluation = Evaluation::new(self, context);
        evaluation.seen = Some(vec![None; self.nodes]);
        let value = evaluation.value(&self.root)?;
        let mut expanded = String::new();
        evaluation.expand(&self.root, &mut expanded);
        Ok(Traced { value, expanded })
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
    /// Named values that were asked for: some are costly to make.
    named: Vec<(&'a str, Value)>,
    spent: usize,
}

impl<'a> Evaluation<'a> {
    fn new(expression: &'a Expression, context: &'a dyn Context) -> Self {
        Self { expression, context, seen: None, named: Vec::new(), spent: 0 }
    }

    fn value(&mut self, node: &'a Ast) -> Result<Value, ExpressionError> {
        Ok(self.found(node)?.value)
    }

    /// Walks a chain such as `a.b[c].d` from its base: recursion is for what is nested only.
    fn found(&mut self, node: &'a Ast) -> Result<Found, ExpressionError> {
        let mut links = Vec::new();
        let mut base = node;
        while let Some(below) = base.base() {
            links.push(base);
            base = below;
        }
        let mut found = match (&base.kind, links.last()) {
            (AstKind::Named(name), Some(link)) => match self.short_way(name, link)? {
                Some(value) => {
                    links.pop();
                    value.into()
                }
                None => self.named(name, base.offset)?.into(),
            },
            (AstKind::Named(name), None) => self.named(name, base.offset)?.into(),
            (AstKind::Literal(value), _) => value.clone().into(),
            (AstKind::Function { name, key, arguments }, _) => {
                self.call(base, name, key, arguments)?.into()
            }
            _ => Found::from(Value::Null),
        };
        self.pay(&found.value, base.offset)?;
        while let Some(link) = links.pop() {
            found = self.step(found, link)?;
            self.pay(&found.value, link.offset)?;
        }
        if let Some(seen) = &mut self.seen {
            seen[node.id] = Some(found.value.clone());
        }
        Ok(found)
    }

    /// `name.key`, when the context has a short way to it.
    fn short_way(&mut self, name: &str, link: &'a Ast) -> Result<Option<Value>, ExpressionError> {
        let key = match &link.kind {
            AstKind::Property { name, .. } => name.clone(),
            AstKind::Index { index, .. } if self.context.property(name, "").is_some() => {
                self.value(index)?
            }
            _ => return Ok(None),
        };
        match key.as_text() {
            Some(key) => Ok(self.context.property(name, &key)),
            // A list is no key. The index must not be computed a second time: nested, that doubles.
            None => Ok(Some(Value::Null)),
        }
    }

    /// One link of a chain.
    fn step(&mut self, base: Found, link: &'a Ast) -> Result<Found, ExpressionError> {
        match &link.kind {
            AstKind::Property { name, .. } => self.access(base, name, link.offset),
            AstKind::Index { index, .. } => {
                let key = self.value(index)?;
                self.access(base, &key, link.offset)
            }
            _ => Ok(Found { value: self.all_items(&base, link.offset)?, is_filtered: true }),
        }
    }

    fn pay(&mut self, value: &Value, offset: usize) -> Result<(), ExpressionError> {
        let bytes = if let Value::String(text) = value { text.len() } else { 0 };
        self.spend(bytes + VALUE_BYTES, offset)
    }

    fn spend(&mut self, bytes: usize, offset: usize) -> Result<(), ExpressionError> {
        self.spent = self.spent.saturating_add(bytes);
        if self.spent > MAX_MEMORY { Err(ExpressionError::TooLarge { offset }) } else { Ok(()) }
    }

    fn named(&mut self, name: &'a str, offset: usize) -> Result<Value, ExpressionError> {
        if let Some((_, value)) = self.named.iter().find(|(known, _)| *known == name) {
            return Ok(value.clone());
        }
        let value = self.context.named(name);
        let value = value.ok_or_else(|| self.expression.unknown_name(name, offset))?;
        self.named.push((name, value.clone()));
        Ok(value)
    }

    fn access(
        &mut self,
        base: Found,
        key: &Value,
        offset: usize,
    ) -> Result<Found, ExpressionError> {
        if base.is_filtered {
            let Value::Array(items) = &base.value else { return Ok(Value::Null.into()) };
            self.spend(items.len() * ITEM_BYTES, offset)?;
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

    /// `x.*`: the items of a list, the values of a mapping, nothing for the rest. After another
    /// `*` it goes one level deeper.
    fn all_items(&mut self, base: &Found, offset: usize) -> Result<Value, ExpressionError> {
        let mut all = Vec::new();
        match &base.value {
            Value::Array(items) if base.is_filtered => {
                for item in items.iter() {
                    self.spend(count(item) * ITEM_BYTES, offset)?;
                    extend(&mut all, item);
                }
            }
            other => {
                self.spend(count(other) * ITEM_BYTES, offset)?;
                extend(&mut all, other);
            }
        }
        Ok(Value::Array(Arc::new(all)))
    }

    /// Functions that look at their arguments one by one come first, the others get values.
    fn call(
        &mut self,
        node: &'a Ast,
        name: &str,
        key: &str,
        arguments: &'a [Ast],
    ) -> Result<Value, ExpressionError> {
        match key {
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
            "in" => Ok(self.is_in(arguments)?.into()),
            "notin" => Ok((!self.is_in(arguments)?).into()),
            "format" => self.format(node, arguments),
            _ => {
                let mut values = Vec::with_capacity(arguments.len());
                for argument in arguments {
                    values.push(self.value(argument)?);
                }
                self.apply(node, name, key, &values)
            }
        }
    }

    /// A function whose arguments are all computed.
    fn apply(
        &mut self,
        node: &Ast,
        name: &str,
        word: &str,
        values: &[Value],
    ) -> Result<Value, ExpressionError> {
        let looked_at: usize = match word {
            "containsvalue" | "join" => values.iter().map(count).sum(),
            _ => 0,
        };
        self.spend(looked_at * LOOK_BYTES, node.offset)?;
        match functions::call(word, &Call { arguments: values, offset: node.offset }) {
            Some(result) => {
                let value = result?;
                // The items of a new list have their cost, too.
                if word == "split" {
                    self.spend(count(&value) * ITEM_BYTES, node.offset)?;
                }
                Ok(value)
            }
            None => match self.context.call(word, values, node.offset) {
                Some(result) => result,
                None => Err(self.expression.unknown_function(name, node.offset)),
            },
        }
    }

    fn is_in(&mut self, arguments: &'a [Ast]) -> Result<bool, ExpressionError> {
        let mut rest = arguments.iter();
        let wanted = match rest.next() {
            Some(first) => self.value(first)?,
            None => Value::Null,
        };
        for argument in rest {
            if wanted.equals(&self.value(argument)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Only arguments that the format names are computed, once each.
    fn format(&mut self, node: &'a Ast, arguments: &'a [Ast]) -> Result<Value, ExpressionError> {
        let Some((first, rest)) = arguments.split_first() else { return Ok("".into()) };
        let format = self.value(first)?;
        let format = functions::text(&format, node.offset)?;
        let parts = functions::format_parts(&format, rest.len(), node.offset)?;
        let mut known: Vec<Option<Value>> = vec![None; rest.len()];
        let mut out = String::new();
        for part in parts {
            let piece = match part {
                functions::FormatPart::Text(text) => text,
                functions::FormatPart::Argument { position, specifiers } => {
                    let value = match known[position].clone() {
                        Some(value) => value,
                        None => known[position].insert(self.value(&rest[position])?).clone(),
                    };
                    functions::formatted(&value, &specifiers, node.offset)?
                }
            };
            self.spend(piece.len(), node.offset)?;
            out.push_str(&piece);
        }
        Ok(out.into())
    }

    fn expand(&self, node: &Ast, out: &mut String) {
        let seen = |node: &Ast| self.seen.as_ref().and_then(|seen| seen[node.id].as_ref());
        match &node.kind {
            AstKind::Function { name, arguments, .. }
                if functions::is_shown_with_arguments(name) =>
            {
                out.push_str(name);
                out.push('(');
                let looked_at = arguments.iter().filter(|argument| seen(argument).is_some());
                for (at, argument) in looked_at.enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    self.expand(argument, out);
                }
                out.push(')');
            }
            _ => out.push_str(&seen(node).map(Value::shown).unwrap_or_default()),
        }
    }
}

fn count(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.len(),
        Value::Object(object) => object.len(),
        _ => 0,
    }
}

fn extend(all: &mut Vec<Value>, value: &Value) {
    match value {
        Value::Array(items) => all.extend(items.iter().cloned()),
        Value::Object(object) => all.extend(object.iter().map(|(_, value)| value.clone())),
        _ => {}
    }
}

fn item_at(base: &Value, key: &Value) -> Option<Value> {
    match base {
        Value::Object(object) => object.get(&key.as_text()?).cloned(),
        Value::Array(items) => items.get(key.as_index()?).cloned(),
        _ => None,
    }
}

/// Turns a failed conversion into an error with its place.
pub(crate) fn conversion(failed: NoConversion, offset: usize) -> ExpressionError {
    let NoConversion { from, to, value } = failed;
    ExpressionError::Conversion { from, to, value, offset }
}
