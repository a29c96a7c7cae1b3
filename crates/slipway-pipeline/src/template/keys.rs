//! Scalars and keys: what an expression or a directive in one of them comes to.

use std::sync::Arc;

use super::Expander;
use super::context::Scope;
use super::text::{Code, Directive, Segment, directive, segments};
use crate::expr::{Object, Value};
use crate::tree::{Entry, Node, NodeValue, Place, Scalar, ScalarStyle};

/// How far an `if` chain has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chain {
    None,
    /// No branch was taken yet.
    Open,
    Taken,
}

/// What a key asks for.
pub(super) enum Key {
    Name(Scalar),
    Skip,
    /// The block, once per round.
    Blocks(Rounds),
}

/// The scopes that a block is expanded in, one after the other.
pub(super) enum Rounds {
    Once(Option<Scope>),
    Each { name: String, values: Arc<Vec<Value>>, next: usize, scope: Scope },
}

impl Iterator for Rounds {
    type Item = Scope;

    fn next(&mut self) -> Option<Scope> {
        match self {
            Self::Once(scope) => scope.take(),
            Self::Each { name, values, next, scope } => {
                let value = values.get(*next)?.clone();
                *next += 1;
                Some(scope.inside(name, value))
            }
        }
    }
}

impl Expander<'_, '_> {
    /// The node that a scalar comes to; nothing once a limit is reached.
    pub(super) fn scalar(&mut self, scalar: &Scalar, place: Place, scope: &Scope) -> Option<Node> {
        if !scalar.has_code() {
            let node = Node::scalar(scalar.clone(), place);
            return self.count_whole(&node).then_some(node);
        }
        let node = match whole(scalar) {
            Some(code) => {
                let value = self.evaluate(scalar, place, code, scope);
                self.origins.node(&value, place)
            }
            None => Node::expanded(self.embedded(scalar, place, scope), place),
        };
        self.count_whole(&node).then_some(node)
    }

    /// A text with expressions in it.
    fn embedded(&mut self, scalar: &Scalar, place: Place, scope: &Scope) -> String {
        let mut out = String::new();
        // An expression that is not closed was said when the syntax was checked.
        for part in segments(&scalar.text).unwrap_or_default() {
            match part {
                Segment::Text(text) => out.push_str(text),
                Segment::Code(code) => {
                    let value = self.evaluate(scalar, place, code, scope);
                    match value.to_text() {
                        Some(text) => out.push_str(&text),
                        None => self.no_text(&value, scalar, place, code),
                    }
                }
            }
        }
        out
    }

    fn no_text(&mut self, value: &Value, scalar: &Scalar, place: Place, code: Code<'_>) {
        let kind = value.kind();
        let message = format!("Unable to convert from {kind} to String. Value: {kind}");
        let at = self.report.within(scalar, place, code.offset);
        let hint = "Use it as the whole value, or write convertToJson(…).";
        self.report.error(at, "expression_value", message, Some(hint.to_owned()));
    }

    pub(super) fn key(&mut self, entry: &Entry, scope: &Scope, chain: &mut Chain) -> Key {
        let (scalar, place) = (&entry.key, entry.key_place);
        let before = std::mem::replace(chain, Chain::None);
        if !scalar.has_code() {
            return Key::Name(scalar.clone());
        }
        let Some(code) = whole(scalar) else {
            let text = self.embedded(scalar, place, scope);
            return Key::Name(Scalar::new(text, ScalarStyle::Expanded));
        };
        // A bad directive was said when the syntax was checked.
        let Ok(found) = directive(code) else { return Key::Skip };
        let once = || Key::Blocks(Rounds::Once(Some(scope.clone())));
        match (found, before) {
            (Some(Directive::If(code)), _) | (Some(Directive::ElseIf(code)), Chain::Open) => {
                let is_taken = self.evaluate(scalar, place, code, scope).to_boolean();
                *chain = if is_taken { Chain::Taken } else { Chain::Open };
                if is_taken { once() } else { Key::Skip }
            }
            (Some(Directive::ElseIf(_)), Chain::Taken) => {
                *chain = Chain::Taken;
                Key::Skip
            }
            (Some(Directive::ElseIf(_)), Chain::None) => self.stray(place, "elseif"),
            (Some(Directive::Else), Chain::Open) => once(),
            (Some(Directive::Else), Chain::Taken) => Key::Skip,
            (Some(Directive::Else), Chain::None) => self.stray(place, "else"),
            (Some(Directive::Insert), _) => once(),
            (Some(Directive::Each { name, items }), _) => {
                let items = self.evaluate(scalar, place, items, scope);
                self.each(name, &items, place, scope)
            }
            (None, _) => {
                let value = self.evaluate(scalar, place, code, scope);
                if value.to_text().is_none() {
                    self.no_text(&value, scalar, place, code);
                }
                Key::Name(Scalar::new(value.to_text().unwrap_or_default(), ScalarStyle::Expanded))
            }
        }
    }

    fn stray(&mut self, place: Place, word: &str) -> Key {
        let message = format!("The expression directive '{word}' is not supported in this context");
        let hint = Some("Put it right after its if, in the same list or mapping.".to_owned());
        self.report.error(place, "expression_syntax", message, hint);
        Key::Skip
    }

    fn each(&mut self, name: &str, items: &Value, place: Place, scope: &Scope) -> Key {
        let values = match items {
            Value::Array(items) => Arc::clone(items),
            Value::Object(object) => {
                let pair = |(key, value): (&str, &Value)| -> Value {
                    let pair = [("key", Value::from(key)), ("value", value.clone())];
                    pair.into_iter().collect::<Object>().into()
                };
                Arc::new(object.iter().map(pair).collect())
            }
            other if other.is_empty() => return Key::Skip,
            other => {
                let message =
                    format!("Expected a sequence or mapping to loop over, found {}.", other.kind());
                let hint = Some("Use split('a,b', ',') to make a list of a text.".to_owned());
                self.report.error(place, "expression_value", message, hint);
                return Key::Skip;
            }
        };
        self.count(place, values.len(), 0);
        Key::Blocks(Rounds::Each { name: name.to_owned(), values, next: 0, scope: scope.clone() })
    }
}

/// The expression, when the scalar is one and nothing else.
pub(super) fn whole(scalar: &Scalar) -> Option<Code<'_>> {
    if !scalar.has_code() || !scalar.text.starts_with("${{") {
        return None;
    }
    match segments(&scalar.text).ok()?.as_slice() {
        [Segment::Code(code)] => Some(*code),
        _ => None,
    }
}

/// True for an item that only holds directives whose blocks go into the list. Blocks that are all
/// mappings, and more than one of them, make up one item together.
pub(super) fn is_spliced(entries: &[Entry]) -> bool {
    let is_directive = |entry: &Entry| {
        whole(&entry.key).is_some_and(
            // A directive that is written wrong was said, and leaves no item behind.
            |code| !matches!(directive(code), Ok(None | Some(Directive::Insert))),
        )
    };
    let is_chain = entries.len() == 1
        || entries.iter().any(|entry| !matches!(entry.value.value, NodeValue::Mapping(_)));
    !entries.is_empty() && is_chain && entries.iter().all(is_directive)
}
