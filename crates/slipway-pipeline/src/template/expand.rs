//! The walk: what each kind of node comes to.

use std::collections::HashSet;
use std::rc::Rc;

use super::convert::{to_entry, to_node, weight};
use super::text::{Code, Directive, Segment, directive, segments};
use super::{Expander, Loop, Scope};
use crate::expr::{Object, Value};
use crate::tree::{Entry, Node, NodeValue, Place, Scalar, ScalarStyle};

/// Where in the file the walk is, as far as variables care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Root,
    Stages,
    Stage,
    Jobs,
    Job,
    Variables,
    Other,
}

impl At {
    fn under(self, key: &str) -> Self {
        match (self, key) {
            (Self::Root | Self::Stage | Self::Job, "variables") => Self::Variables,
            (Self::Root, "stages") => Self::Stages,
            (Self::Root | Self::Stage, "jobs") => Self::Jobs,
            _ => Self::Other,
        }
    }

    fn item(self) -> Self {
        match self {
            Self::Stages => Self::Stage,
            Self::Jobs => Self::Job,
            other => other,
        }
    }
}

/// How far an `if` chain has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Chain {
    None,
    /// No branch was taken yet.
    Open,
    Taken,
}

/// What a key asks for.
enum Key {
    Name(Scalar),
    Skip,
    /// The block, once per scope.
    Blocks(Vec<Scope>),
}

/// Entries being gathered.
#[derive(Default)]
struct Gathered {
    entries: Vec<Entry>,
    keys: HashSet<String>,
}

impl Expander<'_, '_> {
    pub(super) fn expand_root(&mut self, root: &Node) -> Node {
        let Some(entries) = root.entries() else { return self.node(root, At::Root, &None) };
        // Parameters were bound already, and hold no expressions.
        let rest: Vec<Entry> =
            entries.iter().filter(|entry| entry.key.as_str() != "parameters").cloned().collect();
        let mut out = Gathered::default();
        self.mapping(&rest, At::Root, &None, &mut out);
        Node::mapping(out.entries, root.place)
    }

    fn node(&mut self, node: &Node, at: At, scope: &Scope) -> Node {
        match &node.value {
            NodeValue::Scalar(scalar) => self.scalar(scalar, node.place, scope),
            NodeValue::Sequence(items) => {
                let mut out = Vec::new();
                self.sequence(items, at, scope, &mut out);
                Node::sequence(out, node.place)
            }
            NodeValue::Mapping(entries) => {
                let mut out = Gathered::default();
                self.mapping(entries, at, scope, &mut out);
                Node::mapping(out.entries, node.place)
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar, place: Place, scope: &Scope) -> Node {
        let as_it_is = || Node::scalar(scalar.clone(), place);
        if !self.count(place, 1, scalar.text.len()) || !scalar.text.contains("${{") {
            return as_it_is();
        }
        match whole(scalar) {
            Some(code) => {
                let value = self.evaluate(scalar, place, code, scope);
                let (nodes, bytes) = weight(&value);
                if self.count(place, nodes, bytes) { to_node(&value, place) } else { as_it_is() }
            }
            None => Node::expanded(self.embedded(scalar, place, scope), place),
        }
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
                        None => {
                            let kind = value.kind();
                            let message =
                                format!("Unable to convert from {kind} to String. Value: {kind}");
                            let at = self.report.within(scalar, place, code.offset);
                            let hint = "Use it as the whole value, or write convertToJson(…).";
                            self.report.error(
                                at,
                                "expression_value",
                                message,
                                Some(hint.to_owned()),
                            );
                        }
                    }
                }
            }
        }
        self.count(place, 1, out.len());
        out
    }

    fn key(&mut self, entry: &Entry, scope: &Scope, chain: &mut Chain) -> Key {
        let (scalar, place) = (&entry.key, entry.key_place);
        if !scalar.text.contains("${{") {
            *chain = Chain::None;
            return Key::Name(scalar.clone());
        }
        let Some(code) = whole(scalar) else {
            *chain = Chain::None;
            let text = self.embedded(scalar, place, scope);
            return Key::Name(Scalar::new(text, ScalarStyle::Expanded));
        };
        // A bad directive was said when the syntax was checked.
        let Ok(found) = directive(code) else { return Key::Skip };
        let before = std::mem::replace(chain, Chain::None);
        match found {
            Some(Directive::If(code)) => self.branch(scalar, place, code, scope, chain),
            Some(Directive::ElseIf(code)) => match before {
                Chain::Open => self.branch(scalar, place, code, scope, chain),
                Chain::Taken => {
                    *chain = Chain::Taken;
                    Key::Skip
                }
                Chain::None => self.stray(place, "elseif"),
            },
            Some(Directive::Else) => match before {
                Chain::Open => Key::Blocks(vec![scope.clone()]),
                Chain::Taken => Key::Skip,
                Chain::None => self.stray(place, "else"),
            },
            Some(Directive::Insert) => Key::Blocks(vec![scope.clone()]),
            Some(Directive::Each { name, items }) => {
                let items = self.evaluate(scalar, place, items, scope);
                Key::Blocks(self.loop_scopes(name, &items, place, scope))
            }
            None => {
                let value = self.evaluate(scalar, place, code, scope);
                let text = value.to_text().unwrap_or_default();
                Key::Name(Scalar::new(text, ScalarStyle::Expanded))
            }
        }
    }

    fn branch(
        &mut self,
        scalar: &Scalar,
        place: Place,
        code: Code<'_>,
        scope: &Scope,
        chain: &mut Chain,
    ) -> Key {
        if self.evaluate(scalar, place, code, scope).to_boolean() {
            *chain = Chain::Taken;
            Key::Blocks(vec![scope.clone()])
        } else {
            *chain = Chain::Open;
            Key::Skip
        }
    }

    fn stray(&mut self, place: Place, word: &str) -> Key {
        let message = format!("The expression directive '{word}' is not supported in this context");
        let hint = Some("Put it right after its if, in the same list or mapping.".to_owned());
        self.report.error(place, "expression_syntax", message, hint);
        Key::Skip
    }

    fn loop_scopes(
        &mut self,
        name: &str,
        items: &Value,
        place: Place,
        scope: &Scope,
    ) -> Vec<Scope> {
        let inner = |value: Value| {
            Some(Rc::new(Loop { name: name.to_owned(), value, outer: scope.clone() }))
        };
        match items {
            Value::Array(items) => items.iter().cloned().map(inner).collect(),
            Value::Object(object) => object
                .iter()
                .map(|(key, value)| {
                    let pair: Object =
                        [("key", Value::from(key)), ("value", value.clone())].into_iter().collect();
                    inner(pair.into())
                })
                .collect(),
            other if other.is_empty() => Vec::new(),
            other => {
                let message =
                    format!("Expected a sequence or mapping to loop over, found {}.", other.kind());
                let hint = Some("Use split('a,b', ',') to make a list of a text.".to_owned());
                self.report.error(place, "expression_value", message, hint);
                Vec::new()
            }
        }
    }

    fn mapping(&mut self, entries: &[Entry], at: At, scope: &Scope, out: &mut Gathered) {
        let mut chain = Chain::None;
        for entry in entries.iter() {
            if !self.count(entry.key_place, 1, entry.key.text.len()) {
                return;
            }
            match self.key(entry, scope, &mut chain) {
                Key::Skip => {}
                Key::Name(key) => {
                    let value = self.node(&entry.value, at.under(&key.text), scope);
                    let key_place = entry.key_place;
                    self.add(Entry { key, key_place, value }, at, out);
                }
                Key::Blocks(scopes) => {
                    for scope in scopes {
                        self.merge(&entry.value, at, &scope, out);
                    }
                }
            }
        }
    }

    fn add(&mut self, entry: Entry, at: At, out: &mut Gathered) {
        if !out.keys.insert(entry.key.text.to_string()) {
            let message = format!("'{}' is already defined", entry.key.text);
            let hint = Some("Remove one of the two.".to_owned());
            self.report.error(entry.key_place, "duplicate_key", message, hint);
        }
        if at == At::Variables
            && let (Some(value), Some(frame)) = (entry.value.text(), self.frames.last_mut())
        {
            frame.insert(entry.key.text.to_string(), value.into());
        }
        out.entries.push(entry);
    }

    /// Puts the block of a directive into the mapping around it.
    fn merge(&mut self, block: &Node, at: At, scope: &Scope, out: &mut Gathered) {
        match &block.value {
            NodeValue::Mapping(entries) => self.mapping(entries, at, scope, out),
            NodeValue::Scalar(scalar) if scalar.is_null() => {}
            NodeValue::Scalar(scalar) => {
                let Some(code) = whole(scalar) else { return self.no_mapping(block.place) };
                match self.evaluate(scalar, block.place, code, scope) {
                    Value::Null => {}
                    Value::Object(object) => {
                        for (key, value) in object.iter() {
                            let (nodes, bytes) = weight(value);
                            if !self.count(block.place, nodes, bytes) {
                                return;
                            }
                            self.add(to_entry(key, value, block.place), at, out);
                        }
                    }
                    _ => self.no_mapping(block.place),
                }
            }
            NodeValue::Sequence(_) => self.no_mapping(block.place),
        }
    }

    fn no_mapping(&mut self, place: Place) {
        let hint = Some("The block goes into a mapping, so it is one itself.".to_owned());
        self.report.error(place, "wrong_type", "Expected a mapping", hint);
    }

    fn sequence(&mut self, items: &[Node], at: At, scope: &Scope, out: &mut Vec<Node>) {
        let mut chain = Chain::None;
        for item in items.iter() {
            if !self.count(item.place, 1, 0) {
                return;
            }
            match &item.value {
                NodeValue::Mapping(entries) if is_spliced(entries) => {
                    for entry in entries.iter() {
                        if let Key::Blocks(scopes) = self.key(entry, scope, &mut chain) {
                            for scope in scopes {
                                self.splice(&entry.value, at, &scope, out);
                            }
                        }
                    }
                }
                NodeValue::Scalar(scalar) if whole(scalar).is_some() => {
                    chain = Chain::None;
                    self.splice(item, at, scope, out);
                }
                _ => {
                    chain = Chain::None;
                    let item = self.item(item, at, scope);
                    out.push(item);
                }
            }
        }
    }

    /// Puts the block of a directive, or the value of an expression, into the list around it.
    fn splice(&mut self, block: &Node, at: At, scope: &Scope, out: &mut Vec<Node>) {
        match &block.value {
            NodeValue::Sequence(items) => self.sequence(items, at, scope, out),
            NodeValue::Mapping(_) => {
                self.sequence(std::slice::from_ref(block), at, scope, out);
            }
            NodeValue::Scalar(scalar) if scalar.is_null() => {}
            NodeValue::Scalar(scalar) => {
                let node = self.scalar(scalar, block.place, scope);
                match node.value {
                    NodeValue::Sequence(items) => out.extend(items.iter().cloned()),
                    _ if node.is_null() => {}
                    _ => out.push(node),
                }
            }
        }
    }

    /// One item of a list; stages and jobs open a scope for variables.
    fn item(&mut self, item: &Node, at: At, scope: &Scope) -> Node {
        let inner = at.item();
        let opens = matches!(inner, At::Stage | At::Job);
        if opens {
            self.frames.push(Object::new());
        }
        let inner_at = if inner == At::Variables { At::Other } else { inner };
        let node = self.node(item, inner_at, scope);
        if opens {
            self.frames.pop();
        }
        if inner == At::Variables
            && let (Some(name), Some(value), Some(frame)) = (
                node.get("name").and_then(Node::text),
                node.get("value").and_then(Node::text),
                self.frames.last_mut(),
            )
        {
            frame.insert(name, value.into());
        }
        node
    }
}

/// The expression, when the scalar is one and nothing else.
fn whole(scalar: &Scalar) -> Option<Code<'_>> {
    if !scalar.text.starts_with("${{") {
        return None;
    }
    match segments(&scalar.text).ok()?.as_slice() {
        [Segment::Code(code)] => Some(*code),
        _ => None,
    }
}

/// True for an item that only holds directives whose blocks go into the list. Blocks that are all
/// mappings, and more than one of them, make up one item together.
fn is_spliced(entries: &[Entry]) -> bool {
    let is_directive = |entry: &Entry| {
        whole(&entry.key).is_some_and(
            |code| matches!(directive(code), Ok(Some(found)) if found != Directive::Insert),
        )
    };
    let is_chain = entries.len() == 1
        || entries.iter().any(|entry| !matches!(entry.value.value, NodeValue::Mapping(_)));
    !entries.is_empty() && is_chain && entries.iter().all(is_directive)
}
